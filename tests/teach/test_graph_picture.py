"""The picture is readable: nothing overlaps or crosses, arrows end at borders, colours have enough contrast."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from novasim.teach.graph import layout
from novasim.teach.graph.chart import Journey, Step
from novasim.teach.graph.colours import DARK, LIGHT, kind_of
from novasim.teach.graph.edges import NOWHERE, all_edges
from novasim.teach.graph.labels import all_labels, edges_of_route
from novasim.teach.graph.layout import BOXES, FRAMES, MEMBERS, ROUTES, Box
from novasim.teach.graph.selection import select_chart
from novasim.teach.graph.svg import draw
from tests import each_case

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"title": 27, "large": 20, "status": 14, "small": 12, "tiny": 10, "pin": 12}
MAX_LETTER_WIDTH = 0.61  # of the size, in the widest of the usual fixed-width fonts; the others' mean is less
ROOT = Path(__file__).parents[2]


def texts_of(drawn: str) -> list[tuple[str, Box]]:
    """Every line of text in a picture with the rectangle that it covers."""
    found = []
    for each in ET.fromstring(drawn).iter(f"{SVG}text"):
        size = next((SIZES[word] for word in SIZES if word in each.get("class", "").split()), 13)
        width, x, y = len(each.text) * size * MAX_LETTER_WIDTH, float(each.get("x")), float(each.get("y"))
        left = x - width / 2 if each.get("text-anchor") == "middle" else x
        found.append((each.text, Box(left, y - size * 0.74, width, size * 0.92)))
    return found


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def contains(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and inner.x + inner.width <= outer.x + outer.width
        and outer.y <= inner.y
        and inner.y + inner.height <= outer.y + outer.height
    )


def segments(route) -> list[Box]:
    """The straight parts of a route as thin boxes."""
    return [
        Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairwise(route.points)
    ]


def grown(box: Box, by: float) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def is_on_border(point: tuple[int, int], box: Box) -> bool:
    x, y = point
    inside = box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
    return inside and (x in (box.x, box.x + box.width) or y in (box.y, box.y + box.height))


def test_every_edge_has_exactly_one_arrow():
    drawn = [edge for route in ROUTES for group in edges_of_route(route) for edge in group]
    assert sorted(drawn) == sorted(edge for edge in all_edges() if not edge.keeps_status)


def test_an_arrow_from_several_statuses_has_an_edge_from_each():
    for route in ROUTES:
        for group in edges_of_route(route):
            assert {edge.source for edge in group} == set(route.sources), (route.target, group[0].action)


def test_every_edge_has_one_label():
    named = [edge for name in all_labels() for edge in name.edges]
    assert sorted(named) == sorted(all_edges())


@each_case("route", ROUTES)
def test_arrows_begin_and_end_at_borders(route):
    if route.start != NOWHERE:
        assert is_on_border(route.points[0], {**BOXES, **FRAMES}[route.start])
    assert is_on_border(route.points[-1], BOXES[route.target])
    assert set(route.sources) == set(MEMBERS.get(route.start, (route.start,)))
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(route.points))


def test_no_two_arrows_cross_or_touch():
    for one, other in combinations(ROUTES, 2):
        for a in segments(one):
            assert not any(overlap(grown(a, 4), grown(b, 4)) for b in segments(other)), (one, other)


@each_case("route", ROUTES)
def test_arrows_do_not_cross_boxes(route):
    for name, box in BOXES.items():
        inner = grown(box, -1)
        assert not any(overlap(grown(part, 0.5), inner) for part in segments(route)), name


def test_texts_do_not_overlap_or_leave_the_picture():
    found = texts_of(draw(select_chart()))
    page = Box(0, 0, layout.WIDTH, layout.HEIGHT)
    assert [text for text, box in found if not contains(page, grown(box, 6))] == []
    assert [(a, b) for (a, one), (b, other) in combinations(found, 2) if overlap(one, other)] == []


def test_texts_are_entirely_inside_or_outside_a_box():
    for text, words in texts_of(draw(select_chart())):
        for name, box in BOXES.items():
            assert contains(box, words) or not overlap(grown(box, 3), words), (text, name)


def test_arrows_do_not_cross_labels_of_others():
    for name in all_labels():
        words = Box(name.x - name.width / 2, name.y - name.size / 2, name.width, name.size)
        for route in ROUTES:
            if not any(name.edges == group for group in edges_of_route(route)):
                assert not any(overlap(grown(part, 3), words) for part in segments(route)), (name.action, route)


def gaps_of(drawn: str) -> list[Box]:
    """The gaps in lines behind words, one for each route, in the same order."""
    found = [each for each in ET.fromstring(drawn).iter(f"{SVG}rect") if each.get("class") == "gap"]
    return [Box(*(float(each.get(key)) for key in ("x", "y", "width", "height"))) for each in found]


@pytest.mark.parametrize("steps", [0, 1])
def test_gaps_for_labels_do_not_cut_arrows(steps):
    moves = [edge for edge in all_edges() if not edge.keeps_status]
    way = [Step(edge.action, edge.source, edge.target, edge) for edge in moves * steps]
    journey = Journey("web1", tuple(way), "ACTIVE", "ACTIVE")
    gaps = gaps_of(draw(select_chart()._replace(journey=journey if way else None)))
    assert len(gaps) == len(ROUTES)
    for route, gap in zip(ROUTES, gaps, strict=True):
        ends = [grown(Box(*point, 0, 0), by) for point, by in ((route.points[0], 3), (route.points[-1], 11))]
        assert not any(overlap(gap, end) for end in ends), (route, gap)
        assert not any(overlap(gap, box) for box in BOXES.values()), route
        others = [part for other in ROUTES if other != route for part in segments(other)]
        assert not any(overlap(gap, grown(part, 1)) for part in others), (route, gap)


def test_frames_contain_exactly_their_statuses():
    for frame, members in MEMBERS.items():
        for name, box in BOXES.items():
            assert contains(FRAMES[frame], box) if name in members else not overlap(FRAMES[frame], box)


@pytest.mark.parametrize("around", ["", "PAUSED", "RESIZE"])
def test_a_selection_is_drawn_in_the_same_positions(around):
    (title, (_, below), *rest), wgap = texts_of(draw(select_chart(around))), texts_of(draw(select_chart()))
    assert [title, *rest] == [wgap[0], *wgap[2:]]
    assert below.x == wgap[1][1].x and not any(overlap(below, words) for _, words in rest)


def test_a_dot_follows_every_label_that_may_fail():
    dots = [each for each in ET.fromstring(draw(select_chart())).iter(f"{SVG}circle") if each.get("class") == "fails"]
    in_the_legend = 1
    assert len(dots) == sum(name.edges[0].may_fail for name in all_labels()) + in_the_legend


def test_hollow_arrowheads_mark_instant_actions():
    heads = [each.get("class") for each in ET.fromstring(draw(select_chart())).iter(f"{SVG}path")]
    hollow = [route for route in ROUTES if {group[0].action for group in edges_of_route(route)} == {"reset-state"}]
    assert len(hollow) == 2
    assert sum("hollow" in (each or "") for each in heads) == len(hollow) + 1  # and one in the legend


def test_unselected_parts_are_pale():
    drawn = ET.fromstring(draw(select_chart("RESIZE")))
    seen = {each.text for each in drawn.iter(f"{SVG}text") if "pale" not in each.get("class", "")}
    assert seen >= {"resize", "migrate", "ACTIVE", "SHUTOFF", "VERIFY_RESIZE"}
    assert not seen & {"PAUSED", "pause", "shelve", "lock", "ERROR", "create-image"}


def test_the_picture_has_a_description_for_screen_readers():
    root = ET.fromstring(draw(select_chart()))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "The life of a server"
    assert "resize from SHUTOFF to VERIFY_RESIZE" in root.find(f"{SVG}desc").text


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_and_lines_have_enough_contrast(colours):
    """The thresholds are those of the Web Content Accessibility Guidelines 2.1, 1.4.3 and 1.4.11."""
    for ground in ("paper", *{kind_of(name) for name in BOXES}):
        assert contrast(colours["ink"], colours[ground]) >= 4.5, ground
        assert contrast(colours["role"], colours[ground]) >= 4.5, ground
    assert contrast(colours["soft"], colours["paper"]) >= 4.5
    assert contrast(colours["paper"], colours["path"]) >= 4.5
    for name in ("line", "fail", "path", "role", *(f"{kind_of(name)}-edge" for name in BOXES)):
        assert contrast(colours[name], colours["paper"]) >= 3, name


def test_the_picture_has_both_colour_schemes():
    style = ET.fromstring(draw(select_chart())).find(f"{SVG}style").text
    day, _, night = style.partition("@media (prefers-color-scheme: dark)")
    assert LIGHT["paper"] in day and DARK["paper"] in night
    assert "var(" not in style


def test_the_readme_shows_the_generated_picture():
    from novasim.devtools.generated import PICTURE

    assert f"]({PICTURE})" in (ROOT / "README.md").read_text("utf-8")
