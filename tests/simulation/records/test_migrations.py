"""Migration records: what a move stores when it is accepted."""

from __future__ import annotations

import pytest

from novasim.records import Migration, Server
from novasim.simulation.migrations import OVER, UNDER_WAY, create_migration, find_latest_migration, set_target
from tests.play import Play

SMALL, BIG = {"id": "1", "disk": 1}, {"id": "2", "disk": 2}


@pytest.fixture
def world():
    with Play().cloud.writing() as world:
        yield world


def server(**fields: object) -> Server:
    usual = {"id": "s", "name": "s", "project_id": "p", "user_id": "u", "created_at": "", "updated_at": ""}
    return Server(**usual | {"flavor": SMALL, "host": "host1"} | fields)


def test_the_record_of_a_resize(world):
    args = {"user_id": "a", "project_id": "q", "host": "host3"}
    record = create_migration(world, server(), "resize", "migrating", args, BIG)
    assert args["migration"] == record.id
    assert world.tx.get(Migration, record.id) is record
    assert (record.number, record.server_id, record.migration_type, record.status) == (1, "s", "resize", "migrating")
    assert (record.source_host, record.dest_host, record.user_id, record.project_id) == ("host1", None, "a", "q")
    assert (record.old_flavor, record.new_flavor) == (SMALL, BIG)
    assert record.created_at == record.updated_at == world.time


def test_a_move_without_another_flavor_or_caller(world):
    record = create_migration(world, server(host=None), "migration", "migrating", {})
    assert (record.new_flavor, record.source_host, record.user_id, record.project_id) == (SMALL, "", "u", "p")
    assert create_migration(world, server(), "migration", "migrating", {}).number == 2


@pytest.mark.parametrize(
    ("kind", "args", "target"),
    [
        ("evacuation", {"host": "host2"}, "host2"),
        ("evacuation", {}, None),
        ("live-migration", {"host": "host2"}, None),
        ("live-migration", {"host": "host2", "forced": True}, "host2"),
        ("migration", {"host": "host2", "forced": True}, None),
    ],
)
def test_a_target_that_the_scheduler_does_not_choose_is_known_at_once(world, kind, args, target):
    assert create_migration(world, server(), kind, "accepted", args).dest_host == target


def test_a_target_that_the_scheduler_chooses(world):
    record = create_migration(world, server(), "migration", "migrating", {})
    record.updated_at = ""
    set_target(world, record, "host2", "pre-migrating")
    assert (record.dest_host, record.status, record.updated_at) == ("host2", "pre-migrating", world.time)


def test_the_latest_resize_or_migration_with_a_status(world):
    assert find_latest_migration(world, server(), "finished") is None
    kinds = ("resize", "migration", "live-migration", "evacuation")
    create_migration(world, server(), "resize", "finished", {})
    records = [create_migration(world, server(), kind, "finished", {}) for kind in kinds]
    create_migration(world, server(), "resize", "confirmed", {})
    create_migration(world, server(id="t"), "resize", "finished", {})
    assert find_latest_migration(world, server(), "finished") is records[1]


def test_the_statuses_of_migrations_that_are_under_way_and_of_those_that_are_over():
    """From nova/db/main/api.py, migration_get_in_progress_by_instance, and nova/objects/migration.py."""
    assert sorted(UNDER_WAY) == ["post-migrating", "preparing", "queued", "running"]
    assert sorted(OVER) == ["cancelled", "completed", "confirmed", "done", "error", "failed", "reverted"]
