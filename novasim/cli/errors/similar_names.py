"""Suggestions for mistyped names of hosts, key pairs, zones, statuses and all else that TAB completes."""

from __future__ import annotations

from collections.abc import Iterator

import click

from novasim.errors import NovaFault, NovasimError
from novasim.suggestions import ask_for_one, find_similar

UNKNOWN_NAME = (400, 404)  # how Nova refuses names that it does not know


def suggest_known_names(ctx: click.Context | None, error: NovaFault) -> list[str]:
    """A line with the known names most similar to the words of the command *ctx*; empty if no name is similar."""
    if ctx is None or error.http not in UNKNOWN_NAME:
        return []
    try:
        near = [name for name in dict.fromkeys(_near_names(ctx)) if name not in str(error)]
    except NovasimError:  # the caller is not allowed to see the names
        return []
    return [ask_for_one(near).strip()] if near else []


def _near_names(ctx: click.Context) -> Iterator[str]:
    for param, word in _words(ctx):
        from novasim.cli.shell.candidates import list_candidates

        known = list(list_candidates(ctx, param) or ())
        if word not in known:
            yield from find_similar(word, known) or find_similar(word.upper(), known)


def _words(ctx: click.Context) -> Iterator[tuple[click.Parameter, str]]:
    """Every word of an argument or an option of the command."""
    for param in ctx.command.params:
        value = ctx.params.get(param.name or "")
        for word in value if isinstance(value, tuple | list) else [value]:
            if isinstance(word, str):
                yield param, word
