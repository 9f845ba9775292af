"""Lists of servers: filters, sorting, pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Response
from novasim.cloud import Cloud
from novasim.records import Port, Server
from tests.api.compute.servers.recorded_worlds import (
    ADMIN,
    MEMBER,
    OTHER,
    START,
    cloud_of,
    flavor,
    get,
    kept,
    port,
    surroundings,
)

SMALL, LARGE = flavor(7, "small", vcpus=1, ram=512, disk=1), flavor(8, "large", vcpus=2, ram=1024, disk=2)


def server(id: str, day: int, **fields: Any) -> Server:
    moment = f"2026-01-{day:02d}T00:00:00.000000Z"
    usual = {
        "name": "server-" + id,
        "project_id": MEMBER,
        "user_id": "member",
        "vm_state": "active",
        "task_state": None,
        "flavor": kept(SMALL),
        "created_at": moment,
        "updated_at": moment,
        "image_id": "image",
        "host": "host1",
    }
    return Server(id=id, **(usual | fields))


@pytest.fixture
def cloud() -> Cloud:
    waiting = {"vm_state": "soft-delete", "deleted_at": START}
    servers = [
        server("a", 1, name="web-1", tags=["prod", "web"], locked_by="owner", access_ip_v4="198.51.100.7"),
        server("b", 2, name="web-2", tags=["prod"], task_state="rebooting", key_name="mine", disk_config="AUTO"),
        server("c", 3, name="db", vm_state="stopped", flavor=kept(LARGE), image_id=""),
        server("d", 4, name="soft", **waiting),
        server("e", 5, name="gone", vm_state="deleted", deleted=True),
        server("f", 6, name="theirs", project_id=OTHER, user_id="other", host="host2"),
        server("g", 7, name="mine", project_id=ADMIN, user_id="admin"),
    ]
    second = Port(
        id="six",
        network_id="{net}",
        project_id=MEMBER,
        mac_address="fa:16:3e:00:00:99",
        device_id="b",
        fixed_ips=[{"subnet_id": "s", "ip_address": "2001:db8::b"}],
        created_at=START,
        updated_at=START,
    )
    ports = [port(1, "a", "192.0.2.1"), port(2, "b", "192.0.2.2"), second]
    return cloud_of([*surroundings(), SMALL, LARGE, *servers, *ports])


def ask(cloud: Cloud, query: str = "", caller: str = "member", minor: int = 96, path: str = "/servers") -> Response:
    return handle(cloud, get(caller, minor, path, parse_qsl(query, keep_blank_values=True)))


def list_names(cloud: Cloud, query: str = "", caller: str = "member", minor: int = 96) -> str:
    """The ids of the servers of an answer, written together."""
    response = ask(cloud, query, caller, minor)
    assert response.code == 200, response.body
    return "".join(server["id"] for server in response.body["servers"])


def list_error(cloud: Cloud, query: str, caller: str = "member", minor: int = 96) -> tuple[int, str]:
    response = ask(cloud, query, caller, minor)
    ((_, body),) = response.body.items()
    return response.code, body["message"]


def test_the_newest_come_first_without_deleted_and_foreign_servers(cloud: Cloud):
    assert list_names(cloud) == "cba"
    assert list_names(cloud, caller="reader") == "cba"
    assert list_names(cloud, caller="other") == "f"
    assert list_names(cloud, caller="admin") == "g"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=web", "ba"),
        ("name=^.e", "ba"),
        ("name=WEB", ""),
        ("name=web&name=db", "c"),
        ("flavor=large", "c"),
        ("flavor=unknown", ""),
        ("image=", "c"),
        ("image=image", "ba"),
        ("tags=prod,web", "a"),
        ("tags-any=web,nosuch", "a"),
        ("not-tags=prod,web", "cb"),
        ("not-tags-any=web,nosuch", "cb"),
        ("ip=192.0.2", "ba"),
        ("ip=0.2.1", ""),
        ("ip6=2001:db8", "b"),
        ("ip=192.0.2.1&ip6=2001", "ba"),
        ("locked=true", "a"),
        ("locked=no", "cb"),
        ("key_name=mine", "b"),
        ("vm_state=stopped", "c"),
        ("task_state=rebooting", "b"),
        ("user_id=other", ""),
        ("created_at=2026-01-02 00", "b"),
        ("status=active", "ba"),
        ("status=ACTIVE&status=SHUTOFF", "cba"),
        ("status=REBOOT", "b"),
        ("status=REBOOT&status=HARD_REBOOT", "b"),
        ("status=SHUTOFF&vm_state=active", "c"),
        ("status=SOFT_DELETED", ""),
    ],
)
def test_filters_of_members(cloud: Cloud, query: str, found: str):
    assert list_names(cloud, query) == found


@pytest.mark.parametrize(
    ("query", "since"),
    [
        ("ip6=nosuch", 5),
        ("tags=nosuch", 26),
        ("changes-before=2020-01-01", 66),
        ("locked=maybe", 73),
        ("user_id=nosuch", 83),
        ("hostname=nosuch", 90),
    ],
)
def test_filters_are_ignored_before_their_microversion(cloud: Cloud, query: str, since: int):
    assert list_names(cloud, query, minor=since - 1) == "cba"
    assert ask(cloud, query, minor=since).body.get("servers", []) == []


@pytest.mark.parametrize("query", ["host=nosuch", "deleted=true", "node=x", "uuid=x", "description=x", "metadata=x"])
def test_filters_of_administrators_are_ignored_for_members(cloud: Cloud, query: str):
    assert list_names(cloud, query) == "cba"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "gfcba"),
        ("host=host2", "f"),
        ("uuid=a", "a"),
        ("project_id=" + OTHER, "f"),
        ("tenant_id=" + OTHER, "f"),
        ("deleted=1", "ed"),
        ("deleted=maybe", "gfcba"),
        ("deleted=0&soft_deleted=true", "gfdcba"),
        ("status=DELETED", "e"),
        ("locked_by=own", "a"),
        ("access_ip_v4=198", "a"),
        ("auto_disk_config=1", "b"),
        ("display_name=web", "ba"),
        ("description=nothing", "gfcba"),
    ],
)
def test_filters_of_administrators(cloud: Cloud, query: str, found: str):
    assert list_names(cloud, "all_tenants=1&" + query, "admin") == found


def test_all_tenants_is_a_boolean_for_administrators(cloud: Cloud):
    assert list_names(cloud, "all_tenants", "admin") == list_names(cloud, "all_tenants=yes", "admin") == "gfcba"
    assert list_names(cloud, "all_tenants=0", "admin") == list_names(cloud, f"project_id={OTHER}", "admin") == "g"
    rule = "os_compute_api:servers:index:get_all_tenants"
    assert list_error(cloud, "all_tenants=1") == (403, f"Policy doesn't allow {rule} to be performed.")
    assert list_error(cloud, "all_tenants=maybe", "admin")[0] == 400


def test_changes_include_deleted_servers_and_both_limits(cloud: Cloud):
    assert list_names(cloud, "changes-since=2026-01-02T00:00:00Z") == "edcb"
    assert list_names(cloud, "changes-since=2026-01-02T02:00:00%2B02:00&changes-before=2026-01-04") == "dcb"
    assert list_names(cloud, "changes-since=2026-01-01&deleted=0", "admin") == "g"
    assert list_error(cloud, "changes-since=2026-01-03&changes-before=2026-01-02") == (
        400,
        "The value of changes-since must be less than or equal to changes-before.",
    )


def test_extreme_times_are_valid(cloud: Cloud):
    assert list_names(cloud, "changes-since=0001-01-01T00:00:00%2B14:00") == "edcba"
    assert list_names(cloud, "changes-since=9999-12-31T23:59:59-14:00") == ""


def test_unknown_filters_are_refused(cloud: Cloud):
    assert list_error(cloud, "status=nosuch") == (400, "Invalid status value")
    assert list_names(cloud, "status=nosuch", minor=37) == ""
    assert list_error(cloud, "status=DELETED") == (403, "Only administrators may list deleted instances")
    assert list_error(cloud, "metadata=x", "admin") == (400, "Invalid filter field: metadata.")
    assert list_error(cloud, "_x=1", "admin", minor=1) == (400, "Invalid filter field: _x.")
    assert list_error(cloud, "locked=maybe")[1].startswith("Invalid input received: Unrecognized value 'maybe'")
    assert list_error(cloud, "name=(")[0] == list_error(cloud, "launch_index=(", "admin")[0] == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort_dir=asc", "abc"),
        ("sort_key=display_name&sort_dir=asc", "cab"),
        ("sort_key=project_id", "abc"),
        ("sort_key=key_name&sort_dir=asc", "acb"),
        ("sort_key=key_name", "bac"),
        ("sort_key=vm_state&sort_key=created_at&sort_dir=desc&sort_dir=asc", "cab"),
        ("sort_key=vm_state&sort_key=created_at&sort_dir=desc", "cab"),
        ("sort_key=instance_type_id", "cab"),
        ("sort_key=locked", "abc"),
        ("sort_key=uuid&sort_dir=desc", "cba"),
    ],
)
def test_servers_are_sorted(cloud: Cloud, query: str, found: str):
    assert list_names(cloud, query) == found


def test_ignored_sort_keys_ignore_their_direction_too(cloud: Cloud):
    assert list_names(cloud, "sort_key=id&sort_dir=asc", minor=1) == "cba"
    assert list_names(cloud, "sort_key=id&sort_key=created_at&sort_dir=desc&sort_dir=asc", minor=1) == "abc"
    assert list_names(cloud, "sort_key=locked", minor=72) == "cba"


def test_invalid_sort_keys_are_refused(cloud: Cloud):
    assert list_error(cloud, "sort_key=host") == (403, "Only administrators can sort servers by host")
    assert list_names(cloud, "sort_key=host&all_tenants=1", "admin") == "fabcg"
    assert list_error(cloud, "sort_dir=up")[1].endswith("Unknown sort direction, must be 'desc' or 'asc'")
    assert list_error(cloud, "sort_dir=asc&sort_dir=asc")[1].endswith("Sort direction size exceeds sort key size")


def test_a_page_begins_after_the_marker(cloud: Cloud):
    assert list_names(cloud, "marker=b") == "a"
    assert list_names(cloud, "marker=e") == list_names(cloud, "marker=f") == list_names(cloud, "marker=") == "cba"
    assert list_names(cloud, "marker=c&name=web") == "ba"
    assert list_names(cloud, "marker=a&sort_key=key_name&sort_dir=asc") == "cb"
    assert list_error(cloud, "marker=nosuch") == (400, "marker [nosuch] not found")


def test_pages_are_limited(cloud: Cloud):
    assert list_names(cloud, "limit=2") == "cb"
    assert list_names(cloud, "limit=0") == ""
    assert list_error(cloud, "limit=")[0] == list_error(cloud, "limit=-1")[0] == 400
    small = cloud_of([*surroundings(), SMALL, server("a", 1), server("b", 2), server("c", 3)], max_limit=2)
    assert list_names(small) == list_names(small, "limit=99") == "cb"


@pytest.mark.parametrize("path", ["/servers", "/servers/detail"])
def test_following_the_links_returns_every_server_once(cloud: Cloud, path: str):
    query, seen, pages = "limit=1&name=.&status=ACTIVE&status=SHUTOFF", "", 0
    while True:
        body = ask(cloud, query, path=path).body
        seen, pages = seen + "".join(server["id"] for server in body["servers"]), pages + 1
        if "servers_links" not in body:
            break
        (link,) = body["servers_links"]
        parts = urlsplit(link["href"])
        assert (link["rel"], parts.path) == ("next", "/v2.1" + path)
        query = parts.query
    assert (seen, pages) == ("cba", 4), "a full page always has a link, also the last one"
