"""Consoles, console output and the administrator password of a server."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


def test_console_actions_before_2_6_return_the_requested_type(play, web1):
    console = play.act(web1, "os-getVNCConsole", {"type": "novnc"}, minor=5).body["console"]
    assert (console["type"], console["url"].startswith("http://127.0.0.1:6080/")) == ("novnc", True)
    assert play.act(web1, "os-getVNCConsole", {"type": "xvpvnc"}, minor=5).code == 400
    assert play.act(web1, "os-getRDPConsole", {"type": "rdp-html5"}, minor=5).code == 400
    assert play.act(web1, "os-getVNCConsole", {"type": "novnc"}, minor=6).code == 404


def test_a_console_type_must_fit_its_protocol_and_be_enabled():
    play = Play(serial_console_enabled=True)
    server = play.create()

    def url(protocol: str, kind: str):
        body = {"remote_console": {"protocol": protocol, "type": kind}}
        return play.ask("POST", f"/servers/{server}/remote-consoles", body)

    assert url("serial", "serial").body["remote_console"]["url"].startswith("ws://")
    assert url("vnc", "serial").code == 400
    assert url("vnc", "xvpvnc").code == 400


def test_console_output_is_cut_to_the_requested_length(play, web1):
    def lines(**arguments: object) -> list[str]:
        return play.act(web1, "os-getConsoleOutput", arguments).body["output"].splitlines()

    assert lines(length=2) == lines()[-2:]
    assert lines(length=-1) == lines(length=999) == lines(length=None) == lines()
    assert lines(length=0) == []
    assert lines(length="1") == lines()[-1:]


def test_the_server_password_is_empty(play, web1):
    assert play.ask("GET", f"/servers/{web1}/os-server-password").body == {"password": ""}
    assert play.ask("DELETE", f"/servers/{web1}/os-server-password").code == 204
    assert play.ask("DELETE", f"/servers/{web1}/os-server-password", who="other").code == 404
