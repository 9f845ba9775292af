"""A client of the image service."""

from __future__ import annotations

from typing import Any

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests.play import Play

FORMATS = {"disk_format": "raw", "container_format": "bare"}


class ImageClient:
    """The image service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        return handle(self.play.cloud, self.request(path, tuple(query.items()), method, body, who))

    def request(
        self, path: str, query: tuple[tuple[str, str], ...], method: str = "GET", body: Any = None, who: str = "demo"
    ) -> Request:
        return Request(self.play.callers[who], method, "/v2" + path, 1, query, body, "image")

    def make(self, who: str = "demo", data: bytes | None = None, **attributes: Any) -> str:
        answer = self.ask("POST", "/images", FORMATS | attributes, who)
        assert answer.code == 201, answer.body
        if data is not None:
            assert self.ask("PUT", f"/images/{answer.body['id']}/file", data, who).code == 204
        return answer.body["id"]

    def names(self, who: str = "demo", **query: str) -> list[str]:
        answer = self.ask("GET", "/images", None, who, **query)
        assert answer.code == 200, answer.body
        return [image["name"] for image in answer.body["images"]]
