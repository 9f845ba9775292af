"""Attach and detach take time: the volume's states, the log, and what is refused meanwhile."""

from __future__ import annotations

import pytest

from novasim.api.compute.servers.blockers import find_blockers
from novasim.api.context import Context
from novasim.api.request import Request
from novasim.control import faults
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Server, Task
from tests.play import Play


class Timed(Play):
    """A server and a volume in a cloud with a manual clock."""

    def __init__(self) -> None:
        super().__init__("manual")
        self.project = self.callers["demo"].project_id
        self.web = self.create()
        self.advance(60)
        self.volume = self.new_volume()

    def new_volume(self, **fields) -> str:
        body = {"volume": {"size": 1, **fields}}
        return self.ask("POST", f"/v3/{self.project}/volumes", body, service="volume").body["volume"]["id"]

    def shown(self, volume: str = "") -> tuple[str, int]:
        """The status of the volume, and how many attachments it shows."""
        path = f"/v3/{self.project}/volumes/{volume or self.volume}"
        view = self.ask("GET", path, service="volume").body["volume"]
        return view["status"], len(view["attachments"])

    def attach(self, server: str = "", minor: int = 96):
        path = f"/servers/{server or self.web}/os-volume_attachments"
        return self.ask("POST", path, {"volumeAttachment": {"volumeId": self.volume}}, minor=minor)

    def detach(self):
        return self.ask("DELETE", f"/servers/{self.web}/os-volume_attachments/{self.volume}")

    def devices(self) -> list[str]:
        path = f"/servers/{self.web}/os-volume_attachments"
        return [each["device"] for each in self.ask("GET", path).body["volumeAttachments"]]

    def log(self) -> tuple[str, list[tuple[str, str | None]]]:
        """The newest action and its events, with their results."""
        path = f"/servers/{self.web}/os-instance-actions"
        entry = self.ask("GET", path).body["instanceActions"][0]
        action = self.ask("GET", f"{path}/{entry['request_id']}").body["instanceAction"]
        return action["action"], [(event["event"], event["result"]) for event in action["events"]]


@pytest.fixture
def play():
    return Timed()


def message(answer, code):
    assert answer.code == code, answer
    return next(iter(answer.body.values()))["message"]


def test_a_volume_is_reserved_then_attaching_then_in_use(play):
    assert play.attach().code == 200
    seen = [play.shown()]
    for seconds in (0.25, 1):
        play.advance(seconds)
        seen.append(play.shown())
    assert seen == [("reserved", 0), ("attaching", 0), ("in-use", 1)]


def test_the_server_lists_the_volume_at_once(play):
    assert play.attach().body["volumeAttachment"]["device"] == "/dev/vdb"
    assert play.devices() == ["/dev/vdb"]
    assert play.state(play.web) == ("ACTIVE", None)


def test_a_volume_is_detaching_then_available(play):
    play.attach()
    play.advance(5)
    assert play.detach().code == 202
    assert (play.shown(), play.devices()) == (("detaching", 1), ["/dev/vdb"])
    play.advance(5)
    assert (play.shown(), play.devices()) == (("available", 0), [])


def test_the_log_has_an_event_for_each(play):
    play.attach()
    assert play.log() == ("attach_volume", [])
    play.advance(0.25)
    assert play.log() == ("attach_volume", [("compute_attach_volume", None)])
    play.advance(5)
    assert play.log() == ("attach_volume", [("compute_attach_volume", "Success")])
    play.detach()
    assert play.log() == ("detach_volume", [("compute_detach_volume", None)])
    play.advance(5)
    assert play.log() == ("detach_volume", [("compute_detach_volume", "Success")])


@pytest.mark.parametrize("seconds", [0, 0.25])
def test_the_volume_is_taken_while_it_is_attached(play, seconds):
    second = play.create("web2")
    play.advance(60)
    play.attach()
    play.advance(seconds)
    assert "is already attached to instances" in message(play.attach(second), 400)
    assert "status must be 'in-use'" in message(play.detach(), 400)
    path = f"/v3/{play.project}/volumes/{play.volume}"
    assert "status must be available" in message(play.ask("DELETE", path, service="volume"), 400)
    assert "status must be 'in-use'" in message(play.act(play.web, "rescue"), 409)
    assert "status must be 'in-use'" in message(play.act(play.web, "rebuild", {"imageRef": play.image}), 400)


def test_a_second_detach_is_refused_until_the_first_is_done(play):
    play.attach()
    play.advance(5)
    play.detach()
    assert "status must be 'in-use'" in message(play.detach(), 400)
    assert "is already attached" in message(play.attach(), 400)
    play.advance(5)
    assert "is not attached to volume" in message(play.detach(), 404)
    assert play.attach().code == 200


def test_the_task_of_the_server_goes_on(play):
    play.attach()
    assert play.act(play.web, "os-stop").code == 202
    play.advance(60)
    assert play.state(play.web) == ("SHUTOFF", None)
    assert play.shown() == ("in-use", 1)


@pytest.mark.parametrize("seconds", [0, 0.25])
def test_a_server_that_is_deleted_frees_the_volume(play, seconds):
    play.attach()
    play.advance(seconds)
    play.ask("DELETE", f"/servers/{play.web}")
    play.advance(0.6)
    assert (play.shown(), play.all(Task)) == (("available", 0), [])


