"""The form of a row of the table of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from novasim.cli.openstack.call import Call
from novasim.cli.openstack.formats import Output

Run = Callable[[Call], "Output | None"]
LIST, OBJECT, NOTHING = "list", "object", ""


class Row(NamedTuple):
    """
    A command.

    Args:
        words: The words that name it. usage: its operands and options, in the notation of `usage`.
        summary: What it does. run: sends its requests and returns what it shows.
        shows: LIST, OBJECT or NOTHING; decides the output options.
    """

    words: str
    usage: str
    summary: str
    run: Run
    shows: str = NOTHING
