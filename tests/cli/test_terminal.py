"""Output on a terminal: colours, a progress bar, tables that fit, the pager."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from novasim.control.worlds import open_cloud
from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT

pty = pytest.importorskip("pty", reason="terminals of this kind are for POSIX systems")

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


CTRL_C = "\x03"


def typed(
    words: list[str],
    columns: int = 100,
    keys_after: str = "",
    keys: str = CTRL_C,
    then: Callable[[], object] = bool,
    **environment: str,
) -> tuple[str, int]:
    """
    The screen of a command and its exit code. The keys are typed, and *then* is called, when *keys_after* appears.

    Ctrl-C is typed again when nothing follows: Python does not notice a signal just before it begins to read a line.
    """
    command = novasim_command()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", "COLUMNS": str(columns), **environment})
        os.execv(command[0], [*command, *words])
    seen, silent, is_typed = b"", 0, False
    ends = time.monotonic() + TIMEOUT
    while time.monotonic() < ends:
        silent += 1
        if select.select([terminal], [], [], 0.1)[0]:
            silent = 0
            try:
                more = os.read(terminal, 65536)
            except OSError:  # how Linux says that the other side has gone
                break
            if not more:
                break
            seen += more
        if keys_after and keys_after in seen.decode(errors="replace"):
            os.write(terminal, keys.encode())
            then()
            keys_after, silent, is_typed = "", 0, True
        elif is_typed and keys == CTRL_C and silent == 30:
            os.write(terminal, keys.encode())
    else:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return seen.decode(errors="replace"), os.waitstatus_to_exitcode(status)


def cloud(path) -> list[str]:
    open_cloud(path / "cloud.json")
    return ["--cloud", str(path / "cloud.json")]


def test_progress_bar_shows_the_task_and_disappears(tmp_path):
    words = cloud(tmp_path)
    typed([*words, "fault", "add", "--phase", "spawning", "--slow", "20"])  # so that it is seen on a busy machine
    shown, code = typed(
        [*words, "create", "web1", "--flavor", "m1.tiny", "--image", "cirros", "--wait", "-c", "status"],
        keys_after="(spawning)",
        keys="",
        then=lambda: typed([*words, "clock", "speed", "100"]),
    )
    assert code == 0
    assert re.search(
        r"web1 BUILD \((scheduling|block_device_mapping|networking|spawning)\) .*━", ESCAPES.sub("", shown)
    )
    assert shown.rindex("\x1b[2K") > shown.rindex("spawning")  # the line is wiped
    assert "ACTIVE" in shown.rpartition("\x1b[2K")[2]


def test_interrupted_wait_removes_the_progress_bar_and_prints_the_password(tmp_path):
    words, new = cloud(tmp_path), ["create", "web1", "--flavor", "m1.tiny", "--image", "cirros", "--password", "told"]
    typed([*words, "clock", "speed", "0.01"])  # the build outlasts any delay of this test
    shown, code = typed([*words, *new, "--wait"], keys_after="web1 BUILD")
    assert code == 130
    assert shown.rstrip().endswith("novasim: interrupted; accepted requests continue.")
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h")  # the cursor is back
    assert "told" in shown
    assert typed([*words, "list", "-f", "value", "-c", "name"])[0].strip() == "web1"


def test_narrow_table_has_short_ids_that_commands_accept(tmp_path):
    typed([*cloud(tmp_path), "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    wide, _ = typed([*cloud(tmp_path), "list"], columns=140, NOVASIM_CLOCK="instant")
    narrow, _ = typed([*cloud(tmp_path), "list"], columns=80, NOVASIM_CLOCK="instant")
    id = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", wide).group()
    assert id not in narrow and id[:8] in narrow
    assert all(len(ESCAPES.sub("", line).rstrip("\r")) <= 80 for line in narrow.split("\n"))
    assert typed([*cloud(tmp_path), "show", id[:8], "-f", "value", "-c", "name"])[0].strip() == "web1"


def test_colours_only_on_a_terminal(tmp_path):
    typed([*cloud(tmp_path), "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    assert "\x1b[32mACTIVE" in typed([*cloud(tmp_path), "list"], NOVASIM_CLOCK="instant")[0]
    for words, environment in ((["list"], {"NO_COLOR": "1"}), (["--color", "never", "list"], {})):
        shown, _ = typed([*cloud(tmp_path), *words], **environment)
        assert "\x1b[3" not in shown and "ACTIVE" in shown


@pytest.mark.parametrize("line", ["demo --delay 0", "graph", "manual tutorial", "--help", "watch --times 1", "shwo"])
def test_no_color_turns_all_colours_off(tmp_path, line):
    shown, _ = typed([*cloud(tmp_path), *line.split()], NO_COLOR="1", NOVASIM_PAGER="cat")
    assert shown.strip()
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", shown)


def test_typed_password_is_hidden(tmp_path):
    typed([*cloud(tmp_path), "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    shown, code = typed([*cloud(tmp_path), "change-password", "web1"], keys_after="Password")
    assert (code, shown.rstrip().splitlines()[-1]) == (130, "novasim: interrupted; nothing was changed.")


NUMBERED = f'{sys.executable} -c "import sys; print(sys.stdin.read().count(chr(10)), 7 * 7)"'  # a pager that counts


def flavors(tmp_path, *words: str, **environment: str) -> str:
    return typed([*cloud(tmp_path), *words], LINES="5", **environment)[0]


def test_long_list_goes_through_the_pager(tmp_path):
    assert flavors(tmp_path, "flavor", "list", NOVASIM_PAGER=NUMBERED).split() == ["9", "49"]
    assert flavors(tmp_path, "flavor", "list", PAGER=NUMBERED).split() == ["9", "49"]
    assert "m1.tiny" in flavors(tmp_path, "flavor", "list", PAGER=NUMBERED, NOVASIM_PAGER="cat")


@pytest.mark.parametrize("words", [["--help"], ["create", "--help"], ["help", "create"], ["flavor", "list", "-h"]])
def test_long_help_goes_through_the_pager(tmp_path, words):
    lines = subprocess.run([*novasim_command(), *words], capture_output=True, text=True, check=True).stdout
    shown = flavors(tmp_path, *words, NOVASIM_PAGER=NUMBERED, COLUMNS="80")
    assert shown.split() == [str(lines.count("\n")), "49"]
    assert flavors(tmp_path, *words, PAGER=NUMBERED, NOVASIM_PAGER="cat").startswith("Usage: ")


def test_short_help_is_not_paged(tmp_path):
    assert typed(["clock", "show", "--help"], LINES="50", PAGER=NUMBERED)[0].startswith("Usage: ")


def test_less_is_told_to_leave_short_text_on_the_screen(tmp_path):
    option = f'{sys.executable} -c "import os; print(os.environ[chr(76) + chr(69) + chr(83) * 2])"'
    assert flavors(tmp_path, "flavor", "list", PAGER=option).strip() == "FRX"
    assert flavors(tmp_path, "flavor", "list", PAGER=option, LESS="R").strip() == "R"


@pytest.mark.parametrize("pager", ["", " ", "cat", "no-such-pager-anywhere", "'"])
def test_disabled_pager_prints_the_list(tmp_path, pager):
    shown = flavors(tmp_path, "flavor", "list", NOVASIM_PAGER=pager)
    assert "m1.tiny" in shown and "Traceback" not in shown


def test_short_and_live_output_is_not_paged(tmp_path):
    assert "m1.tiny" in typed([*cloud(tmp_path), "flavor", "list"], LINES="50", PAGER=NUMBERED)[0]
    for name in ("web1", "web2", "web3"):
        typed([*cloud(tmp_path), "create", name, "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    assert "web3" in flavors(tmp_path, "watch", "--times", "1", PAGER=NUMBERED)


def test_piped_output_is_not_paged(tmp_path):
    line = [*novasim_command(), *cloud(tmp_path), "flavor", "list"]
    done = subprocess.run(
        line, capture_output=True, text=True, check=True, env={**os.environ, "LINES": "5", "NOVASIM_PAGER": NUMBERED}
    )
    assert "m1.tiny" in done.stdout


def test_table_has_the_width_of_columns(tmp_path):
    def widest(columns: int) -> int:
        shown, _ = typed([*cloud(tmp_path), "flavor", "list"], columns=columns)
        lines = [ESCAPES.sub("", line).rstrip("\r") for line in shown.split("\n")]
        return max(len(line) for line in lines if not line.startswith("novasim: hidden columns:"))

    assert widest(50) <= 50 < widest(120) <= 120


def test_long_errors_are_wrapped_between_words_and_commands_stay_whole(tmp_path):
    typed([*cloud(tmp_path), "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    shown, code = typed([*cloud(tmp_path), "start", "web1"], columns=40)
    assert code == 4
    lines = [line.rstrip("\r") for line in shown.splitlines()]
    assert all(len(line) <= 40 for line in lines[:-1]) and lines[1].startswith("    ")
    assert lines[-1] == "  web1 is already ACTIVE; nothing to do."
    shown, _ = typed([*cloud(tmp_path), "resize", "web1", "--flavor", "m1.small"], NOVASIM_CLOCK="instant")
    shown, _ = typed([*cloud(tmp_path), "stop", "web1"], columns=40)
    assert re.search(r"^ +novasim --cloud \S+ confirm-resize web1 --wait\r$", shown, re.MULTILINE)


def test_error_while_waiting_is_on_a_line_of_its_own(tmp_path):
    typed([*cloud(tmp_path), "fault", "add", "spawn", "--times", "3"])
    typed([*cloud(tmp_path), "clock", "speed", "10"])
    shown, code = typed([*cloud(tmp_path), "create", "web1", "--flavor", "m1.tiny", "--image", "cirros", "--wait"])
    assert code == 8
    assert re.search(r"(^|\n|\x1b\[2K)novasim: web1 went to ERROR", shown)


def test_long_name_of_a_field_is_broken_after_its_prefix(tmp_path):
    typed([*cloud(tmp_path), "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    shown, _ = typed([*cloud(tmp_path), "show", "web1"], columns=80, NOVASIM_PAGER="cat")
    assert "│ os-extended-volumes: " in shown and "│ volumes_attached " in shown


def test_ctrl_c_ends_a_quiz_with_its_result(tmp_path):
    shown, code = typed(["quiz", "--seed", "1"], columns=40, keys_after="[a-", XDG_DATA_HOME=str(tmp_path))
    assert code == 0 and "0 of 0 right." in shown
    assert all(len(line) <= 40 for line in ESCAPES.sub("", shown).split("\r\n")[:-2])  # the last ones are commands
