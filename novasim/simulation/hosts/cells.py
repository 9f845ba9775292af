"""
Cells that the API cannot reach. Each host is a cell of its own.

Inside such a cell everything continues: guests run and tasks end. Only the API and the scheduler do not reach it.

Source: nova/compute/api.py, _get_instance_from_cell; nova/scheduler/host_manager.py, _get_computes_for_cells.
"""

from __future__ import annotations

from collections.abc import Iterable

from novasim.errors import CellDown
from novasim.records import Host, Server
from novasim.simulation.world import World

NO_DATABASE = "<class 'oslo_db.exception.DBConnectionError'>"


def is_cell_down(world: World, host_name: str | None) -> bool:
    """Whether the cell of a host cannot be reached. A server without a host is in a cell that is always reached."""
    return host_name in world.settings.down_cells


def require_cell(world: World, server: Server) -> None:
    """Raise CellDown (500) for a server whose cell cannot be reached."""
    if is_cell_down(world, server.host):
        raise CellDown(server=server.id, host=server.host)


def require_cell_of(world: World, host: Host) -> None:
    """Raise CellDown (500) if the cell of a host cannot be reached. Nova's database is then the one that fails."""
    if is_cell_down(world, host.name):
        raise CellDown(kind=NO_DATABASE, host=host.name)


def require_all_cells(world: World) -> None:
    """Raise CellDown (500) if any cell cannot be reached."""
    if world.settings.down_cells:
        raise CellDown(kind=NO_DATABASE, host=world.settings.down_cells[0])


def list_reachable(world: World, servers: Iterable[Server]) -> list[Server]:
    """The servers whose cells can be reached."""
    return [server for server in servers if not is_cell_down(world, server.host)]


def set_cell_down(world: World, host: Host, is_down: bool) -> None:
    """Record whether the cell of a host can be reached."""
    world.settings.down_cells = sorted({*world.settings.down_cells} - {host.name} | ({host.name} if is_down else set()))
    world.tx.put(world.settings)
