"""Entries of the record of requests, as the checks of lessons read them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from novasim.records import entry as recorded

REQUEST, EVENT, FAILURE = "request", "event", "failure"


class Entry(NamedTuple):
    """
    A request about a server.

    Args:
        action: The name of its row in the action table. server: the id. name: the server's name at that time.
        status, task: What the server showed before; "" if there was no server or no task.
        code: The HTTP code of the response.
        request_id: The id of the request, with which its outcome is found in the instance-action log.
        has_failed: Whether its task has failed, as far as the record says.
        words: The words of the command line, which name the server of a refused create.
        check: What failed, as `records.entry.Entry.check` has it.
        step, user: The command line or HTTP request that sent it, and the name of its caller, as the record has them.
    """

    action: str
    name: str = ""
    server: str = ""
    status: str = ""
    task: str = ""
    code: int = 202
    request_id: str = ""
    has_failed: bool = False
    words: tuple[str, ...] = ()
    check: str = ""
    step: str = ""
    user: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the request was accepted."""
        return self.code < 400

    def is_about(self, server: str) -> bool:
        """Whether it is about the server of that name."""
        return self.name == server or (not self.name and server in self.words)


def read_record(lines: Iterable[recorded.Entry]) -> list[Entry]:
    """The requests of a record about servers, without those that were undone."""
    lines = list(lines)
    undone = recorded.find_undone(lines)
    entries, steps = list[Entry](), list[str]()
    for line in lines:
        if line.kind == REQUEST and line.action:
            entries.append(_entry(line))
            steps.append(line.step)
        elif line.kind == EVENT and line.event == FAILURE and line.step not in undone:
            _mark_failure(entries, line)
    return [entry for entry, step in zip(entries, steps, strict=True) if step not in undone]


def count_steps(lines: Iterable[recorded.Entry]) -> int:
    """How many command lines and HTTP requests are in a record."""
    return len({line.step for line in lines if line.step})


def _entry(line: recorded.Entry) -> Entry:
    before = line.before or {}
    return Entry(
        line.action,
        line.name,
        line.server,
        before.get("status", ""),
        before.get("task_state") or "",
        line.code,
        words=tuple(_split(line.command)),
        check=line.check,
        step=line.step,
        user=str((line.user or {}).get("user", "")),
    )


def _split(command: str) -> Iterator[str]:
    try:
        yield from shlex.split(command)
    except ValueError:
        return


def _mark_failure(entries: list[Entry], line: recorded.Entry) -> None:
    """Mark the last accepted request of the action on the server whose task has failed."""
    for position in reversed(range(len(entries))):
        entry = entries[position]
        if (entry.action, entry.server, entry.is_accepted) == (line.action, line.server, True):
            entries[position] = entry._replace(has_failed=True)
            return
