"""The lane of a server: bars over time, without long idle gaps."""

from __future__ import annotations

from novasim.teach.timeline.spans import Span, build_axis
from novasim.teach.timeline.text import draw_lane

SPANS = [
    Span("create", 100.0, 103.0, "10:00:00"),
    Span("stop", 9000.0, 9001.0, "12:28:20"),
    Span("pause", 9002.0, 9002.0, "12:28:22", "409", failed=True),
    Span("resize", 9003.0, 9009.0, "12:28:23", failed=True),
]


def test_idle_gaps_are_collapsed():
    positions = build_axis(SPANS).places
    assert positions[0] == (0.0, 3.0)
    assert 3.0 < positions[1][0] < 4.0
    assert [end - start for start, end in positions] == [3.0, 1.0, 0.0, 6.0]


def test_spans_at_the_same_time_keep_their_distance():
    positions = build_axis([Span("create", 0.0, 10.0, ""), Span("lock", 4.0, 4.0, "")]).places
    assert positions == [(0.0, 10.0), (4.0, 4.0)]


def test_text_fits_into_80_columns():
    drawn = draw_lane(SPANS)
    lines = drawn.splitlines()
    assert len(lines) == len(SPANS)
    assert all(len(line) <= 80 for line in lines)
    assert [line.split()[1] for line in lines] == ["create", "stop", "pause", "resize"]
    assert lines[0].endswith("3.0 s")
    assert lines[2].endswith("409")
    assert "│" in lines[2]
    assert "▒" in lines[3]
    assert abs(lines[0].count("█") - 3 * lines[1].count("█")) <= 3
    starts = [len(line) - len(line[20:].lstrip()) for line in lines]
    assert starts == sorted(starts)


def test_no_actions():
    assert draw_lane([]) == ""
