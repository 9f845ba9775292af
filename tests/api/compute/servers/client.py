"""A server with volumes to attach."""

from __future__ import annotations

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


class ServerWithVolumes(Play):
    """A server, and volumes to attach to it."""

    def __init__(self) -> None:
        super().__init__()
        self.project = self.callers["demo"].project_id
        self.web = self.create()

    def volume(self, who: str = "demo", **more: object) -> str:
        path = f"/v3/{self.callers[who].project_id}/volumes"
        answer = self.ask("POST", path, {"volume": {"size": 1, **more}}, who, service="volume")
        assert answer.code == 202, answer
        return answer.body["volume"]["id"]

    def volume_status(self, volume: str) -> str:
        path = f"/v3/{self.project}/volumes/{volume}"
        return self.ask("GET", path, service="volume").body["volume"]["status"]

    def attach(self, volume: str, server: str = "", minor: int = 96, **more: object):
        body = {"volumeAttachment": {"volumeId": volume, **more}}
        return self.ask("POST", f"/servers/{server or self.web}/os-volume_attachments", body, minor=minor)

    def attached(self, minor: int = 96, **query: str) -> list[dict]:
        answer = self.ask("GET", f"/servers/{self.web}/os-volume_attachments", minor=minor, **query)
        assert answer.code == 200, answer
        return answer.body["volumeAttachments"]

    def replace(self, volume: str, new: str, who: str = "demo", minor: int = 96, **more: object):
        body = {"volumeAttachment": {"volumeId": new, **more}}
        return self.ask("PUT", f"/servers/{self.web}/os-volume_attachments/{volume}", body, who, minor)


def ports(play: ServerWithVolumes) -> list[dict]:
    return play.ask("GET", f"/servers/{play.web}/os-interface").body["interfaceAttachments"]
