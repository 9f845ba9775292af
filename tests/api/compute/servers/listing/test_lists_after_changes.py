"""
Lists of servers after changes are, byte by byte, those of a cloud that has kept nothing.

Random games change everything that lists can show. Some reads also find tasks that are due and not yet saved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.api.views.rendered import RenderedServers
from novasim.cloud import Cloud
from novasim.control.options import set_policy_overrides
from novasim.records import Caller, Host, Port, Server
from novasim.serve.responses import encode_body
from novasim.store import open_store
from novasim.store.memory import MemoryStore
from novasim.store.transaction import Snapshot
from tests import extent
from tests.games.game import Game
from tests.games.play import draw_setup
from tests.games.steps import draw_step, list_opening
from tests.play import Play

STEPS = extent(30, 300)
LISTS = 8  # that a game compares again and again
CLOCKS = ("real", "manual", "instant")
CALLERS = ("demo", "demo", "admin", "admin", "mate", "other", "reader", "auditor")
MINORS = (1, 2, 16, 19, 26, 47, 69, 73, 83, 90, 96, 100, 104)
ENDPOINTS = ("http://127.0.0.1:8774", "http://cloud.example.com/compute")
FILTERS = (
    {},
    {},
    {},
    {"all_tenants": "1"},
    {"all_tenants": "1", "project_id": "other"},
    {"status": "ACTIVE"},
    {"status": "ERROR"},
    {"name": "s"},
    {"ip": "10"},
    {"deleted": "true", "all_tenants": "1"},
    {"changes-since": "2020-01-01T00:00:00"},
    {"flavor": "1"},
    {"host": "host1"},
    {"not-tags": "a"},
    {"locked": "true"},
)
ORDERS = (
    (),
    (),
    (("sort_key", "display_name"), ("sort_dir", "asc")),
    (("sort_key", "instance_type_id"), ("sort_key", "updated_at"), ("sort_dir", "desc")),
    (("sort_key", "task_state"),),
)
PAGES = ({}, {}, {"limit": "1"}, {"limit": "2"}, {"limit": "1000"}, {"limit": "-1"})


def draw_list(game: Play, random: Random) -> Request:
    """Draw a request for a list of servers that a client sends over HTTP."""
    query = (*random.choice(FILTERS).items(), *random.choice(ORDERS), *random.choice(PAGES).items())
    path, caller = random.choice(("/servers", "/servers/detail", "/servers/detail")), random.choice(CALLERS)
    endpoint = random.choice(ENDPOINTS)
    return Request(
        game.callers[caller], "GET", path, random.choice(MINORS), query, endpoint=endpoint, accepts_fragments=True
    )


def add_marker(game: Play, random: Random, request: Request) -> Request:
    """The request for another page, which begins after any server."""
    return request._replace(query=(*request.query, ("marker", random.choice(game.all(Server)).id)))


def answer_anew(game: Play, request: Request) -> Response:
    """The response of a cloud that has kept nothing."""
    store = MemoryStore(tables=game.store.tables())
    return handle(Cloud(store, game.cloud.wall), request._replace(accepts_fragments=False))


def play_and_compare(seed: int, database: str = "") -> Iterator[tuple[Request, Response, Response]]:
    """Play a game, in memory or in a database; yield lists with the responses of it and of a cloud without a past."""
    random = Random(seed)
    setup = draw_setup(random) | {"clock": CLOCKS[seed % len(CLOCKS)]}
    game, wall = Game(**setup), 0.0
    game.cloud.wall = lambda: wall
    auditor = Caller("auditor", game.callers["admin"].project_id, ("reader",), scope="system:all")
    game.callers["auditor"] = auditor
    for who in ("demo", "other"):
        game.create("s", who=who, min_count=3, max_count=3)
    if database:
        game.store = open_store(database)
        game.store.restore(Snapshot(game.cloud.store.tables()))
        game.cloud.store = game.store
    lists = [draw_list(game, random) for _ in range(LISTS)]
    for step in [*list_opening(), *(draw_step(random) for _ in range(STEPS))]:
        game.play(step)
        wall += random.choice((0.0, 0.0, 0.5, 3.0, 60.0))
        for drawn in random.sample(lists, 3):
            request = add_marker(game, random, drawn) if random.random() < 0.2 else drawn
            yield request, handle(game.cloud, request), answer_anew(game, request)


@pytest.mark.parametrize("seed", range(extent(4, 40)))
def test_lists_are_those_of_a_cloud_that_has_kept_nothing(seed, tmp_path):
    sizes = set()
    database = f"sqlite:{tmp_path}/cloud.db" if seed % 4 == 3 else ""
    for request, response, expected in play_and_compare(seed, database):
        assert response.code == expected.code, request
        assert encode_body(response.body) == encode_body(expected.body), request
        sizes.add(len(expected.body.get("servers", ())))
    assert len(sizes) > 1


def list_servers(play: Play) -> list[dict[str, Any]]:
    """All servers as administrators see them; fails if they are not those of a cloud that has kept nothing."""
    caller, query = play.callers["admin"], (("all_tenants", "1"), ("sort_key", "display_name"), ("sort_dir", "asc"))
    request = Request(caller, "GET", "/servers/detail", 96, query, accepts_fragments=True)
    content = encode_body(handle(play.cloud, request).body)
    assert content == encode_body(answer_anew(play, request).body)
    servers: list[dict[str, Any]] = json.loads(content)["servers"]
    return servers


def find_kept(play: Play) -> set[str]:
    """The ids of the servers whose JSON is still kept."""
    with play.store.read() as tx, tx.materialized_views() as views:
        assert views is not None
        rendered = views.get("rendered servers", RenderedServers)
        return {id for texts in rendered._texts.values() for id in texts}


def test_a_kept_list_is_only_for_callers_that_may_see_its_servers():
    play = Play()
    play.create("a", who="other")
    rules = {"index": "role:support or rule:context_is_admin", "detail": "rule:context_is_admin"}
    set_policy_overrides(
        play.cloud, {f"os_compute_api:servers:{name}:get_all_tenants": check for name, check in rules.items()}
    )
    support = play.callers["demo"]._replace(roles=("reader", "member", "support"))

    def code(caller: Caller, path: str = "/servers") -> int:
        request = Request(caller, "GET", path, 96, (("all_tenants", "1"),), accepts_fragments=True)
        return handle(play.cloud, request).code

    found = [code(support), code(play.callers["demo"]), code(support, "/servers/detail"), code(support)]
    assert found == [200, 403, 403, 200]
    set_policy_overrides(play.cloud, {})
    assert code(support) == 403


def put(path: str, body: Any, service: str = "compute") -> Callable[[Play], Response]:
    """A change by a PUT of the administrator. {a}, {service}, {network} and {port} in the path are ids."""

    def change(play: Play) -> Response:
        ids = {
            "a": next(server.id for server in play.all(Server) if server.name.startswith("a")),
            "service": next(host.service_id for host in play.all(Host) if host.name == "host1"),
            "network": play.network,
        }
        return play.ask("PUT", path.format(**ids), body, "admin", service=service)

    return change


def give_floating_ip(play: Play) -> Response:
    """Associate a floating IP with the port of c."""
    server = next(server.id for server in play.all(Server) if server.name == "c")
    port = next(port.id for port in play.all(Port) if port.device_id == server)
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    body = {"floatingip": {"floating_network_id": public, "port_id": port}}
    return play.ask("POST", "/v2.0/floatingips", body, "admin", service="network")


def create_another(play: Play) -> Response:
    """Create a server on host1, whose used resources change."""
    play.create("d", who="admin", availability_zone="nova:host1")
    return play.ask("GET", "/servers")


def test_lists_show_what_has_happened_since_the_last_save():
    play, wall = Play("real"), 0.0
    play.cloud.wall = lambda: wall
    play.create("a")
    queries: tuple[dict[str, str], ...] = ({}, {"status": "BUILD"}, {"status": "ACTIVE"}, {"sort_key": "task_state"})
    caller, revision = play.callers["demo"], play.store.revision()
    requests = [
        Request(caller, "GET", "/servers/detail", 96, tuple(query.items()), accepts_fragments=True) for query in queries
    ]
    contents = set()
    for wall in (0.0, 0.5, 1.5, 2.5, 9.0, 9.0):
        for request in requests:
            content = encode_body(handle(play.cloud, request).body)
            assert content == encode_body(answer_anew(play, request).body), (wall, request.query)
            contents.add(content)
    assert len(contents) > len(requests)
    assert play.store.revision() is revision


CHANGES = (
    (put("/servers/{a}", {"server": {"name": "a2"}}), "a"),
    (put("/servers/{a}/tags/x", None), "a"),
    (give_floating_ip, "c"),
    (create_another, ""),
    (put("/os-services/{service}", {"status": "disabled"}), "abd"),
    (put("/v2.0/networks/{network}", {"network": {"name": "other"}}, "network"), "abcd"),
    (put("/v2.0/networks/{network}", {"network": {"description": "x"}}, "network"), ""),
)


def add_address(play: Play) -> Response:
    """Give a another port."""
    server = next(server.id for server in play.all(Server) if server.name.startswith("a"))
    return play.ask("POST", f"/servers/{server}/os-interface", {"interfaceAttachment": {}})


def delete_flavor(play: Play) -> Response:
    """Delete the flavor of all servers."""
    return play.ask("DELETE", "/flavors/1", who="admin")


QUERIES = ({"ip": "10.0.0.4"}, {"flavor": "1"}, {"sort_key": "instance_type_id"}, {"name": "a"}, {"name": "^a2$"})


@pytest.mark.parametrize("change", [put("/servers/{a}", {"server": {"name": "a2"}}), add_address, delete_flavor])
def test_kept_selections_follow_changes(change):
    play = Play()
    for name in ("a", "b"):
        play.create(name)
    requests = [Request(play.callers["demo"], "GET", "/servers", 96, tuple(query.items())) for query in QUERIES]
    before = [handle(play.cloud, request).body for request in requests]
    assert change(play).code < 300
    after = [handle(play.cloud, request).body for request in requests]
    assert after != before
    assert after == [answer_anew(play, request).body for request in requests]


def test_only_what_a_change_affects_is_rendered_again():
    play = Play()
    for name, host in (("a", "host1"), ("b", "host1"), ("c", "host2")):
        play.create(name, who="admin", availability_zone=f"nova:{host}")
    for change, affected in CHANGES:
        names = {server["id"]: server["name"][0] for server in list_servers(play)}
        assert find_kept(play) == set(names)
        assert change(play).code < 300
        assert {names[id] for id in names.keys() - find_kept(play)} == set(affected)
