"""The events of unshelve. Source: nova/conductor/manager.py, unshelve_instance."""

from __future__ import annotations

from tests.cases.public.world import Cases


def list_events(play, server):
    """The events of the newest action, oldest first, with their results."""
    base = f"/servers/{server}/os-instance-actions"
    newest = play.ask("GET", base).body["instanceActions"][0]
    action = play.ask("GET", f"{base}/{newest['request_id']}").body["instanceAction"]
    assert action["action"] == "unshelve"
    return [(event["event"], event["result"]) for event in reversed(action["events"])]


def shelve_and_unshelve(play, server, between=lambda: None):
    assert play.act(server, "shelve").code == 202
    between()
    assert play.act(server, "unshelve").code == 202
    return list_events(play, server)


def test_a_server_with_an_image():
    play = Cases()
    assert shelve_and_unshelve(play, play.server_of()) == [
        ("get_image_info", "Success"),
        ("schedule_instances", "Success"),
        ("compute_unshelve_instance", "Success"),
    ]


def test_a_server_on_a_volume_has_no_image_of_its_own():
    play = Cases()
    server = play.bfv()
    assert shelve_and_unshelve(play, server) == [
        ("schedule_instances", "Success"),
        ("compute_unshelve_instance", "Success"),
    ]
    assert play.state(server) == ("ACTIVE", None)


def test_no_host_is_looked_for_without_the_image():
    play = Cases()
    server = play.server_of()

    def delete_image():
        image = play.find_id("image", "/v2/images", "images", "a-shelved")
        assert play.ask("DELETE", f"/v2/images/{image}", service="image").code == 204

    assert shelve_and_unshelve(play, server, delete_image) == [("get_image_info", "Error")]
    assert play.state(server) == ("ERROR", "unshelving")
