"""The "Troubleshooting" paragraphs of Nova's documents: each problem, and each remedy."""

from __future__ import annotations

import pytest

from novasim.control import faults, hosts
from novasim.records import Image, Migration
from tests.play import Play


def asks(play: Play, server: str, key: str, arguments=None, who: str = "demo") -> None:
    assert play.act(server, key, arguments, who).code < 300
    play.advance(120)


class TestCreate:
    """A server that stays in BUILD, or ends in ERROR."""

    def test_it_remains_building_until_the_back_end_is_mended(self, play):
        faults.add_fault(play.cloud, name="back end", does="stuck", action="create", phase="spawning")
        server = play.create()
        play.advance(10_000)
        assert play.state(server) == ("BUILD", "spawning")
        faults.remove_faults(play.cloud, "back end")
        play.advance(60)
        assert play.state(server) == ("ACTIVE", None)

    def test_it_failed_and_another_request_succeeds(self, play):
        faults.add_fault(play.cloud, name="spawn", times=3)
        first = play.create()
        play.advance(60)
        assert play.state(first) == ("ERROR", None)
        assert play.ask("DELETE", f"/servers/{first}").code == 204
        second = play.create()
        play.advance(60)
        assert play.state(second) == ("ACTIVE", None)


class TestConfirmResize:
    """A confirmation that leaves VERIFY_RESIZE as it was, or ends in ERROR."""

    def resized(self, play, web1):
        asks(play, web1, "resize", {"flavorRef": "2"})
        assert play.state(web1) == ("VERIFY_RESIZE", None)

    def test_the_request_got_lost_and_the_status_remains(self, play, web1):
        self.resized(play, web1)
        faults.add_fault(play.cloud, does="lose", action="confirm-resize", times=1)
        asks(play, web1, "confirmResize")
        assert play.state(web1) == ("VERIFY_RESIZE", None)

    @pytest.mark.parametrize("way_out", ["reset-state", "hard reboot"])
    def test_it_failed_again_and_there_are_two_ways_out(self, play, web1, way_out):
        self.resized(play, web1)
        faults.add_fault(play.cloud, does="fail", action="confirm-resize", message="no answer", times=1)
        asks(play, web1, "confirmResize")
        assert play.state(web1) == ("ERROR", None)
        assert [move.status for move in play.all(Migration)] == ["error"]
        if way_out == "reset-state":
            asks(play, web1, "os-resetState", {"state": "active"}, "admin")
        else:
            asks(play, web1, "reboot", {"type": "HARD"})
        assert play.state(web1) == ("ACTIVE", None)


class TestCreateImage:
    """An image that stays half uploaded, or is gone after a failure."""

    def test_the_upload_hangs_and_the_server_does_not_come_back_by_itself(self, play, web1):
        fault = faults.add_fault(play.cloud, does="stuck", action="create-image", phase="image_uploading")
        asks(play, web1, "createImage", {"name": "snap"})
        assert play.state(web1) == ("ACTIVE", "image_uploading")
        assert next(image.status for image in play.all(Image) if image.name == "snap") == "saving"
        refused = play.act(web1, "createImage", {"name": "again"})
        assert refused.code == 409  # another operation is under way
        faults.remove_faults(play.cloud, fault["id"])
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)

    def test_it_failed_and_the_image_is_purged_and_another_request_succeeds(self, play, web1):
        faults.add_fault(play.cloud, does="fail", action="create-image", message="no space", times=1)
        asks(play, web1, "createImage", {"name": "snap"})
        assert play.state(web1) == ("ACTIVE", None)
        assert not [image for image in play.all(Image) if image.name == "snap"]
        asks(play, web1, "createImage", {"name": "snap"})
        assert [image.status for image in play.all(Image) if image.name == "snap"] == ["active"]


class TestRevertResize:
    """A reversal that never comes to its end, or fails."""

    def test_the_request_got_lost(self, play, web1):
        asks(play, web1, "resize", {"flavorRef": "2"})
        faults.add_fault(play.cloud, does="lose", action="revert-resize", times=1)
        assert play.act(web1, "revertResize").code == 202
        play.advance(1000)
        assert play.state(web1) == ("REVERT_RESIZE", "resize_reverting")
        asks(play, web1, "os-resetState", {"state": "active"}, "admin")
        assert play.state(web1) == ("ACTIVE", None)
        assert play.server(web1).flavor["id"] == "2"  # it was not reverted

    def test_it_failed(self, play, web1):
        asks(play, web1, "resize", {"flavorRef": "2"})
        faults.add_fault(play.cloud, does="fail", action="revert-resize", message="no answer", times=1)
        asks(play, web1, "revertResize")
        assert play.state(web1) == ("ERROR", None)
        asks(play, web1, "reboot", {"type": "HARD"})
        assert play.state(web1) == ("ACTIVE", None)


class TestStart:
    """A start that leaves the server off."""

    def test_it_failed_and_is_asked_for_again(self, play, web1):
        asks(play, web1, "os-stop")
        faults.add_fault(play.cloud, does="fail", action="start", message="no answer", times=1)
        asks(play, web1, "os-start")
        assert play.state(web1) == ("SHUTOFF", None)
        asks(play, web1, "os-start")
        assert play.state(web1) == ("ACTIVE", None)

    def test_another_operation_runs_at_the_same_time(self, play, web1):
        asks(play, web1, "os-stop")
        faults.add_fault(play.cloud, does="stuck", action="create-image", times=1)
        asks(play, web1, "createImage", {"name": "snap"})
        assert play.act(web1, "os-start").code == 409


class TestDelete:
    """A deletion that hangs or fails, and one that a lock refuses."""

    def test_it_hangs_until_the_back_end_is_mended(self, play, web1):
        hosts.change_host(play.cloud, play.server(web1).host, up=True)
        faults.add_fault(play.cloud, does="stuck", action="delete", name="back end", times=1)
        assert play.ask("DELETE", f"/servers/{web1}").code == 204
        play.advance(1000)
        assert play.state(web1) == ("ACTIVE", "deleting")
        faults.remove_faults(play.cloud, "back end")
        play.advance(60)
        assert play.ask("GET", f"/servers/{web1}").code == 404

    def test_it_fails(self, play, web1):
        faults.add_fault(play.cloud, does="fail", action="delete", message="no answer", times=1)
        assert play.ask("DELETE", f"/servers/{web1}").code == 204
        play.advance(60)
        assert play.state(web1) == ("ERROR", None)
        assert play.ask("DELETE", f"/servers/{web1}").code == 204

    def test_a_lock_answers_409(self, play, web1):
        play.act(web1, "lock")
        assert play.ask("DELETE", f"/servers/{web1}").code == 409
        play.act(web1, "unlock")
        assert play.ask("DELETE", f"/servers/{web1}").code == 204
