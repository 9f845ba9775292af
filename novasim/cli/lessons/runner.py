"""Runs the command lines of lessons in this process, in a cloud in memory. No shell and no other process is started."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import copy
from typing import Any

import click

from novasim.api.request import Request, Response
from novasim.cli.errors.exit import run_command
from novasim.cli.session import Session
from novasim.cloud import Cloud
from novasim.render.view import View
from novasim.teach.lessons.commands import GLOBAL_OPTIONS, PROGRAM, SUBSTITUTION, split_line
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.lesson import Command
from novasim.teach.lessons.observer import handle_and_note
from novasim.teach.lessons.playground import Playground

MAX_OUTPUT = 2**20  # characters


class LessonSession(Session):
    """
    A session on a cloud in memory, which notes requests and prints no results.

    Args:
        prints: Whether to print results, for $(...).
    """

    def __init__(self, playground: Playground, who: str, version: str | None, prints: bool) -> None:
        super().__init__(None, who, version)
        self._cloud: Cloud | None = playground.cloud
        self._entries: list[Entry] = playground.entries
        self._prints = self.gives_advice = prints

    def handle(self, request: Request) -> Response:
        return handle_and_note(self.cloud, request, self._entries)

    def write(self, view: View) -> None:
        if self._prints:
            super().write(view)


def _over(novasim: click.Group, playground: Playground, prints: bool) -> click.Group:
    """The group of all commands, over a cloud in memory, with only the global options that lessons can have."""

    def callback(who: str, pinned: str | None, **_: Any) -> None:
        click.get_current_context().obj = LessonSession(playground, who, pinned, prints)

    group = copy(novasim)
    group.callback, group.add_help_option = callback, False
    group.params = [param for param in novasim.params if param.opts[0] in GLOBAL_OPTIONS]
    return group


class Runner:
    """
    Runs commands. The last output on stderr is kept for messages.

    Args:
        novasim: The group of all commands.
    """

    def __init__(self, novasim: click.Group) -> None:
        self.errors = ""
        self._novasim = novasim

    @classmethod
    def of_context(cls) -> Runner:
        """A runner with the commands of the present command line."""
        root = click.get_current_context().find_root().command
        assert isinstance(root, click.Group)
        return cls(root)

    def __call__(self, playground: Playground, command: Command) -> int:
        """Run a command of a lesson and return its exit code."""
        try:
            words = [self._expand(playground, word) for word in command.words]
        except ValueError as error:
            self.errors = str(error)
            return 2
        return self._run(playground, words, prints=False)[0]

    def show(self, playground: Playground, command: Command) -> int:
        """Run a command as `__call__` does, and let it print its output and its errors."""
        words = [self._expand(playground, word) for word in command.words]
        group = _over(self._novasim, playground, prints=True)
        return run_command(lambda: group.main(words, PROGRAM, standalone_mode=False))

    def _expand(self, playground: Playground, word: str) -> str:
        """
        Replace each $(novasim ...) in a word by the output of that command.

        Raises:
            ValueError: The command fails.
        """

        def replace(match: re.Match[str]) -> str:
            code, output = self._run(playground, split_line(match[1]), prints=True)
            if code:
                raise ValueError(f"{match[1]} failed.")
            return output.rstrip("\n")

        return SUBSTITUTION.sub(replace, word)

    def _run(self, playground: Playground, words: Sequence[str], prints: bool) -> tuple[int, str]:
        group, out, errors = _over(self._novasim, playground, prints), io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(errors):
            code = run_command(lambda: group.main(list(words), PROGRAM, standalone_mode=False))
        self.errors = errors.getvalue()[:MAX_OUTPUT]
        return code, out.getvalue()


@contextmanager
def isolated_process(keeps_input: bool = False) -> Iterator[None]:
    """
    Without the user's settings and input, in an empty temporary folder.

    Args:
        keeps_input: Whether commands see the standard input.
    """
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(("NOVASIM_", "OS_"))}
    folder, stdin = os.getcwd(), sys.stdin
    if not keeps_input:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    try:
        with tempfile.TemporaryDirectory() as temporary:
            os.chdir(temporary)
            try:
                yield
            finally:
                os.chdir(folder)
    finally:
        sys.stdin = stdin
        os.environ.update(saved)
