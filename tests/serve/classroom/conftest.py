"""A classroom that is served in the process of the test, without a socket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.classroom.room import CLOUDS, Room
from novasim.cli.lessons.known import open_library
from novasim.control.worlds import preview_cloud
from novasim.serve.background import BackgroundServer
from novasim.serve.classroom.router import ClassroomApp
from novasim.serve.clouds.opener import CloudOpener
from novasim.serve.clouds.pool import CloudPool
from novasim.serve.one_cloud import Access
from novasim.store.clouds import open_clouds
from tests.cli.conftest import User
from tests.serve.clouds.client import Client, HttpResponse


class Class(Client):
    """
    A classroom with the students Ann and Bob, and the lesson "power".

    Args:
        words: The join words.
    """

    def __init__(self, folder: Path, words: dict[str, str], has_names: bool = False) -> None:
        self.folder, self.words = folder, words
        self.room = Room(str(folder))
        clouds = open_clouds(str(folder / CLOUDS))
        self.pool = CloudPool(CloudOpener(clouds, Access()))
        super().__init__(ClassroomApp(self.room, clouds, self.pool, open_library(), has_names))

    async def join(self, name: str, word: str) -> HttpResponse:
        return await self.request("POST", "/join", {"name": name, "word": word})

    async def sign_in(self, cloud: str, user: str, password: str) -> HttpResponse:
        """Request a token."""
        identity = {"name": user, "password": password, "domain": {"id": "default"}}
        auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": identity}}}}
        return await self.request("POST", f"/{cloud}/identity/v3/auth/tokens", auth)

    async def page(self, path: str) -> str:
        return (await self.request("GET", path, headers={"accept": "text/html"})).content.decode()

    @contextmanager
    def listen(self) -> Iterator[str]:
        """Serve the classroom on a free port. Yields the URL."""
        server = BackgroundServer(preview_cloud())
        server.serve_with(self.app)  # type: ignore[arg-type]
        server.start()
        try:
            yield server.url
        finally:
            server.stop()

    async def __aenter__(self) -> Class:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.app.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("class")
    (folder / "roster.txt").write_text("Ann Lee\nBob <b>\n", "utf-8")
    found: list[dict[str, Any]] = User(folder / "own.json").json(
        f"classroom init {folder}/room --students {folder}/roster.txt --lesson power"
    )
    return folder / "room", {each["name"]: each["word"] for each in found}


@pytest.fixture
def served(_built: tuple[Path, dict[str, str]], tmp_path: Path) -> Class:
    shutil.copytree(_built[0], tmp_path / "room")
    return Class(tmp_path / "room", _built[1])
