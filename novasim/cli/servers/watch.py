"""The command watch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import click

from novasim.cli.lookup import project_id, server_id
from novasim.cli.options import LazyCommand, Seconds, output_options, pass_session, rare_options
from novasim.cli.selection.filters import build_filters, shared_filter_pairs
from novasim.cli.servers.views import list_all
from novasim.cli.session import Session
from novasim.control.clock import describe_clock
from novasim.records import Task
from novasim.render.output import print_line
from novasim.render.view import View
from novasim.render.wrapping import screen_size
from novasim.simulation.time import clock

Server = dict[str, Any]
Query = list[tuple[str, str]]
COLUMNS = {"Name": "name", "Status": "status", "Task": "OS-EXT-STS:task_state", "Progress": "progress"}
FOR_ADMINISTRATORS = {"Project": "tenant_id", "Host": "OS-EXT-SRV-ATTR:host"}
FRAME = 7  # lines of the terminal that are no servers: clock, borders, titles, what is left out, cursor


@click.command(cls=LazyCommand)
@click.argument("servers", metavar="[SERVER...]", nargs=-1)
@click.option("--interval", type=Seconds(), default=1.0, show_default=True, help="Seconds between two updates.")
@click.option("--times", type=click.IntRange(min=1), help="Number of updates (default: until Ctrl-C).")
@click.option("--host", help="Only servers on this host (administrators).")
@click.option("--project", help="Only servers of this project, name or ID (administrators).")
@output_options
@pass_session
@rare_options(partial(build_filters, "Only"))
def watch(session: Session, /, servers: tuple[str, ...], interval: float, times: int | None, **filters: Any) -> None:
    """
    Show all servers, or these, and their current tasks, updated until Ctrl-C.

    The servers that are busy come first. Administrators see the servers of all projects, with their hosts.

    With -f json, each line is a server, and a server is printed again whenever it has changed.

    Example: novasim watch --status BUILD --status ACTIVE
    """
    ids = {server_id(session, server) for server in servers}
    find = partial(_find_servers, session, _query(session, filters), filters.get("items"), ids)
    if session.fmt == "json" and not session.quiet:
        _stream(session, find, interval, times)
        return
    updates = 0
    while times is None or updates < times:
        if updates:
            clock.sleep(interval)
            click.clear()
        _show(session, find)
        updates += 1
        if times is None and not sys.stdout.isatty():
            return


def _stream(session: Session, find: Callable[[], list[Server]], interval: float, times: int | None) -> None:
    """Print changes as JSON lines, even if the output is no terminal, until Ctrl-C or until the pipe is closed."""
    from novasim.cli.servers.changes import ChangeStream

    stream = ChangeStream(session, COLUMNS | FOR_ADMINISTRATORS)
    for number in count() if times is None else range(times):
        if number:
            clock.sleep(interval)
        with session.transaction(writes=False):
            stream.update(find())


def _query(session: Session, filters: dict[str, Any]) -> Query:
    query = [("all_tenants", "1")] if session.caller.is_admin else []
    query += [("host", filters["host"])] if filters["host"] else []
    query += [("project_id", project_id(session, filters["project"]))] if filters["project"] else []
    return query + shared_filter_pairs(filters)


def _find_servers(session: Session, query: Query, items: dict[str, str] | None, chosen: set[str]) -> list[Server]:
    """The servers to show, the busy ones first."""
    found = [server for server in list_all(session, query, items=items) if not chosen or server["id"] in chosen]
    return sorted(found, key=lambda server: not server.get("OS-EXT-STS:task_state"))


def _show(session: Session, find: Callable[[], list[Server]]) -> None:
    with session.transaction(writes=False):
        servers = find()
        progress, state = _find_progress(session), describe_clock(session.cloud)
    shown = servers[: _count_rows()] if session.is_human_readable else servers
    if session.has_default_output:
        print_line(f"{state['now'][:19].replace('T', ' ')} ({state['mode']} clock)")
    rows = [_row(session, server, progress.get(server["id"], "")) for server in shown]
    columns = COLUMNS | (FOR_ADMINISTRATORS if session.caller.is_admin else {})
    ids = [server["id"] for server in servers]
    session.write(View(list(columns), rows, servers, ids, live=True, keys=list(columns.values())))
    if len(shown) < len(servers):
        print_line(f"... and {len(servers) - len(shown)} more servers; to see all: novasim list")


def _count_rows() -> int | None:
    """The number of servers that fit on the terminal; None if the output is no terminal."""
    return max(1, screen_size().lines - FRAME) if sys.stdout.isatty() else None


def _find_progress(session: Session) -> dict[str, str]:
    """The progress of each server's task, such as "40%", by the server's id."""
    with session.cloud.reading() as world:
        return {task.server_id: f"{_share(task, world.now):.0%}" for task in world.tx.query(Task) if not task.timer}


def _share(task: Task, now: float) -> float:
    duration = task.ends[-1] - task.started
    return min(1.0, max(0.0, (now - task.started) / duration)) if duration > 0 else 1.0


def _row(session: Session, server: Server, progress: str) -> list[Any]:
    row = [server.get("name"), server["status"], server.get("OS-EXT-STS:task_state"), progress]
    if session.caller.is_admin:
        row += [_project_name(session, server["tenant_id"]), server.get("OS-EXT-SRV-ATTR:host")]
    return row


def _project_name(session: Session, id: str) -> str:
    from novasim.records import Project

    with session.cloud.reading() as world:
        project = world.tx.get(Project, id)
    return project.name if project else id
