"""
The usage of quotas that the services show is what exists, and is within the limits.

Nova does not count servers in cells that are down, so a project may have more than its limit when they return.
"""

from __future__ import annotations

from collections.abc import Iterator

from novasim.lifecycle.states import SOFT_DELETED
from novasim.records import (
    FloatingIp,
    Keypair,
    Network,
    Port,
    Project,
    SecurityGroup,
    Server,
    ServerGroup,
    Volume,
    VolumeBackup,
    VolumeGroup,
    VolumeSnapshot,
)
from tests.games.game import SMALL_QUOTAS, Game

LIMITED = ("instances", "server_groups")  # of the others Nova can exceed the limit: a resize counts when it is finished


def check_compute(game: Game) -> Iterator[str]:
    """Instances, cores, RAM and server groups, of projects and of users in them."""
    for project in game.all(Project):
        users = {server.user_id for server in game.all(Server) if server.project_id == project.id}
        for user in ("", *sorted(users)):
            query = {"user_id": user} if user else {}
            path = f"/os-quota-sets/{project.id}/detail"
            shown = game.ask("GET", path, who="admin", **query).body["quota_set"]
            for name, count in _count_compute(game, project.id, user).items():
                if shown[name]["in_use"] != count:
                    yield f"{project.name} {user}: the quota shows {shown[name]} {name}, and there are {count}"
                if name in LIMITED and not game.had_down_cells and -1 < shown[name]["limit"] < count:
                    yield f"{project.name} {user} has {count} {name}, and the limit is {shown[name]['limit']}"
    for user, count in _count_by_user(game).items():
        if count > SMALL_QUOTAS["key_pairs"] and user != game.callers["admin"].user_id:
            yield f"{user} has {count} key pairs"


def _count_compute(game: Game, project: str, user: str) -> dict[str, int]:
    def is_own(each: Server | ServerGroup) -> bool:
        return each.project_id == project and user in ("", each.user_id)

    def is_counted(each: Server) -> bool:
        return not each.deleted and each.vm_state != SOFT_DELETED and each.host not in game.down_cells()

    servers = [each for each in game.all(Server) if is_own(each) and is_counted(each)]
    return {
        "instances": len(servers),
        "cores": sum(server.flavor["vcpus"] for server in servers),
        "ram": sum(server.flavor["ram"] for server in servers),
        "server_groups": sum(is_own(group) for group in game.all(ServerGroup)),
    }


def _count_by_user(game: Game) -> dict[str, int]:
    owners = [keypair.user_id for keypair in game.all(Keypair)]
    return {user: owners.count(user) for user in owners}


def check_volumes(game: Game) -> Iterator[str]:
    """Volumes, gigabytes, snapshots, backups and groups."""
    for project in game.all(Project):
        path = f"/v3/{game.callers['admin'].project_id}/os-quota-sets/{project.id}"
        shown = game.ask("GET", path, who="admin", service="volume", usage="True").body["quota_set"]
        volumes = [volume for volume in game.all(Volume) if volume.project_id == project.id]
        snapshots = [snapshot for snapshot in game.all(VolumeSnapshot) if snapshot.project_id == project.id]
        backups = [backup for backup in game.all(VolumeBackup) if backup.project_id == project.id]
        counts = {
            "volumes": len(volumes),
            "backups": len(backups),
            "backup_gigabytes": sum(backup.size for backup in backups),
            "snapshots": len(snapshots),
            "groups": sum(group.project_id == project.id for group in game.all(VolumeGroup)),
            "gigabytes": sum(each.size for each in (*volumes, *snapshots)),
        }
        yield from _compare(project, shown, counts, "in_use")


def check_network(game: Game) -> Iterator[str]:
    """Ports, floating IPs, security groups and networks."""
    kinds = {"port": Port, "floatingip": FloatingIp, "security_group": SecurityGroup, "network": Network}
    for project in game.all(Project):
        path = f"/v2.0/quotas/{project.id}/details"
        shown = game.ask("GET", path, who="admin", service="network").body["quota"]
        counts = {name: sum(each.project_id == project.id for each in game.all(kind)) for name, kind in kinds.items()}
        yield from _compare(project, shown, counts, "used")


def _compare(project: Project, shown: dict[str, dict[str, int]], counts: dict[str, int], used: str) -> Iterator[str]:
    for name, count in counts.items():
        if shown[name][used] != count:
            yield f"{project.name}: the quota shows {shown[name]} {name}, and there are {count}"
        if -1 < shown[name]["limit"] < count:
            yield f"{project.name} has {count} {name}, and the limit is {shown[name]['limit']}"


CHECKS = (check_compute, check_volumes, check_network)
