"""
Validation of security group rules.

Source: neutron/extensions/securitygroup.py; neutron/db/securitygroups_db.py, _validate_security_group_rule.
"""

from __future__ import annotations

from typing import Any

from novasim.errors import BadRequest, Conflict
from novasim.simulation.world import World
from novasim.strutils import without_fraction

NUMBERS = {
    "ah": 51,
    "dccp": 33,
    "egp": 8,
    "esp": 50,
    "gre": 47,
    "hopopt": 0,
    "icmp": 1,
    "igmp": 2,
    "ip": 0,
    "ipip": 4,
    "ipv6-encap": 41,
    "ipv6-frag": 44,
    "ipv6-icmp": 58,
    "icmpv6": 58,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "ipv6-route": 43,
    "ospf": 89,
    "pgm": 113,
    "rsvp": 46,
    "sctp": 132,
    "tcp": 6,
    "udp": 17,
    "udplite": 136,
    "vrrp": 112,
}
PORT_PROTOCOLS = ("dccp", "sctp", "tcp", "udp", "udplite")
IPV6_ONLY = ("ipv6-encap", "ipv6-frag", "ipv6-icmp", "icmpv6", "ipv6-nonxt", "ipv6-opts", "ipv6-route")
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
MAX_PORT, MAX_NUMBER = 65535, 255


def build_rule(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """
    Return a new rule, as its group stores it.

    Raises:
        BadRequest: the protocol, the ports or the prefix are invalid, or contradict each other (400).
    """
    rule = {name: body.get(name) for name in FIELDS}
    ethertype = _read_ethertype(body)
    rule |= {"ethertype": ethertype, "description": body.get("description") or ""}
    rule |= {name: _parse_port(rule[name]) for name in ("port_range_min", "port_range_max")}
    rule["remote_ip_prefix"] = _parse_prefix(rule["remote_ip_prefix"])
    rule["protocol"] = _read_protocol(rule["protocol"], ethertype)
    if (rule["port_range_min"], rule["port_range_max"]) == (1, MAX_PORT):
        rule |= {"port_range_min": None, "port_range_max": None}
    _check_ports(rule["protocol"], rule["port_range_min"], rule["port_range_max"])
    _check_ethertype(rule)
    return rule | {"id": world.ids.uuid(), "created_at": without_fraction(world.time)}


def _read_ethertype(body: dict[str, Any]) -> str:
    value = body.get("ethertype", "IPv4")
    for known in ("IPv4", "IPv6"):
        if isinstance(value, str) and value.lower() == known.lower():
            return known
    raise BadRequest(
        reason=f"Security group rule for ethertype '{value}' not supported. Allowed values are ['IPv4', 'IPv6'].",
        type="SecurityGroupRuleInvalidEtherType",
    )


def _read_protocol(value: Any, ethertype: str) -> str | None:
    """The protocol as the network service stores it: lower case, None for any, ICMP of IPv6 under its present name."""
    if value is None or value == "any":
        return None
    protocol = str(value).lower()
    number = NUMBERS.get(protocol, int(protocol) if protocol.isascii() and protocol.isdecimal() else -1)
    if not 0 <= number <= MAX_NUMBER:
        raise BadRequest(
            reason=f"Security group rule protocol {value} not supported. Only protocol values "
            f"{(None, 'any', *NUMBERS)} and integer representations [0 to 255] are supported.",
            type="SecurityGroupRuleInvalidProtocol",
        )
    if ethertype == "IPv6":
        return {"icmp": "ipv6-icmp", "icmpv6": "ipv6-icmp", "1": "58"}.get(protocol, protocol)
    return protocol


def find_number(protocol: str | None) -> int | None:
    """The number of a protocol; None for any."""
    return None if protocol is None else NUMBERS.get(protocol, int(protocol) if protocol.isdecimal() else None)


def _parse_port(value: Any) -> int | None:
    if value is None:
        return None
    if not (str(value).isascii() and str(value).isdecimal() and int(value) <= MAX_PORT):
        raise BadRequest(reason=f"Invalid value for port {value}", type="SecurityGroupInvalidPortValue")
    return int(value)


def _parse_prefix(prefix: str | None) -> str | None:
    """The addresses with their prefix length. The bits of the host stay."""
    import ipaddress

    if not prefix:
        return None
    try:
        return str(ipaddress.ip_interface(prefix))
    except ValueError:
        raise BadRequest(reason=f"{prefix} is not a valid IP subnet", type="InvalidCIDR") from None


def _check_ports(protocol: str | None, low: int | None, high: int | None) -> None:
    if low is None and high is None:
        return
    number = find_number(protocol)
    if number is None:
        raise BadRequest(
            reason="Must also specify protocol if port range is given.",
            type="SecurityGroupProtocolRequiredWithPorts",
        )
    if number in (NUMBERS["icmp"], NUMBERS["ipv6-icmp"]):
        _check_type_and_code(low, high)
    elif number in [NUMBERS[name] for name in PORT_PROTOCOLS]:
        _check_range(low, high)
    else:
        names = ", ".join(name.upper() for name in PORT_PROTOCOLS)
        raise BadRequest(
            reason=f"Ports cannot be specified for protocol {number}. Ports are only supported for {names}.",
            type="SecurityGroupInvalidProtocolForPort",
        )


def _check_range(low: int | None, high: int | None) -> None:
    if 0 in (low, high):
        raise BadRequest(reason="Invalid value for port 0", type="SecurityGroupInvalidPortValue")
    if low is None or high is None or low > high:
        raise BadRequest(
            reason="For TCP/UDP protocols, port_range_min must be <= port_range_max",
            type="SecurityGroupInvalidPortRange",
        )


def _check_type_and_code(low: int | None, high: int | None) -> None:
    for name, value in (("port_range_min", low), ("port_range_max", high)):
        if value is not None and value > MAX_NUMBER:
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


def _check_ethertype(rule: dict[str, Any]) -> None:
    """Refuse (400) addresses or a protocol of the other family, and two sources at once."""
    ethertype, prefix, protocol = rule["ethertype"], rule["remote_ip_prefix"], rule["protocol"]
    if prefix and (":" in prefix) != (ethertype == "IPv6"):
        raise BadRequest(
            reason=f"Conflicting value ethertype {ethertype} for CIDR {prefix}",
            type="SecurityGroupRuleParameterConflict",
        )
    if ethertype == "IPv4" and protocol in (*IPV6_ONLY, *(str(NUMBERS[name]) for name in IPV6_ONLY)):
        raise BadRequest(
            reason=f"Invalid ethertype {ethertype} for protocol {protocol}.",
            type="SecurityGroupEthertypeConflictWithProtocol",
        )
    if prefix and rule["remote_group_id"]:
        raise BadRequest(
            reason="Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
            type="SecurityGroupMultipleRemoteEntites",
        )


def check_new(rules: list[dict[str, Any]], rule: dict[str, Any]) -> None:
    """Refuse (409) a rule that is in a list of rules. Source: _check_for_duplicate_rules."""
    for other in rules:
        if _key(other) == _key(rule):
            raise Conflict(
                reason=f"Security group rule already exists. Rule id is {other['id']}.",
                type="SecurityGroupRuleExists",
            )


def _key(rule: dict[str, Any]) -> tuple[Any, ...]:
    """The fields that cannot be equal in two rules. All addresses of a family are equal to no address."""
    values = tuple(rule.get(name) for name in FIELDS if name not in ("description", "protocol", "remote_ip_prefix"))
    prefix = rule.get("remote_ip_prefix")
    return (*values, find_number(rule.get("protocol")), None if prefix in ("0.0.0.0/0", "::/0") else prefix)
