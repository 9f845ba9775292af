"""The stage is readable: nothing overlaps or crosses, and statuses have room for twelve servers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

from novasim.teach.graph import stage_layout as layout
from novasim.teach.graph.edges import ANY, NOWHERE, all_edges, resting_statuses
from novasim.teach.graph.labels import edges_of_route
from novasim.teach.graph.layout import Box
from novasim.teach.graph.selection import select_chart
from novasim.teach.graph.stage import draw_stage
from tests import each_case
from tests.teach.test_graph_picture import contains, grown, is_on_border, overlap, segments

SVG = "{http://www.w3.org/2000/svg}"
LETTER = 0.61  # width of a letter, of its size
SIZE, PITCH = 21, 33  # of letters; between servers on the live page
STAGE = ET.fromstring(draw_stage(select_chart()))
ROUTE_NAMES = [f"{route.start} to {route.target}" for route in layout.ROUTES]


def texts() -> list[tuple[str, Box]]:
    found = []
    for each in STAGE.iter(f"{SVG}text"):
        x, y = float(each.get("x")), float(each.get("y"))
        width = float(each.get("textLength", len(each.text) * SIZE * LETTER))
        found.append((each.text, Box(x - width / 2, y - SIZE * 0.74, width, SIZE * 0.92)))
    return found


def test_the_stage_scales_and_is_16_to_9():
    assert STAGE.get("viewBox") == "0 0 1280 720"
    assert STAGE.get("width") is STAGE.get("height") is None


def test_every_move_has_an_arrow_with_its_action():
    expected = {
        (edge.action, f"{'NEW' if edge.source == NOWHERE else edge.source.replace(ANY, 'ANY')}>{edge.target}")
        for edge in all_edges()
        if not edge.keeps_status
    }
    drawn = {
        (label.get("data-action"), edge)
        for group in STAGE.iter(f"{SVG}g")
        for label in group.iter(f"{SVG}text")
        for edge in group.get("data-edge", "").split()
    }
    assert expected <= drawn
    assert {edge for _, edge in drawn} == {edge for _, edge in expected}


def test_every_status_has_a_box_with_room_for_twelve_servers():
    drawn = {group.get("data-status") for group in STAGE.iter(f"{SVG}g")} - {None}
    assert drawn == {*resting_statuses(), "ANY"}
    shown = [box for name, box in layout.BOXES.items() if name not in (ANY, "DELETED")]
    assert all((box.width - 8) // PITCH >= 6 and (box.height - 30) // PITCH >= 2 for box in shown)


def test_condensed_words_can_be_read():
    words = [(each.text, float(each.get("textLength", 999))) for each in STAGE.iter(f"{SVG}text")]
    assert [text for text, width in words if width < 0.78 * len(text) * SIZE * 0.602] == []


def test_every_edge_has_exactly_one_arrow():
    drawn = [edge for route in layout.ROUTES for group in edges_of_route(route) for edge in group]
    assert sorted(drawn) == sorted(edge for edge in all_edges() if not edge.keeps_status)


@each_case("route", layout.ROUTES)
def test_arrows_begin_and_end_at_borders_and_cross_no_box(route):
    if route.start != NOWHERE:
        assert is_on_border(route.points[0], {**layout.BOXES, **layout.FRAMES}[route.start])
    assert is_on_border(route.points[-1], layout.BOXES[route.target])
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(route.points))
    for box in layout.BOXES.values():
        assert not any(overlap(grown(part, 0.5), grown(box, -1)) for part in segments(route))


def test_no_two_arrows_cross_or_touch():
    for one, other in combinations(layout.ROUTES, 2):
        for a in segments(one):
            assert not any(overlap(grown(a, 4), grown(b, 4)) for b in segments(other)), (one, other)


def test_texts_do_not_overlap_or_leave_the_picture():
    page = Box(0, 0, layout.WIDTH, layout.HEIGHT)
    assert [text for text, box in texts() if not contains(page, grown(box, 6))] == []
    assert [(a, b) for (a, one), (b, other) in combinations(texts(), 2) if overlap(one, other)] == []
    for text, words in texts():
        for name, box in layout.BOXES.items():
            assert contains(box, words) or not overlap(grown(box, 3), words), (text, name)


def test_arrows_do_not_cross_words_of_others():
    for group, route in zip(STAGE.findall(f"{SVG}g"), layout.ROUTES, strict=False):
        gap = next(each for each in group.iter(f"{SVG}rect"))
        words = Box(*(float(gap.get(key)) for key in ("x", "y", "width", "height")))
        for other in layout.ROUTES:
            if other != route:
                assert not any(overlap(grown(part, 1), words) for part in segments(other)), (route, other)


def test_arrows_that_are_not_selected_are_pale():
    drawn = ET.fromstring(draw_stage(select_chart(actions=["pause"])))
    clear = [each.get("data-edge") for each in drawn.iter(f"{SVG}g") if each.get("class") != "pale"]
    assert clear[:1] == ["ACTIVE>PAUSED"]
    assert not re.search("SHUTOFF", " ".join(filter(None, clear)))
