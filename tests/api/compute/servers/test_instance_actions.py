"""The instance-action log of a server."""

from __future__ import annotations

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
    assert set(events("demo", 84)[0]) == plain | {"hostId", "details"}
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
