"""Names that a refused command may have meant: of hosts, key pairs, zones, statuses and whatever else TAB completes."""

from __future__ import annotations

from collections.abc import Iterator

import click

from novasim.errors import NovaFault, NovasimError
from novasim.suggestions import find_similar

WRONG_NAME = (400, 404)  # how Nova answers words that mean nothing to it


def near_names(ctx: click.Context | None, error: NovaFault) -> list[str]:
    """A line with the names nearest to those words of the command *ctx* that are no names, or nothing."""
    if ctx is None or error.http not in WRONG_NAME:
        return []
    try:
        near = [name for name in dict.fromkeys(_near(ctx)) if name not in str(error)]
    except NovasimError:  # whoever may not see the names gets none
        return []
    return [f"Did you mean {', '.join(near)}?"] if near else []


def _near(ctx: click.Context) -> Iterator[str]:
    for param, word in _words(ctx):
        from novasim.cli.shell.candidates import list_candidates

        known = list(list_candidates(ctx, param) or ())
        if word not in known:
            yield from find_similar(word, known)


def _words(ctx: click.Context) -> Iterator[tuple[click.Parameter, str]]:
    """Every word given for an argument or an option of the command."""
    for param in ctx.command.params:
        given = ctx.params.get(param.name or "")
        for word in given if isinstance(given, tuple | list) else [given]:
            if isinstance(word, str):
                yield param, word
