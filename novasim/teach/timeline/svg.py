"""The lane of a server as an SVG picture: a row for each action."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from novasim.render.output import escape_controls
from novasim.teach.graph.colours import style_sheet
from novasim.teach.graph.layout import Box
from novasim.teach.graph.shapes import box_element, element, shorten, text_element, text_width
from novasim.teach.timeline.spans import Axis, Span, build_axis, format_duration

WIDTH, MARGIN = 900, 24
BARS, RESULTS = 250, 776  # where the bars and the results begin
BARS_WIDTH = RESULTS - BARS - 16
TOP, ROW, BAR, TICK = 96, 30, 18, 4
SIZE, SMALL, GAP = 13, 12, 6  # of fonts, and between texts
STYLE = """
.separator{stroke-width:1.2;opacity:.55}
.break{fill:none;stroke-width:1.2;stroke-dasharray:2 4}
"""


def draw_rows(server: str, spans: Sequence[Span]) -> str:
    """
    Draw a lane as the text of an SVG file. The title of a row has the phases of its action.

    Args:
        server: Its name. spans: In the order of their starts.
    """
    axis = build_axis(spans)
    height = TOP + ROW * len(spans) + MARGIN
    server = escape_controls(server)
    label = f"The actions of {server} over time"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title">',
        element("title", escape(label, quote=False), id="title"),
        f"<style>{style_sheet()}{STYLE}</style>",
        element("rect", class_="paper", width=WIDTH, height=height, rx=16),
        text_element(shorten(server, 44), MARGIN, 44, "title"),
        text_element(describe_period(spans), MARGIN, 68, "prose soft"),
        *_draw_breaks(axis, height),
        *(_draw_row(number, span, axis) for number, span in enumerate(spans)),
    ]
    return "\n".join([*parts, "</svg>\n"])


def describe_period(spans: Sequence[Span]) -> str:
    """How many actions there are, and whether idle time is left out."""
    if not spans:
        return "There are no actions."
    shortened = " Dashed lines stand for idle time." if build_axis(spans).breaks else ""
    return f"{len(spans)} action{'s' * (len(spans) > 1)} from {spans[0].time} to {spans[-1].time}.{shortened}"


def _draw_breaks(axis: Axis, height: int) -> Iterator[str]:
    free = 0.0  # where there is room for the next text
    for position, seconds in axis.breaks:
        x = BARS + position / (axis.length or 1.0) * BARS_WIDTH
        yield element("path", class_="line break", d=f"M{x:.1f} {TOP - 4}V{height - MARGIN + 4}")
        text = format_duration(round(seconds))
        half = text_width(text, SMALL) / 2
        if x - half >= free:
            yield text_element(text, x, TOP - 10, "small soft", "middle")
            free = x + half + GAP


def _draw_row(number: int, span: Span, axis: Axis) -> str:
    top = TOP + ROW * number
    scale = BARS_WIDTH / (axis.length or 1.0)
    start, end = (BARS + place * scale for place in axis.places[number])
    middle = top + ROW / 2 + SIZE * 0.36
    bad = "fails" if span.failed else ""
    parts = [
        element("title", escape(describe_span(span), quote=False)),
        text_element(span.time, MARGIN, middle, "soft"),
        text_element(shorten(span.action, 17), MARGIN + 82, middle, ""),
        *_draw_bar(span, start, max(end - start, 2), top + (ROW - BAR) / 2, scale),
        text_element(span.result or format_duration(span.end - span.start), RESULTS, middle, bad),
    ]
    return element("g", "".join(parts))


def _draw_bar(span: Span, start: float, width: float, top: float, scale: float) -> Iterator[str]:
    """A bar that lines divide into phases; a tick for what takes no time."""
    if not span.is_bar:
        kind = "fails" if span.failed else "start"
        yield element("rect", class_=kind, x=start - TICK / 2, y=top, width=TICK, height=BAR, rx=2)
        return
    yield box_element(Box(round(start), round(top), max(2, round(width)), BAR), f"box {kind_of_bar(span)}", 4)
    for phase in span.phases:
        if phase.start > span.start:
            x = start + (phase.start - span.start) * scale
            yield element("path", class_="line separator", d=f"M{x:.1f} {top:.1f}v{BAR}")


def kind_of_bar(span: Span) -> str:
    """The class of a bar, as in the picture of the lifecycle."""
    return "bad" if span.failed else "busy"


def describe_span(span: Span) -> str:
    """A span in words: when, what, how long, and its phases or why it failed."""
    duration = span.result or format_duration(span.end - span.start)
    parts = (f"{phase.name} {format_duration(phase.end - phase.start)}" for phase in span.phases)
    more = span.text or (", ".join(parts) if len(span.phases) > 1 else "")
    return escape_controls(f"{span.time} {span.action}: {duration}{'. ' if more else ''}{more}")


def fits(text: str, width: float, size: int) -> bool:
    """Whether a text fits into a width."""
    return text_width(text, size) + 6 <= width
