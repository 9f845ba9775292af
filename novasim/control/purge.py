"""
Removal of deleted servers and expired tokens, which only make a cloud larger and slower to save.

Nova keeps deleted servers until an administrator archives and purges them.

Source: nova-manage db archive_deleted_rows --before and db purge.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

from novasim.cloud import Cloud
from novasim.control.clock import parse_moment
from novasim.records import Attachment, ConsoleToken, InstanceAction, Migration, Record, Server, ServerGroup, Trust
from novasim.simulation.time.clock import format_time
from novasim.simulation.world import World

MIN_KEPT = 10
"""As many deleted servers stay for purge_after at least, even if there are fewer servers."""
INTERVAL = 1.0  # seconds of wall time between two looks for servers to remove; longer in a large cloud
SERVERS_PER_SECOND = 1000  # each 1,000 deleted servers, which take about 10 ms, make the pause a second longer


class Purged(NamedTuple):
    """The numbers of removed records, by kind. The events of an action are part of it."""

    servers: int = 0
    actions: int = 0
    migrations: int = 0
    tokens: int = 0
    trusts: int = 0


def purge_cloud(cloud: Cloud, before: str | None = None) -> Purged:
    """
    Remove deleted servers from a cloud as `purge` does, in one unit of work.

    Args:
        before: A time as `control.clock.parse_moment` reads it; None for all deleted servers.

    Raises:
        UsageError: it has another form.
    """
    with cloud.writing(is_request=False, what="cloud purge") as world:
        return purge(world, None if before is None else parse_moment(before, world.now))


def purge(world: World, before: float | None = None) -> Purged:
    """
    Remove deleted servers with their actions, events, faults and migrations, and what has expired.

    Args:
        before: Only servers deleted earlier than this simulated time, in seconds since the epoch; None for all.
    """
    limit = None if before is None else format_time(before)
    deleted = world.tx.query(Server, {"deleted": True})
    return _remove(world, [server for server in deleted if limit is None or (server.deleted_at or "") < limit])


def purge_by_options(world: World) -> Purged:
    """
    Remove the deleted servers that the options purge_after and purge_surplus_after no longer keep.

    All stay for purge_surplus_after seconds. If there are then more than half as many as other servers, the surplus is
    removed, those that were deleted first. The others stay for purge_after seconds.
    """
    kept_for = world.option("purge_after")
    if not kept_for:
        return Purged()
    deleted = sorted(world.tx.query(Server, {"deleted": True}), key=lambda server: server.deleted_at or "")
    room = max((world.tx.count(Server) - len(deleted)) // 2, MIN_KEPT)
    surplus = deleted[: max(len(deleted) - room, 0)]
    old = format_time(world.now - min(kept_for, world.option("purge_surplus_after")))
    oldest = format_time(world.now - kept_for)
    gone = {server.id: server for server in surplus if (server.deleted_at or "") < old}
    gone |= {server.id: server for server in deleted if (server.deleted_at or "") < oldest}
    return _remove(world, gone.values())


class AutomaticPurge:
    """Purges a cloud by its options from time to time, while a server changes it."""

    def __init__(self) -> None:
        self._next, self._pause = 0.0, 0.0  # wall time of the next purge, and how long after the last one that is

    def run(self, world: World) -> None:
        """Purge, unless that was done a short time ago."""
        if 0 < self._next - world.wall_time <= self._pause:  # more if the wall clock was set back
            return
        purge_by_options(world)
        self._pause = INTERVAL + world.tx.count(Server, {"deleted": True}) / SERVERS_PER_SECOND
        self._next = world.wall_time + self._pause


def _remove(world: World, servers: Collection[Server]) -> Purged:
    ids = {server.id for server in servers}
    actions = sum(_remove_related(world, InstanceAction, id) for id in ids)
    migrations = sum(_remove_related(world, Migration, id) for id in ids)
    tokens = sum(_remove_related(world, ConsoleToken, id) for id in ids) + _remove_expired_tokens(world)
    for id in ids:
        _remove_related(world, Attachment, id)
    _delete(world, servers)
    _leave_groups(world, ids)
    return Purged(len(ids), actions, migrations, tokens, _remove_expired_trusts(world))


def _remove_related(world: World, kind: type[InstanceAction | Migration | ConsoleToken | Attachment], id: str) -> int:
    return _delete(world, world.tx.query(kind, {"server_id": id}))


def _delete(world: World, records: Collection[Record]) -> int:
    for record in records:
        world.tx.delete(record)
    return len(records)


def _leave_groups(world: World, ids: set[str]) -> None:
    for group in world.tx.query(ServerGroup) if ids else ():
        if not ids.isdisjoint(group.members):
            group.members = [id for id in group.members if id not in ids]
            world.tx.put(group)


def _remove_expired_tokens(world: World) -> int:
    """Remove tokens of consoles, and revoked tokens that would be invalid by now anyway."""
    consoles = _delete(world, [token for token in world.tx.query(ConsoleToken) if token.expires_at <= world.now])
    revoked = world.settings.revoked
    unexpired = {signature: expires for signature, expires in revoked.items() if expires > world.wall_time}
    if unexpired != revoked:
        world.settings.revoked = unexpired
        world.tx.put(world.settings)
    return consoles + len(revoked) - len(unexpired)


def _remove_expired_trusts(world: World) -> int:
    trusts = world.tx.query(Trust)
    return _delete(world, [trust for trust in trusts if world.wall_time >= (trust.expires or math.inf)])
