"""What every store does: keep a record, undo and redo steps, show earlier states. "Bytes" are those of an export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.control.clock import advance_clock, set_clock
from novasim.control.differences import compare_states
from novasim.control.exports import remove_secrets
from novasim.control.past import open_past, open_past_cloud
from novasim.control.record import find_gaps, start_record, stop_record
from novasim.control.undo import redo, undo
from novasim.control.worlds import create_default_world
from novasim.errors import Conflict
from novasim.records import Flavor, Image, Server
from novasim.store.record_log import FileRecord
from tests.store.base import StoreTests


class RecordSuite(StoreTests):
    @pytest.fixture
    def cloud(self, store: Any, tmp_path: Path) -> Cloud:
        """A cloud with a server and a record that begins after its build."""
        if store.record is None:
            store.record = FileRecord(str(tmp_path / "memory.record"))
        create_default_world(store, seed=1)
        cloud = Cloud(store, wall=lambda: 1e9)
        set_clock(cloud, "manual")
        with store.read() as tx:
            (flavor,), (image,) = tx.query(Flavor, {"name": "m1.tiny"}), tx.query(Image, {"name": "cirros"})
        server = {"name": "web1", "flavorRef": flavor.id, "imageRef": image.id, "networks": "auto"}
        assert send(cloud, "/servers", {"server": server}) == 202
        advance_clock(cloud, 60)
        start_record(cloud)
        return cloud

    def test_steps_back_and_forward_give_the_same_bytes(self, cloud):
        states = [export(cloud)]
        for action in ("os-stop", "lock", "unlock"):
            assert act(cloud, action) == 202
            states.append(export(cloud))
            advance_clock(cloud, 30)
            states.append(export(cloud))
        caller = find_demo(cloud)
        for before in reversed(states[:-1]):
            undo(cloud, caller, everyone=True)
            assert export(cloud) == before
        for after in states[1:]:
            redo(cloud, caller, everyone=True)
            assert export(cloud) == after
        assert find_gaps(Cloud(self.reopened_with_record(cloud))) == []

    def reopened_with_record(self, cloud: Cloud) -> Any:
        """The store as a later process sees it, with the record of a store in memory."""
        store = self.reopened(cloud.store)
        if store.record is None:
            store.record = cloud.store.record
        return store

    def test_an_earlier_state_and_its_differences(self, cloud):
        act(cloud, "os-stop")
        number = cloud.store.record.read()[-1].number
        act(cloud, "lock")
        past = open_past_cloud(cloud, number)
        assert [server.locked_by for server in list_servers(past)] == [None]
        old = open_past(cloud.store, number)[0].tables()
        assert [
            each.list_fields() for each in compare_states(old, cloud.store.tables()) if each.table == "servers"
        ] == [{"locked_by": [None, "owner"]}]

    def test_a_refusal_is_recorded_and_changes_nothing(self, cloud):
        before, count = export(cloud), len(cloud.store.record.read())
        assert act(cloud, "unpause") == 409
        assert export(cloud) == before
        entries = cloud.store.record.read()
        assert [(entry.code, entry.action) for entry in entries[count:]] == [(409, "unpause")]

    def test_a_record_that_was_stopped_has_no_more_entries(self, cloud):
        assert stop_record(cloud)
        count = len(cloud.store.record.read())
        act(cloud, "lock")
        assert not cloud.store.is_recorded()
        assert len(cloud.store.record.read()) == count
        assert start_record(cloud)
        assert cloud.store.is_recorded()

    def test_the_end_of_a_record_is_followed(self, cloud):
        tail = cloud.store.record.tail()
        assert tail.read() != []
        assert tail.read() == []
        act(cloud, "lock")
        assert [entry.action for entry in tail.read()] == ["lock"]

    def test_several_requests_are_recorded_as_one_transaction(self, cloud):
        before, count = export(cloud), len(cloud.store.record.read())
        with pytest.raises(Conflict), cloud.transaction(writes=True) as inner:
            act(inner, "lock")
            raise Conflict(reason="x")
        assert export(cloud) == before
        assert cloud.store.record.read()[count:] == []
        with cloud.transaction(writes=True) as inner:
            act(inner, "lock")
            act(inner, "unlock")
        assert [entry.action for entry in cloud.store.record.read()[count:]] == ["lock", "unlock"]


def send(cloud: Cloud, path: str, body: Any) -> int:
    """The code of a request of the user demo."""
    return handle(cloud, Request(find_demo(cloud), "POST", path, 90, (), body)).code


def find_demo(cloud: Cloud) -> Any:
    with cloud.store.read() as tx:
        return find_caller(tx, "demo")


def act(cloud: Cloud, action: str) -> int:
    """The code of an action on the only server."""
    (server,) = list_servers(cloud)
    return send(cloud, f"/servers/{server.id}/action", {action: None})


def list_servers(cloud: Cloud) -> list[Server]:
    with cloud.reading() as world:
        return world.tx.query(Server)


def export(cloud: Cloud) -> bytes:
    return remove_secrets(cloud.store.dump())
