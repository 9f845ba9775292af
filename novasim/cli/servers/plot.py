"""The lane of `history --plot`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from novasim.store.base import RecordLog
    from novasim.teach.timeline.spans import Span

MIN_WIDTH, MAX_WIDTH = 60, 120  # columns
SVG = "svg"


def print_lane(
    log: Sequence[dict[str, Any]], record: RecordLog | None, id: str, refusals: bool, name: str = ""
) -> None:
    """
    Draw the actions of a server.

    Args:
        log: The entries of the instance-action log, oldest first.
        record: The record, for refusals.
        name: Of the server, for an SVG picture; "" for text.

    Raises:
        UsageError: refusals are wanted, and there is no record. CloudFileError: the record is damaged.
    """
    from novasim.render.output import is_unicode, print_text
    from novasim.teach.timeline.spans import span_of_action

    spans = [*map(span_of_action, log), *(_list_refusals(record, id) if refusals else ())]
    spans.sort(key=lambda span: span.start)
    if name:
        from novasim.teach.timeline.svg import draw_rows

        print_text(draw_rows(name, spans))
        return
    from novasim.render.wrapping import screen_size
    from novasim.teach.timeline.text import IN_ASCII, draw_lane

    columns = screen_size().columns
    text = draw_lane(spans, min(max(columns, MIN_WIDTH), MAX_WIDTH))
    print_text(text if is_unicode(sys.stdout) else text.translate(IN_ASCII))


def _list_refusals(record: RecordLog | None, id: str) -> Iterator[Span]:
    from novasim.cli.record.of_server import find_entries
    from novasim.teach.timeline.spans import span_of_refusal

    found = find_entries(record, id, True)
    return (span_of_refusal(entry) for entry in (found.entries if found else ()) if entry.is_refusal and entry.time)
