"""
Address pairs that a port may use beside its own addresses.

Source: neutron_lib/api/validators/allowedaddresspairs.py; neutron/db/allowedaddresspairs_db.py.
"""

from __future__ import annotations

import re
from typing import Any

from novasim.errors import BadRequest, Conflict

Pair = dict[str, Any]

MAX_PAIRS = 10
KEYS = {"mac_address", "ip_address"}
MAC = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)


def read_pairs(pairs: list[Pair] | None, port_mac: str, has_port_security: bool) -> list[Pair]:
    """
    Return the pairs as they were written; one without a MAC address has the port's.

    Raises:
        BadRequest: too many pairs, the same pair twice, or an invalid one (400). Conflict: no port security (409).
    """
    if not pairs:
        return []
    if not has_port_security:
        raise Conflict(
            reason="Port Security must be enabled in order to have allowed address pairs on a port.",
            type="AddressPairAndPortSecurityRequired",
        )
    if len(pairs) > MAX_PAIRS:
        raise BadRequest(
            reason=f"The number of allowed address pair exceeds the maximum {MAX_PAIRS}.",
            type="AllowedAddressPairExhausted",
        )
    for pair in pairs:
        _check_pair(pair)
    full = [{"mac_address": pair.get("mac_address") or port_mac, "ip_address": pair["ip_address"]} for pair in pairs]
    for number, pair in enumerate(full):
        if pair in full[:number]:
            raise BadRequest(
                reason=f"Request contains duplicate address pair: mac_address {pair['mac_address']} ip_address "
                f"{pair['ip_address']}.",
                type="DuplicateAddressPairInRequest",
            )
    return full


def _check_pair(pair: Pair) -> None:
    mac, address = pair.get("mac_address"), pair.get("ip_address")
    if "mac_address" in pair and not (isinstance(mac, str) and MAC.fullmatch(mac)):
        raise BadRequest(reason=f"'{mac}' is not a valid MAC address")
    if "ip_address" not in pair:
        raise BadRequest(reason="AllowedAddressPair must contain ip_address", type="AllowedAddressPairsMissingIP")
    if unknown := pair.keys() - KEYS:
        raise BadRequest(reason=f"Unrecognized attribute(s) '{', '.join(sorted(unknown))}'")
    if not (isinstance(address, str) and _is_address_or_network(address)):
        kind = "IP subnet" if "/" in str(address) else "IP address"
        raise BadRequest(reason=f"'{address}' is not a valid {kind}")


def _is_address_or_network(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True
