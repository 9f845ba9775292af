"""Passwords and the provider's rules for them. Source: api-ref "Servers", section "Passwords"."""

from __future__ import annotations

import pytest

from novasim.records import InstanceAction, Server, Task
from tests.play import Play

KINDS = (InstanceAction, Server, Task)
GOOD, BAD = "long enough 1", "short"


@pytest.fixture
def play():
    return Play(password_pattern=r"^(?=.*[0-9]).{8,}$")


def test_server_goes_to_error_if_its_password_does_not_meet_the_rules(play):
    id = play.create(adminPass=BAD)
    assert play.state(id) == ("ERROR", None)
    fault = play.ask("GET", f"/servers/{id}").body["server"]["fault"]
    assert fault["message"] == f"Build of instance {id} aborted: The password does not meet the provider's rules."


def test_given_and_generated_passwords_that_meet_the_rules(play):
    assert play.state(play.create(adminPass=GOOD)) == ("ACTIVE", None)
    assert play.state(play.create()) == ("ACTIVE", None)


def test_without_rules_every_password_is_accepted():
    play = Play()
    assert play.state(play.create(adminPass="x")) == ("ACTIVE", None)


def test_change_of_the_password_fails_and_keeps_the_state(play):
    id = play.create()
    assert play.act(id, "changePassword", {"adminPass": BAD}).code == 202
    assert play.state(id) == ("ACTIVE", None)
    log = play.ask("GET", f"/servers/{id}/os-instance-actions").body["instanceActions"]
    assert (log[0]["action"], log[0]["message"]) == ("changePassword", "Error")
    play.act(id, "changePassword", {"adminPass": GOOD})
    assert play.ask("GET", f"/servers/{id}/os-instance-actions").body["instanceActions"][0]["message"] is None


def test_password_is_not_stored(play):
    play.create(adminPass=GOOD)
    with play.store.read() as tx:
        assert GOOD not in repr([vars(record) for kind in KINDS for record in tx.query(kind)])
