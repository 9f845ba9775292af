"""A world on which recorded requests are played: who calls, what is sent, what is seen afterwards."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from novasim.api import dispatch, microversions
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.errors import NovaFault
from novasim.lifecycle.microversions import OLDEST
from novasim.records import InstanceAction, Server, Settings, Volume
from novasim.simulation import volume_creation
from novasim.store.base import Store, Transaction
from tests import worlds
from tests.conformance.naming import Naming, name_first_records
from tests.conformance.symbols import Symbols, volumes_in

WATCHED = ("status", "vm_state", "task_state", "power_state", "locked", "host")
REQUEST = re.compile(r"req_(s\d+)_(\d+)")
SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "nova-facts" / "fixture.json"


def fixture_beside(path: Path) -> worlds.Fixture:
    """The description of the world in which a file was recorded: beside the file, else the shared one."""
    beside = path.parent / "fixture.json"
    return worlds.read_fixture(beside if beside.is_file() else SHARED)


class Stage:
    """
    One world, the callers in it, and the names of what is in it.

    Args:
        store: The world. Requests change it.

    `handle` answers the requests of all stages: the entry point itself, or `over_http.OverHttp`. `copy_store` copies
    the world of a stage: in memory, or `databases.worlds.InSqlite`.
    """

    handle: Callable[[Cloud, Request], Response] = staticmethod(dispatch.handle)
    copy_store: Callable[[Any], Any] = staticmethod(worlds.copy_store)

    def __init__(self, fixture: worlds.Fixture, store: Store, symbols: Symbols, naming: Naming) -> None:
        self.fixture = fixture
        self.callers = worlds.build_callers(fixture)
        self.store = store
        self.cloud = worlds.open_cloud(store)
        self.symbols = symbols
        self.naming = naming
        self.has_every_volume = True  # as the double of the volume service that was recorded
        self.made: list[str] = []  # names of the servers that the last request created

    @classmethod
    def of(cls, fixture: worlds.Fixture, *, roomy: bool = False, unlimited: bool = False) -> Stage:
        """A stage with a new world."""
        store = cls.copy_store(worlds.fill_store(worlds.build_records(fixture, roomy=roomy, unlimited=unlimited)))
        symbols = Symbols()
        with store.read() as tx:
            name_first_records(symbols, fixture, tx)
        return cls(fixture, store, symbols, Naming(symbols))

    def fork(self, **options: Any) -> Stage:
        """A separate stage that begins as this one, with Nova's options set."""
        symbols = self.symbols.copy()
        other = Stage(self.fixture, Stage.copy_store(self.store), symbols, self.naming.copy(symbols))
        if options:
            other.set_options(**options)
        return other

    def back_to(self, earlier: Stage) -> None:
        """Forget what happened since *earlier*, of which this is a fork; names stay."""
        self.store = Stage.copy_store(earlier.store)
        self.cloud = worlds.open_cloud(self.store)

    def set_options(self, **options: Any) -> None:
        with self.edit() as tx:
            settings = tx.get(Settings, "cloud")
            assert settings is not None
            settings.options.update(options)
            tx.put(settings)

    @contextmanager
    def edit(self) -> Iterator[Transaction]:
        """Write into the world past the API, as the recorder wrote into Nova's database."""
        with self.store.write() as tx:
            yield tx

    def set_server(self, name: str, **fields: Any) -> None:
        """Give a server other fields."""
        with self.edit() as tx:
            server = tx.get(Server, self.symbols.id(name))
            if server is not None:
                vars(server).update(fields)
                tx.put(server)

    def send(self, caller: str, version: str | None, method: str, path: str, body: Any = None) -> Response:
        """
        Send a recorded request. What is thrown inside counts as an answer 500.

        Args:
            version: "2.96", "latest", or None for a request that names none.
            path: With names in braces, and with the query.
        """
        self.name_requests(path)
        if self.has_every_volume:
            self.make_volumes(caller, path, body)
        bare, _, query = self.symbols.ids_in(path).partition("?")
        request = Request(
            self.callers[caller],
            method,
            unquote(bare),
            1,
            tuple(parse_qsl(query, keep_blank_values=True)),
            self.symbols.ids_in(body),
        )
        try:
            request = request._replace(minor=microversions.parse(version) if version else OLDEST)
        except NovaFault as fault:
            return dispatch.refusal_response(request, fault)
        response = self._handled(request)
        if isinstance(response.body, dict) and "image_id" in response.body:
            self.naming.name_image(response.body["image_id"])
        with self.store.read() as tx:
            self.made = self.naming.name_new(tx)
        return response

    def _handled(self, request: Request) -> Response:
        try:
            with volumes_of_any_size():
                return Stage.handle(self.cloud, request)
        except Exception as error:  # noqa: BLE001  a crash is a finding, and the other steps still count
            at = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(at.filename).name}:{at.lineno}"
            return Response(500, {"crash": {"code": 500, "message": f"{type(error).__name__}: {error} ({place})"}})

    def name_requests(self, path: str) -> None:
        """Let {req_s1_2} in a path stand for the request of the second newest action of {s1}."""
        for match in REQUEST.finditer(path):
            with self.store.read() as tx:
                actions = tx.query(InstanceAction, {"server_id": self.symbols.id(match[1])})
            position = int(match[2])
            known = actions[-position].request_id if len(actions) >= position else "req-none"
            self.symbols.rebind(match[0], known)

    def make_volumes(self, caller: str, path: str, body: Any) -> None:
        """Create the volumes that a request mentions, as far as they do not exist."""
        for ref in sorted(volumes_in(path, body)):
            self.make_volume(caller, self.symbols.ids_in(ref))

    def make_volume(self, caller: str, id: str) -> None:
        """A volume of 1 GiB that the caller may use."""
        owner = self.callers[caller]
        with self.edit() as tx:
            volume = tx.get(Volume, id)
            if volume is None:
                volume = Volume(id=id, size=1, project_id="", bootable=True, **worlds.TIMES)
                self.naming.nameless.add(id)
            if not volume.attachments and owner.project_id != volume.project_id:
                volume.project_id, volume.user_id = owner.project_id, owner.user_id
                tx.put(volume)

    def server(self, name: str) -> dict[str, Any] | None:
        """A server as the administrator sees it at 2.96, or None if it is gone."""
        body = self.send("admin", "2.96", "GET", f"/servers/{{{name}}}").body or {}
        shown = body.get("server")
        if shown is None:
            return None
        return {
            "status": shown["status"],
            "vm_state": shown["OS-EXT-STS:vm_state"],
            "task_state": shown["OS-EXT-STS:task_state"],
            "power_state": shown["OS-EXT-STS:power_state"],
            "locked": shown["locked"],
            "host": shown["OS-EXT-SRV-ATTR:host"],
            "name": shown["name"],
            "flavor": shown["flavor"]["original_name"],
            "image": self.symbols.names_in(shown["image"] and shown["image"]["id"]),
            "ports": len({address["OS-EXT-IPS-MAC:mac_addr"] for address in chain(*shown["addresses"].values())}),
            "az": shown["OS-EXT-AZ:availability_zone"],
            "pinned_az": shown["pinned_availability_zone"],
            "hostname": shown["OS-EXT-SRV-ATTR:hostname"],
            "security_groups": sorted({group["name"] for group in shown.get("security_groups", [])}),
            "metadata": shown["metadata"],
            "tags": shown["tags"],
            "description": shown["description"],
            "key_name": shown["key_name"],
            "volumes": self.symbols.names_in([item["id"] for item in shown["os-extended-volumes:volumes_attached"]]),
            "locked_reason": shown["locked_reason"],
            "fault": shown.get("fault", {}).get("message"),
            "accessIPv4": shown["accessIPv4"],
            "accessIPv6": shown["accessIPv6"],
            "root_device": shown["OS-EXT-SRV-ATTR:root_device_name"] or "",
            "groups": self.symbols.names_in(shown["server_groups"]),
        }

    def actions(self, name: str) -> list[list[Any]]:
        """The log of a server in the recordings' form: [action, message, [[event, result], ...]], oldest first."""
        with self.store.read() as tx:
            entries = tx.query(InstanceAction, {"server_id": self.symbols.id(name)})
        return [
            [entry.action, entry.message, [[event["event"], event.get("result")] for event in entry.events]]
            for entry in entries
        ]


@contextmanager
def volumes_of_any_size() -> Iterator[None]:
    """As the double of the volume service that was recorded, create volumes smaller than their images and snapshots."""
    list_obstacles = volume_creation.list_obstacles
    volume_creation.list_obstacles = lambda source, size: []
    try:
        yield
    finally:
        volume_creation.list_obstacles = list_obstacles


def error_of(response: Response) -> tuple[str | None, str | None]:
    """The name and the message of a refusal; Nova's router answers an unknown path without a name of its own."""
    if response.code < 400 or not isinstance(response.body, dict):
        return None, None
    if "message" in response.body:
        return "code", str(response.body["message"])
    key = next(iter(response.body))
    return key, str(response.body[key]["message"])


def brief(body: Any, limit: int = 110) -> str:
    """A body on one line, cut short."""
    text = json.dumps(body) if body is not None else ""
    return text if len(text) <= limit else text[: limit - 3] + "..."
