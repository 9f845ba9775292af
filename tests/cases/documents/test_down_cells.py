"""
Cells that cannot be reached: status UNKNOWN from 2.69, left out of lists or an error before.

Source: api-guide "Handling Down Cells"; api-ref, statuses of servers.
"""

from __future__ import annotations

import pytest

from novasim.control import hosts
from tests.play import Play

ERROR = "Unexpected API Error."


@pytest.fixture
def play():
    return Play()


@pytest.fixture
def lost(play):
    """A server in a cell that cannot be reached; another one is not."""
    id = play.create("lost", who="admin", host="host1")
    play.create("found", who="admin", host="host2")
    hosts.change_host(play.cloud, "host1", cell_down=True)
    return id


def listed(play, path="/servers/detail", minor=96, who="admin", **query):
    return {each["id"]: each for each in play.ask("GET", path, who=who, minor=minor, **query).body["servers"]}


def test_list_has_id_status_and_links(play, lost):
    servers = play.ask("GET", "/servers", who="admin", minor=69).body["servers"]
    assert [set(each) for each in servers] == [{"id", "status", "links"}, {"id", "name", "links"}]
    assert (servers[0]["id"], servers[0]["status"]) == (lost, "UNKNOWN")


def test_detailed_list_has_project_time_and_security_groups_as_well(play, lost):
    server = listed(play, minor=69)[lost]
    assert set(server) == {"id", "status", "tenant_id", "created", "links", "security_groups"}
    assert server["security_groups"] == [{"name": "default"}]
    assert (server["status"], len(server["created"])) == ("UNKNOWN", len("2026-01-01T00:00:00Z"))


def test_servers_that_can_be_reached_are_complete(play, lost):
    assert {each.get("name") for each in listed(play).values()} == {None, "found"}


@pytest.mark.parametrize(("minor", "more"), [(69, set()), (71, {"server_groups"})])
def test_show_has_what_the_request_said(play, lost, minor, more):
    server = play.ask("GET", f"/servers/{lost}", who="admin", minor=minor).body["server"]
    assert set(server) == more | {
        *("id", "status", "tenant_id", "created", "links", "image", "flavor", "user_id"),
        *("OS-EXT-AZ:availability_zone", "OS-EXT-STS:power_state"),
    }
    assert (server["status"], server["OS-EXT-STS:power_state"]) == ("UNKNOWN", 0)
    assert server["OS-EXT-AZ:availability_zone"] == "UNKNOWN"
    assert (server["image"]["id"], server["flavor"]["original_name"]) == (play.image, "m1.tiny")


def test_requested_zone_is_shown(play):
    id = play.create(who="admin", availability_zone="nova:host1")
    hosts.change_host(play.cloud, "host1", cell_down=True)
    server = play.ask("GET", f"/servers/{id}", who="admin").body["server"]
    assert server["OS-EXT-AZ:availability_zone"] == "nova"


@pytest.mark.parametrize("path", ["/servers", "/servers/detail"])
def test_older_lists_leave_it_out(play, lost, path):
    assert lost not in listed(play, path, minor=68)


def test_older_show_is_an_error(play, lost):
    answer = play.ask("GET", f"/servers/{lost}", who="admin", minor=68)
    assert answer.code == 500
    assert answer.body["computeFault"]["message"].startswith(ERROR)


@pytest.mark.parametrize(
    "query",
    [
        {"deleted": "False"},
        {"host": "host1"},
        {"name": "lost"},
        {"status": "ACTIVE"},
        {"limit": "10"},
        {"sort_key": "uuid"},
        {"sort_dir": "asc"},
        {"all_tenants": "1", "project_id": "demo"},
    ],
)
def test_filters_sorting_and_paging_leave_it_out(play, lost, query):
    assert lost not in listed(play, **query)


def test_all_projects_is_the_only_filter_with_unknown_servers(play, lost):
    assert listed(play, all_tenants="1")[lost]["status"] == "UNKNOWN"
    assert lost not in listed(play, who="demo")
    assert play.ask("GET", f"/servers/{lost}").code == 403


def test_filters_that_members_may_not_use_do_not_count(play):
    id = play.create()
    hosts.change_host(play.cloud, play.server(id).host, cell_down=True)
    assert listed(play, who="demo", minor=82, host="other")[id]["status"] == "UNKNOWN"


@pytest.mark.parametrize("query", [{"limit": "10"}, {"sort_key": "uuid"}, {"sort_dir": "asc"}])
def test_sorting_and_paging_of_members_leave_it_out(play, query):
    id = play.create()
    hosts.change_host(play.cloud, play.server(id).host, cell_down=True)
    assert listed(play, who="demo")[id]["status"] == "UNKNOWN"
    assert id not in listed(play, who="demo", **query)


