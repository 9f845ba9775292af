"""The report on many servers: its size, and a marker and a row for each."""

from __future__ import annotations

import re
from functools import cache

import pytest

from novasim.records import InstanceAction, Project, Server
from novasim.records.entry import Entry
from novasim.teach.graph.stage_layout import BOXES
from novasim.teach.report.facts import MAX_SPANS, collect_facts
from novasim.teach.report.page import write_report
from novasim.teach.report.picture import draw_picture, initials
from tests.worlds import memory_cloud

MIB = 2**20
ACTIONS = ("create", "stop", "start", "reboot")
START = "2026-01-01T00:00:00.000000Z"


def event(name: str, minute: int) -> dict[str, object]:
    start, end = (f"2026-01-01T00:{minute:02}:{second:02}.123456Z" for second in (1, 5))
    return {"event": f"compute_{name}", "start_time": start, "finish_time": end, "result": "Success", "host": "host1"}


@cache
def describe(count: int, actions: tuple[str, ...] = ACTIONS):
    """The facts of a cloud with active servers that have been through some actions."""
    cloud = memory_cloud()
    with cloud.writing(is_request=False) as world:
        world.tx.put(Project(id="p", name="lab"))
        for number in range(count):
            id = f"{number:08x}-0000-0000-0000-000000000000"
            fields = {"created_at": START, "updated_at": START, "user_id": "u", "project_id": "p"}
            server = Server(
                id=id, name=f"web-server-{number}", number=number, vm_state="active", task_state=None, **fields
            )
            server.flavor = {"original_name": "m1.tiny", "vcpus": 1, "ram": 512, "disk": 1}
            world.tx.put(server)
            for minute, name in enumerate(actions):
                action = InstanceAction(
                    id=f"{id} {minute}", server_id=id, request_id=f"{minute}", action=name, user_id="u", project_id="p",
                    start_time=f"2026-01-01T00:{minute:02}:00.000000Z", updated_at=START,
                    events=[event(name, minute), event(f"{name}_end", minute)],
                )  # fmt: skip
                world.tx.put(action)
    message = f"Cannot 'pause' instance {0:036} while it is in vm_state stopped"
    refusal = Entry(time=START, code=409, action="pause", message=message)
    with cloud.reading() as world:
        return collect_facts(world, [refusal] * 600)


def test_a_thousand_servers_fit_into_two_mebibytes():
    page = write_report(describe(1000))
    assert len(page.encode()) <= 2 * MIB
    assert set(re.findall(r"<b>web-server-(\d+)</b>", page)) == set(map(str, range(1000)))
    assert "The newest 500 of 600." in page
    assert len(set(re.findall(r'<circle cx="[\d.]+" cy="[\d.]+"', page))) >= 1000


@pytest.mark.parametrize("count", [1, 12, 40])
def test_every_server_has_a_marker_in_the_box_of_its_status(count):
    picture = draw_picture(describe(count).servers, ["lab"])
    box = BOXES["ACTIVE"]
    circles = re.findall(
        r'<a class="p0" href="#s\d+"><title>.*?</title><circle cx="(.*?)" cy="(.*?)" r="(.*?)"', picture
    )
    assert len(circles) == len(set(circles)) == count
    for x, y, radius in (map(float, each) for each in circles):
        assert box.x <= x - radius and x + radius <= box.x + box.width
        assert box.y + 24 <= y - radius and y + radius <= box.y + box.height


def test_a_lane_keeps_the_newest_actions():
    (server,) = describe(1, ("create", *("pause", "unpause") * 29)).servers
    assert len(server.spans) == MAX_SPANS
    assert server.earlier == 59 - MAX_SPANS
    assert (server.spans[-1].action, server.spans[-1].status) == ("unpause", "ACTIVE")
    assert server.spans[-2].status == "PAUSED"


def test_letters_fit_into_markers():
    picture = draw_picture(describe(40).servers, ["lab"])
    letters = re.findall(
        r"<text(?: class=\"(\w+)\")? x[^>]*?(?: textLength=\"(\d+)\"[^>]*)?>(w\d+)</text></a>", picture
    )
    assert len(letters) == 40
    assert {size for size, _, _ in letters} == {"small"}
    assert {(len(text), width) for _, width, text in letters} == {(2, ""), (3, "20")}


def test_initials():
    assert [initials(name) for name in ("web1", "database", "node-017", "x", "42", " ")] == [
        "w1",
        "da",
        "n17",
        "x",
        "42",
        "",
    ]
