"""Nothing is left of a deleted server."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.records import Image, Port, Server, Volume, VolumeSnapshot
from tests.games.game import Game


def check_deleted_servers(game: Game) -> Iterator[str]:
    """No port, volume, image of shelving or group membership of a deleted server, and the API does not show it."""
    deleted = {server.id: server for server in game.all(Server) if server.deleted}
    for server in deleted.values():
        if game.ask("GET", f"/servers/{server.id}", who="admin").code != 404:
            yield f"the deleted server {server.id} is shown"
        yield from _check_volumes(game, server)
        yield from _check_image(game, server)
    yield from (f"a port of a deleted server: {port}" for port in game.all(Port) if port.device_id in deleted)
    if game.down_cells():  # the list of groups is an error then
        return
    for group in game.ask("GET", "/os-server-groups", who="admin", all_projects="1").body["server_groups"]:
        if members := deleted.keys() & set(group["members"]):
            yield f"a server group has deleted members: {members}"


def _check_volumes(game: Game, server: Server) -> Iterator[str]:
    with_snapshots = {snapshot.volume_id for snapshot in game.all(VolumeSnapshot)}
    for volume in game.all(Volume):
        is_free = not volume.attachments and volume.id not in with_snapshots | game.reset_volumes
        if volume.id in game.doomed.get(server.id, ()) and is_free and volume.status != "reserved":
            yield f"volume {volume.id} was to be deleted with server {server.id}"


def _check_image(game: Game, server: Server) -> Iterator[str]:
    for image in game.all(Image):
        if server.id in game.reset_servers:
            return
        if image.id == server.shelved_image_id and not image.protected and image.owner == server.project_id:
            yield f"the image {image.id} of the shelved server {server.id} is left"


CHECKS = (check_deleted_servers,)
