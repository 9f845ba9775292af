"""
The range of a new subnet, and the pool from which it is allocated.

Source: neutron/db/db_base_plugin_v2.py, _create_subnet_precommit and _get_subnetpool_id; neutron/ipam/subnet_alloc.py,
SubnetAllocator; neutron/ipam/requests.py, SubnetRequestFactory; neutron/db/ipam_backend_mixin.py.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from novasim.api.context import Context
from novasim.api.network.pools.prefixes import Prefix, list_free, parse_all
from novasim.api.network.pools.scopes import find_scopes
from novasim.api.network.pools.subnet_pools import find_default_pool, list_subnets, subnet_pools
from novasim.api.network.subnet_validation import parse_cidr
from novasim.errors import BadRequest, Conflict
from novasim.records import Network, Subnet, SubnetPool
from novasim.strutils import bool_from_string

QUOTA_UNITS = {4: 32, 6: 64}  # the length of the prefixes that a pool's default_quota counts


def choose_range(ctx: Context, network: Network, body: dict[str, Any], project: str) -> tuple[Prefix, str | None]:
    """
    Return the range of a new subnet, and the ID of its pool.

    Raises:
        BadRequest: the request is contradictory or beyond the bounds of the pool, or the network has subnets of
            another pool (400). NotFound: no such pool (404). Conflict: the pool has no such range, or the project
            has no more quota of it (409).
    """
    if body.get("cidr") and "prefixlen" in body:
        raise _bad_request("cidr and prefixlen must not be supplied together")
    pool = _find_pool(ctx, body)
    if pool is None:
        cidr = parse_cidr(body)
        _check_affinity(ctx, network, pool, cidr.version)
        return cidr, None
    if not body.get("cidr") and body.get("allocation_pools"):
        raise _bad_request("allocation_pools allowed only for specific subnet requests.")
    cidr = _allocate(ctx, pool, body, project)
    _check_affinity(ctx, network, pool, cidr.version)
    return cidr, pool.id


def _find_pool(ctx: Context, body: dict[str, Any]) -> SubnetPool | None:
    uses_default = bool_from_string(body.get("use_default_subnetpool", False))
    if uses_default and body.get("subnetpool_id"):
        raise _bad_request("subnetpool_id and use_default_subnetpool cannot both be specified")
    if body.get("subnetpool_id"):
        pool = subnet_pools.get_or_404(ctx, body["subnetpool_id"])
    elif not uses_default:
        return None
    else:
        version = parse_cidr(body).version if body.get("cidr") else int(body["ip_version"])
        default = find_default_pool(ctx, version)
        if default is None:
            raise _bad_request(f"No default subnetpool found for IPv{version}")
        pool = default
    if int(body["ip_version"]) != pool.ip_version:
        raise _bad_request(f"Cannot allocate IPv{body['ip_version']} subnet from IPv{pool.ip_version} subnet pool")
    return pool


def _allocate(ctx: Context, pool: SubnetPool, body: dict[str, Any], project: str) -> Prefix:
    requested = _read_range(pool, body)
    length = requested.prefixlen if requested else int(body.get("prefixlen", pool.default_prefixlen))
    _check_length(pool, length)
    subnets = list_subnets(ctx, pool)
    _check_quota(pool, [subnet for subnet in subnets if subnet.project_id == project], length)
    free = list_free(parse_all(pool.prefixes), parse_all(subnet.cidr for subnet in subnets))
    if requested:
        if not any(requested.subnet_of(prefix) for prefix in free):
            raise _no_range("Cannot allocate requested subnet from the available set of prefixes")
        return requested
    for prefix in free:
        if prefix.prefixlen <= length:
            return next(prefix.subnets(new_prefix=length))
    raise _no_range(f"Insufficient prefix space to allocate subnet size /{length}")


def _read_range(pool: SubnetPool, body: dict[str, Any]) -> Prefix | None:
    """The requested range: the cidr, or the one around the requested gateway."""
    if body.get("cidr"):
        return parse_cidr(body)
    if not body.get("gateway_ip"):
        return None
    length = int(body.get("prefixlen", pool.default_prefixlen))
    _check_length(pool, length)
    gateway: Prefix = ipaddress.ip_network(f"{body['gateway_ip']}/{length}", strict=False)
    if gateway.version != pool.ip_version:
        raise _bad_request(f"Cannot allocate IPv{gateway.version} subnet from IPv{pool.ip_version} subnet pool")
    return gateway


def _check_length(pool: SubnetPool, length: int) -> None:
    for is_wrong, word, bound, kind in (
        (length > pool.max_prefixlen, "maximum", pool.max_prefixlen, "MaxPrefixSubnetAllocationError"),
        (length < pool.min_prefixlen, "minimum", pool.min_prefixlen, "MinPrefixSubnetAllocationError"),
    ):
        if is_wrong:
            raise BadRequest(
                reason=f"Unable to allocate subnet with prefix length {length}, {word} allowed prefix is {bound}.",
                type=kind,
            )


def _check_quota(pool: SubnetPool, subnets: list[Subnet], length: int) -> None:
    """Refuse (409) a range beyond the pool's quota of a project, which counts the smallest useful prefixes."""
    lengths = [length, *(prefix.prefixlen for prefix in parse_all(subnet.cidr for subnet in subnets))]
    used = sum(2.0 ** (QUOTA_UNITS[pool.ip_version] - each) for each in lengths)
    if pool.default_quota and used > pool.default_quota:
        raise Conflict(reason="Per-project subnet pool prefix quota exceeded.", type="SubnetPoolQuotaExceeded")


def _check_affinity(ctx: Context, network: Network, pool: SubnetPool | None, version: int) -> None:
    """Refuse (400) a subnet from another pool than those of the network, unless they are in its address scope."""
    subnets = ctx.world.tx.query(Subnet, {"network_id": network.id, "ip_version": version})
    scope = find_scopes(ctx, subnets)[f"ipv{version}_address_scope"]
    if scope and pool and pool.address_scope_id != scope:
        raise BadRequest(
            reason="Subnets of the same address family hosted on the same network must all participate in the same "
            "address scope.",
            type="NetworkAddressScopeAffinityError",
        )
    pools = {subnet.more.get("subnetpool_id") for subnet in subnets}
    if pools - {pool.id if pool else None} and not (pool and scope):
        raise BadRequest(
            reason="Subnets hosted on the same network must be allocated from the same subnet pool.",
            type="NetworkSubnetPoolAffinityError",
        )


def _bad_request(text: str) -> BadRequest:
    return BadRequest(reason=f"Bad subnets request: {text}.", type="BadRequest")


def _no_range(text: str) -> Conflict:
    """Neutron fails with an internal error here (500)."""
    return Conflict(reason=f"Failed to allocate subnet: {text}.", type="SubnetAllocationError")
