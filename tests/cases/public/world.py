"""The things that the public cases name: images, volumes, servers and the entries of block device mappings."""

from __future__ import annotations

from typing import Any

from tests.play import Play


class Cases(Play):
    """
    A cloud of a member of a fresh project, at 2.96 and on the instant clock.

    `image` is cirros, `deb` debian-12 (min_disk 4), `ubu` ubuntu-24.04 (min_disk 5, min_ram 1024).
    """

    def __init__(self, clock: str = "instant", **options: Any) -> None:
        super().__init__(clock, **options)
        self.project = self.callers["demo"].project_id
        self.deb, self.ubu = (
            self.find_id("image", "/v2/images", "images", name) for name in ("debian-12", "ubuntu-24.04")
        )

    # --- requests ----------------------------------------------------------------------------------------------------

    def ask_for_server(self, minor: int = 96, who: str = "demo", **fields: Any):
        """Send a request for a server of m1.tiny with no network. Fields replace the usual ones."""
        body = {"name": "a", "flavorRef": "1", "imageRef": self.image, "networks": "none", **fields}
        if minor < 37:
            del body["networks"]
        hints = body.pop("hints", None)
        whole = {"server": body} | ({"os:scheduler_hints": hints} if hints else {})
        return self.ask("POST", "/servers", whole, who, minor)

    def server_of(self, **fields: Any) -> str:
        """Create a server and return its id."""
        answer = self.ask_for_server(**fields)
        assert answer.code == 202, answer
        return answer.body["server"]["id"]

    def cinder(self, method: str, path: str, body: Any = None, who: str = "demo", minor: int = 71):
        return self.ask(method, f"/v3/{self.callers[who].project_id}{path}", body, who, minor, service="volume")

    def neutron(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        return self.ask(method, f"/v2.0/{path}", body, who, service="network", **query)

    def attach(self, server: str, volume: str, minor: int = 96, **more: Any):
        body = {"volumeAttachment": {"volumeId": volume, **more}}
        return self.ask("POST", f"/servers/{server}/os-volume_attachments", body, minor=minor)

    def detach(self, server: str, volume: str):
        return self.ask("DELETE", f"/servers/{server}/os-volume_attachments/{volume}")

    # --- things ------------------------------------------------------------------------------------------------------

    def volume(self, **fields: Any) -> str:
        """VOL: a volume of 1 GiB, empty and not bootable. ROOT: with bootable. MULTI: with multiattach."""
        bootable = fields.pop("bootable", False)
        answer = self.cinder("POST", "/volumes", {"volume": {"size": 1, **fields}})
        assert answer.code == 202, answer
        id: str = answer.body["volume"]["id"]
        if bootable:
            assert self.cinder("POST", f"/volumes/{id}/action", {"os-set_bootable": {"bootable": True}}).code == 200
        return id

    def status(self, volume: str) -> str:
        return self.shown(volume)["status"]

    def shown(self, volume: str) -> dict[str, Any]:
        return self.cinder("GET", f"/volumes/{volume}").body["volume"]

    def image_to_volume(self, image: str = "", size: int = 1, **more: Any) -> dict[str, Any]:
        """The entry of a root disk on a new volume of an image."""
        types = {"source_type": "image", "destination_type": "volume", "boot_index": 0}
        return {"uuid": image or self.image, **types, "volume_size": size, **more}

    def bfv(self, flavor: str = "1", size: int = 1, **more: Any) -> str:
        """BFV: a server without imageRef on a new volume of IMG."""
        root = self.image_to_volume(size=size)
        return self.server_of(flavorRef=flavor, imageRef="", block_device_mapping_v2=[root], **more)

    def off(self) -> str:
        """OFF: a server that was shelved and is SHELVED_OFFLOADED."""
        server = self.create()
        assert self.act(server, "shelve").code == 202
        assert self.state(server) == ("SHELVED_OFFLOADED", None)
        return server

    def local(self, image: str = "") -> dict[str, Any]:
        """The entry of a root disk of an image."""
        types = {"source_type": "image", "destination_type": "local", "boot_index": 0}
        return {"uuid": image or self.image, **types}

    def vol(self, volume: str | None = None, **more: Any) -> dict[str, Any]:
        """The entry of a data disk on a volume, or without a uuid."""
        entry = {"source_type": "volume", "destination_type": "volume", "boot_index": -1, **more}
        return entry if volume is None else {"uuid": volume, **entry}

    def set_hosts(self, *names: str, disabled: bool = False, **values: Any) -> None:
        from novasim.control import hosts

        for name in names:
            if disabled:
                self.disable_host(name)
            hosts.change_host(self.cloud, name, **values)

    def fault(self, server: str) -> str:
        """The message of the fault of a server in ERROR."""
        assert self.state(server)[0] == "ERROR", self.state(server)
        return (self.server(server).fault or {})["message"]


def refusal(answer: Any, code: int) -> str:
    """The message of a refusal with this code."""
    assert answer.code == code, answer
    return str(next(iter(answer.body.values()))["message"])
