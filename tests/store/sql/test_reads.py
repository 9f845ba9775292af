"""What transactions over a database read: pages are those of other stores, and the whole cloud is never read."""

from __future__ import annotations

from typing import Any

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.control.worlds import create_default_world
from novasim.records import Image, Migration, Port, Project, Server, User
from novasim.store import open_store
from novasim.store.memory import MemoryStore
from novasim.store.sql.source import Source
from novasim.store.sql.sqlite import SqliteConnection
from novasim.store.transaction import Snapshot
from tests.store.worlds import id_number, port, server

MANY = 1000


@pytest.fixture(scope="module")
def stores(tmp_path_factory: Any) -> tuple[MemoryStore, Any]:
    """The same cloud of many servers in memory and in a database."""
    memory = MemoryStore()
    create_default_world(memory, seed=1)
    with memory.write() as tx:
        (project,), (user,) = tx.query(Project, {"name": "demo"}), tx.query(User, {"name": "demo"})
        for number in range(MANY):
            state = {0: "soft-delete", 1: "error"}.get(number % 7, "active")
            created = f"2026-01-{1 + number % 28:02}T00:00:00.000000Z"
            record = server(number, project_id=project.id, user_id=user.id, vm_state=state, created_at=created)
            record.deleted, record.host = number % 11 == 0, None
            tx.put(record)
            tx.put(port(number))
    database = open_store(f"sqlite:{tmp_path_factory.mktemp('reads') / 'cloud.db'}")
    database.restore(Snapshot(memory.tables()))  # type: ignore[attr-defined]
    return memory, database


def ask(store: Any, path: str, query: str = "", who: str = "demo") -> Any:
    cloud = Cloud(store, wall=lambda: 1e9)
    with store.read() as tx:
        caller = find_caller(tx, who)
    pairs = tuple(tuple(part.split("=")) for part in query.split("&") if part)
    answer = handle(cloud, Request(caller, "GET", path, 90, pairs))
    return answer.code, answer.body


def watch_reads(monkeypatch: Any) -> list[int]:
    """A list that gets the number of rows of each statement that reads from the database."""
    read = list[int]()
    select = Source._select

    def count(*args: Any) -> Any:
        rows = select(*args)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(Source, "_select", count)
    return read


@pytest.mark.parametrize(
    "query",
    [
        "",
        "limit=10",
        "limit=0",
        "limit=1000",
        f"limit=5&marker={id_number(500)}",
        f"limit=5&marker={id_number(0)}",  # a deleted one
        f"limit=5&marker={id_number(7)}",  # a soft-deleted one
        "limit=5&marker=nothing",
        "limit=7&sort_key=created_at&sort_dir=asc",
        "limit=7&sort_key=uuid&sort_dir=desc",
        "limit=7&sort_key=display_name",
        "limit=7&status=ERROR",
        "limit=900&status=ERROR",
        "limit=3&name=web1",
        "limit=3&name=^web17$",
        "limit=-1",
        "limit=x",
        "limit=3&sort_dir=sideways",
    ],
)
@pytest.mark.parametrize("who", ["demo", "admin"])
def test_a_page_is_that_of_other_stores(stores, query, who):
    query += "&all_tenants=1" if who == "admin" else ""
    memory, database = (ask(store, "/servers", query, who) for store in stores)
    assert memory == database


def test_all_pages_have_each_server_once(stores):
    ids, marker = list[str](), ""
    while page := ask(stores[1], "/servers", f"limit=97{marker}")[1]["servers"]:
        ids += [each["id"] for each in page]
        marker = f"&marker={ids[-1]}"
    assert len(ids) == len(set(ids))
    assert ids == [each["id"] for each in ask(stores[0], "/servers", "limit=1000")[1]["servers"]]


def test_the_whole_cloud_is_never_read(stores, monkeypatch):
    read = watch_reads(monkeypatch)
    for path, query in ((f"/servers/{id_number(5)}", ""), ("/servers/detail", "limit=20"), ("/servers", "name=^web5$")):
        read.clear()
        assert ask(stores[1], path, query)[0] == 200
        assert sum(read) < 200, (path, sum(read))
    read.clear()
    with stores[1].read() as tx:
        assert [each.id for each in tx.query(Port, {"device_id": id_number(9)})] == [port(9).id]
        assert tx.count(Server, {"deleted": False}) == MANY - (MANY + 10) // 11
        assert tx.count(Server) == MANY
        assert [each.id for each in tx.query(Server, order=["-created_at", "id"], limit=3)]
    assert sum(read) < 10