def test_a_resize_reserves_the_volumes_while_the_server_moves(play):
    play.attach()
    play.advance(5)
    assert play.act(play.web, "resize", {"flavorRef": "2"}).code == 202
    seen = []
    while play.state(play.web) != ("VERIFY_RESIZE", None):
        play.advance(0.1)
        seen += [] if seen[-1:] == [play.shown()] else [play.shown()]
    assert seen == [("in-use", 1), ("reserved", 0), ("in-use", 1)]
    play.act(play.web, "revertResize")
    play.advance(60)
    assert (play.state(play.web), play.shown()) == (("ACTIVE", None), ("in-use", 1))


def test_a_rebuild_reserves_the_volumes_meanwhile(play):
    play.attach()
    play.advance(5)
    assert play.act(play.web, "rebuild", {"imageRef": play.image}).code == 202
    seen = []
    while play.state(play.web) != ("ACTIVE", None):
        play.advance(0.1)
        seen += [] if seen[-1:] == [play.shown()] else [play.shown()]
    assert seen == [("in-use", 1), ("reserved", 0), ("in-use", 1)]


def test_two_volumes_are_attached_beside_each_other(play):
    play.attach()
    first, play.volume = play.volume, play.new_volume()
    play.attach()
    assert play.devices() == ["/dev/vdb", "/dev/vdc"]
    play.advance(5)
    assert (play.shown(first), play.shown()) == (("in-use", 1), ("in-use", 1))


def test_a_server_on_no_host_waits_for_nothing(play):
    play.act(play.web, "shelve")
    play.advance(60)
    assert play.state(play.web)[0] == "SHELVED_OFFLOADED"
    play.attach()
    assert (play.shown(), play.log()) == (("in-use", 1), ("attach_volume", [("api_attach_volume", "Success")]))
    play.detach()
    assert (play.shown(), play.log()) == (("available", 0), ("detach_volume", [("api_detach_volume", "Success")]))


class TestLostReservation:
    """The attachment fails, and the server does not list the volume any more."""

    def check_failure(self, play):
        play.advance(5)
        assert (play.devices(), play.state(play.web)) == ([], ("ACTIVE", None))
        assert [event for event, result in play.log()[1]] in ([], ["compute_attach_volume"])

    def test_a_volume_that_was_deleted(self, play):
        play.attach()
        path = f"/v3/{play.callers['admin'].project_id}/volumes/{play.volume}/action"
        assert play.ask("POST", path, {"os-force_delete": {}}, "admin", 71, service="volume").code == 202
        self.check_failure(play)

    def test_an_attachment_that_was_deleted(self, play):
        play.attach()
        path = f"/v3/{play.project}/attachments"
        (attachment,) = play.ask("GET", path, None, minor=71, service="volume").body["attachments"]
        assert play.ask("DELETE", f"{path}/{attachment['id']}", None, minor=71, service="volume").code == 200
        self.check_failure(play)
        assert play.shown() == ("available", 0)


class TestFaults:
    def test_a_failed_attach_frees_the_volume(self, play):
        faults.add_fault(play.cloud, does="fail", action="attach-volume")
        play.attach()
        play.advance(5)
        assert (play.shown(), play.devices(), play.state(play.web)) == (("available", 0), [], ("ACTIVE", None))
        assert play.log()[0] == "attach_volume"
        assert play.ask("GET", f"/servers/{play.web}").body["server"]["status"] == "ACTIVE"

    def test_a_failed_detach_keeps_the_volume(self, play):
        play.attach()
        play.advance(5)
        faults.add_fault(play.cloud, does="fail", action="detach-volume")
        play.detach()
        play.advance(5)
        assert (play.shown(), play.devices()) == (("in-use", 1), ["/dev/vdb"])
        assert play.log() == ("detach_volume", [("compute_detach_volume", "Error")])

    def test_a_detach_can_hang(self, play):
        play.attach()
        faults.add_fault(play.cloud, does="stuck", action="detach-volume")
        play.advance(5)
        play.detach()
        play.advance(60)
        assert play.shown() == ("detaching", 1)
        faults.clear_faults(play.cloud)
        play.advance(60)
        assert play.shown() == ("available", 0)


class TestWhy:
    """What blocks an attachment or detachment names the state of the volume."""

    def blockers(self, play, action):
        with play.cloud.reading() as world:
            server = world.tx.get(Server, play.web)
            ctx = Context(Request(play.callers["demo"], "GET", "/", 96), world)
            return [str(refusal) for refusal in find_blockers(ctx, ACTIONS[action], server)]

    def test_nothing_blocks_a_volume_that_is_available(self, play):
        assert self.blockers(play, "attach-volume") == []

    def test_the_status_blocks_an_attachment(self, play):
        path = f"/v3/{play.callers['admin'].project_id}/volumes/{play.volume}/action"
        play.ask("POST", path, {"os-reset_status": {"status": "error"}}, "admin", service="volume")
        assert "but the current status is error." in self.blockers(play, "attach-volume")[0]

    def test_another_volume_may_be_free(self, play):
        play.attach()
        assert "is already attached" in self.blockers(play, "attach-volume")[0]
        play.new_volume()
        assert self.blockers(play, "attach-volume") == []

    def test_the_status_blocks_a_detachment(self, play):
        assert self.blockers(play, "detach-volume")[0] == "Volume VOLUME could not be found."  # there is none
        play.attach()
        assert "status must be 'in-use'" in self.blockers(play, "detach-volume")[0]
        play.advance(5)
        assert self.blockers(play, "detach-volume") == []
