"""Hypervisors. Source: Nova's API reference and samples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests.play import Play


@pytest.fixture(scope="module")
def play():
    """A cloud with two servers, one of them on host1."""
    play = Play()
    play.create("web1")
    play.create("web2")
    return play


def get(play: Play, path: str, minor: int = 96, query=(), who: str = "admin"):
    return handle(play.cloud, Request(play.callers[who], "GET", f"/os-hypervisors{path}", minor, query))


def test_only_administrators_see_hypervisors(play):
    paths = ("", "/detail", "/statistics", "/1", "/1/uptime", "/h/search", "/h/servers")
    assert {get(play, path, 1, who="demo").code for path in paths} == {403}


def test_ids_are_uuids_from_2_53(play):
    assert [h["id"] for h in get(play, "", 52).body["hypervisors"]] == [1, 2, 3]
    first = get(play, "", 53).body["hypervisors"][0]["id"]
    assert len(first) == 36
    assert get(play, f"/{first}", 53).body["hypervisor"]["hypervisor_hostname"] == "host1"
    assert get(play, "/1", 52).body["hypervisor"]["service"]["id"] == 1
    assert [get(play, "/host1", minor).code for minor in (52, 53)] == [404, 400]


def test_usage_is_exact_and_removed_in_2_88(play):
    seen = get(play, "/1", 52).body["hypervisor"]
    assert (seen["vcpus_used"], seen["memory_mb_used"], seen["running_vms"]) == (1, 512 + 512, 1)
    assert seen["free_ram_mb"] + seen["memory_mb_used"] == seen["memory_mb"]
    total = get(play, "/statistics", 87).body["hypervisor_statistics"]
    assert (total["count"], total["vcpus_used"], total["running_vms"]) == (3, 2, 2)
    assert get(play, "/statistics", 88).code == 404
    late = get(play, "/detail", 88).body["hypervisors"][0]
    assert "vcpus" not in late and late["uptime"]


def test_servers_are_listed_on_request(play):
    asked = (("with_servers", "true"),)
    names = [
        [s["name"] for s in h.get("servers", [{"name": "-"}])] for h in get(play, "", 53, asked).body["hypervisors"]
    ]
    assert names == [["instance-00000001"], ["instance-00000002"], ["-"]]
    assert get(play, "", 75, asked).body["hypervisors"][2]["servers"] == []
    assert "servers" not in get(play, "", 75).body["hypervisors"][0]
    assert len(get(play, "/host/servers", 52).body["hypervisors"]) == 3
    assert get(play, "/host/servers", 53).code == 404


def test_hypervisors_are_found_by_a_part_of_the_name(play):
    assert [h["id"] for h in get(play, "/ost2/search", 1).body["hypervisors"]] == [2]
    assert get(play, "/nothing/search", 1).code == 404
    pattern = ("hypervisor_hostname_pattern", "ost2")
    assert len(get(play, "", 53, (pattern,)).body["hypervisors"]) == 1
    assert get(play, "", 53, (pattern, ("limit", "1"))).code == 400
    assert get(play, "", 53, (("hypervisor_hostname_pattern", "nothing"),)).code == 404


def test_lists_are_paged(play):
    page = get(play, "", 53, (("limit", "2"),)).body
    assert len(page["hypervisors"]) == 2
    last = page["hypervisors"][-1]["id"]
    assert page["hypervisors_links"] == [
        {"rel": "next", "href": f"http://127.0.0.1:8774/v2.1/os-hypervisors?limit=2&marker={last}"}
    ]
    assert len(get(play, "", 53, (("marker", last),)).body["hypervisors"]) == 1
    assert get(play, "", 53, (("marker", "9"),)).code == 400


def test_a_host_that_is_down_has_no_uptime():
    play = Play()
    assert " up " in get(play, "/1/uptime", 1).body["hypervisor"]["uptime"]
    play.ask(
        "PUT", "/os-services/force-down", {"host": "host1", "binary": "nova-compute", "forced_down": True}, "admin", 11
    )
    assert get(play, "/1/uptime", 1).code == 400
    first = get(play, "/detail", 88).body["hypervisors"][0]
    assert (first["state"], first["uptime"]) == ("down", None)


@pytest.mark.parametrize("folder", ["", "v2.28/", "v2.33/", "v2.53/", "v2.88/"])
def test_keys_are_those_of_novas_samples(play, shared: Path, folder: str):
    minor = int(folder[3:-1] or 1) if folder else 1
    for name in ("list", "detail", "show"):
        file = shared / f"nova-facts/api-samples/os-hypervisors/{folder}hypervisors-{name}-resp.json"
        if not file.exists():
            continue
        wanted = json.loads(file.read_text())
        path = {"list": "", "detail": "/detail"}.get(name)
        if path is None:
            path = "/" + str(get(play, "", minor).body["hypervisors"][0]["id"])
        query = (("limit", "1"),) if "hypervisors_links" in wanted else ()
        answer = get(play, path, minor, query).body
        assert set(answer) == set(wanted)
        one, other = (next(iter(x.values())) for x in (answer, wanted))
        one, other = (x[0] if isinstance(x, list) else x for x in (one, other))
        assert set(one) == set(other)
        assert {key: type(one[key]) for key in one if one[key] is not None and other[key] is not None} == {
            key: type(other[key]) for key in one if one[key] is not None and other[key] is not None
        }
