"""The lane of a server in the report: one line, with bars for actions and, between them, the status it rests in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from novasim.teach.graph.colours import kind_of
from novasim.teach.graph.shapes import text_width
from novasim.teach.timeline.spans import Axis, Span, build_axis
from novasim.teach.timeline.svg import describe_span, kind_of_bar

WIDTH, HEIGHT = 640, 34
TAIL = 36  # the width that the present status gets at the end
MIDDLE, BAR, REST, TICK = 17, 20, 8, 30  # heights of bars, lines and ticks
SMALLEST = 3  # the width of a bar that takes hardly any time
FONT = 11


def draw_strip(spans: Sequence[Span], status: str, has_details: bool = True) -> str:
    """
    Draw a lane as SVG for a page with the styles of the picture.

    Args:
        spans: In the order of their starts.
        status: The present status.
        has_details: Whether bars have phases and titles.
    """
    axis = build_axis(spans)
    scale = (WIDTH - TAIL) / (axis.length or 1.0)
    parts = [*_draw_rests(spans, axis, scale, status)]
    parts += [_draw_break(position * scale) for position, _ in axis.breaks]
    for span, (start, end) in zip(spans, axis.places, strict=True):
        parts.append(_draw_span(span, start * scale, (end - start) * scale, has_details))
    return f'<svg class="lane" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{"".join(parts)}</svg>'


def _draw_rests(spans: Sequence[Span], axis: Axis, scale: float, status: str) -> Iterator[str]:
    """Lines in the colours of the statuses between actions, and of the present status at the end."""
    busy_until, resting = 0.0, ""
    for span, (start, end) in zip(spans, axis.places, strict=True):
        if start > busy_until:
            yield _draw_line(busy_until * scale, start * scale, resting)
        busy_until, resting = max(busy_until, end), span.status or resting
    yield _draw_line(busy_until * scale, WIDTH, status)


def _draw_line(start: float, end: float, status: str) -> str:
    kind = kind_of(status) if status else "any"
    title = f"<title>{status}</title>" if status else ""
    return _rect(kind, start, MIDDLE - REST / 2, end - start, REST, title)


def _draw_break(x: float) -> str:
    return _rect("gap", x - 2, MIDDLE - REST, 4, 2 * REST)


def _draw_span(span: Span, start: float, width: float, has_details: bool) -> str:
    title = f"<title>{escape(describe_span(span), quote=False)}</title>" if has_details else ""
    if not span.is_bar:
        kind, height = ("fails", TICK) if span.failed else ("start", BAR)
        return _rect(kind, start, MIDDLE - height / 2, SMALLEST, height, title)
    width = max(width, SMALLEST)
    bar = _rect(f"bar {kind_of_bar(span)}", start, MIDDLE - BAR / 2, width, BAR, title)
    if not has_details:
        return bar + _draw_name(span, start, width)
    scale = width / (span.end - span.start)
    marks = "".join(
        f'<path class="phase" d="M{start + (phase.start - span.start) * scale:.0f} {MIDDLE - BAR / 2:.0f}v{BAR}"/>'
        for phase in span.phases
        if phase.start > span.start
    )
    return bar + marks + _draw_name(span, start, width)


def _draw_name(span: Span, start: float, width: float) -> str:
    if text_width(span.action, FONT) + 4 > width:
        return ""
    return f'<text x="{start + width / 2:.0f}" y="{MIDDLE + 4}">{escape(span.action)}</text>'


def _rect(kind: str, x: float, y: float, width: float, height: float, content: str = "") -> str:
    end = f">{content}</rect>" if content else "/>"
    return f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{max(1, round(width))}" height="{height:.0f}"{end}'
