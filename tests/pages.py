"""The code blocks of the repository's pages, and a terminal of 80 columns in which they are typed."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.processes import write_command

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "novasim" / "manual"
USER_PAGES = [ROOT / "README.md", *sorted(MANUAL.glob("*.md"))]
PAGES = sorted({*ROOT.glob("*.md"), *USER_PAGES})

# A block with the mark "run" is run: `sh` and `python` must succeed, `console` must print what the page shows.
# A block with the mark "continue" continues the session before it.
RUNNABLE_BLOCK = re.compile(r"^<!-- (run|continue) -->\n```(sh|console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^(?:<!-- ([^\n]*) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SEPARATOR = "=== the next block ===\n"
COLUMNS, LINES = 80, 50
MESSAGE = re.compile(r"^novasim: .*(?:\n    \S.*)*", re.MULTILINE)  # with its continuation lines
TIMEOUT = 500  # seconds


class Output(NamedTuple):
    """What a script has printed on the terminal, and its exit code."""

    text: str
    code: int


def find_runnable_blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return the kind and contents of the blocks to run; blocks marked "continue" join the session before."""
    found: list[tuple[str, list[str]]] = []
    for mark, kind, content in RUNNABLE_BLOCK.findall(text):
        if mark == "run":
            found.append((kind, [content]))
        else:
            assert kind == "console", "only sessions can continue"
            next(texts for earlier, texts in reversed(found) if earlier == kind).append(content)
    return found


def build_script(kind: str, content: str) -> str:
    """Return a script that runs a block. It prints each command of a session after a prompt."""
    if kind == "python":
        return f"PYTHONPATH={ROOT} {sys.executable} - <<'END'\n{content}END"
    return content if kind == "sh" else build_session_script(content)


def build_session_script(transcript: str) -> str:
    """Return a script that prints each command of the transcript after a prompt, and runs it."""
    commands = re.findall(r"^\$ (.*(?:\n> .*)*)", transcript, re.MULTILINE)
    lines = [(shown, re.sub(r"^> ", "", shown, flags=re.MULTILINE)) for shown in commands]
    return "\n".join(f"cat <<'END_OF_COMMAND'\n$ {shown}\nEND_OF_COMMAND\n{command}" for shown, command in lines)


def run_in_terminal(script: str, folder: Path, shell: str = "sh") -> Output:
    """
    Run a script in an empty folder, on a terminal of 80 columns, with this checkout's novasim on the PATH.

    The terminal has no colours. The folder is called /home/ann in the output. Processes that the script leaves are
    killed.
    """
    command, home = folder / "bin" / "novasim", folder / "empty"
    command.parent.mkdir()
    write_command(command)
    home.mkdir()
    terminal, side = _open_terminal()
    process = subprocess.Popen(
        [shell, "-c", script],
        cwd=home,
        env=_build_environment(command.parent),
        stdin=subprocess.DEVNULL,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    os.close(side)
    try:
        text = _read(terminal, process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        os.close(terminal)
    text = MESSAGE.sub(lambda found: _rename_home(found[0], str(home)), text).replace(str(home), "/home/ann")
    return Output(re.sub(r" +$", "", text, flags=re.MULTILINE), process.wait())


def _rename_home(message: str, home: str) -> str:
    """A message that names the folder in one line, since the length of the real name decides where it is broken."""
    return " ".join(message.split()) if home in message else message


def _open_terminal() -> tuple[int, int]:
    import fcntl
    import pty
    import struct
    import termios

    terminal, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    settings = termios.tcgetattr(side)
    settings[1] &= ~termios.OPOST  # line feeds stay as they are
    termios.tcsetattr(side, termios.TCSANOW, settings)
    return terminal, side


def _build_environment(bin: Path) -> dict[str, str]:
    look = {"TERM": "dumb", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "NOVASIM_PAGER": "cat"}
    return {**os.environ, **look, "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}"}


def _read(terminal: int, process: subprocess.Popen[bytes]) -> str:
    """Read the terminal until the process has ended. Processes in its background may keep the terminal open."""
    data, deadline = b"", time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        has_ended = process.poll() is not None
        if select.select([terminal], [], [], 0 if has_ended else 0.05)[0]:
            try:
                piece = os.read(terminal, 1 << 16)
            except OSError:  # no process has the terminal open any longer
                piece = b""
            if piece:
                data += piece
                continue
            process.wait(TIMEOUT)
            break
        if has_ended:
            break
    return data.decode()
