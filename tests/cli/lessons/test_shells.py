"""The shells of lessons on a pseudo-terminal: prompt, own settings, the way to the next lesson."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from novasim.control.worlds import open_cloud
from tests.cli.lessons.terminal import Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")

OWN_SETTINGS = """\
export NOVASIM_CLOUD=$HOME/own.json
export NOVASIM_AS=admin
alias hello='echo from my settings'
if [ then
"""  # the last line is a mistake
FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish", "sh": ".shrc"}
STRICT = ("fish", "sh")  # shells that leave out their settings after a mistake in them


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """The variables of a learner with a home of their own, and novasim in PATH."""
    command = tmp_path / "bin" / "novasim"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{Path(__file__).parents[3]}" exec "{sys.executable}" -m novasim "$@"\n')
    command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOVASIM_", "OS_", "XDG_"))}
    return {
        **kept,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "USER": "ann",
        "SHELL": "/bin/bash",
        "TERM": "xterm",
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PS1": "own $ ",
        "FISH_UNIT_TESTS_RUNNING": "1",  # else fish reads all manual pages of the machine, and goes on after the test
    }


def test_three_commands_lead_to_the_first_goal(environment):
    own = Path(environment["XDG_DATA_HOME"], "novasim/cloud.json")
    own.parent.mkdir(parents=True)
    open_cloud(own)
    before, files = own.read_bytes(), set(os.listdir(own.parent))
    shell = Terminal(["/bin/bash", "--norc", "-i"], environment)
    shell.read_until("own $ ")
    assert "novasim lesson next" in shell.type("novasim", "own $ ")
    text = shell.type("novasim lesson next", "(first-server 0/2) $ ")
    assert "Lesson 1 of 26" in text and "[ ] 1. web1 is running with the flavor m1.tiny" in text
    said = shell.type("novasim create web1 --flavor m1.tiny --image cirros --wait", "(first-server 1/2) $ ")
    assert "[x] 1 of 2 goals done: web1 is running with the flavor m1.tiny" in said
    left = shell.type("exit", "own $ ")
    assert "The first server: 1 of 2 goals done. To continue: novasim lesson next" in left
    assert shell.close() == 0
    assert own.read_bytes() == before
    assert set(os.listdir(own.parent)) == {*files, "lessons"}


@pytest.mark.parametrize("name", FILES)
def test_own_settings_are_kept_and_cannot_leave_the_lesson(name, environment):
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    home, end = Path(environment["HOME"]), " > " if name == "fish" else " $ "
    environment["ENV"] = str(home / FILES["sh"])
    (home / FILES[name]).parent.mkdir(parents=True, exist_ok=True)
    (home / FILES[name]).write_text(OWN_SETTINGS.replace("if [ then\n", "" if name in STRICT else "if [ then\n"))
    shell = Terminal([sys.executable, "-m", "novasim", "lesson", "start", "power", "--shell", name], environment)
    shell.read_until(f"(power 1/3){end}")
    shell.type("hello", "from my settings")
    shell.type("novasim stop web1 --wait", f"(power 0/3){end}")
    assert not (home / "own.json").exists()
    shell.type("novasim lesson start busy", f"(busy 1/3){end}")
    shell.type("novasim host list", "Policy doesn't allow")  # not as admin
    assert shell.close() == 0  # one shell for both lessons
    assert "Accepted is not done: 1 of 3 goals done" in shell.seen


def test_shell_that_does_not_exist_is_named(environment):
    environment["SHELL"] = "/no/such/fish"
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**environment, "PATH": environment["PATH"].split(os.pathsep)[0]})
    shell.read_until("own $ ")
    assert "The shell fish cannot be started: No such file" in shell.type("novasim lesson start power", "own $ ")
    assert shell.close() == 0
