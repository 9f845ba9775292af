"""A client of the volume service."""

from __future__ import annotations

from typing import Any

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"
ATTACHMENT = {"instance_uuid": NOWHERE, "mountpoint": "/dev/vdb"}


class VolumeClient:
    """The volume service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()
        self.project = self.play.callers["demo"].project_id

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        caller = self.play.callers[who]
        request = Request(caller, method, f"/v3/{caller.project_id}{path}", 60, tuple(query.items()), body, "volume")
        return handle(self.play.cloud, request)

    def volume(self, **attributes: Any) -> str:
        answer = self.ask("POST", "/volumes", {"volume": {"size": 1, **attributes}})
        assert answer.code == 202, answer.body
        return answer.body["volume"]["id"]

    def act(self, volume: str, key: str, given: Any = None, who: str = "demo"):
        return self.ask("POST", f"/volumes/{volume}/action", {key: given}, who)

    def show(self, volume: str, who: str = "demo") -> Any:
        return self.ask("GET", f"/volumes/{volume}", who=who).body["volume"]


def run_actions(cinder: VolumeClient, volume: str, *keys: str) -> list[str]:
    """The volume's status after each of these actions, which must be accepted."""
    seen = []
    for key in keys:
        given = ATTACHMENT if key == "os-attach" else {}
        assert cinder.act(volume, key, given).code == 202
        seen.append(cinder.show(volume)["status"])
    return seen


def error_message(answer) -> str:
    return answer.body["badRequest"]["message"]
