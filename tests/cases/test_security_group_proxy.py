"""Security groups through Nova's proxy (until 2.35): its checks, and its codes for refusals of the network service."""

from __future__ import annotations

import pytest

from tests.play import Play

GROUPS, RULES = "/os-security-groups", "/os-security-group-rules"
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="demo", **query):
    return play.ask(method, path, body, who, 35, **query)


def create_group(play, name="web", who="demo", description=""):
    body = {"security_group": {"name": name, "description": description}}
    answer = ask(play, "POST", GROUPS, body, who)
    assert answer.code == 200, answer.body
    return answer.body["security_group"]["id"]


def create_rule(play, group, **fields):
    return ask(play, "POST", RULES, {"security_group_rule": {"parent_group_id": group, **fields}})


def ports_of(answer):
    assert answer.code == 200, answer.body
    rule = answer.body["security_group_rule"]
    return rule["ip_protocol"], rule["from_port"], rule["to_port"]


def assert_refused(answer, code, text):
    assert answer.code == code, answer.body
    assert text in next(iter(answer.body.values()))["message"]


WEB = {"ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr": "192.0.2.0/24"}


class TestGroups:
    def test_a_name_keeps_its_blanks(self, play):
        group = create_group(play, " x y ", description=" d ")
        shown = ask(play, "GET", f"{GROUPS}/{group}").body["security_group"]
        assert (shown["name"], shown["description"]) == (" x y ", " d ")
        body = {"security_group": {"name": "  z", "description": ""}}
        assert ask(play, "PUT", f"{GROUPS}/{group}", body).body["security_group"]["name"] == "  z"

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    @pytest.mark.parametrize("id", ["x", "1", NOWHERE[:-1]])
    def test_an_id_that_is_no_uuid(self, play, method, id):
        body = {"security_group": {"name": "a", "description": ""}} if method == "PUT" else None
        assert_refused(ask(play, method, f"{GROUPS}/{id}", body), 400, "Security group id should be uuid")

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_an_unknown_id_or_that_of_another_project(self, play, method):
        body = {"security_group": {"name": "a", "description": ""}} if method == "PUT" else None
        for id in (NOWHERE, create_group(play, who="other")):
            assert ask(play, method, f"{GROUPS}/{id}", body).code == 404

    def test_over_the_quota(self, play):
        for number in range(9):
            create_group(play, f"g{number}")
        body = {"security_group": {"name": "one more", "description": ""}}
        assert_refused(ask(play, "POST", GROUPS, body), 403, "Quota exceeded for resources: ['security_group']")

    def test_a_second_default_group(self, play):
        body = {"security_group": {"name": "default", "description": ""}}
        assert_refused(ask(play, "POST", GROUPS, body), 403, "Default security group already exists.")

    def test_a_group_in_use_and_the_default_group_stay(self, play):
        group = create_group(play)
        play.create(security_groups=[{"name": "web"}])
        assert_refused(ask(play, "DELETE", f"{GROUPS}/{group}"), 400, f"Security Group {group} in use.")
        groups = ask(play, "GET", GROUPS).body["security_groups"]
        default = next(one["id"] for one in groups if one["name"] == "default")
        assert_refused(ask(play, "DELETE", f"{GROUPS}/{default}"), 400, "Insufficient rights for removing default")

    def test_a_list_is_sorted_by_name_after_the_page_is_cut(self, play):
        for name in "zbc":
            create_group(play, name)
        names = [group["name"] for group in ask(play, "GET", GROUPS).body["security_groups"]]
        assert names == ["b", "c", "default", "z"]
        page = [group["name"] for group in ask(play, "GET", GROUPS, limit="2").body["security_groups"]]
        assert page == ["default", "z"]

    def test_all_tenants_has_any_value_and_is_for_administrators(self, play):
        for value in ("1", "0", ""):
            assert len(ask(play, "GET", GROUPS, None, "admin", all_tenants=value).body["security_groups"]) == 3
            assert len(ask(play, "GET", GROUPS, all_tenants=value).body["security_groups"]) == 1


