"""Migrations: lists, force-complete, abort."""

from __future__ import annotations

import pytest

from novasim.records import Allocation, Host, Migration, Server
from tests.play import Play

LIVE = {"host": None, "block_migration": "auto"}


@pytest.fixture
def live_migration():
    """A play in which a live migration is under way, and its server."""
    play = Play("manual")
    server = play.create()
    play.advance(10)
    assert play.act(server, "os-migrateLive", LIVE, "admin").code == 202
    play.advance(1)
    return play, server


def test_a_live_migration_is_listed_while_it_runs(live_migration):
    play, server = live_migration
    path = f"/servers/{server}/migrations"
    assert play.ask("GET", path).code == 403
    (view,) = play.ask("GET", path, who="admin").body["migrations"]
    assert (view["status"], view["source_compute"], view["server_uuid"]) == ("running", "host1", server)
    assert play.ask("GET", f"{path}/{view['id']}", who="admin").code == 200
    assert play.ask("GET", path, who="admin", minor=22).code == 404
    play.advance(10)
    assert play.ask("GET", path, who="admin").body == {"migrations": []}
    assert play.ask("GET", f"{path}/{view['id']}", who="admin").code == 404
    (listed,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert (listed["status"], listed["migration_type"]) == ("completed", "live-migration")


def test_force_complete_ends_a_migration_at_once(live_migration):
    play, server = live_migration
    path = f"/servers/{server}/migrations/1/action"
    assert play.ask("POST", path, {"force_complete": None}).code == 403
    assert play.ask("POST", path, {"force_complete": None}, "admin").code == 202
    assert play.state(server) == ("ACTIVE", None)
    assert play.server(server).host == "host2"
    assert [(claim.host, claim.consumer) for claim in play.all(Allocation)] == [("host2", server)]
    assert play.ask("POST", path, {"force_complete": None}, "admin").code == 409


def test_an_aborted_migration_changes_nothing(live_migration):
    play, server = live_migration
    assert play.ask("DELETE", f"/servers/{server}/migrations/1", who="admin").code == 202
    assert play.state(server) == ("ACTIVE", None)
    assert play.server(server).host == "host1"
    assert {host.name: host.used_vcpus for host in play.all(Host)} == {"host1": 1, "host2": 0, "host3": 0}
    assert play.ask("GET", "/os-migrations", who="admin").body["migrations"][0]["status"] == "cancelled"
    assert play.ask("DELETE", f"/servers/{server}/migrations/1", who="admin").code == 409
    assert play.ask("DELETE", f"/servers/{server}/migrations/9", who="admin").code == 409  # the state comes first


def test_migrations_are_filtered_and_paged():
    play = Play()
    servers = [play.create(f"s{number}") for number in range(3)]
    for server in servers:
        play.act(server, "resize", {"flavorRef": "2"})
    play.act(servers[0], "confirmResize")

    def listed(query, minor=96):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        return handle(play.cloud, Request(play.callers["admin"], "GET", "/os-migrations", minor, query)).body

    assert [m["id"] for m in listed(())["migrations"]] == [3, 2, 1]
    assert [m["id"] for m in listed((("status", "confirmed"),))["migrations"]] == [1]
    assert [m["instance_uuid"] for m in listed((("instance_uuid", servers[1]),))["migrations"]] == [servers[1]]
    page = listed((("limit", "2"),))
    assert len(page["migrations"]) == 2 and page["migrations_links"][0]["href"].endswith(page["migrations"][1]["uuid"])
    rest = listed((("limit", "2"), ("marker", page["migrations"][1]["uuid"])))
    assert [m["id"] for m in rest["migrations"]] == [1]
    assert "uuid" not in listed((), minor=58)["migrations"][0]


NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play("manual")


def test_all_migrations_are_filtered_and_paged(play, web1):
    play.act(web1, "migrate", None, "admin")
    play.advance(60)
    play.act(web1, "confirmResize")
    play.advance(60)
    play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
    play.advance(60)

    def kinds(minor: int = 96, **query: str) -> list[str]:
        answer = play.ask("GET", "/os-migrations", who="admin", minor=minor, **query)
        assert answer.code == 200, answer
        return [one["migration_type"] for one in answer.body["migrations"]]

    admin = play.callers["admin"]
    assert kinds() == ["live-migration", "migration"]
    assert kinds(migration_type="migration") == kinds(status="confirmed") == ["migration"]
    assert kinds(source_compute="host1") == ["migration"]
    assert kinds(host="host1", source_compute="host1") == kinds(host="host1") == kinds()  # host takes precedence
    assert kinds(hidden="0") == kinds() and kinds(hidden="1") == []
    assert kinds(host="nowhere") == kinds(instance_uuid=NOWHERE) == []
    assert kinds(project_id=admin.project_id, user_id=admin.user_id) == kinds()
    assert kinds(project_id=play.callers["demo"].project_id) == []
    page = play.ask("GET", "/os-migrations", who="admin", limit="1").body
    newest = page["migrations"][0]
    assert page["migrations_links"][0]["href"].endswith(f"limit=1&marker={newest['uuid']}")
    assert kinds(marker=newest["uuid"]) == ["migration"]
    assert play.ask("GET", "/os-migrations", who="admin", marker=NOWHERE).code == 400
    assert kinds(**{"changes-since": newest["updated_at"]}) == ["live-migration"]
    assert kinds(**{"changes-before": newest["created_at"]}) == ["migration"]
    assert "migration_type" not in play.ask("GET", "/os-migrations", who="admin", minor=22).body["migrations"][0]


def test_force_complete_needs_a_running_migration(play, web1):
    play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
    path = f"/servers/{web1}/migrations/1/action"
    refused = play.ask("POST", path, {"force_complete": None}, "admin")
    assert (refused.code, str(refused.fault)) == (
        400,
        f"Migration 1 state of instance {web1} is accepted. "
        "Cannot force complete while the migration is in this state.",
    )
    play.advance(1)
    assert play.act(web1, "lock", None, "admin").code == 202
    assert play.ask("POST", path, {"force_complete": None}, "admin").code == 202


def test_an_abort_refuses_an_unknown_migration_of_a_migrating_server(live_migration):
    play, server = live_migration
    refused = play.ask("DELETE", f"/servers/{server}/migrations/9", who="admin")
    assert (refused.code, str(refused.fault)) == (404, f"Migration 9 not found for instance {server}")


@pytest.mark.parametrize(("status", "minor", "code"), [("queued", 64, 400), ("queued", 65, 202), ("failed", 96, 400)])
def test_a_queued_migration_is_aborted_from_2_65(live_migration, status, minor, code):
    play, server = live_migration
    with play.cloud.writing() as world:
        (migration,) = world.tx.query(Migration)
        migration.status = status
        world.tx.put(migration)
    answer = play.ask("DELETE", f"/servers/{server}/migrations/1", who="admin", minor=minor)
    assert answer.code == code
    if code == 400:
        assert str(answer.fault) == (
            f"Migration 1 state of instance {server} is {status}. "
            "Cannot abort live migration while the migration is in this state."
        )
    assert play.ask("POST", f"/servers/{server}/migrations/1/action", {"force_complete": None}, "admin").code >= 400


@pytest.mark.parametrize("task_state", ["rebuilding", None])
def test_the_task_state_is_named_if_there_is_one(play, web1, task_state):
    with play.cloud.writing() as world:
        server = world.tx.get(Server, web1)
        server.task_state = task_state
        world.tx.put(server)
    refused = play.ask("POST", f"/servers/{web1}/migrations/1/action", {"force_complete": None}, "admin")
    assert (refused.code, str(refused.fault)) == (
        409,
        f"Cannot 'force_complete' instance {web1} while it is in task_state rebuilding"
        if task_state
        else f"Instance {web1} is in an invalid state for 'force_complete'",
    )


def test_only_live_migrations_in_progress_are_shown_and_linked(live_migration):
    play, server = live_migration
    (listed,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert [link["rel"] for link in listed["links"]] == ["self", "bookmark"]
    assert (listed["dest_compute"], listed["dest_host"]) == ("host2", None)
    play.advance(60)
    play.act(server, "migrate", None, "admin")
    play.advance(60)
    cold, live = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
    assert "links" not in live and "links" not in cold
    assert cold["dest_host"] == {host.name: host.host_ip for host in play.all(Host)}[cold["dest_compute"]]
    messages = [str(play.ask("GET", f"/servers/{server}/migrations/{n}", who="admin").fault) for n in (1, 2, 3)]
    assert messages == [
        f"Live migration 1 for server {server} is not in progress.",
        f"Migration 2 for server {server} is not live-migration.",
        f"In-progress live migration 3 is not found for server {server}.",
    ]


def test_managers_list_the_migrations_of_their_project_without_hosts(live_migration):
    play, server = live_migration
    demo = play.callers["demo"]
    play.callers["manager"] = demo._replace(roles=("reader", "member", "manager"))
    play.act(server, "lock", None, "admin")
    assert play.ask("GET", "/os-migrations", who="manager").code == 403
    assert play.ask("GET", "/os-migrations", who="manager", project_id="other").code == 403
    assert play.ask("GET", "/os-migrations", who="demo", project_id=demo.project_id).code == 403
    assert play.ask("GET", "/os-migrations", who="manager", project_id=demo.project_id).body == {"migrations": []}
    (view,) = play.ask("GET", f"/servers/{server}/migrations", who="manager").body["migrations"]
    assert (view["status"], view["source_compute"], view["dest_node"]) == ("running", None, None)


def test_changes_since_is_not_later_than_changes_before(live_migration):
    play, _ = live_migration
    times = {"changes-since": "2030-01-01T00:00:00Z", "changes-before": "2020-01-01T00:00:00Z"}
    refused = play.ask("GET", "/os-migrations", who="admin", **times)
    assert (refused.code, str(refused.fault)) == (
        400,
        "The value of changes-since must be less than or equal to changes-before.",
    )


def test_a_lock_blocks_force_complete_and_abort_for_members(play, web1):
    rules = {f"os_compute_api:servers:migrations:{verb}": "" for verb in ("force_complete", "delete")}
    with play.cloud.writing(is_request=False) as world:
        world.settings.policy |= rules
        world.tx.put(world.settings)
    play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
    play.advance(1)
    play.act(web1, "lock")
    path = f"/servers/{web1}/migrations/1"
    assert play.ask("POST", f"{path}/action", {"force_complete": None}).code == 409
    assert play.ask("DELETE", path).code == 409
    play.act(web1, "unlock")
    assert play.ask("DELETE", path).code == 202
