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


class TestTokens:
    """/os-console-auth-tokens."""

    def token(self, play, server: str, protocol: str = "vnc", kind: str = "novnc") -> str:
        body = {"remote_console": {"protocol": protocol, "type": kind}}
        url = play.ask("POST", f"/servers/{server}/remote-consoles", body, minor=99).body["remote_console"]["url"]
        return url.rpartition("=")[2].rpartition("%3D")[2]

    def show(self, play, token: str, who: str = "admin", minor: int = 99):
        return play.ask("GET", f"/os-console-auth-tokens/{token}", who=who, minor=minor)

    def test_a_token_leads_to_the_host_of_its_server_until_it_expires(self, play, web1):
        token = self.token(play, web1)
        console = self.show(play, token).body["console"]
        assert set(console) == {"instance_uuid", "host", "port", "internal_access_path"}
        assert (console["instance_uuid"], console["host"].startswith("192.0.2.")) == (web1, True)
        assert token not in str(play.store.dump())
        play.advance(599)
        assert self.show(play, token).code == 200
        play.advance(1)
        refused = self.show(play, token)
        assert (refused.code, str(refused.fault)) == (404, "Token not found")

    def test_a_deleted_server_has_no_token(self, play, web1):
        token = self.token(play, web1)
        play.ask("DELETE", f"/servers/{web1}")
        play.advance(10)
        assert self.show(play, token).code == 404

    def test_tokens_are_for_administrators_from_2_31(self, play, web1):
        token = self.token(play, web1)
        assert self.show(play, token, minor=31).code == 200
        assert self.show(play, token, "demo").code == 403
        assert self.show(play, token, minor=30).code == self.show(play, token, "demo", minor=30).code == 400

    def test_spice_direct_has_a_port_for_tls_from_2_99(self):
        play = Play(spice_enabled=True)
        token = self.token(play, play.create(), "spice", "spice-direct")
        assert "tls_port" in self.show(play, token).body["console"]
        assert "tls_port" not in self.show(play, token, minor=98).body["console"]
