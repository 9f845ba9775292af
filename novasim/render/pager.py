"""Output longer than the terminal goes through the user's pager, as with git and man."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TextIO

NO_PAGER = "cat"


def page_text(text: str, out: TextIO, height: int) -> None:
    """
    Print to a terminal of *height* lines, through a pager if *text* has more.

    NOVASIM_PAGER names the pager, then PAGER, then less is taken; an empty name, or cat, means none.
    """
    pager = os.environ.get("NOVASIM_PAGER", os.environ.get("PAGER"))
    if text.count("\n") < height or out is not sys.stdout or _is_disabled(pager):
        out.write(text)
        return
    import click

    os.environ |= {"PAGER": pager} if pager else {}
    os.environ.setdefault("LESS", "FRX")  # as git has it: colours, and the text stays when it ends
    click.echo_via_pager(text.removesuffix("\n"))


def _is_disabled(pager: str | None) -> bool:
    """Whether the name of the pager asks for none, or cannot be understood."""
    try:
        return pager is not None and shlex.split(pager) in ([], [NO_PAGER])
    except ValueError:  # quotes that do not end
        return True
