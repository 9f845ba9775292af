"""Resize, rebuild, rescue, shelve, images and consoles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.library.actions.base import ServerRequests, without_none

PROTOCOLS = {"novnc": "vnc", "spice-html5": "spice", "serial": "serial", "webmks": "mks"}


class BuildActions(ServerRequests):
    """Methods that raise a NovaFault if the action is refused."""

    def resize(self, flavor: str) -> None:
        """Change its flavor (name or id). `confirm_resize` or `revert_resize` follows."""
        self.act("resize", {"flavorRef": self._id_of("flavor", flavor)})

    def confirm_resize(self) -> None:
        """Confirm a resize or a cold migration."""
        self.act("confirm-resize")

    def revert_resize(self) -> None:
        """Revert a resize or a cold migration."""
        self.act("revert-resize")

    def rebuild(self, image: str, **fields: Any) -> None:
        """Rebuild it from an image (name or id). *fields* are more fields of the request, such as name or metadata."""
        self.act("rebuild", {"imageRef": self._id_of("image", image), **fields})

    def rescue(self, image: str | None = None, password: str | None = None) -> str:
        """Boot it from a rescue image (name or id; by default its own). Returns the password for it."""
        image_id = None if image is None else self._id_of("image", image)
        body = without_none(rescue_image_ref=image_id, adminPass=password)
        return str(self.act("rescue", body or None).body["adminPass"])

    def unrescue(self) -> None:
        """End the rescue."""
        self.act("unrescue")

    def shelve(self) -> None:
        """Stop it and keep it as an image."""
        self.act("shelve")

    def shelve_offload(self) -> None:
        """Remove it from its host after `shelve`."""
        self.act("shelve-offload")

    def unshelve(self, availability_zone: str | None = None, host: str | None = None) -> None:
        """Start it again after `shelve`, in a zone or on a host if it was offloaded."""
        self.act("unshelve", without_none(availability_zone=availability_zone, host=host) or None)

    def change_password(self, password: str) -> None:
        """Set the administrator password of its guest."""
        self.act("change-password", {"adminPass": password})

    def create_image(self, name: str, metadata: Mapping[str, str] | None = None) -> str:
        """Create an image of it. Returns the image's id."""
        body = {"name": name, **without_none(metadata=metadata)}
        return str(self.act("create-image", body).body["image_id"])

    def create_backup(self, name: str, backup_type: str, rotation: int) -> str:
        """
        Create a backup image, and delete the oldest ones of its type.

        Args:
            backup_type: Any word, such as daily. rotation: how many of them to keep.

        Returns:
            The image's id; "" with a rotation of 0, which creates none.
        """
        body = {"name": name, "backup_type": backup_type, "rotation": rotation}
        return str((self.act("create-backup", body).body or {}).get("image_id", ""))

    def console_log(self, lines: int | None = None) -> str:
        """Its console output, or the last *lines* of it."""
        return str(self.act("console-log", without_none(length=lines)).body["output"])

    def console_url(self, kind: str = "novnc") -> str:
        """The URL of a console: novnc, spice-html5, serial or webmks."""
        body = {"remote_console": {"protocol": PROTOCOLS.get(kind, kind), "type": kind}}
        return str(self._send("console-url", body).body["remote_console"]["url"])

    def diagnostics(self) -> dict[str, Any]:
        """Metrics of its guest, from the hypervisor (administrators)."""
        metrics: dict[str, Any] = self._send("diagnostics").body
        return metrics
