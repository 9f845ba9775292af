"""Validation of security group rules."""

from __future__ import annotations

from typing import Any

from novasim.errors import BadRequest
from novasim.simulation.world import World

PROTOCOLS = (
    "any",
    "tcp",
    "udp",
    "icmp",
    "icmpv6",
    "ipv6-icmp",
    "ah",
    "dccp",
    "egp",
    "esp",
    "gre",
    "igmp",
    "ipip",
    "ospf",
    "pgm",
    "rsvp",
    "sctp",
    "udplite",
    "vrrp",
)
FIELDS = (
    "direction",
    "ethertype",
    "protocol",
    "port_range_min",
    "port_range_max",
    "remote_ip_prefix",
    "remote_group_id",
    "description",
)
ICMP = ("icmp", "icmpv6", "ipv6-icmp", "1", "58")
MAX_PORT, MAX_ICMP_TYPE = 65535, 255


def build_rule(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """
    Return a new rule, as its group stores it.

    Raises:
        BadRequest: the protocol, the ports or the prefix are invalid, or contradict each other (400).
    """
    rule = {name: body.get(name) for name in FIELDS}
    rule |= {"ethertype": body.get("ethertype") or "IPv4", "description": body.get("description") or ""}
    if rule["protocol"] is not None:
        rule["protocol"] = None if rule["protocol"] in ("any", "0", 0) else str(rule["protocol"]).lower()
    _check_protocol(rule["protocol"])
    rule |= {name: _parse_port(rule[name]) for name in ("port_range_min", "port_range_max")}
    _check_ports(rule["protocol"], rule["port_range_min"], rule["port_range_max"])
    _check_remote(rule)
    return rule | {"id": world.ids.uuid(), "created_at": world.time[:19] + "Z"}


def _check_protocol(protocol: str | None) -> None:
    if protocol is None or protocol in PROTOCOLS or (protocol.isdecimal() and int(protocol) <= MAX_ICMP_TYPE):
        return
    raise BadRequest(
        reason=f"Security group rule protocol {protocol} not supported. Only protocol values "
        f"[{', '.join(PROTOCOLS)}] and integer representations [0 to 255] are supported.",
        type="SecurityGroupRuleInvalidProtocol",
    )


def _parse_port(value: Any) -> int | None:
    if value is None:
        return None
    if not (str(value).isascii() and str(value).isdecimal() and int(value) <= MAX_PORT):
        raise BadRequest(reason=f"Invalid value for port {value}", type="SecurityGroupInvalidPortValue")
    return int(value)


def _check_ports(protocol: str | None, low: int | None, high: int | None) -> None:
    if low is None and high is None:
        return
    if protocol is None:
        raise BadRequest(
            reason="Must also specify protocol if port range is given.",
            type="SecurityGroupProtocolRequiredWithPorts",
        )
    if protocol in ICMP:
        _check_type_and_code(low, high)
    elif low is None or high is None or low > high:
        raise BadRequest(
            reason="For TCP/UDP protocols, port_range_min must be <= port_range_max",
            type="SecurityGroupInvalidPortRange",
        )


def _check_type_and_code(low: int | None, high: int | None) -> None:
    for name, value in (("port_range_min", low), ("port_range_max", high)):
        if value is not None and value > MAX_ICMP_TYPE:
            field = "type" if name == "port_range_min" else "code"
            raise BadRequest(
                reason=f"Invalid value for ICMP {field} ({name}) {value}. It must be 0 to 255.",
                type="SecurityGroupInvalidIcmpValue",
            )
    if low is None:
        raise BadRequest(
            reason=f"ICMP code (port-range-max) {high} is provided but ICMP type (port-range-min) is missing.",
            type="SecurityGroupMissingIcmpType",
        )


def _check_remote(rule: dict[str, Any]) -> None:
    import ipaddress

    prefix = rule["remote_ip_prefix"]
    if prefix is None:
        return
    if rule["remote_group_id"] is not None:
        raise BadRequest(
            reason="Only remote_ip_prefix or remote_group_id may be provided.",
            type="SecurityGroupRemoteGroupAndRemoteIpPrefix",
        )
    try:
        family = f"IPv{ipaddress.ip_network(prefix, strict=False).version}"
    except ValueError:
        raise BadRequest(
            reason=f"Invalid input for remote_ip_prefix. Reason: '{prefix}' is not a valid IP subnet."
        ) from None
    if family != rule["ethertype"]:
        raise BadRequest(
            reason=f"Conflicting value ethertype {rule['ethertype']} for CIDR {prefix}",
            type="SecurityGroupRuleInvalidEtherType",
        )
