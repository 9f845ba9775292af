"""Claims of hosts, migrations and tasks agree with the servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from novasim.records import Allocation, Host, InstanceAction, Migration, Server, Task
from novasim.simulation.migrations import OVER
from tests.games.game import Game

MOVES = {"resize": "resize", "migrate": "migration", "live-migration": "live-migration", "evacuate": "evacuation"}
WAITING = {"finished", "done", "completed", "confirmed", "reverted", "cancelled", "error", "failed"}


def check_usage(game: Game) -> Iterator[str]:
    """The usage of a host is the sum of the claims on it, and Placement shows the same."""
    claims = game.all(Allocation)
    for host in game.all(Host):
        own = [claim for claim in claims if claim.host == host.name]
        sums = [sum(getattr(claim, name) for claim in own) for name in ("vcpus", "ram_mb", "disk_gb")]
        if sums != [host.used_vcpus, host.used_ram_mb, host.used_disk_gb]:
            yield f"{host.name} uses {host.used_vcpus}, {host.used_ram_mb}, {host.used_disk_gb}, not {sums}"


def check_placement(game: Game) -> Iterator[str]:
    """Placement's usages of providers and projects are those of the claims."""
    claims, ask = game.all(Allocation), game.callers["admin"]
    providers = game.ask("GET", "/resource_providers", None, ask.user_name, 39, "placement").body["resource_providers"]
    for provider in providers:
        usage = game.ask("GET", f"/resource_providers/{provider['uuid']}/usages", None, "admin", 39, "placement")
        ram = sum(claim.ram_mb for claim in claims if claim.host == provider["name"])
        if usage.body["usages"]["MEMORY_MB"] != ram:
            yield f"Placement shows {usage.body} for {provider['name']}, which has {ram} MiB claimed"


def check_claims(game: Game) -> Iterator[str]:
    """A server on a host has a claim on it; other claims belong to moves."""
    claims = {claim.consumer: claim for claim in game.all(Allocation)}
    busy = {task.server_id for task in game.all(Task) if not task.timer}
    servers = {server.id: server for server in game.all(Server)}
    migrations = {migration.id: migration for migration in game.all(Migration)}
    for server in servers.values():
        claim = claims.get(server.id)
        if claim and server.deleted:
            yield f"the deleted server {server.id} has a claim on {claim.host}"
        elif claim and not server.host and server.id not in busy:
            yield f"server {server.id} ({server.vm_state}) is on no host and has a claim on {claim.host}"
        elif server.host and not server.deleted and server.id not in busy:
            yield from _check_claim(server, claim)
    for consumer, claim in claims.items():
        if claim.server_id not in servers or servers[claim.server_id].deleted:
            yield f"a claim of a server that does not exist: {claim}"
        elif consumer not in servers and consumer not in migrations:
            yield f"a claim of neither a server nor a migration: {claim}"
        elif consumer in migrations and migrations[consumer].status in OVER - {"done", "error"}:
            yield f"a claim of a migration that is {migrations[consumer].status}: {claim}"


def _check_claim(server: Server, claim: Allocation | None) -> Iterator[str]:
    if claim is None or claim.host != server.host:
        yield f"server {server.id} ({server.vm_state}) is on {server.host}, and its claim is {claim}"
    elif (claim.vcpus, claim.ram_mb) != (server.flavor["vcpus"], server.flavor["ram"]):
        yield f"server {server.id} claims {claim}, and its flavor is {server.flavor}"


def check_tasks(game: Game) -> Iterator[str]:
    """A task_state is shown while a task runs, and no longer."""
    servers = {server.id: server for server in game.all(Server)}
    tasks = {task.id: task for task in game.all(Task) if not task.timer}
    for task in game.all(Task):
        if task.server_id not in servers or servers[task.server_id].deleted:
            yield f"a task of a server that does not exist: {task}"
    for server in servers.values():
        if server.task_state is not None and server.id not in tasks:
            yield f"server {server.id} shows {server.task_state} without a task"


def check_migrations(game: Game) -> Iterator[str]:
    """Each accepted move has a record, and a record is in progress only while its move is."""
    records = Counter((each.server_id, each.migration_type) for each in game.all(Migration))
    for entry, count in Counter((each.server_id, each.action) for each in game.all(InstanceAction)).items():
        if entry[1] in MOVES and records[entry[0], MOVES[entry[1]]] != count:
            yield f"{count} times {entry[1]} of {entry[0]}, and {records[entry[0], MOVES[entry[1]]]} records"
    tasks = {task.id: task for task in game.all(Task) if not task.timer}
    for migration in game.all(Migration):
        task = tasks.get(migration.server_id)
        is_moving = task is not None and (
            task.args.get("migration") == migration.id or task.action in ("confirm-resize", "revert-resize")
        )
        if migration.status not in WAITING and not is_moving:
            yield f"a migration is {migration.status}, and its server has the task {task}"


CHECKS = (check_usage, check_placement, check_claims, check_tasks, check_migrations)
