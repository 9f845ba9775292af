"""A shell on a pseudo-terminal, into which lines are typed."""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Mapping, Sequence

ESCAPES = re.compile(r"\x1b(?:\[[0-9;?<>=]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>])")
ANSWERS = {b"\x1b[c": b"\x1b[?62c", b"\x1b[6n": b"\x1b[1;1R"}  # what fish asks a terminal, and waits for
SECONDS = 60


class Terminal:
    """
    Runs a program.

    Args:
        words: The path of the program, and its arguments. environment: all its variables.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        import pty

        self.seen = ""
        self._read_to = 0
        self.process, self._terminal = pty.fork()
        if self.process == 0:  # pragma: no cover
            try:
                os.chdir(environment["HOME"])
                os.execve(words[0], list(words), dict(environment))
            finally:
                os._exit(127)

    def type(self, line: str, then: str) -> str:
        """Type a line, and return what appears up to and including the text *then*."""
        os.write(self._terminal, line.encode() + b"\n")
        return self.read_until(then)

    def read_until(self, text: str) -> str:
        """What appears up to and including a text."""
        ends = time.monotonic() + SECONDS
        while (place := self.seen.find(text, self._read_to)) < 0:
            assert select.select([self._terminal], [], [], ends - time.monotonic())[0], self.seen
            data = os.read(self._terminal, 65536)
            for question, answer in ANSWERS.items():
                if question in data:
                    os.write(self._terminal, answer)
            self.seen += ESCAPES.sub("", data.decode("utf-8", "replace")).replace("\r", "")
        start, self._read_to = self._read_to, place + len(text)
        return self.seen[start : self._read_to]

    def close(self) -> int:
        """Leave the shell, and return its exit code."""
        os.write(self._terminal, b"exit 0\n")
        self._read_rest()
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        os.close(self._terminal)
        return code

    def _read_rest(self) -> None:
        try:
            while data := os.read(self._terminal, 65536):
                self.seen += ESCAPES.sub("", data.decode("utf-8", "replace")).replace("\r", "")
        except OSError:  # how Linux says that the other side has gone
            pass
