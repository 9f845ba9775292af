"""A server of another project is not found, by any path, action or caller; locks and administrators."""

from __future__ import annotations

import itertools

import pytest

from novasim.api.compute.routes import ROUTES
from novasim.lifecycle.action import NEWEST
from novasim.lifecycle.actions import ACTIONS
from tests import each_case
from tests.play import Play

# Nova asks the policy before it looks whose server it is.
ASKED_FIRST = {
    "/servers/{server_id}/tags",
    "/servers/{server_id}/tags/{tag}",
    "/servers/{server_id}/migrations",
    "/servers/{server_id}/migrations/{number}",
    "/servers/{server_id}/migrations/{number}/action",
}
PATHS = [
    route
    for route in ROUTES
    if "{server_id}" in route.path
    and not route.path.endswith("/servers/{server_id}/action")
    and route.handler != "proxies.removed:refuse_removed"
]
ARGUMENTS = {
    "rebuild": {"imageRef": "00000000-0000-4000-8000-000000000000"},
    "resize": {"flavorRef": "2"},
    "createImage": {"name": "n"},
    "createBackup": {"name": "n", "backup_type": "d", "rotation": 1},
    "changePassword": {"adminPass": "x"},
    "addFixedIp": {"networkId": "1"},
    "removeFixedIp": {"address": "192.0.2.1"},
    "addFloatingIp": {"address": "192.0.2.1"},
    "removeFloatingIp": {"address": "192.0.2.1"},
    "addSecurityGroup": {"name": "g"},
    "removeSecurityGroup": {"name": "g"},
    "os-getVNCConsole": {"type": "novnc"},
    "os-getConsoleOutput": {},
    "os-getSPICEConsole": {"type": "spice-html5"},
    "os-getSerialConsole": {"type": "serial"},
    "os-getRDPConsole": {"type": "rdp-html5"},
}
MEMBERS_ACTIONS = sorted(
    name
    for name, action in ACTIONS.items()
    if action.api_key and action.policy and "reset" not in name and "inject" not in name
)


@pytest.fixture(scope="module")
def play():
    return Play()


@pytest.fixture(scope="module")
def server(play):
    return play.create()


@each_case("route", PATHS)
def test_a_foreign_server_is_not_found_by_any_path(play, server, route):
    names = {
        "server_id": server,
        "tag": "t",
        "key": "k",
        "volume_id": server,
        "port_id": server,
        "request_id": "req-1",
        "number": "1",
        "label": "private",
        "share_id": server,
    }
    path = route.path.format(**names)
    before = play.store.dump()
    body = (
        {"tags": ["t"]}
        if route.path.endswith("/tags")
        else {"force_complete": None}
        if route.path.endswith("number}/action")
        else None
    )
    answer = play.ask(route.method, path, body, "other", minor=min(route.until, NEWEST))
    allowed = (403, 404) if route.path in ASKED_FIRST else (400, 404) if route.method in ("POST", "PUT") else (404,)
    assert answer.code in allowed, answer
    assert play.store.dump() == before


@each_case("name", MEMBERS_ACTIONS)
def test_a_foreign_server_is_not_found_by_any_action(play, server, name):
    action = ACTIONS[name]
    arguments = dict([action.selector]) if action.selector else ARGUMENTS.get(action.api_key)
    before = play.store.dump()
    answer = play.act(server, action.api_key, arguments, "other", minor=min(action.until, NEWEST))
    assert answer.code in (400, 403, 404), answer
    if answer.code == 404 and action.api_key != "removeFloatingIp":  # there the address is looked for first
        assert server in str(answer.fault)
    assert play.store.dump() == before


LOCKERS = ("demo", "admin")
ASKERS = ("demo", "admin", "reader")


@pytest.mark.parametrize(("locker", "asker"), list(itertools.product(LOCKERS, ASKERS)))
def test_a_lock_blocks_all_but_administrators(locker, asker):
    """matrix_settled: lock of owner and administrator, seen by each."""
    play = Play()
    server = play.create()
    assert play.act(server, "lock", None, locker).code == 202
    answer = play.act(server, "os-stop", None, asker)
    expected = {
        "demo": (409, f"Instance {server} is locked"),
        "admin": (202, ""),
        "reader": (403, "Policy doesn't allow os_compute_api:servers:stop to be performed."),
    }
    assert (answer.code, str(answer.fault or "")) == expected[asker]


@pytest.mark.parametrize(
    ("locker", "asker", "code"),
    [
        ("demo", "demo", 202),
        ("demo", "admin", 202),
        ("admin", "admin", 202),
        ("admin", "demo", 403),
        ("demo", "reader", 403),
        ("admin", "reader", 403),
    ],
)
def test_only_the_locker_and_administrators_may_unlock(locker, asker, code):
    play = Play()
    server = play.create()
    play.act(server, "lock", None, locker)
    assert play.act(server, "unlock", None, asker).code == code
    assert bool(play.server(server).locked_by) == (code != 202)


def test_an_override_defines_who_is_an_administrator():
    play = Play()
    server = play.create()
    with play.store.write() as tx:
        from novasim.records import Settings

        settings = tx.get(Settings, "cloud")
        settings.policy = {"context_is_admin": "role:operator"}
        tx.put(settings)
    play.callers["operator"] = play.callers["other"]._replace(roles=("reader", "member", "operator"))
    assert play.ask("GET", f"/servers/{server}", who="operator").code == 200
    assert play.ask("GET", f"/servers/{server}", who="admin").code == 404
    play.act(server, "lock")
    assert play.act(server, "os-stop", None, "operator").code in (202, 403)
