"""Fixed and floating IPs and security groups of a server."""

from __future__ import annotations

import pytest

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play("manual")


def test_security_groups_are_added_listed_and_removed(play, web1):
    body = {"security_group": {"name": "web"}}
    for _ in "ab":
        play.ask("POST", "/v2.0/security-groups", body, service="network")
    ambiguous = play.act(web1, "addSecurityGroup", {"name": "web"})
    assert ambiguous.code == 409
    assert "Multiple security_group matches" in ambiguous.body["conflictingRequest"]["message"]
    groups = play.ask("GET", "/v2.0/security-groups", service="network", name="web").body["security_groups"]
    assert play.act(web1, "addSecurityGroup", {"name": groups[0]["id"]}).code == 202

    def shown() -> list[str]:
        found = play.ask("GET", f"/servers/{web1}/os-security-groups").body["security_groups"]
        return [group["name"] for group in found]

    assert shown() == ["default", "web"]
    assert play.act(web1, "removeSecurityGroup", {"name": "default"}).code == 202
    assert play.act(web1, "removeSecurityGroup", {"name": "default"}).code == 404
    assert shown() == ["web"]
    assert play.ask("GET", f"/servers/{web1}/os-security-groups", who="other").code == 404


def test_floating_ips_are_added_and_removed_by_actions_until_2_43(play, web1):
    address = play.ask("POST", "/os-floating-ips", {"pool": "public"}, minor=35).body["floating_ip"]["ip"]
    other = play.create("web2")
    play.advance(10)
    wrong = play.act(web1, "addFloatingIp", {"address": address, "fixed_address": "203.0.113.9"}, minor=43)
    assert wrong.code == 400
    assert play.act(web1, "addFloatingIp", {"address": address}, minor=43).code == 202
    assert play.act(other, "removeFloatingIp", {"address": address}, minor=43).code == 409
    assert play.act(other, "removeFloatingIp", {"address": address}, "other", minor=43).code == 404
    assert play.act(web1, "removeFloatingIp", {"address": address}, minor=43).code == 202
    assert play.act(web1, "addFloatingIp", {"address": address}, minor=44).code in (400, 404)


def test_fixed_ips_are_added_and_removed(play, web1):
    def addresses() -> list[str]:
        shown = play.ask("GET", f"/servers/{web1}").body["server"]["addresses"].get("private", [])
        return [one["addr"] for one in shown if one["version"] == 4]

    (first,) = addresses()
    assert play.act(web1, "addFixedIp", {"networkId": play.network}, minor=43).code == 202
    assert len(addresses()) == 2
    elsewhere = {"networkId": NOWHERE}
    assert play.act(web1, "addFixedIp", elsewhere, minor=43).code == 202
    assert len(addresses()) == 2
    assert play.act(web1, "removeFixedIp", {"address": first}, minor=43).code == 202
    assert first not in addresses()
