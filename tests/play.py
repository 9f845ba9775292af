"""A small cloud for tests: the default world with a second project, and short requests."""

from __future__ import annotations

from functools import cache
from typing import Any

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.records import Caller, Host, Image, Network, Project, Record, Server, Settings, User
from novasim.simulation import default_world
from novasim.simulation.time.clock import set_anchor
from novasim.simulation.time.settle import settle
from novasim.store.memory import MemoryStore
from novasim.store.snapshots import SnapshotStore
from tests.worlds import copy_store, open_cloud


class Play:
    """
    The default world with a second ordinary user, `other`, and methods that send requests.

    Args:
        clock: manual or instant. options: Nova's options of the cloud.
    """

    def __init__(self, clock: str = "instant", seed: int = 1, **options: Any) -> None:
        world, callers, self.image, self.network = build_world(clock, seed)
        self.store, self.callers = copy_store(world), dict(callers)
        if options:
            with self.store.write() as tx:
                tx.query(Settings)[0].options |= options
                tx.put(tx.query(Settings)[0])
        self.cloud = open_cloud(self.store)

    def find_id(self, service: str, path: str, key: str, name: str) -> str:
        """Return the id of the resource with a name."""
        things = self.ask("GET", path, service=service).body[key]
        return next(thing["id"] for thing in things if thing["name"] == name)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: str = "demo",
        minor: int = 96,
        service: str = "compute",
        **query: str,
    ) -> Response:
        """Send a request."""
        pairs = tuple(query.items())
        return handle(self.cloud, Request(self.callers[who], method, path, minor, pairs, body, service))

    def create(self, name: str = "web1", flavor: str = "1", who: str = "demo", **more: Any) -> str:
        """Create a server and return its id."""
        body = {"name": name, "flavorRef": flavor, "imageRef": self.image, "networks": [{"uuid": self.network}]}
        answer = self.ask("POST", "/servers", {"server": body | more}, who)
        assert answer.code == 202, answer
        return answer.body["server"]["id"]

    def act(self, server: str, key: str, arguments: Any = None, who: str = "demo", minor: int = 96) -> Response:
        """Send a server action."""
        return self.ask("POST", f"/servers/{server}/action", {key: arguments}, who, minor)

    def state(self, server: str) -> tuple[str, str | None]:
        """Return status and task_state, as administrators see them."""
        view = self.ask("GET", f"/servers/{server}", who="admin").body["server"]
        return view["status"], view["OS-EXT-STS:task_state"]

    def advance(self, seconds: float) -> None:
        """Advance a manual clock by *seconds*."""
        with self.cloud.writing(is_request=False) as world:
            world.now += seconds
            settle(world)
            set_anchor(world.settings, world.now, 0.0)
            world.tx.put(world.settings)

    def disable_host(self, name: str) -> None:
        """Disable the compute service of a host."""
        with self.cloud.writing(is_request=False) as world:
            host = world.tx.get(Host, name)
            assert host is not None
            host.disabled = True
            world.tx.put(host)

    def all(self, kind: type[Record]) -> list[Any]:
        """Return all records of a kind, as stored."""
        with self.store.read() as tx:
            return list(tx.query(kind))

    def server(self, id: str) -> Server:
        """Return the record of a server, after settling."""
        with self.cloud.reading() as world:
            found = world.tx.get(Server, id)
        assert found is not None
        return found


@cache
def build_world(clock: str, seed: int) -> tuple[SnapshotStore, dict[str, Caller], str, str]:
    """Build the default world with `other`, once for all tests. Its callers, and the ids of an image and a network."""
    store = MemoryStore()
    with store.write() as tx:
        world = default_world.build_default_world(tx, 0.0, seed, clock=clock, token_key=f"key {seed}")
        tx.put(Project(id="other", name="other"))
        tx.put(default_world.build_default_security_group(world, "other"))
        tx.put(User(id="other", name="other", default_project_id="other", roles={"other": ["member"]}))
        callers = {name: find_caller(tx, name) for name in ("demo", "admin", "other")}
        callers["reader"] = Caller("reader", callers["demo"].project_id, ("reader",))
        image, network = tx.query(Image, {"name": "cirros"})[0].id, tx.query(Network, {"name": "private"})[0].id
    return store, callers, image, network
