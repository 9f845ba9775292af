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
