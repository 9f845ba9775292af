"""Hosts and services that do not exist."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def test_other_verbs_do_not_exist(play):
    assert play.ask("GET", "/os-hosts/host1/nonsense", None, "admin", 1).body["title"] == "Not Found"


@pytest.mark.parametrize("verb", ["reboot", "shutdown", "startup"])
def test_power_of_an_unknown_host(play, verb):
    answer = play.ask("GET", f"/os-hosts/nope/{verb}", who="admin", minor=1)
    assert answer.body["itemNotFound"]["message"] == "Compute host nope could not be found."


def test_an_empty_zone_is_every_zone(play):
    plain = play.ask("GET", "/os-hosts", who="admin", minor=1).body
    assert plain["hosts"]
    assert play.ask("GET", "/os-hosts", who="admin", minor=1, zone="").body == plain


@pytest.mark.parametrize("path", ["/os-aggregates/-1", "/os-services/-1"])
def test_a_negative_id_is_not_found(play, path):
    assert play.ask("DELETE", path, who="admin", minor=1).code == 404
