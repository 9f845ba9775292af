"""What the fault of a server and its instance-action log say after a failure, and which events guests can have."""

from __future__ import annotations

import pytest

from novasim.control import guests, hosts
from novasim.control.faults import add_fault
from novasim.errors import Conflict
from novasim.simulation.failures import BuildAborted, RetriesExceeded, TaskFailed
from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


@pytest.fixture
def web1(play):
    server = play.create()
    play.advance(60)
    return server


def newest_entry(play: Play, server: str) -> dict:
    path = f"/servers/{server}/os-instance-actions"
    request = play.ask("GET", path).body["instanceActions"][0]["request_id"]
    return play.ask("GET", f"{path}/{request}", who="admin").body["instanceAction"]


def fault_of(play: Play, server: str) -> dict:
    return play.ask("GET", f"/servers/{server}", who="admin").body["server"]["fault"]


def test_a_failed_phase(play, web1):
    fault = add_fault(play.cloud, does="fail", action="suspend")
    message = f"Injected fault {fault['id']} was triggered."
    play.act(web1, "suspend")
    play.advance(60)
    shown = fault_of(play, web1)
    assert (shown["code"], shown["message"]) == (500, message)
    assert shown["details"] == f"suspend of {web1} failed: {message}"
    (event,) = newest_entry(play, web1)["events"]
    assert (event["result"], event["details"]) == ("Error", message)
    assert event["traceback"] == f"Traceback of compute_suspend_instance (simulated)\nTaskFailed: {message}\n"
    assert newest_entry(play, web1)["message"] == "Error"


def test_a_named_fault_shows_its_name(play, web1):
    add_fault(play.cloud, does="fail", action="suspend", name="full disk")
    play.act(web1, "suspend")
    play.advance(60)
    assert fault_of(play, web1)["message"] == "Injected fault full disk was triggered."


def test_a_cancelled_task(play, web1):
    play.act(web1, "suspend")
    path = f"/servers/{web1}/os-instance-actions/{newest_entry(play, web1)['request_id']}"
    play.ask("DELETE", f"/servers/{web1}")
    play.advance(0.1)
    (event,) = play.ask("GET", path, who="admin").body["instanceAction"]["events"]
    assert (event["result"], event["details"]) == ("Error", "Cancelled by a later request.")


def test_a_task_whose_compute_service_was_restarted(play):
    server = play.create()
    play.advance(0.6)
    host = play.server(server).host
    hosts.change_host(play.cloud, host, up=False)
    hosts.change_host(play.cloud, host, up=True)
    assert play.state(server) == ("ERROR", None)
    (event,) = newest_entry(play, server)["events"]
    assert (event["result"], event["details"]) == ("Error", "The compute service restarted before it was done.")


def test_a_rebuild_that_keeps_the_ephemeral_disk(play, web1):
    arguments = {"imageRef": play.image, "preserve_ephemeral": True}
    assert play.act(web1, "rebuild", arguments).code == 202
    play.advance(60)
    shown = fault_of(play, web1)
    message = "The current driver does not support preserving ephemeral partitions."
    assert (shown["code"], shown["message"]) == (400, message)
    assert "details" not in shown or not shown["details"]
    events = [(event["event"], event["result"]) for event in newest_entry(play, web1)["events"]]
    assert sorted(events) == [("compute_rebuild_instance", "Error"), ("rebuild_server", "Success")]


@pytest.mark.parametrize(("action", "event"), [("os-stop", "shutdown"), ("pause", "crash"), ("suspend", "reboot")])
def test_a_guest_that_does_not_run_has_no_events(play, web1, action, event):
    play.act(web1, action)
    play.advance(60)
    power = {"os-stop": "shutdown", "pause": "paused", "suspend": "shutdown"}[action]
    with pytest.raises(Conflict) as refusal:
        guests.apply_guest_event(play.cloud, web1, event)
    expected = f"The guest of web1 is not running (power state {power}), so it cannot {event}."
    assert str(refusal.value) == expected


def test_the_defaults_of_a_failure():
    failure = TaskFailed("Lost.")
    assert (failure.message, failure.code, failure.details, str(failure)) == ("Lost.", 500, "", "Lost.")
    assert (failure.unplaced, failure.keeps_task_state, failure.vm_state) == (False, False, None)
    assert TaskFailed("Lost.", to_error=True).vm_state == "error"
    assert TaskFailed("Lost.", unplaced=True).unplaced is True


def test_the_texts_of_failed_builds():
    assert BuildAborted("s", "No room.").message == "Build of instance s aborted: No room."
    assert RetriesExceeded("No room.").message == "Exceeded maximum number of retries. No room."


def test_a_guest_that_never_ran_is_pending(play):
    server = play.create()
    with pytest.raises(Conflict, match=r"is not running \(power state pending\), so it cannot crash\.$"):
        guests.apply_guest_event(play.cloud, server, "crash")
