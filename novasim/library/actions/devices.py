"""Volumes, ports, addresses, security groups, metadata and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from novasim.library.actions.base import ServerRequests, without_none


class DeviceActions(ServerRequests):
    """Methods that raise a NovaFault if the action is refused."""

    def attach_volume(self, volume: str, **fields: Any) -> None:
        """Attach a volume (name or id). *fields*: device, tag, delete_on_termination."""
        self._send("attach-volume", {"volumeAttachment": {"volumeId": self._id_of("volume", volume), **fields}})

    def detach_volume(self, volume: str) -> None:
        """Detach a volume (name or id)."""
        self._send("detach-volume", volume_id=self._id_of("volume", volume))

    def swap_volume(self, volume: str, new: str) -> None:
        """Replace an attached volume with another (names or ids), as Cinder does in a migration (administrators)."""
        body = {"volumeAttachment": {"volumeId": self._id_of("volume", new)}}
        self._send("swap-volume", body, volume_id=self._id_of("volume", volume))

    def attach_port(
        self, port: str | None = None, network: str | None = None, fixed_ip: str | None = None
    ) -> dict[str, Any]:
        """Attach a port, or create one on a network (names or ids). Returns the attachment."""
        body = without_none(
            port_id=None if port is None else self._id_of("port", port),
            net_id=None if network is None else self._id_of("network", network),
            fixed_ips=None if fixed_ip is None else [{"ip_address": fixed_ip}],
        )
        attachment: dict[str, Any] = self._send("attach-port", {"interfaceAttachment": body}).body
        return dict(attachment["interfaceAttachment"])

    def detach_port(self, port: str) -> None:
        """Detach a port (name or id)."""
        self._send("detach-port", port_id=self._id_of("port", port))

    def add_floating_ip(self, address: str, fixed_ip: str | None = None) -> None:
        """Associate a floating IP with it, up to microversion 2.43, which is used."""
        self.act("add-floating-ip", without_none(address=address, fixed_address=fixed_ip))

    def remove_floating_ip(self, address: str) -> None:
        """Disassociate a floating IP from it, up to microversion 2.43, which is used."""
        self.act("remove-floating-ip", {"address": address})

    def add_fixed_ip(self, network: str) -> None:
        """Add an address on a network (name or id), up to microversion 2.43, which is used."""
        self.act("add-fixed-ip", {"networkId": self._id_of("network", network)})

    def remove_fixed_ip(self, address: str) -> None:
        """Remove an address, up to microversion 2.43, which is used."""
        self.act("remove-fixed-ip", {"address": address})

    def add_security_group(self, group: str) -> None:
        """Add a security group (name or id) to all its ports."""
        self.act("add-security-group", {"name": group})

    def remove_security_group(self, group: str) -> None:
        """Remove a security group (name or id) from all its ports."""
        self.act("remove-security-group", {"name": group})

    def set(self, **fields: str | None) -> None:
        """Change fields: name, description, hostname, accessIPv4, accessIPv6."""
        self._send("set", {"server": fields})

    def update_metadata(self, items: Mapping[str, str]) -> None:
        """Add or change items of its metadata; the others stay."""
        self._send("metadata-create", {"metadata": dict(items)})

    def replace_metadata(self, items: Mapping[str, str]) -> None:
        """Replace all of its metadata."""
        self._send("metadata-replace", {"metadata": dict(items)})

    def set_metadata_item(self, key: str, value: str) -> None:
        """Add or change one item of its metadata."""
        self._send("metadata-set-item", {"meta": {key: value}}, key=key)

    def delete_metadata_item(self, key: str) -> None:
        """Delete one item of its metadata."""
        self._send("metadata-delete-item", key=key)

    def add_tag(self, tag: str) -> None:
        """Add a tag."""
        self._send("tag-add", tag=tag)

    def replace_tags(self, tags: Iterable[str]) -> None:
        """Replace all of its tags."""
        self._send("tag-replace", {"tags": list(tags)})

    def delete_tag(self, tag: str) -> None:
        """Delete a tag."""
        self._send("tag-delete", tag=tag)

    def delete_tags(self) -> None:
        """Delete all of its tags."""
        self._send("tag-delete-all")
