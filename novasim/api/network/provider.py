"""
The provider attributes of a network: its type, physical network and segment.

Source: neutron/plugins/ml2/managers.py, _process_provider_segment; neutron/plugins/ml2/drivers/type_*.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import Conflict
from novasim.records import Network
from novasim.simulation.addresses import invalid_input

TYPE, PHYSICAL, SEGMENT = "provider:network_type", "provider:physical_network", "provider:segmentation_id"
UNSEGMENTED = ("flat", "local")
MAX_VLAN = 4094


def set_provider(ctx: Context, more: dict[str, Any]) -> None:
    """
    Check the provider attributes of a new network, and complete them.

    Raises:
        BadRequest: they contradict each other (400). Conflict: a flat network has the physical network (409).
    """
    kind, physical, segment = (more.get(name) for name in (TYPE, PHYSICAL, SEGMENT))
    if kind is None:
        if physical is not None or segment is not None:
            raise invalid_input("network_type required")
        return
    _check(kind, physical, segment)
    if kind == "flat" and any(_is_flat_on(network, physical) for network in ctx.world.tx.query(Network)):
        raise Conflict(
            reason=f"Unable to create the flat network. Physical network {physical} is in use.", type="FlatNetworkInUse"
        )
    more[SEGMENT] = None if kind in UNSEGMENTED else int(segment or 1)


def _check(kind: str, physical: str | None, segment: Any) -> None:
    if kind == "flat" and not physical:
        raise invalid_input("physical_network required for flat provider network")
    if kind == "local" and physical:
        raise invalid_input("physical_network prohibited for local provider network")
    if kind in UNSEGMENTED and segment:
        raise invalid_input(f"segmentation_id prohibited for {kind} provider network")
    if kind == "vlan" and segment is not None:
        _check_vlan(physical, int(segment))
    if kind not in (*UNSEGMENTED, "vlan") and physical:
        raise invalid_input(f"{PHYSICAL} specified for {kind} network")


def _check_vlan(physical: str | None, segment: int) -> None:
    if not physical:
        raise invalid_input("segmentation_id requires physical_network for VLAN provider network")
    if not 1 <= segment <= MAX_VLAN:
        raise invalid_input(f"segmentation_id out of range (1 through {MAX_VLAN})")


def _is_flat_on(network: Network, physical: str | None) -> bool:
    return (network.more.get(TYPE), network.more.get(PHYSICAL)) == ("flat", physical)
