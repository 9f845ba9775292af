"""
The rule that a request to /os-security-group-rules describes.

Source: nova/network/security_group_api.py, parse_cidr and _new_ingress_rule.
"""

from __future__ import annotations

from typing import Any

from novasim.api.compute.proxies.security_group_views import ANYWHERE
from novasim.errors import BadRequest

Rule = dict[str, Any]

PROTOCOLS = ("TCP", "UDP", "ICMP")
MAX_PORT, MAX_TYPE = 65535, 255


def build_ingress_rule(body: Rule) -> Rule | None:
    """
    Return the rule with the keys `group_id`, `cidr`, `protocol`, `from_port` and `to_port` that it has.

    Returns:
        None if addresses are given without protocol and ports.

    Raises:
        BadRequest: the addresses, the protocol or the ports are invalid (400).
    """
    protocol, first, last = body.get("ip_protocol"), body.get("from_port"), body.get("to_port")
    if body.get("group_id") is None:
        rule: Rule = {"cidr": parse_cidr(body.get("cidr"))}
    else:
        rule = {"group_id": body["group_id"]}
        if first is None and last is None:
            first, last = _find_all_ports(str(protocol or ""))
    if protocol and first is not None and last is not None:
        return rule | _read_ports(str(protocol), first, last)
    return None if "cidr" in rule else rule


def _find_all_ports(protocol: str) -> tuple[int | None, int | None]:
    """The ports that a rule for a group gets if the request names none."""
    if protocol.upper() == "ICMP":
        return -1, -1
    return (1, MAX_PORT) if protocol.upper() in ("TCP", "UDP") else (None, None)


def parse_cidr(cidr: Any) -> str:
    """
    Return the addresses, by default all of IPv4.

    Raises:
        BadRequest: they are invalid or have no prefix length (400).
    """
    import ipaddress
    from urllib.parse import unquote

    if not cidr:
        return ANYWHERE
    text = unquote(cidr) if isinstance(cidr, str) else str(cidr)
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        text = ""
    if not text.partition("/")[2]:
        raise BadRequest(reason=f"{cidr} is not a valid IP network.")
    return text


def check_prefix(cidr: str) -> None:
    """Refuse (400) a prefix of length 0 of any other address than 0.0.0.0 or ::."""
    import ipaddress

    interface = ipaddress.ip_interface(cidr)
    if interface.network.prefixlen == 0 and int(interface.ip):
        raise BadRequest(reason=f"Bad prefix for network in cidr {cidr}")


def _read_ports(protocol: str, first: Any, last: Any) -> Rule:
    """Raises BadRequest: the protocol or the ports are invalid (400)."""
    kind = protocol.upper()
    try:
        first, last = int(first), int(last)
    except (TypeError, ValueError):
        what = "Type and Code must be integers for ICMP protocol type"
        other = "To and From ports must be integers"
        raise BadRequest(reason=f"Invalid input received: {what if kind == 'ICMP' else other}") from None
    if kind not in PROTOCOLS:
        raise BadRequest(reason=f"Invalid IP protocol {protocol}.")
    if message := _find_error(kind, first, last):
        raise BadRequest(reason=f"Invalid port range {first}:{last}. {message}")
    return {"protocol": protocol, "from_port": first, "to_port": last}


def _find_error(kind: str, first: int, last: int) -> str | None:
    if kind == "ICMP":
        are_valid = -1 <= first <= MAX_TYPE and -1 <= last <= MAX_TYPE
        return None if are_valid else "For ICMP, the type:code must be valid"
    if first > last:
        return "Former value cannot be greater than the later"
    return f"Valid {kind} ports should be between 1-{MAX_PORT}" if first < 1 or last > MAX_PORT else None
