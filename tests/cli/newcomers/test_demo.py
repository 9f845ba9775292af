"""The demonstration: its pace, its chapters, and that its statements are true."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys

import pytest

from novasim.cli.learning.demo import PACE, advise_path, choose_pause, play
from novasim.cli.learning.stories import STORIES
from novasim.cli.main import cli
from novasim.simulation.time import clock
from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT

STEPS = re.compile(r"^\$ novasim (.*)\n((?:(?!^\$ |^# ).*\n?)*)", re.MULTILINE)

# What must be in the output of commands whose remarks promise it: (chapter, command, how often it was run, words).
PROMISES = [
    ("life", "list", 1, "ACTIVE"),
    ("life", "list", 2, "VERIFY_RESIZE"),
    ("life", "list", 3, "SHELVED_OFFLOADED"),
    ("resize", "resize web1 --flavor m1.tiny", 1, "must change flavor"),
    ("resize", "stop web1", 1, "web1 is busy"),
    ("resize", "can web1 --allowed -f value -c action", 1, "confirm-resize\nrevert-resize"),
    ("resize", "can web1 --allowed -f value -c action", 1, "crash-dump"),
    ("resize", "list -c Name -c Status -c Task -c Flavor", 2, "m1.small"),
    ("resize", "list -c Name -c Status -c Task -c Flavor", 3, "m1.tiny"),
    ("resize", "list -c Name -c Status -c Task -c Flavor", 4, "m1.small"),
    ("evacuate", "--as admin host set host1 --down -c hypervisor_hostname -c state", 1, "down"),
    (
        "evacuate",
        "--as admin list --all-projects --long -c Name -c Status -c Task -c Host",
        2,
        "| ACTIVE |      | host1",
    ),
    (
        "evacuate",
        "--as admin list --all-projects --long -c Name -c Status -c Task -c Host",
        3,
        "| SHUTOFF |      | host2",
    ),
    (
        "evacuate",
        "--as admin list --all-projects --long -c Name -c Status -c Task -c Host",
        4,
        "| ACTIVE |      | host2",
    ),
    ("evacuate", "--as admin migration list -c Type -c Status -c From -c To", 1, "evacuation"),
    ("shelve", "image list -c Name -c Status", 1, "web1-shelved"),
    ("shelve", "list -c ID -c Name -c Networks", 1, "10.0.0.2"),
    (
        "shelve",
        "--as admin list --all-projects --long -c Name -c Status -c Task -c Host",
        3,
        "| SHELVED |      | host1",
    ),
    (
        "shelve",
        "--as admin list --all-projects --long -c Name -c Status -c Task -c Host",
        4,
        "| SHELVED_OFFLOADED |      |  ",
    ),
    ("faults", "show web1 -c status -c fault", 1, "Exceeded maximum number of retries"),
    ("faults", "list -c Name -c Status -c Task -c Flavor", 1, "powering-off"),
    ("faults", "why web2 start", 1, "An injected fault holds it in powering-off."),
    ("faults", "list -c Name -c Status -c Task -c Flavor", 2, "SHUTOFF"),
]


shown: dict[str, list[tuple[str, str]]] = {}


def outputs(user, chapter: str) -> list[tuple[str, str]]:
    """The commands of a chapter with their outputs, which are the same each time."""
    if chapter not in shown:
        shown[chapter] = STEPS.findall(user(f"demo {chapter}").stdout)
    return shown[chapter]


@pytest.mark.parametrize("chapter", STORIES)
def test_commands_succeed_or_are_refused_as_announced(new_user, chapter):
    found = outputs(new_user, chapter)
    assert [line for line, _ in found] == [step.line for step in STORIES[chapter].steps]
    for (line, output), step in zip(found, STORIES[chapter].steps, strict=True):
        code = re.search(r"^\(exit code (\d+)\)$", output, re.MULTILINE)
        assert int(code[1] if code else 0) == step.code, (line, output)
        assert not step.remark or step.remark[-1] in ".:", step.remark
    assert not new_user.path.exists()


@pytest.mark.parametrize(("chapter", "line", "number", "words"), PROMISES)
def test_statements_are_true(user, chapter, line, number, words):
    shown = [output for command, output in outputs(user, chapter) if command == line]
    assert words in shown[number - 1]


def test_every_command_of_the_stories_can_be_typed(user):
    for story in STORIES.values():
        for step in story.steps:
            assert "'" not in step.line or shlex.split(step.line)


def test_it_pauses_before_each_command():
    seen: list[str] = []
    play(STORIES["life"], lambda line: seen.append(line) or 0, lambda: seen.append("pause"))
    assert seen == [each for step in STORIES["life"].steps for each in ("pause", step.line)]


def test_it_is_paced_on_a_terminal_and_runs_at_once_in_a_pipe():
    def seconds(delay: float | None, is_terminal: bool) -> float:
        pause = choose_pause(False, delay, is_terminal)
        return getattr(pause, "args", (0.0,))[0]

    assert choose_pause(False, None, True).func is clock.sleep
    assert (seconds(None, True), seconds(None, False)) == (PACE, 0)
    assert (seconds(0.0, True), seconds(0.5, False)) == (0, 0.5)


def test_step_reads_a_line_before_each_command(user):
    count = len(STORIES["shelve"].steps)
    done = user("demo shelve --step", input="\n" * count)
    assert done.stderr == "Press Enter to run each command.\n" and done.stdout.count("$ novasim ") == count
    assert user("demo shelve --step", input="").stdout == done.stdout  # without a person it runs through


def test_it_says_the_same_again(user):
    assert user("demo faults").stdout == user("demo faults").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_killed_demo_leaves_no_folder(tmp_path, number):
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("the signal is ignored, as under nohup")
    process = subprocess.Popen(
        [*novasim_command(), "demo", "--step"],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not process.stdout.readline().startswith(b"$ novasim "):
        pass
    assert len(list(tmp_path.iterdir())) == 1
    process.send_signal(number)
    assert process.communicate(timeout=TIMEOUT)[1] == b"Press Enter to run each command.\n"
    assert process.returncode == -number
    assert not list(tmp_path.iterdir())


def test_unknown_chapter_lists_the_chapters(user):
    assert "Choose from: life, resize, evacuate, shelve, faults." in user("demo banana", 2).stderr
    assert "Did you mean evacuate?" in user("demo evacuat", 2).stderr


def test_last_line_says_how_to_get_the_command(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "activate").touch()
    (tmp_path / "bin" / "activate.fish").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHELL", "/bin/bash")
    assert advise_path("/usr/bin/novasim", str(tmp_path)) == ""
    assert advise_path(None, str(tmp_path)) == "First make novasim a command of this shell: source bin/activate"
    assert " -m novasim" in advise_path(None, str(tmp_path / "nowhere"))
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert advise_path(None, str(tmp_path)).endswith("source bin/activate.fish")


def test_the_command_ends_with_that_advice(user, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert user("demo shelve").stdout.splitlines()[-2].startswith("First make novasim a command of this shell: ")


def test_every_chapter_is_named_in_the_help(user):
    shown = " ".join(user("demo --help").stdout.split())
    assert "CHAPTER is life (the default), resize, evacuate, shelve or faults." in shown
    assert set(cli.get_command(None, "demo").params[0].type.choices) == set(STORIES)
