"""The instance-action log of a server."""

from __future__ import annotations

import hashlib

import pytest

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play("manual")


def log(play: Play, server: str, minor: int = 96, **query: str) -> list[dict]:
    answer = play.ask("GET", f"/servers/{server}/os-instance-actions", minor=minor, **query)
    assert answer.code == 200, answer
    return answer.body["instanceActions"]


def test_the_log_is_paged_and_filtered_by_time(play, web1):
    for key in ("pause", "unpause"):
        assert play.act(web1, key).code == 202
        play.advance(60)
    assert [entry["action"] for entry in log(play, web1)] == ["unpause", "pause", "create"]
    ids = [entry["request_id"] for entry in log(play, web1)]
    page = play.ask("GET", f"/servers/{web1}/os-instance-actions", limit="1").body
    assert [entry["request_id"] for entry in page["instanceActions"]] == ids[:1]
    assert page["links"][0]["href"].endswith(f"/servers/{web1}/os-instance-actions?limit=1&marker={ids[0]}")
    assert [entry["request_id"] for entry in log(play, web1, marker=ids[0], limit="9")] == ids[1:]
    assert play.ask("GET", f"/servers/{web1}/os-instance-actions", marker="nowhere").code == 400
    paused = log(play, web1)[1]["updated_at"]
    assert [entry["action"] for entry in log(play, web1, **{"changes-since": paused})] == ["unpause", "pause"]
    assert [entry["action"] for entry in log(play, web1, **{"changes-before": paused})] == ["pause", "create"]
    for query in ({"limit": "1"}, {"changes-since": "nonsense"}):
        assert len(log(play, web1, minor=57, **query)) == 3
    early = play.ask("GET", f"/servers/{web1}/os-instance-actions", minor=65, **{"changes-before": paused})
    assert early.code == 400


def test_keys_of_events_depend_on_role_and_microversion(play, web1):
    (entry,) = log(play, web1)
    path = f"/servers/{web1}/os-instance-actions/{entry['request_id']}"

    def events(who: str, minor: int):
        return play.ask("GET", path, who=who, minor=minor).body["instanceAction"].get("events")

    plain = {"event", "start_time", "finish_time", "result"}
    assert events("demo", 50) is None
    assert set(events("admin", 50)[0]) == plain | {"traceback"}
    assert set(events("demo", 51)[0]) == plain
    assert set(events("demo", 62)[0]) == plain | {"hostId"}
    assert set(events("admin", 62)[0]) == plain | {"traceback", "hostId", "host"}
    assert set(events("demo", 84)[0]) == plain | {"hostId"}
    assert set(events("admin", 84)[0]) == plain | {"traceback", "hostId", "host", "details"}
    assert play.ask("GET", f"/servers/{web1}/os-instance-actions/req-{NOWHERE}").code == 404
    assert "updated_at" not in log(play, web1, minor=57)[0]


def test_owners_read_the_log_of_a_deleted_server_from_2_21(play, web1):
    play.ask("DELETE", f"/servers/{web1}")
    play.advance(10)
    path = f"/servers/{web1}/os-instance-actions"
    assert play.ask("GET", path, minor=20).code == 404
    assert [entry["action"] for entry in log(play, web1, minor=21)] == ["delete", "create"]
    assert play.ask("GET", path, who="other").code == 404
    assert play.ask("GET", path, who="admin").code == 200


def hosts_of_events(play: Play, server: str) -> dict[str, str]:
    (newest, *_) = log(play, server)
    path = f"/servers/{server}/os-instance-actions/{newest['request_id']}"
    events = play.ask("GET", path, who="admin").body["instanceAction"]["events"]
    return {event["event"]: event["host"] for event in events}


def test_the_events_of_a_move_name_the_host_on_which_they_happened(play, web1):
    source = play.server(web1).host
    play.act(web1, "resize", {"flavorRef": "2"})
    play.advance(60)
    target = play.server(web1).host
    assert hosts_of_events(play, web1) == {
        "conductor_migrate_server": "controller",
        "cold_migrate": "controller",
        "compute_prep_resize": target,
        "compute_resize_instance": source,
        "compute_finish_resize": target,
    }
    play.act(web1, "revertResize")
    play.advance(60)
    assert hosts_of_events(play, web1) == {
        "compute_revert_resize": target,
        "compute_finish_revert_resize": source,
    }


def test_the_host_id_of_an_event_is_that_of_the_project_that_caused_it(play, web1):
    play.act(web1, "pause", None, "admin")
    play.advance(60)
    (newest, *_) = log(play, web1)
    path = f"/servers/{web1}/os-instance-actions/{newest['request_id']}"
    (event,) = play.ask("GET", path).body["instanceAction"]["events"]
    project = play.callers["admin"].project_id
    assert event["hostId"] == hashlib.sha224(f"{project}{play.server(web1).host}".encode()).hexdigest()


def test_changes_since_is_not_later_than_changes_before(play, web1):
    times = {"changes-since": "2030-01-01T00:00:00Z", "changes-before": "2020-01-01T00:00:00Z"}
    answer = play.ask("GET", f"/servers/{web1}/os-instance-actions", **times)
    assert (answer.code, str(answer.fault)) == (
        400,
        "The value of changes-since must be less than or equal to changes-before.",
    )
