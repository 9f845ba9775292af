"""A server with a volume, and requests to the volume service."""

from __future__ import annotations

from tests.play import Play


class Attached(Play):
    """A server with a volume, and requests to the volume service."""

    def __init__(self) -> None:
        super().__init__()
        self.project = self.callers["demo"].project_id
        self.web = self.create()
        self.volume = self.new_volume()
        self.attach()

    def cinder(self, method: str, path: str, body=None, who: str = "demo", minor: int = 71):
        return self.ask(method, f"/v3/{self.callers[who].project_id}{path}", body, who, minor, service="volume")

    def new_volume(self, **fields) -> str:
        answer = self.cinder("POST", "/volumes", {"volume": {"size": 1, **fields}})
        assert answer.code == 202, answer
        return answer.body["volume"]["id"]

    def attach(self, volume: str = "", server: str = ""):
        body = {"volumeAttachment": {"volumeId": volume or self.volume}}
        return self.ask("POST", f"/servers/{server or self.web}/os-volume_attachments", body)

    def shown(self, volume: str = "") -> dict:
        return self.cinder("GET", f"/volumes/{volume or self.volume}").body["volume"]

    def run(self, action: str, arguments=None, who: str = "demo", minor: int = 71, volume: str = ""):
        path = f"/volumes/{volume or self.volume}/action"
        return self.cinder("POST", path, {action: arguments or {}}, who, minor)


def message(answer, code: int = 400) -> str:
    """The message of a refusal with a code."""
    assert answer.code == code, answer
    return next(iter(answer.body.values()))["message"]
