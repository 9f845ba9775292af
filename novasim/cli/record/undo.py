"""The commands `undo` and `redo`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from novasim.cli.options import pass_session
from novasim.cli.record.log import describe
from novasim.cli.session import Session
from novasim.render.output import print_line

if TYPE_CHECKING:
    from novasim.control.undo import Moved

COUNT = click.argument("count", type=click.IntRange(1, 100), default=1, required=False, metavar="[N]")


@click.command()
@COUNT
@click.option("--all", "everyone", is_flag=True, help="Undo the last steps of all callers, not only your own.")
@pass_session
def undo(session: Session, count: int, everyone: bool) -> None:
    """
    Take back your last step, or your last N steps (at most 100). It needs a record ('novasim record start').

    A step is one command line or one HTTP request, even if it acts on several servers. A refusal is no step. IDs,
    running numbers and a manual clock go back, too, so that the same command gives the same IDs. The real clock does
    not go back. 'novasim redo' applies the step again.

    Example: novasim undo
    """
    from novasim.control import undo as control

    moved = session.control(control.undo, session.caller, count, everyone)
    _report("Undone", moved)


@click.command()
@COUNT
@click.option("--all", "everyone", is_flag=True, help="Redo steps that any caller has undone, not only your own.")
@pass_session
def redo(session: Session, count: int, everyone: bool) -> None:
    """
    Apply again the step that you have undone last, or the last N steps. A new step ends that.

    Example: novasim redo
    """
    from novasim.control import undo as control

    _report("Redone", session.control(control.redo, session.caller, count, everyone))


def _report(word: str, moved: Iterable[Moved]) -> None:
    for each in moved:
        print_line(f"{word}: {describe(each.step.entry)}")
