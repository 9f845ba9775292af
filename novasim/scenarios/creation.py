"""Requests to a cloud that is being created, and settings and hosts that differ for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.records import Caller, Host, Record, Server, Settings
from novasim.simulation.hosts.cells import is_cell_down, set_cell_down
from novasim.simulation.hosts.outages import power_off_host
from novasim.simulation.time.clock import get_mode
from novasim.simulation.world import World
from novasim.store.nested import NestedStore

if TYPE_CHECKING:
    from novasim.recorder.unit import ApiRequest
    from novasim.store.base import Store, Transaction

R = TypeVar("R", bound=Record)

AT_ONCE = dict.fromkeys(ACTIONS, 0.0)
"""The durations of actions while a cloud is created."""
CLOCK = "manual"
"""The clock while a cloud is created. What is due at once is done within each request under any clock."""
USABLE = {"disabled": False, "forced_down": False, "up": True}


class Creation:
    """
    A cloud in the transaction that creates it.

    Args:
        tx: Has the settings of the cloud.
        wall_now: Real time in seconds since the epoch, which stands still meanwhile.
    """

    def __init__(self, tx: Transaction, wall_now: float) -> None:
        self.tx = tx
        self.cloud = _CloudWithIds(NestedStore(tx), wall=lambda: wall_now)

    @property
    def settings(self) -> Settings:
        """The settings of the cloud."""
        return self.get(Settings, "cloud")

    @property
    def ends_tasks_at_once(self) -> bool:
        """Whether NOVASIM_CLOCK ends tasks, so that no server stays in progress."""
        return get_mode(self.settings) != CLOCK

    @property
    def world(self) -> World:
        """The world as it is now, for changes without a request."""
        settings = self.settings
        return World(self.tx, settings, max(settings.sim_anchor, settings.latest), "scenario")

    def get(self, kind: type[R], id: str) -> R:
        """A record that exists."""
        record = self.tx.get(kind, id)
        assert record is not None
        return record

    def send(self, caller: Caller, method: str, path: str, body: Any = None) -> Any:
        """
        Send a request to Nova at its newest microversion.

        Returns:
            The body of the response.

        Raises:
            NovaFault: the request is refused.
        """
        response = handle(self.cloud, Request(caller, method, path, NEWEST, body=body))
        if response.fault:
            raise response.fault
        return response.body

    def create_server(self, caller: Caller, body: dict[str, Any], id: str | None) -> Server:
        """Create a server, with this ID or a random one. NovaFault as for `send`."""
        self.cloud.next_id = id
        answer = self.send(caller, "POST", "/servers", {"server": body})
        return self.get(Server, answer["server"]["id"])

    @contextmanager
    def options(self, **options: Any) -> Iterator[None]:
        """Set options of the cloud within the block."""
        settings = self.settings
        before = settings.options
        settings.options = {**before, **options}
        self.tx.put(settings)
        yield
        settings.options = before
        self.tx.put(settings)

    @contextmanager
    def usual_durations(self) -> Iterator[None]:
        """Let actions that begin within the block take their usual time."""
        settings = self.settings
        settings.durations = {}
        self.tx.put(settings)
        yield
        settings.durations = dict(AT_ONCE)
        self.tx.put(settings)

    @contextmanager
    def usable_host(self, name: str | None) -> Iterator[None]:
        """Let a host take servers within the block, although it may be disabled, down or unreachable."""
        host = self.get(Host, name) if name else None
        if host is None or (vars(host).items() >= USABLE.items() and not is_cell_down(self.world, host.name)):
            yield
            return
        before, was_cell_down = {field: getattr(host, field) for field in USABLE}, is_cell_down(self.world, host.name)
        self._change_host(host, USABLE)
        set_cell_down(self.world, host, False)
        yield
        if not before["up"]:
            power_off_host(self.world, host)
        self._change_host(host, before)
        set_cell_down(self.world, host, was_cell_down)

    @contextmanager
    def disabled_hosts(self, names: Iterable[str]) -> Iterator[None]:
        """Let some hosts take no further servers within the block."""
        hosts = [host for name in names if not (host := self.get(Host, name)).disabled]
        for host in hosts:
            self._change_host(host, {"disabled": True})
        yield
        for host in hosts:
            self._change_host(host, {"disabled": False})

    def _change_host(self, host: Host, fields: dict[str, Any]) -> None:
        vars(host).update(fields)
        self.tx.put(host)


class _CloudWithIds(Cloud):
    """A cloud without a record, in which the first ID that the next request draws can be set: that of a new server."""

    def __init__(self, store: Store, wall: Callable[[], float]) -> None:
        super().__init__(store, wall)
        self.next_id: str | None = None
        self.has_record = False

    @contextmanager
    def writing(
        self, is_request: bool = True, request: ApiRequest | None = None, what: str = "", is_event: bool = False
    ) -> Iterator[World]:
        with super().writing(is_request, request, what, is_event) as world:
            if self.next_id:
                world.ids.preset_uuid(self.next_id)
                self.next_id = None
            yield world
