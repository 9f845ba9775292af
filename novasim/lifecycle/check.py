"""Checks: the preconditions of actions besides lock, host and state, and the facts that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from novasim.errors import NovaFault, QuotaExceeded
from novasim.records import (
    Caller,
    Flavor,
    FloatingIp,
    Host,
    Image,
    Migration,
    Network,
    Port,
    SecurityGroup,
    Server,
    Volume,
)

RESTART_GUEST = "Restart the guest, whose power state is not that of an ACTIVE server: {novasim} reboot --hard {server}"
SHOW_QUOTA = "Show the quota and its usage: {novasim} quota show"

LOCK = "lock"  # what refusals for a lock name as the failed check

CheckFunction = Callable[..., Iterator[NovaFault]]


def _allow(rule: str) -> bool:
    return True


class Facts(NamedTuple):
    """
    The facts about a request that checks need. All are optional; a check ignores a fact that is None.

    Args:
        minor: The microversion 2.N, as N.
        allowed: Tells whether the caller satisfies a policy rule on the server.
        flavor_ref, image_ref, host_name: What the request names; flavor, image, host: what was found for it.
        quota_refusal, target_refusal: A refusal that was found while the facts were read.
        key_missing: Whether the request names a key pair that the user does not have.
        source_host: The host on which the server is.
        zone: The availability zone in which the server will be; zone_known: whether it exists.
        host_in_zone: Whether the host that the request names is in that zone.
        migration: The finished migration of the server; needs_migration: whether the request needs one.
        volume_backed: Whether the server boots from a volume; boot_image_id, boot_volume_size: the image that this
            volume was created from, and its size in GiB.
        snapshot_quota_excess: Why the quota does not allow snapshots of all volumes of the server; "" if it does.
        has_arguments: Whether the request has arguments; False if they are not known.
        requests_placement: Whether the request names a zone or a host.
        disk_config: The OS-DCF:diskConfig of the request.
        volume_ref: The volume that the request names; volume: what was found for it; volume_users: the servers that
            have it; missing_volume: its id if it is not attached to the server; is_root_volume: whether the server
            boots from it.
        new_volume_ref: The volume that replaces it; new_volume: what was found for it; new_volume_users: the
            servers that have it.
        used_device: The device name in the request, if a disk of the server has it; device_tag: the tag;
            reached_disk_limit: the option max_disk_devices_to_attach, if the server has that many disks.
        attached_volumes: All volumes of the server.
        server_ports: All ports of the server; None if no check needs them.
        group_ref: The security group that the request names; groups: the groups with that id or name.
        port_ref: The port that the request names; port: what was found for it.
        network_ref: The network that the request names; networks: the networks that the new port can be on;
            network_is_forbidden: whether the caller may not use the first one; network_takes_groups: whether security
            groups fit it.
        ports_left: How many ports the project's quota still allows; None if it has no limit or no port is created.
        fixed_ip_ref: The fixed address that the request names; address_refusal: why the new port does not get it, or
            any address.
        floating_ip_ref: The floating address that the request names; floating_ip: what was found for it; fixed_ip: the
            address of the server that it would get; association_refusal: why it cannot get it.
        tag: The tag of a server that the request names; metadata_key: the key of a metadata item.
        trusted_certs: The certificates that the request names for the image.
        item_refusal: The refusal of too many metadata items, or too many or too large files.
    """

    minor: int = 1
    allowed: Callable[[str], bool] = _allow
    flavor_ref: str | None = None
    flavor: Flavor | None = None
    image_ref: str | None = None
    image: Image | None = None
    quota_refusal: QuotaExceeded | None = None
    key_missing: bool = False
    host_name: str | None = None
    host: Host | None = None
    source_host: Host | None = None
    zone: str | None = None
    zone_known: bool = True
    host_in_zone: bool = True
    migration: Migration | None = None
    needs_migration: bool = False
    volume_backed: bool = False
    boot_image_id: str | None = None
    boot_volume_size: int | None = None
    snapshot_quota_excess: str = ""
    has_arguments: bool = False
    requests_placement: bool = False
    target_refusal: NovaFault | None = None
    disk_config: str | None = None
    volume_ref: str | None = None
    volume: Volume | None = None
    volume_users: tuple[str, ...] = ()
    missing_volume: str | None = None
    is_root_volume: bool = False
    new_volume_ref: str | None = None
    new_volume: Volume | None = None
    new_volume_users: tuple[str, ...] = ()
    used_device: str | None = None
    device_tag: str | None = None
    reached_disk_limit: int | None = None
    attached_volumes: tuple[Volume, ...] = ()
    server_ports: tuple[Port, ...] | None = None
    group_ref: str | None = None
    groups: tuple[SecurityGroup, ...] = ()
    port_ref: str | None = None
    port: Port | None = None
    network_ref: str | None = None
    networks: tuple[Network, ...] | None = None
    network_is_forbidden: bool = False
    network_takes_groups: bool = True
    ports_left: int | None = None
    fixed_ip_ref: str | None = None
    address_refusal: NovaFault | None = None
    floating_ip_ref: str | None = None
    floating_ip: FloatingIp | None = None
    fixed_ip: str | None = None
    association_refusal: NovaFault | None = None
    tag: str | None = None
    metadata_key: str | None = None
    trusted_certs: tuple[str, ...] = ()
    item_refusal: NovaFault | None = None


class Check(NamedTuple):
    """
    A precondition of actions.

    Args:
        name: Identifies the check; a refusal carries it.
        requires: What the check requires, in a sentence for users.
        remedy: What helps against a refusal, in lines with at most one command each. {novasim} stands for the command
            of the same caller, {admin} for that of an administrator, {server} and {host} for their names, {host_up}
            for the command that brings the host up.
        code: The HTTP code of a refusal.
        facts: The names of the facts that the function takes; "server" and "caller" are among them.
        function: Yields the refusals, given these facts.
    """

    name: str
    requires: str
    remedy: str
    code: int
    facts: tuple[str, ...]
    function: CheckFunction

    def refusals(self, server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
        """Yield every refusal; none if the check holds. Each refusal carries the name of the check."""
        known = {"server": server, "caller": caller, **facts._asdict()}
        for refusal in self.function(*[known[name] for name in self.facts]):
            refusal.facts.setdefault("check", self.name)
            yield refusal

    def holds(self, server: Server, caller: Caller, facts: Facts) -> bool:
        """Whether the check refuses nothing."""
        return not any(self.refusals(server, caller, facts))


def check(*, requires: str, remedy: str, code: int = 400) -> Callable[[CheckFunction], Check]:
    """Turn a function into a `Check`: its name and the names of its parameters become those of the check."""

    def build(function: CheckFunction) -> Check:
        facts = function.__code__.co_varnames[: function.__code__.co_argcount]
        return Check(function.__name__, requires, remedy, code, facts, function)

    return build
