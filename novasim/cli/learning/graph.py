"""graph: the lifecycle as a picture."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from novasim.cli.lookup import server_id
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError

if TYPE_CHECKING:
    from novasim.teach.graph.chart import Chart, Journey

ENDINGS = {".txt": "text", ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg"}
NARROWEST, WIDEST = 60, 120


@click.command()
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "dot", "svg"]),
    help="How to draw it (default: as the name of the file says, else text).",
)
@click.option("--around", metavar="STATUS", help="Only what leads to, from and through this status.")
@click.option("--actions", metavar="ACTION,...", multiple=True, help="Only these actions (may be repeated).")
@click.option("--server", help="Where this server is, and the way it came.")
@click.option("-o", "--output", "file", metavar="FILE", help="Write into a file instead of printing.")
@pass_session
def graph(
    session: Session,
    form: str | None,
    around: str | None,
    actions: tuple[str, ...],
    server: str | None,
    file: str | None,
) -> None:
    """
    Draw the lifecycle: the statuses of a server, and the actions that lead from one to another.

    It is drawn from the table that decides what is accepted. Dot is the language of Graphviz, which is not needed for
    SVG. In SVG what is not asked for stays, but pale.

    Example: novasim graph --around SHUTOFF

    Example: novasim graph --server web1 -o web1.svg
    """
    from novasim.teach.graph.selection import chart

    wanted = _names(actions)
    if around is not None and not around.strip():
        raise UsageError("--around needs a status.")
    if file == "":
        raise UsageError("--output needs the name of a file.")
    chosen = chart((around or "").strip(), wanted)
    if server is not None:
        chosen = chosen._replace(journey=_journey(session, server))
    form = form or ENDINGS.get(os.path.splitext(file or "")[1].lower(), "text")
    if file is None or file == "-":
        click.echo(_drawn(chosen, form, for_screen=True), nl=False)
    else:
        with open(file, "w", encoding="utf-8") as out:
            out.write(_drawn(chosen, form, for_screen=False))


def _names(actions: tuple[str, ...]) -> list[str]:
    names = [name.strip() for text in actions for name in text.split(",")]
    if not all(names):
        raise UsageError("--actions needs names of actions, with a comma between them.")
    return names


def _journey(session: Session, server: str) -> Journey:
    """The way of a server by its log, as the caller may see both."""
    from novasim.teach.graph.journey import Entry, Now, journey

    with session.transaction(writes=False):
        id = server_id(session, server)
        found = session.get(f"/servers/{id}")["server"]
        path = f"/servers/{id}/os-instance-actions"
        log = list(reversed(session.get(path)["instanceActions"]))
        full = [session.get(f"{path}/{entry['request_id']}")["instanceAction"] for entry in log]
    entries = [Entry(each["action"], _failed(each)) for each in full]
    now = Now(found["OS-EXT-STS:vm_state"], found["OS-EXT-STS:task_state"], found["status"])
    return journey(found["name"], entries, now)


def _failed(entry: dict[str, Any]) -> bool:
    return bool(entry["message"]) or any(event["result"] == "Error" for event in entry.get("events", ()))


def _drawn(chosen: Chart, form: str, for_screen: bool) -> str:
    if form == "text":
        return _as_text(chosen, for_screen)
    if form == "svg":
        from novasim.teach.graph.svg import draw
    elif form == "dot":
        from novasim.teach.graph.dot import draw
    else:
        from novasim.teach.graph.mermaid import draw
    return draw(chosen)


def _as_text(chosen: Chart, for_screen: bool) -> str:
    """As wide as the terminal, coloured if somebody looks, in ASCII where there are no other letters."""
    import shutil

    from novasim.render.colour import use_colour
    from novasim.render.encoding import is_unicode
    from novasim.teach.graph.text import IN_ASCII, draw

    columns = shutil.get_terminal_size((100, 24)).columns if for_screen else 100
    paint = _coloured if for_screen and use_colour(sys.stdout.isatty()) else str
    text = draw(chosen, min(max(columns, NARROWEST), WIDEST), paint)
    return text if not for_screen or is_unicode(sys.stdout) else text.translate(IN_ASCII)


def _coloured(status: str) -> str:
    from novasim.render.theme import colour_of

    return click.style(status, fg=colour_of(status) or None, bold=True)