def test_server_that_is_being_deleted_is_gone():
    play = Play("manual")
    id = play.create(who="admin", host="host1")
    play.advance(10)
    assert play.ask("DELETE", f"/servers/{id}", who="admin").code == 204
    hosts.change_host(play.cloud, "host1", cell_down=True)
    assert listed(play) == {}
    assert play.ask("GET", f"/servers/{id}", who="admin").code == 404
    assert play.ask("GET", f"/servers/{id}", who="admin", minor=68).code == 500


def test_unreachable_marker_is_an_error(play, lost):
    assert play.ask("GET", "/servers", who="admin", marker=lost).code == 500


def test_lists_fail_if_the_option_says_so(play):
    play = Play(list_records_by_skipping_down_cells=False)
    id = play.create(who="admin", host="host1")
    hosts.change_host(play.cloud, "host1", cell_down=True)
    assert play.ask("GET", "/servers", who="admin", minor=68).code == 500
    assert play.ask("GET", "/servers", who="admin", name="x").code == 500
    assert id in listed(play)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "", None),
        ("PUT", "", {"server": {"name": "new"}}),
        ("POST", "/action", {"os-stop": None}),
        ("POST", "/action", {"unlock": None}),
        ("GET", "/os-instance-actions", None),
        ("GET", "/metadata", None),
        ("GET", "/tags", None),
        ("GET", "/os-volume_attachments", None),
        ("GET", "/diagnostics", None),
    ],
)
def test_everything_else_is_an_error(play, lost, method, path, body):
    answer = play.ask(method, f"/servers/{lost}{path}", body, who="admin")
    assert answer.code == 500 and answer.body["computeFault"]["message"].startswith(ERROR)


def test_deleted_servers_are_not_found(play):
    id = play.create(who="admin", host="host1")
    play.ask("DELETE", f"/servers/{id}", who="admin")
    hosts.change_host(play.cloud, "host1", cell_down=True)
    assert play.ask("GET", f"/servers/{id}", who="admin").code == 404
    assert listed(play) == {}


def test_services_are_unknown_or_left_out(play, lost):
    services = play.ask("GET", "/os-services", who="admin", host="host1").body["services"]
    assert services == [{"binary": "nova-compute", "host": "host1", "status": "UNKNOWN"}]
    assert play.ask("GET", "/os-services", who="admin", minor=68, host="host1").body["services"] == []
    assert play.ask("GET", "/os-services", who="admin", minor=68, host="host2").body["services"]


def test_hypervisors_are_an_error(play, lost):
    for path in ("/os-hypervisors", "/os-hypervisors/detail"):
        assert play.ask("GET", path, who="admin").code == 500


def test_usage_and_events_are_an_error(play, lost):
    assert play.ask("GET", "/os-simple-tenant-usage", who="admin").code == 500
    events = {"events": [{"name": "network-changed", "server_uuid": lost}]}
    assert play.ask("POST", "/os-server-external-events", events, who="admin").code == 500


def test_group_of_an_unreachable_server_is_an_error(play):
    group = play.ask("POST", "/os-server-groups", {"server_group": {"name": "g", "policy": "soft-affinity"}}).body
    id = group["server_group"]["id"]
    body = {"name": "web1", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    hint = {"server": body, "os:scheduler_hints": {"group": id}}
    server = play.ask("POST", "/servers", hint).body["server"]["id"]
    hosts.change_host(play.cloud, play.server(server).host, cell_down=True)
    assert play.ask("GET", f"/os-server-groups/{id}").code == 500
    assert play.ask("GET", f"/servers/{server}").body["server"]["server_groups"] == [id]


def test_new_servers_go_elsewhere(play, lost):
    ids = [play.create(f"web{number}", who="admin") for number in range(4)]
    assert {play.server(id).host for id in ids} == {"host2", "host3"}


def test_servers_do_not_count_towards_the_quota(play):
    play.create()
    id = play.create()
    hosts.change_host(play.cloud, play.server(id).host, cell_down=True)
    assert play.ask("GET", "/limits").body["limits"]["absolute"]["totalInstancesUsed"] == 1


def test_servers_count_in_placement():
    play = Play(count_usage_from_placement=True)
    id = play.create()
    hosts.change_host(play.cloud, play.server(id).host, cell_down=True)
    used = play.ask("GET", "/limits").body["limits"]["absolute"]
    assert (used["totalInstancesUsed"], used["totalCoresUsed"], used["totalRAMUsed"]) == (1, 1, 512)


def test_everything_continues_inside_the_cell():
    play = Play("manual")
    id = play.create(who="admin", host="host1")
    play.advance(1.5)
    hosts.change_host(play.cloud, "host1", cell_down=True)
    play.advance(60)
    hosts.change_host(play.cloud, "host1", cell_down=False)
    assert play.state(id) == ("ACTIVE", None)
    assert listed(play)[id]["name"] == "web1"
