"""Completion in real shells: commands, options and names from the cloud."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import User
from tests.processes import write_command

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="shells of POSIX")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory) -> bytes:
    """A cloud in which web1 is SHUTOFF and web2 ACTIVE."""
    user = User(tmp_path_factory.mktemp("shells") / "cloud.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "instant")
        user("create web1 web2 'my web' --flavor m1.tiny --image cirros")
        user("stop web1")
    return user.path.read_bytes()


@pytest.fixture
def folder(tmp_path, monkeypatch, cloud):
    """A folder with the command and with the cloud."""
    command = tmp_path / "bin" / "novasim"
    command.parent.mkdir()
    write_command(command)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("NOVASIM_CLOUD", str(tmp_path / "cloud.json"))
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    (tmp_path / "cloud.json").write_bytes(cloud)
    return tmp_path


def in_bash(words: list[str]) -> list[str]:
    line = " ".join(words).removesuffix("''")
    script = (
        f"source {ROOT}/completions/novasim.bash; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1};"
        f"COMP_LINE='{line}'; COMP_POINT={len(line)};"
        '_novasim_completion novasim; for word in "${COMPREPLY[@]}"; do echo "$word"; done'
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def in_fish(words: list[str]) -> list[str]:
    line = " ".join(words).replace("''", "")
    script = f"source {ROOT}/completions/novasim.fish; complete -C '{line}'"
    done = subprocess.run(["fish", "-N", "-c", script], capture_output=True, text=True, check=True)
    return [each.partition("\t")[0] for each in done.stdout.splitlines()]


def in_zsh(*lines: str) -> list[list[str]]:
    """The words of each line after TAB is pressed at its end, on a terminal, which zsh needs."""
    start = f"PROMPT=; autoload -U compinit; compinit -u -D; source {ROOT}/completions/_novasim; echo O''K\n"
    to_the_front, to_the_end = "\x01", "\x05"
    typed = [f"{line}\t{to_the_front}print -rl -- BEGIN {to_the_end} E''ND\n" for line in lines]
    return _on_terminal(["zsh", "-f", "-i"], start, typed)


def on_bash_terminal(*lines: str) -> list[list[str]]:
    """The words of each line after TAB is pressed at its end, in bash on a terminal."""
    start = f"PS1=; source {ROOT}/completions/novasim.bash; echo O''K\n"
    typed = [f"{line}\t\x01printf '%s\\n' BEGIN \x05 E''ND\n" for line in lines]
    return _on_terminal(["bash", "--norc", "--noprofile", "-i"], start, typed)


def _on_terminal(shell: list[str], start: str, lines: list[str]) -> list[list[str]]:
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "dumb"
        os.execvp(shell[0], shell)
    try:
        _typed(terminal, start, "OK")
        outputs = [_typed(terminal, line, "END") for line in lines]
        return [each.rpartition("\nBEGIN\r\n")[2].partition("\nEND\r")[0].split() for each in outputs]
    finally:
        os.kill(pid, 9)
        os.close(terminal)
        os.waitpid(pid, 0)


def _typed(terminal: int, text: str, awaited: str) -> str:
    """Type a text, and read until the awaited line appears."""
    os.write(terminal, text.encode())
    seen = ""
    while f"\n{awaited}\r" not in seen:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, seen
        seen += os.read(terminal, 4096).decode(errors="replace")
    return seen


WAYS = [
    pytest.param(way, marks=pytest.mark.skipif(not shutil.which(shell), reason=f"{shell} is not installed"), id=shell)
    for shell, way in (("bash", in_bash), ("fish", in_fish))
]


@pytest.mark.parametrize("complete", WAYS)
class TestShells:
    def test_commands(self, folder, complete):
        assert complete(["novasim", "resu"]) == ["resume"]

    def test_subcommands(self, folder, complete):
        assert complete(["novasim", "clock", "adv"]) == ["advance"]

    def test_options(self, folder, complete):
        assert "--flavor" in complete(["novasim", "resize", "web1", "--fl"])

    def test_formats(self, folder, complete):
        assert complete(["novasim", "list", "-f", "y"]) == ["yaml"]

    def test_names_from_the_cloud(self, folder, complete):
        assert complete(["novasim", "create", "x", "--flavor", "m1.t"]) == ["m1.tiny"]
        assert complete(["novasim", "image", "show", "deb"]) == ["debian-12"]
        assert complete(["novasim", "create", "x", "--network", "priv"]) == ["private"]

    def test_servers_that_would_accept_it_come_first(self, folder, complete):
        assert complete(["novasim", "start", "w"]) == ["web1", "web2"]
        assert complete(["novasim", "stop", "w"]) == ["web2", "web1"]

    def test_statuses_and_microversions(self, folder, complete):
        assert complete(["novasim", "list", "--status", "VERI"]) == ["VERIFY_RESIZE"]
        assert complete(["novasim", "graph", "--around", "VERI"]) == ["VERIFY_RESIZE"]
        assert complete(["novasim", "graph", "--actions", "confirm"]) == ["confirm-resize"]
        assert complete(["novasim", "--api-version", "2.9"])[0] == "2.99"

    def test_columns_goals_and_lists(self, folder, complete):
        assert complete(["novasim", "list", "-c", "Sta"]) == ["Status"]
        assert complete(["novasim", "list", "-c", "Name,Sta"]) == ["Name,Status"]
        assert complete(["novasim", "wait", "web1", "--for", "VERI"]) == ["VERIFY_RESIZE"]
        assert complete(["novasim", "clock", "advance", "--until", "web1"]) == ["web1="]
        assert complete(["novasim", "fault", "add", "no-v"]) == ["no-valid-host"]
        assert complete(["novasim", "config", "set", "recl"]) == ["reclaim_instance_interval"]

    def test_name_with_a_space_is_quoted(self, folder, complete):
        assert complete(["novasim", "show", "my"]) in (["my\\ web"], ["my web"])

    def test_completion_creates_no_cloud(self, folder, complete):
        (folder / "cloud.json").unlink()
        assert complete(["novasim", "show", "w"]) == []
        assert not (folder / "cloud.json").exists()


TYPED = {
    "list -c Name,Sta": "Name,Status",
    "show web1 -c OS-EXT-STS:t": "OS-EXT-STS:task_state",
    "clock advance --until web1": "web1=",
    "clock advance --until web1=SHU": "web1=SHUTOFF",
    "wait web1 --for VER": "VERIFY_RESIZE",
    "--as demo@ad": "demo@admin",
    "list --column=Ima": "--column=Image",
    "clock advance --until=web1=SHU": "--until=web1=SHUTOFF",
    "config set enabled_filters ComputeFilter,Same": "ComputeFilter,SameHostFilter",
}


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_on_a_terminal(folder):
    words = on_bash_terminal(*(f"novasim {line}" for line in TYPED))
    assert [each[-1] for each in words] == list(TYPED.values())


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes_words_with_parts(folder):
    assert {line: in_fish(["novasim", *line.split()])[-1] for line in TYPED} == TYPED


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
class TestZsh:
    def test_commands(self, folder):
        assert in_zsh("novasim resu") == [["novasim", "resume"]]

    def test_names_from_the_cloud_and_words_with_parts(self, folder):
        lines = {line: word for line, word in TYPED.items() if "web1" in line}
        lines |= {"create --flavor m1.t": "m1.tiny", "stop web2": "web2"}
        assert [words[-1] for words in in_zsh(*(f"novasim {line}" for line in lines))] == list(lines.values())


def test_script_is_installed_where_the_shell_looks(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    done = User(tmp_path / "cloud.json")("completion install")
    place = tmp_path / "bash-completion" / "completions" / "novasim"
    assert done.stdout == f"{place}\n"
    assert place.read_text() == (ROOT / "completions" / "novasim.bash").read_text()


def test_unknown_shell_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("SHELL", "/bin/csh")
    done = User(tmp_path / "cloud.json")("completion install", code=2)
    assert "csh" in done.stderr
