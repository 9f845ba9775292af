"""
The prefixes of a subnet pool, and what is still free of them.

Source: neutron/ipam/subnet_alloc.py, SubnetPoolReader and SubnetAllocator.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from novasim.errors import BadRequest

Prefix = Any  # ipaddress.IPv4Network or IPv6Network


def read_prefixes(texts: list[str]) -> list[Prefix]:
    """The prefixes in a request, without overlaps. Raises BadRequest: they are invalid, or of both versions (400)."""
    if not texts:
        raise BadRequest(reason="Empty subnet pool prefix list.", type="EmptySubnetPoolPrefixList")
    prefixes: list[Prefix] = [_parse(text) for text in texts]
    if len({prefix.version for prefix in prefixes}) > 1:
        raise BadRequest(reason="Cannot mix IPv4 and IPv6 prefixes in a subnet pool.", type="PrefixVersionMismatch")
    return list(ipaddress.collapse_addresses(prefixes))


def _parse(text: str) -> Prefix:
    try:
        prefix = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise BadRequest(reason=f"Invalid input for prefixes. Reason: '{text}' is not a valid IP subnet.") from None
    if "/" not in text:
        raise BadRequest(
            reason=f"Invalid input for prefixes. Reason: '{text}' isn't a recognized IP subnet cidr, '{prefix}' is "
            "recommended."
        )
    return prefix


def parse_all(texts: Iterable[str]) -> list[Prefix]:
    """Prefixes that are stored."""
    return [ipaddress.ip_network(text) for text in texts]


def contains_all(prefixes: list[Prefix], others: list[Prefix]) -> bool:
    """Whether each of the other prefixes is in one of the prefixes."""
    return all(any(other.subnet_of(prefix) for prefix in prefixes) for other in others)


def overlap(prefixes: list[Prefix], others: list[Prefix]) -> bool:
    """Whether a prefix overlaps with one of the other prefixes, which are of the same version."""
    return any(prefix.overlaps(other) for prefix in prefixes for other in others)


def list_free(prefixes: list[Prefix], used: list[Prefix]) -> list[Prefix]:
    """What is free of the prefixes, as the fewest ranges; the smallest ranges first."""
    free = list(prefixes)
    for taken in used:
        free = [part for prefix in free for part in _subtract(prefix, taken)]
    return sorted(ipaddress.collapse_addresses(free), key=lambda prefix: -prefix.prefixlen)


def _subtract(prefix: Prefix, taken: Prefix) -> list[Prefix]:
    if not prefix.overlaps(taken):
        return [prefix]
    return [] if prefix.subnet_of(taken) else list(prefix.address_exclude(taken))