def test_a_page_of_few_servers_reads_each_server_about_twice(stores, monkeypatch):
    read = watch_reads(monkeypatch)
    assert len(ask(stores[1], "/servers", "limit=50&status=REBUILD")[1]["servers"]) == 0
    assert MANY / 2 < sum(read) < 2.5 * MANY


def test_usage_reads_no_deleted_servers(stores, monkeypatch):
    read = watch_reads(monkeypatch)
    assert ask(stores[1], "/limits")[0] == 200
    assert 0 < max(read) < MANY


def test_a_create_does_not_look_up_what_it_has_just_made(tmp_path, monkeypatch):
    """After the first create of a batch, everything else is in memory, too."""
    store = open_store(f"sqlite:{tmp_path / 'cloud.db'}", resident=True)
    create_default_world(store, seed=1, unlimited=True)
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    with store.read() as tx:
        caller, image = find_caller(tx, "demo"), tx.query(Image)[0].id
    body = {"server": {"name": "a", "flavorRef": "1", "imageRef": image, "networks": "auto"}}
    read = list[str]()
    select = Source._select
    monkeypatch.setattr(Source, "_select", lambda *args: read.append(args[1]) or select(*args))
    with Cloud(store).batch() as batch:
        for number in range(3):
            read.clear()
            assert handle(batch, Request(caller, "POST", "/servers", 90, (), body)).code == 202
            assert not (number and read), read
    with store.read() as tx:
        assert (tx.count(Server), tx.count(Port, {"device_owner": "compute:nova"})) == (3, 3)


@pytest.mark.parametrize(
    ("kind", "where", "order"),
    [
        (Server, {"name": "a", "project_id": "a", "deleted": False}, ()),
        (Server, {"name": "a"}, ()),
        (Server, {"host": "a", "deleted": False}, ()),
        (Server, {"reservation_id": "a"}, ()),
        (Server, {"project_id": "a", "deleted": False}, ("-created_at", "id")),
        (Server, {"deleted": False}, ("-created_at", "id")),
        (Port, {"device_id": "a", "network_id": "a"}, ()),
        (Port, {"device_id": "a"}, ()),
        (Migration, {"server_id": "a", "migration_type": "a"}, ()),
        (Migration, {"server_id": "a", "status": "a"}, ()),
    ],
)
def test_the_database_uses_the_index_that_selects_fewest(stores, monkeypatch, kind, where, order):
    plans = watch_plans(monkeypatch)
    with stores[1].read() as tx:
        tx.query(kind, where, order, limit=3)
    (plan,) = plans
    first = next(iter(where))
    assert f"{first}=?" in plan, plan
    assert not order or "TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize("is_admin", [False, True])
def test_a_page_after_a_marker_is_a_part_of_an_index(stores, monkeypatch, is_admin):
    with stores[1].read() as tx:
        scope = {} if is_admin else {"project_id": tx.query(Project, {"name": "demo"})[0].id}
        where, order = {**scope, "deleted": False}, ["-created_at", "id"]
        marker = tx.query(Server, where, order, limit=100)[-1]
        plans = watch_plans(monkeypatch)
        assert len(tx.query(Server, where, order, limit=100, after=marker.id)) == 100
    assert ["created_at=? AND id>?" in plans[0], "created_at<?" in plans[1]] == [True, True], plans
    assert not any("TEMP B-TREE" in plan for plan in plans), plans


def watch_plans(monkeypatch: Any) -> list[str]:
    """A list that gets the plan of each statement that reads documents."""
    plans = list[str]()
    select = SqliteConnection.select

    def explain(self: SqliteConnection, statement: str, values: Any = ()) -> Any:
        if "body" in statement:
            rows = select(self, f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append(" ".join(row[3] for row in rows))
        return select(self, statement, values)

    monkeypatch.setattr(SqliteConnection, "select", explain)
    return plans
