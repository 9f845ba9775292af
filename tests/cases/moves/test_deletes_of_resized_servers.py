"""A delete confirms a resize first. Source: nova/compute/api.py, _confirm_resize_on_deleting."""

from __future__ import annotations

from novasim.control import faults
from tests import each_case
from tests.play import Play


def list_actions(play, server):
    base = f"/servers/{server}/os-instance-actions"
    return play.ask("GET", base, who="admin").body["instanceActions"]


def resize():
    play = Play()
    server = play.create()
    assert play.act(server, "resize", {"flavorRef": "2"}).code == 202
    return play, server


def delete(play, server, is_forced):
    if is_forced:
        assert play.act(server, "forceDelete").code == 202
    else:
        assert play.ask("DELETE", f"/servers/{server}").code == 204


@each_case("is_forced", [False, True])
def test_the_confirmation_is_in_the_log(is_forced):
    play, server = resize()
    delete(play, server, is_forced)
    newest, confirmation, *_ = list_actions(play, server)
    assert (newest["action"], confirmation["action"]) == ("delete", "confirmResize")
    assert newest["request_id"] == confirmation["request_id"]
    shown = play.ask("GET", f"/servers/{server}/os-instance-actions/{newest['request_id']}", who="admin")
    action = shown.body["instanceAction"]
    assert (action["action"], action["events"][0]["event"]) == ("delete", "compute_terminate_instance")
    (migration,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert migration["status"] == "confirmed"


def test_a_resize_whose_state_was_reset_is_not_confirmed():
    play, server = resize()
    assert play.act(server, "os-resetState", {"state": "active"}, "admin").code == 202
    delete(play, server, is_forced=False)
    assert [action["action"] for action in list_actions(play, server)][:2] == ["delete", "resetState"]
    (migration,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert migration["status"] == "finished"


def test_a_request_whose_message_is_lost_has_no_events():
    play = Play()
    server = play.create()
    faults.add_fault(play.cloud, action="pause", does="lose")
    assert play.act(server, "pause").code == 202
    newest = list_actions(play, server)[0]
    shown = play.ask("GET", f"/servers/{server}/os-instance-actions/{newest['request_id']}", who="admin")
    assert (newest["action"], shown.body["instanceAction"]["events"]) == ("pause", [])
