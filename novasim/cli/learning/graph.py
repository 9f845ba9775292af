"""The command `graph`: the lifecycle as a picture."""

from __future__ import annotations

import os
import sys
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import click

from novasim.cli.files import FORCE, STDOUT, check_is_not_cloud, write_output
from novasim.cli.lookup import get_server_or_none, server_id
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.lifecycle.states import DELETED

if TYPE_CHECKING:
    from novasim.teach.graph.chart import Chart, Journey

FORMATS_BY_ENDING = {
    ".txt": "text",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".svg": "svg",
}
MIN_WIDTH, MAX_WIDTH = 32, 120  # columns


@click.command()
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["text", "mermaid", "dot", "svg"]),
    help="Format (default: from the file name's extension, or text).",
)
@click.option("--around", metavar="STATUS", help="Only actions to, from and through this status.")
@click.option("--actions", metavar="ACTION,...", multiple=True, help="Only these actions (may be repeated).")
@click.option("--simple", is_flag=True, help="Leave out actions that keep the status.")
@click.option("--stage", is_flag=True, help="With -f svg: the picture in 16:9, with room for servers in every status.")
@click.option("--server", help="Show where this server is, and its path.")
@click.option("--refusals", is_flag=True, help="With --server: show refused requests, too (needs a record).")
@click.option("-o", "--output", "file", metavar="FILE", help="Write to a new file instead of stdout.")
@FORCE
@pass_session
def graph(
    session: Session,
    *,
    fmt: str | None,
    around: str | None,
    actions: tuple[str, ...],
    simple: bool,
    stage: bool,
    server: str | None,
    refusals: bool,
    file: str | None,
    force: bool,
) -> None:
    """
    Draw the lifecycle: the statuses of a server, and the actions that lead from one to another.

    The path of a server is exact if there is a record ('novasim record'); otherwise it is the most likely one.

    The graph is generated from the action table. Dot is the language of Graphviz; SVG does not need Graphviz. In SVG,
    everything that is not selected is pale. The stage has no lists of actions and no fixed size; its attributes
    data-status, data-edge and data-action name statuses and arrows for scripts.

    Example: novasim graph --around SHUTOFF

    Example: novasim graph --server web1 -o web1.svg
    """
    from novasim.teach.graph.selection import select_chart

    names = _parse_names(actions)
    if around is not None and not around.strip():
        raise UsageError("--around needs a status.")
    if file == "":
        raise UsageError("--output needs the name of a file.")
    fmt = fmt or _choose_format(file or "")
    if stage:
        _check_stage(fmt, server)
    chart = select_chart((around or "").strip(), names, simple)
    if server is not None:
        chart = chart._replace(journey=_trace_journey(session, server, refusals))
    kind = "stage" if stage else fmt
    if file is None or file in STDOUT:
        click.echo(_draw(chart, kind, for_screen=True), nl=False)
    else:
        check_is_not_cloud(file, session.path)
        write_output(file, _draw(chart, kind, for_screen=False).encode(), force=force, like=file)


def _check_stage(fmt: str, server: str | None) -> None:
    if fmt != "svg":
        raise UsageError("--stage needs -f svg.")
    if server is not None:
        raise UsageError("--stage and --server exclude each other: the stage is the same for all servers.")


def _choose_format(file: str) -> str:
    ending = os.path.splitext(file)[1].lower()
    if ending and ending not in FORMATS_BY_ENDING:
        raise UsageError(f"graph cannot write {ending} files. Known extensions: {', '.join(FORMATS_BY_ENDING)}.")
    return FORMATS_BY_ENDING.get(ending, "text")


def _parse_names(actions: tuple[str, ...]) -> list[str]:
    names = [name.strip() for text in actions for name in text.split(",")]
    if not all(names):
        raise UsageError("--actions needs names of actions, separated by commas.")
    return names


def _trace_journey(session: Session, server: str, refusals: bool) -> Journey:
    """The path of a server according to the record, or else to its log."""
    from novasim.api.action_log import read_action_log
    from novasim.cli.record.of_server import drop_undone, find_entries
    from novasim.render.output import escape_controls
    from novasim.teach.graph.journey import CurrentState, LogEntry, trace_journey

    record = session.cloud.store.record
    with session.transaction(writes=False):
        id = server_id(session, server)
        entries = read_action_log(session.get, id)
        body = get_server_or_none(session, id) or _deleted_server(server)
    recorded = find_entries(record, id, refusals)
    if recorded:
        entries = recorded.select_earlier(entries)
    log = [
        LogEntry(entry["action"], _has_failed(entry), _is_interrupted(entry, following))
        for entry, following in zip_longest(entries, entries[1:])
    ]
    now = CurrentState(body["OS-EXT-STS:vm_state"], body["OS-EXT-STS:task_state"], body["status"])
    name = escape_controls(body["name"])
    if recorded:
        from novasim.teach.graph.recorded import trace_recorded_journey

        return trace_recorded_journey(name, log, drop_undone(recorded.entries), now, refusals)
    return trace_journey(name, log, now)


def _deleted_server(name: str) -> dict[str, Any]:
    """What is known of a deleted server, whose log Nova still shows."""
    return {"name": name, "status": "DELETED", "OS-EXT-STS:vm_state": DELETED, "OS-EXT-STS:task_state": None}


def _is_interrupted(entry: dict[str, Any], following: dict[str, Any] | None) -> bool:
    """Whether an action failed because the following one in the log, a deletion, began before it had ended."""
    if following is None or not _has_failed(entry) or following["action"] != "delete":
        return False
    ends = [event["finish_time"] or "" for event in entry.get("events", ())]
    return bool(following["start_time"] <= max(ends, default=""))


def _has_failed(entry: dict[str, Any]) -> bool:
    return bool(entry["message"]) or any(event["result"] == "Error" for event in entry.get("events", ()))


def _draw(chart: Chart, fmt: str, for_screen: bool) -> str:
    if fmt == "text":
        return _draw_text(chart, for_screen)
    if fmt == "stage":
        from novasim.teach.graph.stage import draw_stage as draw
    elif fmt == "svg":
        from novasim.teach.graph.svg import draw
    elif fmt == "dot":
        from novasim.teach.graph.dot import draw
    else:
        from novasim.teach.graph.mermaid import draw
    return draw(chart)


def _draw_text(chart: Chart, for_screen: bool) -> str:
    """Text as wide as the terminal, coloured on a terminal, in ASCII if the encoding has no box-drawing characters."""
    from novasim.render.colour import use_colour
    from novasim.render.output import is_unicode
    from novasim.render.wrapping import screen_size
    from novasim.teach.graph.text import IN_ASCII, draw

    if not for_screen:
        return draw(chart, 100)
    columns = screen_size(100).columns
    paint = _add_colour if use_colour(sys.stdout.isatty()) else str
    text = draw(chart, min(max(columns, MIN_WIDTH), MAX_WIDTH), paint)
    return text if is_unicode(sys.stdout) else text.translate(IN_ASCII)


def _add_colour(status: str) -> str:
    from novasim.render.theme import colour_of

    return click.style(status, fg=colour_of(status) or None, bold=True)
