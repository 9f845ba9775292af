"""What Nova no longer has (410), what it has and the simulation has not (501), and the list of old extensions."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import Gone, NotFound

EXTENSIONS = {
    "os-aggregates": "Aggregates",
    "os-availability-zone": "AvailabilityZone",
    "os-hypervisors": "Hypervisors",
    "os-instance-actions": "InstanceActions",
    "os-keypairs": "Keypairs",
    "os-migrations": "Migrations",
    "os-quota-sets": "Quotas",
    "os-server-external-events": "ServerExternalEvents",
    "os-server-groups": "ServerGroups",
    "os-services": "Services",
    "os-simple-tenant-usage": "SimpleTenantUsage",
    "os-volumes": "Volumes",
}


def gone(ctx: Context, **_: str) -> None:
    """Removed from Nova at every microversion."""
    raise Gone()


def not_simulated(ctx: Context, **_: str) -> None:
    """Part of Nova, not of the simulation."""
    from novasim.api.compute.routes import ROUTES
    from novasim.api.not_simulated import not_simulated

    simulated = [(route.method, route.path) for route in ROUTES if not route.handler.startswith("proxies.removed:")]
    raise not_simulated("compute", ctx.request.method, ctx.request.path, simulated)


def extensions(ctx: Context) -> dict[str, Any]:
    """What were extensions once, and is part of the service since."""
    return {"extensions": [_view(alias) for alias in EXTENSIONS]}


def extension(ctx: Context, alias: str) -> dict[str, Any]:
    """One of them."""
    if alias not in EXTENSIONS:
        raise NotFound(reason="The resource could not be found.")
    return {"extension": _view(alias)}


def _view(alias: str) -> dict[str, Any]:
    return {
        "alias": alias,
        "name": EXTENSIONS[alias],
        "description": EXTENSIONS[alias],
        "links": [],
        "namespace": "http://docs.openstack.org/compute/ext/fake_xml",
        "updated": "2014-12-03T00:00:00Z",
    }
