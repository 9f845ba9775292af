"""A world on which recorded requests are played: who calls, what is sent, what is seen afterwards."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from novasim.api import door, microversions
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.errors import NovaFault
from novasim.records import Image, InstanceAction, Port, Server, Settings, Volume
from novasim.store.base import Transaction
from novasim.store.memory import MemoryStore
from tests import worlds
from tests.conformance.symbols import Symbols, volumes_in

WATCHED = ("status", "vm_state", "task_state", "power_state", "locked", "host")
SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "nova-facts" / "fixture.json"


def fixture_beside(path: Path) -> worlds.Fixture:
    """The description of the world in which a file was recorded: beside the file, else the shared one."""
    beside = path.parent / "fixture.json"
    return worlds.fixture_at(beside if beside.is_file() else SHARED)


class Stage:
    """
    One world, the callers in it, and the names of what is in it.

    Args:
        store: The world; it is changed by what is sent.

    `door` answers the requests of all stages: the door itself, or `over_http.OverHttp`.
    """

    door: Callable[[Cloud, Request], Response] = staticmethod(door.handle)

    def __init__(self, fixture: worlds.Fixture, store: MemoryStore, symbols: Symbols) -> None:
        self.fixture = fixture
        self.callers = worlds.callers_of(fixture)
        self.store = store
        self.cloud = worlds.cloud_in(store)
        self.symbols = symbols
        self.made: list[str] = []  # names of the servers that the last request made
        self._seen_servers = 0
        self._seen_images = 0

    @classmethod
    def of(cls, fixture: worlds.Fixture, *, roomy: bool = False, unlimited: bool = False) -> Stage:
        """A stage with a new world."""
        store = worlds.store_of(worlds.records_of(fixture, roomy=roomy, unlimited=unlimited))
        stage = cls(fixture, store, Symbols())
        with store.read() as tx:
            stage._seen_images = len(tx.query(Image))
        return stage

    def fork(self, **options: Any) -> Stage:
        """A stage of its own that begins as this one, with Nova's options set."""
        other = Stage(self.fixture, worlds.copy_of(self.store), self.symbols.copy())
        other._seen_servers, other._seen_images = self._seen_servers, self._seen_images
        if options:
            other.set_options(**options)
        return other

    def back_to(self, earlier: Stage) -> None:
        """Forget what happened since *earlier*, of which this is a fork; names stay."""
        self.store = worlds.copy_of(earlier.store)
        self.cloud = worlds.cloud_in(self.store)

    def set_options(self, **options: Any) -> None:
        with self.edit() as tx:
            settings = tx.get(Settings, "cloud")
            assert settings is not None
            settings.options.update(options)
            tx.put(settings)

    @contextmanager
    def edit(self) -> Iterator[Transaction]:
        """Write into the world past the door, as the recorder wrote into Nova's database."""
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
            request = request._replace(minor=microversions.parse(version) if version else microversions.OLDEST)
        except NovaFault as fault:
            return door.refusal(request, fault)
        response = self._handled(request)
        self.notice()
        return response

    def _handled(self, request: Request) -> Response:
        try:
            return Stage.door(self.cloud, request)
        except Exception as error:  # noqa: BLE001  a crash is a finding, and the other steps still count
            at = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(at.filename).name}:{at.lineno}"
            return Response(500, {"crash": {"code": 500, "message": f"{type(error).__name__}: {error} ({place})"}})

    def make_volumes(self, caller: str, path: str, body: Any) -> None:
        """The double of the volume service that was recorded had every volume that it was asked for."""
        for ref in sorted(volumes_in(path, body)):
            self.make_volume(caller, self.symbols.ids_in(ref))

    def make_volume(self, caller: str, id: str) -> None:
        """A volume of 1 GiB that whoever asks may use."""
        owner = self.callers[caller]
        with self.edit() as tx:
            volume = tx.get(Volume, id)
            if volume is None:
                volume = Volume(id=id, size=1, project_id="", bootable=True, **worlds.AGES)
            if not volume.attachments and owner.project_id != volume.project_id:
                volume.project_id, volume.user_id = owner.project_id, owner.user_id
                tx.put(volume)

    def notice(self) -> None:
        """Name the servers, images and ports that are new."""
        self.made = []
        with self.store.read() as tx:
            if tx.count(Server) > self._seen_servers:
                self._name_servers(tx)
            if tx.count(Image) != self._seen_images:
                self._name_images(tx)
            self._name_ports(tx)

    def _name_servers(self, tx: Transaction) -> None:
        for number, server in enumerate(tx.query(Server), 1):
            if number > self._seen_servers:
                self.made.append(f"s{number}")
                self.symbols.bind(f"s{number}", server.id)
        self._seen_servers = tx.count(Server)

    def _name_images(self, tx: Transaction) -> None:
        known = {worlds.id_of(image["id"].strip("{}")) for image in self.fixture["images"]}
        made = [image for image in tx.query(Image) if image.id not in known and not self.symbols.has(image.id)]
        for image in made:
            number = next(n for n in range(1, 1000) if f"snap{n}" not in self.symbols)
            self.symbols.bind(f"snap{number}", image.id)
        self._seen_images = tx.count(Image)

    def _name_ports(self, tx: Transaction) -> None:
        for port in tx.query(Port):
            if port.made_by_nova and not self.symbols.has(port.id) and self.symbols.has(port.device_id):
                owner = self.symbols.names_in(port.device_id).strip("{}")
                number = next(n for n in range(1, 1000) if f"port_{owner}_{n}" not in self.symbols)
                self.symbols.bind(f"port_{owner}_{number}", port.id)

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
            "ports": sum(len(addresses) for addresses in shown["addresses"].values()),
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
        }

    def actions(self, name: str) -> list[list[Any]]:
        """The log of a server in the recordings' form: [action, message, [[event, result], ...]], oldest first."""
        with self.store.read() as tx:
            found = tx.query(InstanceAction, {"server_id": self.symbols.id(name)})
        return [
            [entry.action, entry.message, [[event["event"], event.get("result")] for event in entry.events]]
            for entry in found
        ]


def error_of(response: Response) -> tuple[str | None, str | None]:
    """The name and the message of a refusal; Nova's router answers an unknown path without a name of its own."""
    if response.code < 400 or not isinstance(response.body, dict):
        return None, None
    if "message" in response.body:
        return "code", str(response.body.get("code"))
    key = next(iter(response.body))
    return key, str(response.body[key]["message"])


def brief(body: Any, limit: int = 110) -> str:
    """A body on one line, cut short."""
    text = json.dumps(body) if body is not None else ""
    return text if len(text) <= limit else text[: limit - 3] + "..."
