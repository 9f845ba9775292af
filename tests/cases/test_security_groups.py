"""Security groups through the network service and through Nova's proxy."""

from __future__ import annotations

import pytest

from tests.play import Play

GROUPS, RULES = "/v2.0/security-groups", "/v2.0/security-group-rules"


@pytest.fixture
def play():
    return Play()


def create_group(play, name, who="demo"):
    answer = play.ask("POST", GROUPS, {"security_group": {"name": name}}, who, service="network")
    assert answer.code == 201, answer.body
    return answer.body["security_group"]["id"]


def create_rule(play, group, **fields):
    body = {"security_group_rule": {"security_group_id": group, "direction": "ingress", **fields}}
    answer = play.ask("POST", RULES, body, service="network")
    assert answer.code == 201, answer.body
    return answer.body["security_group_rule"]["id"]


class TestDeletedRemoteGroup:
    def test_rules_that_name_it_are_deleted(self, play):
        group, remote, other = (create_group(play, name) for name in "abc")
        rule = create_rule(play, group, remote_group_id=remote)
        kept = create_rule(play, group, remote_group_id=other)
        assert play.ask("DELETE", f"{GROUPS}/{remote}", service="network").code == 204
        shown = play.ask("GET", f"{GROUPS}/{group}", service="network").body["security_group"]
        assert [r["id"] for r in shown["security_group_rules"] if r["direction"] == "ingress"] == [kept]
        assert play.ask("GET", f"{RULES}/{rule}", service="network").code == 404
        proxied = play.ask("GET", f"/os-security-groups/{group}", minor=1).body["security_group"]
        assert [r["id"] for r in proxied["rules"]] == [kept]

    def test_through_novas_proxy(self, play):
        group, remote = create_group(play, "a"), create_group(play, "b")
        create_rule(play, group, remote_group_id=remote)
        assert play.ask("DELETE", f"/os-security-groups/{remote}", minor=1).code == 202
        assert play.ask("GET", f"/os-security-groups/{group}", minor=1).body["security_group"]["rules"] == []

    def test_rules_of_other_projects(self, play):
        remote = create_group(play, "a")
        group = create_group(play, "b", "admin")
        body = {"security_group_id": group, "direction": "ingress", "remote_group_id": remote}
        answer = play.ask("POST", RULES, {"security_group_rule": body}, "admin", service="network")
        assert answer.code == 201
        assert play.ask("DELETE", f"{GROUPS}/{remote}", service="network").code == 204
        path = f"{RULES}/{answer.body['security_group_rule']['id']}"
        assert play.ask("GET", path, who="admin", service="network").code == 404


def add_group(play, server, name, who="demo", action="addSecurityGroup"):
    return play.act(server, action, {"name": name}, who)


def reason(answer):
    return next(iter(answer.body.values()))["message"]


class TestGroupsOfServers:
    def test_each_port_shows_its_groups(self, play):
        create_group(play, "a")
        server = play.create(
            networks=[{"uuid": play.network}] * 2, security_groups=[{"name": "a"}, {"name": "default"}]
        )
        groups = play.ask("GET", f"/servers/{server}/os-security-groups").body["security_groups"]
        assert [group["name"] for group in groups] == ["a", "a", "default", "default"]

    def test_an_unknown_group_of_a_create(self, play):
        foreign = create_group(play, "x", "other")
        for name in ("nosuch", "x", foreign):
            body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
            answer = play.ask("POST", "/servers", {"server": body | {"security_groups": [{"name": name}]}})
            assert (answer.code, reason(answer)) == (400, f"Unable to find security_group with name or id '{name}'")

    @pytest.mark.parametrize("action", ["addSecurityGroup", "removeSecurityGroup"])
    def test_a_blank_name(self, play, action):
        answer = add_group(play, play.create(), "  ", action=action)
        assert (answer.code, reason(answer)) == (400, "Security group name cannot be empty")

    @pytest.mark.parametrize("action", ["addSecurityGroup", "removeSecurityGroup"])
    def test_an_ambiguous_name_and_a_foreign_group(self, play, action):
        server, ids = play.create(), [create_group(play, "a") for _ in range(2)]
        answer = add_group(play, server, "a", action=action)
        expected = "Multiple security_group matches found for name 'a', use an ID to be more specific."
        assert (answer.code, reason(answer)) == (409, expected)
        assert add_group(play, server, ids[0]).code == 202
        foreign = create_group(play, "x", "other")
        answer = add_group(play, server, foreign, action=action)
        expected = f"Security group {foreign} is not found for project {play.callers['demo'].project_id}"
        assert (answer.code, reason(answer)) == (404, expected)

    def test_an_administrator_names_a_group_of_any_project_by_id(self, play):
        server, group = play.create(), create_group(play, "x", "other")
        assert add_group(play, server, "x", "admin").code == 404
        assert add_group(play, server, group, "admin").code == 202

    @pytest.mark.parametrize("fields", [{"port_security_enabled": False}, {"fixed_ips": []}])
    def test_a_port_without_port_security_or_address(self, play, fields):
        server, group = play.create(), create_group(play, "a")
        body = {"port": {"network_id": play.network, **fields}}
        port = play.ask("POST", "/v2.0/ports", body, service="network").body["port"]["id"]
        attach = {"interfaceAttachment": {"port_id": port}}
        assert play.ask("POST", f"/servers/{server}/os-interface", attach).code == 200
        answer = add_group(play, server, group)
        assert (answer.code, reason(answer)[:38]) == (400, "Network requires port_security_enabled")


def test_a_group_that_a_port_of_another_project_has_stays(play):
    group = create_group(play, "shared")
    port = {"port": {"network_id": play.network, "security_groups": [group]}}
    assert play.ask("POST", "/v2.0/ports", port, "admin", service="network").code == 201
    assert play.ask("DELETE", f"{GROUPS}/{group}", service="network").code == 409