class TestRefusedRules:
    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"from_port": 0}, "Invalid port range 0:80. Valid TCP ports should be between 1-65535"),
            ({"to_port": 65536}, "Valid TCP ports should be between 1-65535"),
            ({"ip_protocol": "udp", "from_port": -1}, "Valid UDP ports should be between 1-65535"),
            ({"from_port": 81}, "Invalid port range 81:80. Former value cannot be greater than the later"),
            ({"ip_protocol": "icmp", "from_port": 256}, "For ICMP, the type:code must be valid"),
            ({"ip_protocol": "icmp", "to_port": -2}, "For ICMP, the type:code must be valid"),
            ({"from_port": "x"}, "Invalid input received: To and From ports must be integers"),
            ({"to_port": []}, "Invalid input received: To and From ports must be integers"),
            ({"ip_protocol": "icmp", "from_port": "x"}, "Type and Code must be integers for ICMP protocol type"),
            ({"ip_protocol": "esp"}, "Invalid IP protocol esp."),
            ({"ip_protocol": 6}, "Invalid IP protocol 6."),
            ({"from_port": None, "to_port": None}, "Not enough parameters to build a valid rule."),
            ({"to_port": None}, "Not enough parameters to build a valid rule."),
            ({"ip_protocol": None}, "Not enough parameters to build a valid rule."),
            ({"ip_protocol": ""}, "Not enough parameters to build a valid rule."),
            ({"cidr": "192.0.2.0"}, "192.0.2.0 is not a valid IP network."),
            ({"cidr": "192.0.2.0/33"}, "192.0.2.0/33 is not a valid IP network."),
            ({"cidr": 5}, "5 is not a valid IP network."),
            ({"cidr": "192.0.2.0/0"}, "Bad prefix for network in cidr 192.0.2.0/0"),
            ({"cidr": "2001:db8::/0"}, "Bad prefix for network in cidr 2001:db8::/0"),
            ({"ip_protocol": "icmp", "from_port": -1, "to_port": 3}, "ICMP type (port-range-min) is missing"),
        ],
    )
    def test_values(self, play, fields, text):
        assert_refused(create_rule(play, create_group(play), **WEB | fields), 400, text)

    def test_only_a_protocol(self, play):
        answer = create_rule(play, create_group(play), ip_protocol="tcp")
        assert_refused(answer, 400, "Not enough parameters to build a valid rule.")

    def test_unknown_groups(self, play):
        group, foreign = create_group(play), create_group(play, who="other")
        for id in (NOWHERE, foreign):
            assert_refused(create_rule(play, id, **WEB), 404, f"{id} ")
            assert_refused(create_rule(play, group, group_id=id), 404, f"{id} ")

    @pytest.mark.parametrize(
        "rule",
        [
            WEB,
            WEB | {"from_port": 1, "to_port": 65535},
            {"ip_protocol": "icmp", "from_port": -1, "to_port": -1},
            {"ip_protocol": "icmp", "from_port": 8, "to_port": 0},
        ],
    )
    def test_a_rule_that_the_group_has(self, play, rule):
        group = create_group(play)
        assert create_rule(play, group, **rule).code == 200
        assert_refused(create_rule(play, group, **rule), 400, f"This rule already exists in group {group}")

    def test_a_rule_that_only_the_network_service_finds(self, play):
        group = create_group(play)
        assert create_rule(play, group, group_id=group).code == 200
        assert_refused(create_rule(play, group, group_id=group), 403, "Security group rule already exists.")
        assert create_rule(play, group, **WEB).code == 200
        assert_refused(create_rule(play, group, **WEB | {"ip_protocol": "TCP"}), 403, "already exists")

    def test_over_the_quota(self, play):
        project, group = play.callers["demo"].project_id, create_group(play)
        path = f"/v2.0/quotas/{project}"
        used = play.ask("GET", f"{path}/details", who="admin", service="network").body["quota"]
        body = {"quota": {"security_group_rule": used["security_group_rule"]["used"]}}
        assert play.ask("PUT", path, body, "admin", service="network").code == 200
        assert_refused(create_rule(play, group, **WEB), 403, "Quota exceeded for resources: ['security_group_rule']")

    def test_the_id_of_a_deleted_rule(self, play):
        assert_refused(ask(play, "DELETE", f"{RULES}/x"), 400, "Security group id should be uuid")
        assert ask(play, "DELETE", f"{RULES}/{NOWHERE}").code == 404
        id = create_rule(play, create_group(play), **WEB).body["security_group_rule"]["id"]
        assert ask(play, "DELETE", f"{RULES}/{id}", who="other").code == 404
        assert ask(play, "DELETE", f"{RULES}/{id}", who="reader").code == 403
        assert ask(play, "DELETE", f"{RULES}/{id}").code == 202


