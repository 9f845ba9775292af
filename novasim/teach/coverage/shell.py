"""Suggestions as a shell script."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.commands import command_words
from novasim.teach.coverage.forms import find_form
from novasim.teach.coverage.scripts import SERVER, Request, Script


def write_commands(scripts: Iterable[Script]) -> Iterator[str]:
    """Lines of a shell script. Each suggestion has a cloud of its own."""
    yield from ("#!/bin/sh", "# Requests that coverage is missing. Each has a cloud of its own.", "set -e")
    yield 'folder="$(mktemp -d)"'
    for number, script in enumerate(scripts, 1):
        yield ""
        yield f"# {script.item}"
        yield f'export NOVASIM_CLOUD="$folder/{number}.json" NOVASIM_CLOCK=instant'
        yield "novasim cloud init"
        yield from (f"novasim config set {name} {value}" for name, value in script.options)
        yield from script.before_server.commands
        yield f"novasim create {SERVER} --flavor m1.tiny --image cirros"
        yield from _list_lines(script)


def _list_lines(script: Script) -> Iterator[str]:
    """The commands. What a refused one names is created while the server is ACTIVE."""
    if script.is_prepared_first and script.last:
        yield from find_form(script.last.name).setup
    for step in script.path:
        yield from (*find_form(step.name).setup, *_write_request(step))
    if script.last and not script.refused:
        yield from find_form(script.last.name).setup
    yield from script.preparation.commands
    if script.blocker:
        yield from ("export NOVASIM_CLOCK=manual", *_write_request(script.blocker))
    lines = [*(_write_request(script.last) if script.last else ()), *script.request.commands]
    yield from (f"if {line}; then exit 1; fi  # is refused" if script.refused else line for line in lines)


def describe_request(script: Script) -> str:
    """The command of the request that meets an item."""
    if script.last is None:
        return f"novasim create {SERVER} --flavor m1.tiny --image cirros"
    return "; ".join(_write_request(script.last))


def _write_request(step: Request) -> Iterator[str]:
    form = find_form(step.name)
    words = command_words(ACTIONS[step.name], SERVER, form.options | ({"state": step.end} if step.names_end else {}))
    line = shlex.join(words).replace("'$address'", '"$address"').replace("'$port'", '"$port"')
    caller = f"novasim --as {step.caller} " if step.caller else "novasim "
    for command in form.commands or [f"novasim {line}"]:
        yield command.replace("novasim ", caller, 1)
