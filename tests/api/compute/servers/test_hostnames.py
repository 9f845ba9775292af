"""Hostnames of new servers."""

from __future__ import annotations

from novasim.api.compute.servers.creation.hostnames import build_hostname
from tests import each_case
from tests.play import Play


@each_case(
    ("name", "hostname"),
    [
        ("web1", "web1"),
        ("Web 1_a.b", "web-1-a-b"),
        ("a  b", "a--b"),
        ("a/b", "ab"),
        ("-a.", "a"),
        ("Stra\u00dfe", "stra\u00dfe"),
        ("\u00dcber-\u65e5\u672c", "\u00fcber"),
        ("\u65e5\u672c", "Server-ID"),
        ("---", "Server-ID"),
        (".", "Server-ID"),
        ("h" * 70, "h" * 63),
        ("h" * 62 + "-h", "h" * 62),
    ],
)
def test_a_hostname_keeps_letters_of_latin_1(name, hostname):
    assert build_hostname(name, "ID", 0, 1) == hostname


def test_servers_of_one_request_are_numbered_behind_the_shortened_name():
    assert build_hostname("h" * 70, "ID", 1, 2) == "h" * 63 + "-2"
    assert build_hostname("\u65e5", "ID", 1, 2) == "Server-ID"


def test_every_server_of_a_request_has_a_hostname_of_its_own():
    play = Play()
    body = {"name": "\u65e5\u672c", "flavorRef": "1", "imageRef": play.image, "networks": "none", "max_count": 2}
    assert play.ask("POST", "/servers", {"server": body}).code == 202
    servers = play.ask("GET", "/servers/detail", who="admin", all_tenants="1").body["servers"]
    names = {server["name"]: server["OS-EXT-SRV-ATTR:hostname"] == f"Server-{server['id']}" for server in servers}
    assert names == {"\u65e5\u672c-1": True, "\u65e5\u672c-2": True}
