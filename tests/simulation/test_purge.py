"""Deleted servers are removed with all that belongs to them, by a command and by `serve`, and nothing else is."""

from __future__ import annotations

import pytest

from novasim import Cloud
from novasim.api.request import Request
from novasim.control.clock import parse_moment
from novasim.control.options import set_option
from novasim.control.purge import AutomaticPurge, Purged, purge, purge_by_options, purge_cloud
from novasim.errors import NotFound, UsageError
from novasim.records import TABLES, ConsoleToken, Server, Settings, Trust
from novasim.serve.writer import handle_batch
from novasim.simulation.time.clock import SEEDED_EPOCH

M1 = {"flavor": "m1.tiny", "image": "cirros"}


@pytest.fixture
def cloud():
    return Cloud.in_memory(clock="manual", seed=1)


def create(cloud, *names):
    for name in names:
        cloud.servers.create(name, **M1)
    cloud.clock.advance("1m")


def delete(cloud, *names):
    for name in names:
        cloud.servers.get(name).delete()
    cloud.clock.advance("1m")


def deleted(cloud):
    """The names of the deleted servers that an administrator sees, oldest first."""
    found = cloud.as_("admin").get("/servers", [("deleted", "True"), ("all_tenants", "1"), ("sort_dir", "asc")])
    return [server["name"] for server in found["servers"]]


def purge_now(cloud):
    with cloud.world.writing(is_request=False) as world:
        return purge_by_options(world)


def tables(cloud):
    """The numbers of all records, by table, and everything that mentions a server by its id."""
    with cloud.world.store.read() as tx:
        return {name: tx.query(kind) for name, kind in TABLES.items()}


def test_nothing_is_left_of_a_purged_server(cloud):
    group = cloud.request("POST", "/os-server-groups", {"server_group": {"name": "g", "policy": "affinity"}}).body
    hints = {"group": group["server_group"]["id"]}
    cloud.request("POST", "/servers", {"server": server_body(cloud, "gone"), "os:scheduler_hints": hints})
    create(cloud, "stays")
    gone = cloud.servers.get("gone")
    with cloud.world.writing(is_request=False) as world:
        world.tx.put(ConsoleToken(id="t", server_id=gone.id, console_type="novnc", host="h", port=1, expires_at=9e9))
    cloud.as_("admin").servers.get("gone").act("migrate")
    cloud.clock.advance("1m")
    gone.confirm_resize()
    cloud.clock.advance("1m")
    kept = {name: [each for each in rows if gone.id not in repr(each)] for name, rows in tables(cloud).items()}
    delete(cloud, "gone")
    assert purge_cloud(cloud.world) == Purged(servers=1, actions=4, migrations=1, tokens=1)
    after = tables(cloud)
    assert gone.id not in repr(after)
    for name in ("servers", "instance_actions", "migrations", "ports", "allocations", "attachments", "tasks"):
        assert after[name] == kept[name], name
    assert after["server_groups"][0].members == []
    assert cloud.servers.get("stays").status == "ACTIVE"
    with pytest.raises(NotFound):
        cloud.get(f"/servers/{gone.id}/os-instance-actions")


def server_body(cloud, name):
    flavor, image = cloud.id_of("flavor", "m1.tiny"), cloud.id_of("image", "cirros")
    return {"name": name, "flavorRef": flavor, "imageRef": image, "networks": "auto"}


def test_counts_say_what_was_removed(cloud):
    create(cloud, "a", "b")
    delete(cloud, "a")
    assert purge_cloud(cloud.world) == Purged(servers=1, actions=2)
    assert purge_cloud(cloud.world) == Purged()


def test_only_servers_deleted_before_a_time_are_removed(cloud):
    create(cloud, "a", "b", "c")
    for name in "abc":
        delete(cloud, name)
    with cloud.world.reading() as world:
        now = world.now
    assert purge_cloud(cloud.world, "150s").servers == 1 and deleted(cloud) == ["b", "c"]
    with cloud.world.writing(is_request=False) as world:
        assert purge(world, now - 90).servers == 1
    assert deleted(cloud) == ["c"]
    assert purge_cloud(cloud.world, "2020-01-01").servers == 0
    assert purge_cloud(cloud.world, "2100-01-01T12:00:00").servers == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-01-01", 0),
        ("2026-01-01T01:00", 3600),
        ("2026-01-01T01:00:00Z", 3600),
        ("2026-01-01T01:00:00.5+01:00", 0.5),
        ("1h", 7200 - 3600),
        ("0s", 7200),
    ],
)
def test_moments(text, seconds):
    assert parse_moment(text, SEEDED_EPOCH + 7200) == SEEDED_EPOCH + seconds


