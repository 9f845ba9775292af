"""A pager for output longer than the terminal, as in git and man."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TextIO

NO_PAGER = "cat"


def page_text(text: str, out: TextIO, height: int) -> None:
    """
    Print to a terminal of *height* lines, through a pager if *text* has more.

    The pager is NOVASIM_PAGER, then PAGER, then less. An empty name or cat turns it off.
    """
    pager = os.environ.get("NOVASIM_PAGER", os.environ.get("PAGER"))
    if text.count("\n") < height or out is not sys.stdout or _is_disabled(pager):
        out.write(text)
        return
    import click

    os.environ |= {"PAGER": pager} if pager else {}
    os.environ.setdefault("LESS", "FRX")  # as in git: show colours, and leave the text on the screen
    click.echo_via_pager(text.removesuffix("\n"))


def _is_disabled(pager: str | None) -> bool:
    """Whether the name of the pager turns it off, or cannot be parsed."""
    try:
        return pager is not None and shlex.split(pager) in ([], [NO_PAGER])
    except ValueError:  # an unclosed quote
        return True
