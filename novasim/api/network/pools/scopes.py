"""/v2.0/address-scopes, and the address scopes of networks. Source: neutron/db/address_scope_db.py."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.resource import Resource
from novasim.api.network.tables import ADDRESS_SCOPE
from novasim.errors import BadRequest, Conflict
from novasim.records import AddressScope, Subnet, SubnetPool
from novasim.strutils import bool_from_string

SHOWN = ("id", "tenant_id", "project_id", "name", "shared")


def _view(ctx: Context, scope: AddressScope) -> dict[str, Any]:
    view = common_view(scope) | attribute_view(ctx, ADDRESS_SCOPE, scope)
    return {name: view[name] for name in SHOWN} | {"ip_version": scope.ip_version}


def _create(ctx: Context, body: dict[str, Any]) -> AddressScope:
    return AddressScope(
        id=ctx.world.ids.uuid(),
        project_id=read_project_id(ctx, body),
        ip_version=int(body["ip_version"]),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **build_fields(ctx, ADDRESS_SCOPE, body, "address_scope"),
    )


class _AddressScopes(Resource[AddressScope]):
    def update(self, ctx: Context, id: str) -> dict[str, Any]:
        """PUT /v2.0/address-scopes/{id}: change its name or share it, for good. 400, 403, 404."""
        scope = self.get_own(ctx, id)
        if scope.shared and not bool_from_string(ctx.body[self.name].get("shared", True)):
            raise BadRequest(
                reason=f"Unable to update address scope {id} : Shared address scope can't be unshared.",
                type="AddressScopeUpdateError",
            )
        return super().update(ctx, id)


def _delete(ctx: Context, scope: AddressScope) -> None:
    if ctx.world.tx.query(SubnetPool, {"address_scope_id": scope.id}):
        raise Conflict(
            reason=f"Unable to complete operation on address scope {scope.id}. There are one or more subnet pools in "
            "use on the address scope.",
            type="AddressScopeInUse",
        )
    ctx.world.tx.delete(scope)


address_scopes = _AddressScopes(
    AddressScope,
    "address_scope",
    _view,
    _create,
    lambda ctx, scope, body: None,
    _delete,
    is_shared=lambda scope: scope.shared,
)


def find_scopes(ctx: Context, subnets: list[Subnet]) -> dict[str, str | None]:
    """The address scope of a network with these subnets, for each IP version."""
    scopes: dict[str, str | None] = {"ipv4_address_scope": None, "ipv6_address_scope": None}
    for subnet in subnets:
        pool = ctx.world.tx.get(SubnetPool, subnet.more.get("subnetpool_id") or "")
        if pool:
            scopes[f"ipv{pool.ip_version}_address_scope"] = pool.address_scope_id
    return scopes
