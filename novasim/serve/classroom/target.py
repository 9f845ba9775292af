"""What `serve --classroom` does: opens the classroom, and says how students join."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from novasim.errors import UsageError
from novasim.render.output import print_message, print_whole
from novasim.serve.classroom.join_page import join_line
from novasim.serve.one_cloud import Access

if TYPE_CHECKING:
    from novasim.serve.one_cloud import Served
    from novasim.store.clouds import Clouds

NOT_HERE = "A classroom has other passwords than --print-env and --write-clouds-yaml know; students use 'novasim join'."
SOMEWHERE = ("192.0.2.1", 9)  # an address that is used nowhere; a UDP socket sends nothing to it


class Classroom:
    """
    A classroom.

    Args:
        folder: Its folder. commands: The names of all commands of novasim, for reading lessons.
        has_names: Whether the board shows each student.

    Raises:
        RoomError: the folder is not a classroom.
    """

    def __init__(self, folder: str, commands: frozenset[str], has_names: bool) -> None:
        from novasim.classroom.room import Room

        self._folder, self._commands, self._has_names = folder, commands, has_names
        self._room = Room(folder)

    def create(self, access: Access) -> None:
        if access.has_open_control:
            raise UsageError("In a classroom only the student and the teacher control a cloud; leave --control out.")

    def close(self) -> None:
        pass

    def open(self, access: Access, worker: int) -> Served:
        from novasim.serve.classroom.router import ClassroomApp
        from novasim.serve.clouds.opener import CloudOpener
        from novasim.serve.clouds.pool import CloudPool
        from novasim.teach.lessons.library import Library

        clouds = self._open_clouds()
        pool = CloudPool(CloudOpener(clouds, access, worker=worker))
        return ClassroomApp(self._room, clouds, pool, Library(self._commands), self._has_names)

    def describe(self, url: str) -> str:
        url = url.replace("://0.0.0.0:", f"://{_find_own_address()}:")
        print_message("Students join with:")
        print_whole(f"  {join_line(url)}")
        return f"Serving the classroom {self._folder} at {url} (to join: {url}/join)"

    def list_urls(self, url: str) -> list[tuple[str, str]]:
        return [(f"{url}/{name}", name) for name in self._open_clouds().names()]

    def list_public_users(self) -> str:
        return ""

    def describe_logins(self) -> str:
        return (
            "Students choose their cloud as region, and log in as demo with the password that 'novasim join --env' "
            "prints. Teachers log in as teacher: 'novasim classroom password'."
        )

    def write_environment(self, url: str, who: str) -> str:
        raise UsageError(NOT_HERE)

    def write_clouds_yaml(self, path: str, url: str, who: str) -> None:
        raise UsageError(NOT_HERE)

    def _open_clouds(self) -> Clouds:
        from novasim.classroom.room import CLOUDS
        from novasim.store.clouds import open_clouds

        return open_clouds(self._room.path_of(CLOUDS))


def _find_own_address() -> str:
    """The address of this machine from which others are reached."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(SOMEWHERE)
            return str(sock.getsockname()[0])
        except OSError:
            return socket.gethostname()
