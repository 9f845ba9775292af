"""The stream of the live page without a socket: it resumes, forgives slow watchers, and saves what becomes due."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any, NamedTuple

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.control.record import start_record, stop_record
from novasim.records import Server, Settings
from novasim.serve.live.channel import MAX_PENDING
from novasim.serve.live.endpoint import COMMENT_INTERVAL, LiveEndpoint
from novasim.serve.writer import Writer
from novasim.store.tiny import TinyStore
from tests.worlds import build_callers, build_records, id_of, read_fixture

MEMBER = build_callers(read_fixture())["member"]
PATIENCE = 60  # seconds; nothing takes more than one, but the machine can be busy


class Event(NamedTuple):
    id: str
    kind: str
    data: dict[str, Any]


class Page:
    """An open page, which reads while `reads` is set."""

    def __init__(self, endpoint: LiveEndpoint, last_id: str = "") -> None:
        self.events: list[Event] = []
        self.comments = 0
        self.reads = asyncio.Event()
        self.reads.set()
        self._leaves = asyncio.Event()
        self._headers = [(b"last-event-id", last_id.encode())] if last_id else []
        self._task = asyncio.get_running_loop().create_task(self._watch(endpoint))

    async def _watch(self, endpoint: LiveEndpoint) -> None:
        line = {"method": "GET", "scheme": "http", "path": "/live/events", "query_string": b""}
        scope = {"type": "http", **line, "headers": self._headers}
        await endpoint(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        await self._leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        for text in message.get("body", b"").decode().split("\n\n")[:-1]:
            if text == ":":
                self.comments += 1
                continue
            fields = dict(line.split(": ", 1) for line in text.split("\n"))
            self.events.append(Event(fields["id"], fields["event"], json.loads(fields["data"])))

    async def leave(self) -> None:
        self._leaves.set()
        await self._task


class Lab:
    """A cloud at a wall time that the test sets, and its live page."""

    def __init__(self, path: Any, clock: str, **options: Any) -> None:
        self.wall = 1_800_000_000.0
        store = TinyStore(path)
        with store.write() as tx:
            for record in build_records(read_fixture(), roomy=True, unlimited=True):
                if isinstance(record, Settings):
                    record.clock, record.sim_anchor, record.wall_anchor = clock, self.wall, self.wall
                tx.put(record)
        self.cloud = Cloud(store, lambda: self.wall)
        self.writer = Writer(self.cloud)
        self.live = LiveEndpoint(self.cloud, self.writer.run, self.writer.settle, True, **options)

    def request(self, path: str, body: dict[str, Any]) -> None:
        assert handle(self.cloud, Request(MEMBER, "POST", path, 96, body=body)).code == 202

    def create(self, name: str = "web") -> None:
        body = {"name": name, "flavorRef": "f1", "imageRef": id_of("img_a"), "networks": "none"}
        self.request("/servers", {"server": body})

    def rename(self, name: str) -> None:
        with self.cloud.writing(is_request=False) as world:
            (server,) = world.tx.query(Server)
            server.name = name
            world.tx.put(server)

    async def close(self) -> None:
        await self.live.close()
        await self.writer.close()


def play(path: Any, act: Callable[[Lab], Awaitable[None]], clock: str = "instant", **options: Any) -> None:
    """Call *act* with a lab, in an event loop."""

    async def run() -> None:
        lab = Lab(path / "cloud.json", clock, **options)
        try:
            await act(lab)
        finally:
            await lab.close()

    asyncio.run(run())


async def becomes_true(check: Callable[[], object]) -> None:
    for _ in range(PATIENCE * 100):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")


def names_of(event: Event) -> list[str]:
    return [server["name"] for server in event.data["servers"].values()]


def test_a_cut_stream_resumes_with_what_it_has_missed(tmp_path):
    async def act(lab: Lab) -> None:
        lab.create()
        first, other = Page(lab.live), Page(lab.live)
        await becomes_true(lambda: first.events and other.events)
        lab.rename("one")
        await becomes_true(lambda: len(first.events) == 2)
        await first.leave()
        lab.rename("two")
        last = first.events[-1].id
        await becomes_true(lambda: len(other.events) == 3)
        again = Page(lab.live, last)
        await becomes_true(lambda: len(again.events) == 2)
        assert [event.kind for event in again.events] == ["change", "change"]
        assert names_of(again.events[0]) == ["two"]
        assert set(again.events[1].data) == {"clock"}
        assert last not in (event.id for event in again.events)
        await again.leave()

    play(tmp_path, act)


def test_an_id_is_the_revision_of_the_cloud(tmp_path):
    async def act(lab: Lab) -> None:
        lab.create()
        pages = [Page(lab.live) for _ in range(2)]
        await becomes_true(lambda: all(page.events for page in pages))
        (id,) = {page.events[0].id for page in pages}
        found = (tmp_path / "cloud.json").stat()
        assert id.split(".")[0] == f"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}"
        lab.rename("other")
        await becomes_true(lambda: all(len(page.events) == 2 for page in pages))
        assert {page.events[1].id for page in pages} != {id}

    play(tmp_path, act)


@pytest.mark.parametrize("last_id", ["unknown", "1-2-3.0.0"])
def test_a_stream_that_cannot_resume_gets_the_full_state(tmp_path, last_id):
    async def act(lab: Lab) -> None:
        lab.create()
        page = Page(lab.live, last_id)
        await becomes_true(lambda: page.events)
        assert (page.events[0].kind, names_of(page.events[0])) == ("state", ["web"])

    play(tmp_path, act)


def test_a_slow_watcher_gets_a_new_full_state(tmp_path):
    async def act(lab: Lab) -> None:
        lab.create()
        slow, quick = Page(lab.live), Page(lab.live)
        await becomes_true(lambda: slow.events and quick.events)
        slow.reads.clear()
        for number in range(MAX_PENDING + 3):
            lab.rename(f"web{number}")
            await becomes_true(lambda: len(quick.events) == number + 2)  # noqa: B023  it is called at once
        slow.reads.set()
        await becomes_true(lambda: slow.events[-1].id == quick.events[-1].id)
        assert [event.kind for event in slow.events] == ["state", "change", "state"]
        assert names_of(slow.events[-1]) == names_of(quick.events[-1]) == [f"web{MAX_PENDING + 2}"]
        assert {event.kind for event in quick.events[1:]} == {"change"}

    play(tmp_path, act, poll_interval=0.001)


def test_a_quiet_stream_gets_a_comment_now_and_then(tmp_path):
    async def act(lab: Lab) -> None:
        page = Page(lab.live)
        await becomes_true(lambda: page.comments >= 3)
        assert len(page.events) == 1

    play(tmp_path, act, comment_interval=0.05)
    assert COMMENT_INTERVAL == 15.0


def test_a_task_that_ends_is_saved_while_only_a_page_is_open(tmp_path):
    async def act(lab: Lab) -> None:
        page = Page(lab.live)
        await becomes_true((tmp_path / "cloud.json.record").exists)
        lab.create()
        await becomes_true(lambda: page.events[-1].data.get("servers"))
        lab.wall += 3600
        await becomes_true(lambda: "ACTIVE" in str(page.events[-1].data.get("servers")))
        await becomes_true(lambda: any(item["kind"] == "end" for item in page.events[-1].data.get("feed", ())))
        with lab.cloud.store.read() as tx:
            assert [server.vm_state for server in tx.query(Server)] == ["active"]

    play(tmp_path, act, clock="real")


def test_under_the_stepping_clock_only_requests_show_something_new(tmp_path):
    async def act(lab: Lab) -> None:
        lab.create()
        page = Page(lab.live)
        await becomes_true(lambda: page.events)
        assert lab.cloud.horizon() is lab.cloud.horizon()
        assert names_of(page.events[0]) == ["web"]
        assert handle(lab.cloud, Request(MEMBER, "GET", "/servers/detail", 96)).code == 200
        await becomes_true(lambda: "ACTIVE" in str(page.events[-1].data["servers"]))
        assert page.events[-1].id != page.events[0].id

    play(tmp_path, act, clock="stepping")


def test_the_record_is_kept_until_the_last_page_of_all_servers_is_closed(tmp_path):
    async def act(lab: Lab) -> None:
        other = LiveEndpoint(lab.cloud, lab.writer.run, lab.writer.settle, True, poll_interval=0.01)
        first = Page(lab.live)
        await becomes_true(lab.cloud.store.is_recorded)
        second = Page(other)
        await becomes_true(lambda: second.events)
        await first.leave()
        await lab.live.close()  # it has started the record, and stops it
        await becomes_true(lab.cloud.store.is_recorded)
        await second.leave()
        await other.close()
        assert not lab.cloud.store.is_recorded()

    play(tmp_path, act, poll_interval=0.01)


def test_a_record_that_the_user_has_stopped_stays_off(tmp_path):
    async def act(lab: Lab) -> None:
        store, user = lab.cloud.store, copy(lab.cloud)
        user.origin = "cli", ("record", "stop"), None
        page = Page(lab.live)
        await becomes_true(store.is_recorded)
        assert stop_record(user)
        await becomes_true(lambda: page.events[-1].data.get("record") is False)
        record = (tmp_path / "cloud.json.record").read_bytes()
        lab.create()
        await becomes_true(lambda: page.events[-1].data.get("servers"))
        second = Page(lab.live)
        await becomes_true(lambda: second.events)
        assert second.events[0].data["record"] is False
        assert (tmp_path / "cloud.json.record").read_bytes() == record
        start_record(user)
        await becomes_true(lambda: page.events[-1].data.get("record"))
        for each in (page, second):
            await each.leave()
        await lab.live.close()
        assert store.is_recorded()  # the page did not start it

    play(tmp_path, act, poll_interval=0.01)