@pytest.mark.parametrize("text", ["", "yesterday", "-1h", "2026-13-01", "nans", "1e99d"])
def test_other_texts_are_refused(text):
    with pytest.raises(UsageError):
        parse_moment(text, 0.0)


def test_expired_tokens_and_trusts_are_removed(cloud):
    with cloud.world.writing(is_request=False) as world:
        now, wall = world.now, world.wall_time
        for id, at in (("old", now - 1), ("new", now + 100)):
            world.tx.put(ConsoleToken(id=id, server_id="s", console_type="novnc", host="h", port=1, expires_at=at))
        for id, at in (("old", wall - 1), ("new", wall + 1000), ("endless", None)):
            world.tx.put(Trust(id=id, trustor_user_id="a", trustee_user_id="b", impersonation=True, expires=at))
        world.settings.revoked = {"old": wall - 1, "new": wall + 1000}
        world.tx.put(world.settings)
    assert purge_cloud(cloud.world) == Purged(tokens=2, trusts=1)
    with cloud.world.store.read() as tx:
        assert [each.id for each in tx.query(ConsoleToken)] == ["new"]
        assert [each.id for each in tx.query(Trust)] == ["new", "endless"]
        assert set(tx.get(Settings, "cloud").revoked) == {"new"}


def test_deleted_servers_stay_for_purge_after(cloud):
    create(cloud, "a")
    delete(cloud, "a")
    cloud.clock.advance("58m")
    assert purge_now(cloud).servers == 0 and deleted(cloud) == ["a"]
    cloud.clock.advance("2m")
    assert purge_now(cloud).servers == 1 and deleted(cloud) == []
    set_option(cloud.world, "purge_after", "7200")
    create(cloud, "b")
    delete(cloud, "b")
    cloud.clock.advance("90m")
    assert purge_now(cloud).servers == 0 and deleted(cloud) == ["b"]
    set_option(cloud.world, "purge_after", "0")
    cloud.clock.advance("1d")
    assert purge_now(cloud) == Purged() and deleted(cloud) == ["b"]


def put_servers(cloud, living, gone, age):
    """Put servers into the store, the deleted ones with names from the one deleted first."""
    from novasim.simulation.time.clock import format_time

    with cloud.world.writing(is_request=False) as world:
        fields = {"project_id": cloud.caller.project_id, "user_id": cloud.caller.user_id, "updated_at": world.time}
        for number in range(living + gone):
            at = format_time(world.now - age - gone + number)
            more = {"deleted": True, "deleted_at": at, "vm_state": "deleted"} if number < gone else {}
            world.tx.put(Server(id=f"s{number}", name=f"s{number:03}", created_at=at, **fields, **more))


@pytest.mark.parametrize(
    ("living", "gone", "age", "left"),
    [(0, 10, 60, 10), (0, 30, 60, 10), (40, 20, 60, 20), (40, 30, 60, 20), (40, 30, 0, 20), (0, 30, 0, 10)],
)
def test_surplus_is_removed_first_deleted_first(cloud, living, gone, age, left):
    put_servers(cloud, living, gone, age)
    purge_now(cloud)
    assert deleted(cloud) == [f"s{number:03}" for number in range(gone - left, gone)]


@pytest.mark.parametrize(("seconds", "left"), [("0", 10), ("15", 15), ("25", 25), ("9999", 30)])
def test_surplus_stays_for_purge_surplus_after(cloud, seconds, left):
    set_option(cloud.world, "purge_surplus_after", seconds)
    put_servers(cloud, 0, 30, 0)
    purge_now(cloud)
    assert len(deleted(cloud)) == left


def test_serve_purges_from_time_to_time(cloud):
    wall = [1000.0]
    cloud.world.wall = lambda: wall[0]
    automatic = AutomaticPurge()
    request = Request(cloud.caller, "GET", "/servers")

    def left_after_a_batch():
        assert [response.code for response in handle_batch(cloud.world, [request], automatic)] == [200]
        return len(deleted(cloud))

    put_servers(cloud, 0, 30, 60)
    assert left_after_a_batch() == 10
    put_servers(cloud, 0, 30, 60)
    assert left_after_a_batch() == 30
    wall[0] += 5
    assert left_after_a_batch() == 10
    put_servers(cloud, 0, 30, 60)
    wall[0] -= 500  # the wall clock was set back
    assert left_after_a_batch() == 10


def test_a_purge_is_one_unit_of_work(cloud):
    create(cloud, "a", "b")
    delete(cloud, "a", "b")
    before = cloud.world.store.dump()

    def purge_and_fail():
        with cloud.world.writing(is_request=False) as world:
            assert purge(world).servers == 2
            raise UsageError("too late")

    with pytest.raises(UsageError):
        purge_and_fail()
    assert cloud.world.store.dump() == before