class TestShownRules:
    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({"ip_protocol": "icmp", "from_port": -1, "to_port": -1}, ("icmp", -1, -1)),
            ({"ip_protocol": "icmp", "from_port": 8, "to_port": -1}, ("icmp", 8, None)),
            ({"ip_protocol": "TCP", "from_port": "1", "to_port": "65535"}, ("tcp", 1, 65535)),
            ({"ip_protocol": "udp", "from_port": 53, "to_port": 53, "cidr": "2001:db8::/32"}, ("udp", 53, 53)),
        ],
    )
    def test_ports(self, play, fields, shown):
        assert ports_of(create_rule(play, create_group(play), **fields)) == shown

    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({}, (None, None, None)),
            ({"ip_protocol": "tcp"}, ("tcp", 1, 65535)),
            ({"ip_protocol": "UDP"}, ("udp", 1, 65535)),
            ({"ip_protocol": "icmp"}, ("icmp", -1, -1)),
            ({"ip_protocol": "tcp", "from_port": 22, "to_port": 22}, ("tcp", 22, 22)),
            ({"ip_protocol": "tcp", "from_port": 22}, (None, None, None)),
        ],
    )
    def test_ports_of_a_rule_for_a_group(self, play, fields, shown):
        group = create_group(play)
        answer = create_rule(play, group, group_id=group, **fields)
        assert ports_of(answer) == shown
        rule = answer.body["security_group_rule"]
        assert rule["group"] == {"name": "web", "tenant_id": play.callers["demo"].project_id}
        assert rule["ip_range"] == {}

    @pytest.mark.parametrize(
        ("cidr", "shown"),
        [(None, "0.0.0.0/0"), ("", "0.0.0.0/0"), ("192.0.2.9/24", "192.0.2.9/24"), ("192.0.2.0%2F24", "192.0.2.0/24")],
    )
    def test_addresses(self, play, cidr, shown):
        rule = create_rule(play, create_group(play), **WEB | {"cidr": cidr}).body["security_group_rule"]
        assert (rule["ip_range"], rule["group"]) == ({"cidr": shown}, {})

    def test_a_rule_of_the_network_service_without_addresses_or_ports(self, play):
        group = create_group(play)
        for protocol in ("tcp", "icmp", "esp", None):
            rule = {"security_group_id": group, "direction": "ingress", "protocol": protocol}
            answer = play.ask("POST", "/v2.0/security-group-rules", {"security_group_rule": rule}, service="network")
            assert answer.code == 201
        rules = ask(play, "GET", f"{GROUPS}/{group}").body["security_group"]["rules"]
        shown = {rule["ip_protocol"]: (rule["from_port"], rule["to_port"]) for rule in rules}
        assert shown == {"tcp": (1, 65535), "icmp": (-1, -1), "esp": (-1, -1), None: (None, None)}
        assert {rule["ip_range"]["cidr"] for rule in rules} == {"0.0.0.0/0"}

    def test_a_rule_for_a_group_that_the_caller_cannot_see_is_left_out(self, play):
        group, foreign = create_group(play), create_group(play, who="other")
        rule = {"security_group_id": group, "direction": "ingress", "remote_group_id": foreign}
        answer = play.ask(
            "POST", "/v2.0/security-group-rules", {"security_group_rule": rule}, "admin", service="network"
        )
        assert answer.code == 201
        assert ask(play, "GET", f"{GROUPS}/{group}").body["security_group"]["rules"] == []
        assert len(ask(play, "GET", f"{GROUPS}/{group}", who="admin").body["security_group"]["rules"]) == 1
