"""The command `demo`: stories about servers, step by step, in a temporary cloud."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from functools import partial

import click

from novasim.cli.learning.stories import STORIES, Step, Story
from novasim.cli.options import Seconds
from novasim.control.worlds import create_default_world
from novasim.render.wrapping import fit_command, fit_comment
from novasim.simulation.time import clock
from novasim.store import open_store

PACE = 2.0  # seconds of real time before each command, on a terminal
SEED = 7  # the same IDs as in the tutorial

Pause = Callable[[], None]


@click.command()
@click.argument("chapter", type=click.Choice(list(STORIES)), default="life")
@click.option("--step", is_flag=True, help="Wait for Enter before each command.")
@click.option(
    "--delay",
    type=Seconds(may_be_zero=True),
    help=f"Wait so many seconds before each command (default: {PACE:g} on a terminal, otherwise 0).",
)
@click.pass_context
def demo(ctx: click.Context, chapter: str, step: bool, delay: float | None) -> None:
    """
    Watch the life of one server, refusals included. Your own cloud is not touched.

    CHAPTER is life (the default), resize, evacuate, shelve or faults.

    Example: novasim demo resize --step
    """
    options = ["--as", "demo"]
    options += [] if ctx.color is None else ["--color", "always" if ctx.color else "never"]
    if step:
        click.echo("Press Enter to run each command.", err=True)
    play(STORIES[chapter], partial(_run, ctx.find_root().command, options), choose_pause(step, delay))
    others = ", ".join(name for name in STORIES if name != chapter)
    click.echo(f"\nOther chapters: novasim demo CHAPTER ({others})")
    if advice := advise_path(shutil.which("novasim"), sys.prefix):
        click.echo(advice)
    click.echo("Now try it: novasim create web1 --flavor m1.tiny --image cirros --wait")


def choose_pause(step: bool, delay: float | None, is_terminal: bool | None = None) -> Pause:
    """What happens before each command: a wait for Enter, for *delay* seconds of real time, or nothing."""
    if step:
        return _wait_for_enter
    if is_terminal is None:
        is_terminal = sys.stdout.isatty()
    seconds = delay if delay is not None else PACE if is_terminal else 0.0
    return partial(clock.sleep, seconds) if seconds else lambda: None


def _wait_for_enter() -> None:
    sys.stdout.flush()
    sys.stdin.readline()  # at the end of the input, the rest runs at once


def advise_path(command: str | None, prefix: str) -> str:
    """
    How to run novasim by its name; "" if the shell finds it.

    Args:
        command: The path of the command that the shell finds, if any. prefix: the folder of the environment.
    """
    if command:
        return ""
    fish = ".fish" if os.environ.get("SHELL", "").endswith("fish") else ""
    script = os.path.join(prefix, "bin", f"activate{fish}")
    if not os.path.exists(script):
        return (
            f"First make novasim a command of this shell: alias novasim={shlex.quote(f'{sys.executable} -m novasim')}"
        )
    relative = os.path.relpath(script)
    return f"First make novasim a command of this shell: source {shlex.quote(min(script, relative, key=len))}"


def play(story: Story, run: Callable[[str], int], pause: Pause) -> None:
    """
    Show a story in a temporary cloud.

    Args:
        run: Runs a command line without the word novasim, and returns its exit code.
        pause: Called before each command.
    """
    with (
        _delay_termination(),
        tempfile.TemporaryDirectory() as folder,
        _temporary_settings(os.path.join(folder, "demo.json"), story.clock),
    ):
        create_default_world(open_store(os.environ["NOVASIM_CLOUD"]), SEED)
        for step in story.steps:
            _play_step(step, run, pause)


class _Terminated(BaseException):
    """A signal that ends the process. No command catches it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _delay_termination() -> Iterator[None]:
    """Leave the block before a signal ends the process, so that the temporary folder is removed."""

    def end(number: int, frame: object) -> None:
        raise _Terminated(number)

    is_main = threading.current_thread() is threading.main_thread()  # other threads cannot handle signals
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if is_main and hasattr(signal, name)]
    saved = {number: signal.signal(number, end) for number in numbers}
    received = 0
    try:
        yield
    except _Terminated as signalled:
        received = signalled.number
    finally:
        for number, handler in saved.items():
            signal.signal(number, handler)
    if received:
        signal.raise_signal(received)


@contextmanager
def _temporary_settings(path: str, mode: str) -> Iterator[None]:
    """Use the cloud file *path* and a clock, without the user's settings; print refusals on stdout."""
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("NOVASIM_")}
    settings = {"NOVASIM_CLOUD": path, "NOVASIM_CLOCK": mode, "NOVASIM_PAGER": ""}
    os.environ |= settings
    try:
        with redirect_stderr(sys.stdout):
            yield
    finally:
        for name in settings:
            del os.environ[name]
        os.environ.update(saved)


def _play_step(step: Step, run: Callable[[str], int], pause: Pause) -> None:
    click.echo()
    if step.remark:
        click.secho(fit_comment(step.remark, sys.stdout), fg="cyan")
    click.secho(fit_command(f"$ novasim {step.line}", sys.stdout), bold=True)
    pause()
    if code := run(step.line):
        click.echo(f"(exit code {code})")


def _run(novasim: click.Command, options: list[str], line: str) -> int:
    code = novasim.main([*options, *shlex.split(line)], prog_name="novasim", standalone_mode=False)
    return code if isinstance(code, int) else 0
