"""/v2.0/subnetpools. Source: neutron/db/db_base_plugin_v2.py, neutron/ipam/subnet_alloc.py SubnetPoolReader."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.pools.prefixes import contains_all, overlap, parse_all, read_prefixes
from novasim.api.network.pools.scopes import address_scopes
from novasim.api.network.resource import Resource
from novasim.api.network.tables import SUBNET_POOL
from novasim.api.network.visibility import is_own
from novasim.errors import BadRequest, Conflict
from novasim.records import AddressScope, Subnet, SubnetPool
from novasim.simulation.addresses import invalid_input

BOUNDS = {4: (8, 32), 6: (64, 128)}  # the default min_prefixlen and max_prefixlen of each IP version
LENGTHS = ("min_prefixlen", "max_prefixlen", "default_prefixlen")


def _view(ctx: Context, pool: SubnetPool) -> dict[str, Any]:
    return (
        common_view(pool)
        | attribute_view(ctx, SUBNET_POOL, pool)
        | {name: str(getattr(pool, name)) for name in LENGTHS}
        | {
            "prefixes": pool.prefixes,
            "ip_version": pool.ip_version,
            "default_quota": pool.default_quota,
            "address_scope_id": pool.address_scope_id,
        }
    )


def _create(ctx: Context, body: dict[str, Any]) -> SubnetPool:
    prefixes = read_prefixes(body["prefixes"])
    version = prefixes[0].version
    lengths: dict[str, Any] = dict(zip(LENGTHS, BOUNDS[version], strict=False)) | body
    smallest = lengths["min_prefixlen"]
    pool = SubnetPool(
        id=ctx.world.ids.uuid(),
        project_id=read_project_id(ctx, body),
        prefixes=list(map(str, prefixes)),
        ip_version=version,
        min_prefixlen=int(smallest),
        max_prefixlen=int(lengths["max_prefixlen"]),
        default_prefixlen=int(lengths.get("default_prefixlen", smallest)),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **build_fields(ctx, SUBNET_POOL, body, "subnetpool"),
    )
    _apply_update(ctx, pool, body)
    return pool


def _apply_update(ctx: Context, pool: SubnetPool, body: dict[str, Any]) -> None:
    _check_scope_is_own(ctx, pool)
    if "prefixes" in body:
        _set_prefixes(pool, body["prefixes"])
    for name in (*LENGTHS, "default_quota"):
        if name in body:
            setattr(pool, name, int(body[name]))
    if "address_scope_id" in body:
        pool.address_scope_id = body["address_scope_id"]
    _check_lengths(pool)
    _check_only_default(ctx, pool)
    _check_scope(ctx, pool)


def _set_prefixes(pool: SubnetPool, texts: list[str]) -> None:
    prefixes = read_prefixes(texts)
    if prefixes[0].version != pool.ip_version or not contains_all(prefixes, parse_all(pool.prefixes)):
        raise BadRequest(
            reason="Illegal update to prefixes: Existing prefixes must be a subset of the new prefixes.",
            type="IllegalSubnetPoolPrefixUpdate",
        )
    pool.prefixes = list(map(str, prefixes))


def _check_lengths(pool: SubnetPool) -> None:
    """Refuse (400) lengths of prefixes that contradict each other."""
    limit = BOUNDS[pool.ip_version][1]
    smallest, largest, default = pool.min_prefixlen, pool.max_prefixlen, pool.default_prefixlen
    for is_wrong, name, value, other, bound in (
        (smallest > largest, "min_prefixlen", smallest, "max_prefixlen", largest),
        (largest > limit, "max_prefixlen", largest, "ip_version_max", limit),
        (default < smallest, "default_prefixlen", default, "min_prefixlen", smallest),
        (default > largest, "default_prefixlen", default, "max_prefixlen", largest),
    ):
        if is_wrong:
            raise BadRequest(
                reason=f"Illegal prefix bounds: {name}={value}, {other}={bound}.", type="IllegalSubnetPoolPrefixBounds"
            )


def _check_only_default(ctx: Context, pool: SubnetPool) -> None:
    other = find_default_pool(ctx, pool.ip_version)
    if pool.is_default and other and other.id != pool.id:
        raise invalid_input(
            "A default subnetpool for this IP family has already been set. Only one default may exist per IP family"
        )


def find_default_pool(ctx: Context, version: int) -> SubnetPool | None:
    """The pool of subnets that ask for the default one of an IP version."""
    pools = ctx.world.tx.query(SubnetPool, {"is_default": True, "ip_version": version})
    return pools[0] if pools else None


def _check_scope_is_own(ctx: Context, pool: SubnetPool) -> None:
    """Refuse (400) to change a pool in a shared address scope of another project."""
    scope = ctx.world.tx.get(AddressScope, pool.address_scope_id or "")
    if scope and not is_own(ctx, scope):
        raise BadRequest(
            reason=f"Illegal subnetpool update : subnetpool {pool.id} cannot be updated when associated with shared "
            f"address scope {scope.id}.",
            type="IllegalSubnetPoolUpdate",
        )


def _check_scope(ctx: Context, pool: SubnetPool) -> None:
    """Check the address scope of a pool. Raises NotFound (404), BadRequest (400), Conflict (409)."""
    if not pool.address_scope_id:
        return
    scope = address_scopes.get_or_404(ctx, pool.address_scope_id)
    if scope.ip_version != pool.ip_version:
        raise BadRequest(
            reason=f"Illegal subnetpool association: subnetpool {pool.id} cannot associate with address scope "
            f"{scope.id} because subnetpool ip_version is not {scope.ip_version}.",
            type="IllegalSubnetPoolIpVersionAssociationToAddressScope",
        )
    prefixes = parse_all(pool.prefixes)
    others = ctx.world.tx.query(SubnetPool, {"address_scope_id": scope.id})
    if any(overlap(prefixes, parse_all(other.prefixes)) for other in others if other.id != pool.id):
        raise Conflict(
            reason="Failed to associate address scope: subnetpools within an address scope must have unique prefixes.",
            type="AddressScopePrefixConflict",
        )


def list_subnets(ctx: Context, pool: SubnetPool) -> list[Subnet]:
    """The subnets that were allocated from a pool."""
    return [subnet for subnet in ctx.world.tx.query(Subnet) if subnet.more.get("subnetpool_id") == pool.id]


def _delete(ctx: Context, pool: SubnetPool) -> None:
    if list_subnets(ctx, pool):
        raise BadRequest(
            reason="Unable to delete subnet pool: Subnet pool has existing allocations.", type="SubnetPoolDeleteError"
        )
    ctx.world.tx.delete(pool)


subnet_pools = Resource(
    SubnetPool, "subnetpool", _view, _create, _apply_update, _delete, is_shared=lambda pool: pool.shared
)
