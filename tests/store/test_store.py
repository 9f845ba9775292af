"""What every backend does; each inherits the same suite."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from novasim.records import Image, Keypair, Port, Server, Settings, Task
from novasim.store import FORMAT, open_store
from novasim.store.memory import MemoryStore
from novasim.store.tiny import TinyStore
from tests.store.worlds import NOW, id_number, port, server, settings


def image(id: str, **fields: object) -> Image:
    return Image(**{"id": id, "name": id, "created_at": NOW, "updated_at": NOW, **fields})


def task(id: str, ends: list[float], **fields: object) -> Task:
    return Task(id=id, server_id=id, action="stop", request_id=f"req-{id}", ends=ends, **fields)


class BoomError(Exception):
    """Raised on purpose."""


class StoreSuite:
    """A subclass gives the fixture `store`, and `reopened`, which gives what a later process sees."""

    def reopened(self, store):
        raise NotImplementedError

    def put(self, store, *records):
        with store.write() as tx:
            for record in records:
                tx.put(record)

    def ids(self, store, kind=Image):
        with self.reopened(store).read() as tx:
            return [record.id for record in tx.query(kind)]

    def found(self, tx, *args, **options):
        return [record.id for record in tx.query(Image, *args, **options)]

    def test_a_new_store_is_empty(self, store):
        assert not store.exists()
        with store.read() as tx:
            assert tx.get(Server, "x") is None
            assert tx.query(Server) == tx.query(Server, {"name": "x"}) == tx.due_before(1e12) == []
            assert tx.count(Server) == 0
        assert not store.exists()

    def test_what_is_put_is_there_afterwards(self, store):
        self.put(store, settings(), server(1))
        assert store.exists()
        with self.reopened(store).read() as tx:
            assert tx.get(Server, id_number(1)) == server(1)
            assert tx.get(Settings, "cloud") == settings()

    def test_a_transaction_sees_what_it_did(self, store):
        self.put(store, server(1), server(2))
        with store.write() as tx:
            tx.delete(server(1))
            tx.put(server(3, name="three"))
            assert tx.get(Server, id_number(1)) is None
            assert [found.name for found in tx.query(Server)] == ["web2", "three"]
            assert tx.count(Server) == 2
            assert [found.id for found in tx.query(Server, {"name": "three"})] == [id_number(3)]

    def test_the_same_id_is_the_same_object(self, store):
        self.put(store, server(1))
        with store.read() as tx:
            found = tx.get(Server, id_number(1))
            assert tx.get(Server, id_number(1)) is found
            assert tx.query(Server)[0] is found
            assert tx.query(Server, {"name": "web1"})[0] is found

    def test_objects_of_two_transactions_are_strangers(self, store):
        self.put(store, server(1))
        with store.read() as one, store.read() as other:
            one.get(Server, id_number(1)).metadata["purpose"] = "changed"
            assert other.get(Server, id_number(1)) == server(1)

    def test_a_change_without_put_is_not_saved(self, store):
        self.put(store, server(1))
        with store.write() as tx:
            tx.get(Server, id_number(1)).name = "lost"
        with self.reopened(store).read() as tx:
            assert tx.get(Server, id_number(1)).name == "web1"

    def test_a_change_after_put_is_saved(self, store):
        with store.write() as tx:
            fresh = server(1)
            tx.put(fresh)
            fresh.name = "late"
        with self.reopened(store).read() as tx:
            assert tx.get(Server, id_number(1)).name == "late"

    def test_a_change_after_the_transaction_is_not_saved(self, store):
        fresh = server(1)
        self.put(store, fresh)
        fresh.metadata["late"] = "yes"
        with store.read() as tx:
            assert "late" not in tx.get(Server, id_number(1)).metadata

    def test_an_exception_drops_everything(self, store):
        self.put(store, server(1))
        with pytest.raises(BoomError), store.write() as tx:
            tx.put(server(2))
            tx.delete(server(1))
            raise BoomError
        assert self.ids(store, Server) == [id_number(1)]
        self.put(store, server(3))
        assert self.ids(store, Server) == [id_number(1), id_number(3)]

    def test_an_exception_in_the_first_transaction_makes_no_world(self, store):
        with pytest.raises(BoomError), store.write() as tx:
            tx.put(server(2))
            raise BoomError
        assert not self.reopened(store).exists()

    def test_what_a_reader_puts_is_seen_by_it_alone(self, store):
        self.put(store, server(1))
        with store.read() as tx:
            tx.put(server(2))
            tx.delete(tx.get(Server, id_number(1)))
            assert [found.name for found in tx.query(Server)] == ["web2"]
        assert self.ids(store, Server) == [id_number(1)]

    def test_a_reader_keeps_its_snapshot_while_others_write(self, store):
        self.put(store, server(1), server(2))
        with store.read() as tx:
            self.put(store, server(1, name="renamed"), server(3))
            assert [found.name for found in tx.query(Server)] == ["web1", "web2"]
            assert tx.query(Server, {"name": "renamed"}) == []
            assert tx.count(Server) == 2
        assert len(self.ids(store, Server)) == 3

    def test_order_is_that_of_first_insertion(self, store):
        self.put(store, image("c"), image("a"), image("b"))
        self.put(store, image("a", name="changed"), image("d"))
        assert self.ids(store) == ["c", "a", "b", "d"]
        with store.write() as tx:
            tx.delete(tx.get(Image, "c"))
            tx.put(image("c"))
            assert [found.id for found in tx.query(Image)] == ["a", "b", "d", "c"]
        assert self.ids(store) == ["a", "b", "d", "c"]

    def test_query_keeps_the_order_whatever_was_put_when(self, store):
        self.put(store, image("a"), image("b", owner="me"), image("c"), image("d", owner="me"))
        with store.write() as tx:
            tx.put(image("z", owner="nobody"))
            tx.put(image("e", owner="me"))
            tx.put(image("z", owner="me"))
            tx.put(image("c", owner="me"))
            tx.put(image("d", owner="you"))
            assert [found.id for found in tx.query(Image, {"owner": "me"})] == ["b", "c", "z", "e"]
        with self.reopened(store).read() as tx:
            assert [found.id for found in tx.query(Image, {"owner": "me"})] == ["b", "c", "z", "e"]

    def test_query_goes_by_the_latest_put(self, store):
        self.put(store, port(1))
        with store.write() as tx:
            found = tx.query(Port, {"device_id": id_number(1)})[0]
            found.device_id = "other"
            tx.put(found)
            assert tx.query(Port, {"device_id": "other"}) == [found]
            assert tx.query(Port, {"device_id": id_number(1)}) == []
            found.device_id = ""
            tx.put(found)
            assert tx.query(Port, {"device_id": "other"}) == []

    def test_query_counts_a_missing_field_with_its_default(self, store):
        self.put(
            store, image("a"), image("b", status="queued"), image("c", status="active"), image("d", protected=True)
        )
        with self.reopened(store).read() as tx:
            assert [found.id for found in tx.query(Image, {"status": "active"})] == ["a", "c", "d"]
            assert [found.id for found in tx.query(Image, {"status": "queued"})] == ["b"]
            assert [found.id for found in tx.query(Image, {"protected": False})] == ["a", "b", "c"]
            assert [found.id for found in tx.query(Image, {"protected": True, "status": "active"})] == ["d"]

    def test_query_is_not_misled_by_the_same_name_deeper_inside(self, store):
        self.put(store, image("a", properties={"owner": "me"}), image("b", owner="me", properties={"owner": ""}))
        with self.reopened(store).read() as tx:
            assert [found.id for found in tx.query(Image, {"owner": ""})] == ["a"]
            assert [found.id for found in tx.query(Image, {"owner": "me"})] == ["b"]

    def test_query_does_not_confuse_values_that_look_alike(self, store):
        self.put(store, image("a", min_ram=5), image("b", min_ram=51), image("c", name=None), image("d", name="None"))
        self.put(store, image("e", min_ram=1), image("f", min_ram=True), image("g", name="5"), image("h", size=5.0))
        with self.reopened(store).read() as tx:
            assert [found.id for found in tx.query(Image, {"min_ram": 5})] == ["a"]
            assert [found.id for found in tx.query(Image, {"min_ram": 1})] == ["e"]
            assert [found.id for found in tx.query(Image, {"min_ram": True})] == ["f"]
            assert [found.id for found in tx.query(Image, {"name": None})] == ["c"]
            assert [found.id for found in tx.query(Image, {"name": "None"})] == ["d"]
            assert [found.id for found in tx.query(Image, {"name": "5"})] == ["g"]
            assert [found.id for found in tx.query(Image, {"size": 5})] == ["h"]

    def test_query_looks_at_top_level_fields_only(self, store):
        self.put(store, server(1, name="m1.tiny"), server(2), server(3, metadata={"host": "h", "name": "m1.tiny"}))
        with self.reopened(store).read() as tx:
            assert [found.id for found in tx.query(Server, {"name": "m1.tiny"})] == [id_number(1)]
            assert tx.get(Server, "1") is None  # the id of a flavor inside

    def test_query_of_a_field_that_does_not_exist_is_an_error(self, store):
        with store.read() as tx, pytest.raises(TypeError, match="Image has no field 'nmae'"):
            tx.query(Image, {"nmae": "x"})

    def test_query_in_another_order(self, store):
        self.put(store, image("a", min_ram=2), image("b", owner="me", min_ram=1), image("c", min_ram=2), image("d"))
        with self.reopened(store).read() as tx:
            assert self.found(tx, order=["min_ram"]) == ["d", "b", "a", "c"]
            assert self.found(tx, order=["-min_ram"]) == ["a", "c", "b", "d"]
            assert self.found(tx, order=["-owner", "min_ram"]) == ["b", "d", "a", "c"]
            assert self.found(tx, {"owner": ""}, order=["-min_ram", "-id"]) == ["c", "a", "d"]

    def test_query_sorts_null_before_values(self, store):
        self.put(store, image("a", checksum="x"), image("b", checksum=None), image("c", checksum=""))
        with self.reopened(store).read() as tx:
            assert self.found(tx, order=["checksum"]) == ["b", "c", "a"]
            assert self.found(tx, order=["-checksum"]) == ["a", "c", "b"]

    def test_query_one_page_after_another(self, store):
        self.put(store, *(image(id, min_ram=len(id)) for id in ("aaa", "bb", "cc", "d", "eee")))
        with self.reopened(store).read() as tx:
            assert self.found(tx, limit=2) == ["aaa", "bb"]
            assert self.found(tx, limit=2, after="bb") == ["cc", "d"]
            assert self.found(tx, limit=2, after="d") == ["eee"]
            assert self.found(tx, after="eee") == self.found(tx, limit=0) == []
            assert self.found(tx, {"min_ram": 2}, after="bb") == ["cc"]
            assert self.found(tx, order=["min_ram"], limit=2, after="bb") == ["cc", "aaa"]

    def test_a_page_behind_a_record_that_does_not_match_is_empty(self, store):
        self.put(store, image("a"), image("b", owner="me"))
        with store.read() as tx:
            assert self.found(tx, {"owner": "me"}, after="a") == self.found(tx, after="z") == []

    def test_order_and_pages_include_what_was_put(self, store):
        self.put(store, image("a", min_ram=1), image("b", min_ram=3))
        with store.write() as tx:
            tx.put(image("c", min_ram=2))
            tx.put(image("a", min_ram=4))
            assert self.found(tx, order=["min_ram"]) == ["c", "b", "a"]
            assert self.found(tx, order=["min_ram"], after="b") == ["a"]

    def test_query_in_the_order_of_a_field_that_does_not_exist_is_an_error(self, store):
        with store.read() as tx, pytest.raises(TypeError, match="Image has no field 'nmae'"):
            tx.query(Image, order=["-nmae"])

    def test_count_of_those_that_match(self, store):
        self.put(store, image("a"), image("b", owner="me"), image("c", owner="me"))
        with store.write() as tx:
            tx.put(image("d", owner="me"))
            tx.delete(image("b"))
            assert (tx.count(Image), tx.count(Image, {"owner": "me"}), tx.count(Image, {"owner": "you"})) == (3, 2, 0)
        with self.reopened(store).read() as tx:
            assert (tx.count(Image), tx.count(Image, {"owner": "me"})) == (3, 2)

    def test_a_task_is_due_when_its_present_phase_has_ended(self, store):
        self.put(store, task("a", [10.0, 20.0]), task("b", [5.0, 30.0], position=1), task("c", [20.0], timer=True))
        with self.reopened(store).write() as tx:
            assert [[due.id for due in tx.due_before(time)] for time in (9.9, 10.0, 20.0, 30.0)] == [
                [],
                ["a"],
                ["a", "c"],
                ["a", "b", "c"],
            ]
            due = tx.due_before(10.0)[0]
            assert due is tx.get(Task, "a")
            due.position = 1
            tx.put(due)
            assert tx.due_before(10.0) == []
            tx.delete(task("c", [20.0]))
            tx.put(task("d", [1.0]))
            assert [due.id for due in tx.due_before(25.0)] == ["a", "d"]

    def test_removing_what_is_not_there_is_no_error(self, store):
        self.put(store, image("a"))
        with store.write() as tx:
            tx.delete(image("b"))
            tx.delete(image("a"))
            tx.delete(image("a"))
        assert self.ids(store) == []

    def test_a_removed_record_stays_removed(self, store):
        self.put(store, image("a"), image("b"))
        with store.write() as tx:
            found = tx.get(Image, "a")
            tx.put(found)
            tx.delete(found)
            assert tx.get(Image, "a") is None
            assert tx.query(Image, {"name": "a"}) == []
        assert self.ids(store) == ["b"]

    def test_put_then_removed_in_one_transaction_was_never_there(self, store):
        with store.write() as tx:
            tx.put(image("a"))
            tx.delete(image("a"))
        assert self.ids(store) == []

    @pytest.mark.parametrize(
        "text", ['"', "\\", "a\nb", "\u2028", "日本", "\ud800", "\x00", '": {"id":"a"', "},\n", ""]
    )
    def test_any_text_is_an_id_and_a_value(self, store, text):
        self.put(store, image("before"), image(text, properties={text: [text]}), image("after"))
        with self.reopened(store).read() as tx:
            assert tx.get(Image, text) == image(text, properties={text: [text]})
            assert tx.query(Image, {"name": text}) == [tx.get(Image, text)]
            assert tx.get(Image, text + "x") is None
            assert [found.id for found in tx.query(Image)] == ["before", text, "after"]

    def test_values_keep_their_kind(self, store):
        values = {
            "a": [1, 1.5, -0.0, 1e300, 2**63 - 1, -(2**63), True, False, None, "x", {}, []],
            "b": {"c": {"d": [[]]}},
        }
        self.put(store, image("a", properties=values))
        with self.reopened(store).read() as tx:
            assert repr(tx.get(Image, "a").properties) == repr(values)

    def test_what_json_cannot_say_is_refused_and_nothing_saved(self, store):
        self.put(store, image("a"))
        for wrong in (float("nan"), {1, 2}, object()):
            with pytest.raises((ValueError, TypeError)), store.write() as tx:
                tx.put(image("b"))
                tx.put(image("c", size=wrong))
        assert self.ids(store) == ["a"]

    def test_each_transaction_of_a_batch_counts_or_is_dropped_on_its_own(self, store):
        self.put(store, *(image(f"i{number}") for number in range(20)))
        with store.batch() as batch:
            self.put(batch, image("a"), image("i3", owner="me"))
            with pytest.raises(BoomError), batch.write() as tx:
                tx.put(image("b"))
                tx.delete(image("i4"))
                raise BoomError
            with batch.write() as tx:
                assert (tx.get(Image, "b"), tx.get(Image, "i3").owner) == (None, "me")
                tx.delete(image("i5"))
            assert self.ids(store) == [f"i{number}" for number in range(20)]
        assert self.ids(store) == [*(f"i{number}" for number in range(20) if number != 5), "a"]

    def test_a_batch_is_a_store_and_has_batches_of_its_own(self, store):
        self.put(store, image("a"))
        with store.batch() as batch:
            assert batch.exists()
            before = batch.revision()
            with batch.batch() as within:
                self.put(within, image("b"))
                assert batch.revision() is before
            assert batch.revision() is not before
            now = batch.revision()
            with batch.read() as tx:
                assert [found.id for found in tx.query(Image)] == ["a", "b"]
            assert batch.revision() is now
        assert self.ids(store) == ["a", "b"]

    def test_a_batch_that_fails_stores_nothing(self, store):
        self.put(store, image("a"))
        with pytest.raises(BoomError), store.batch() as batch:
            self.put(batch, image("b"))
            raise BoomError
        assert self.ids(store) == ["a"]

    def test_what_a_reader_of_a_batch_sees_stays(self, store):
        self.put(store, *(image(f"i{number}") for number in range(20)))
        with store.batch() as batch:
            for number in range(20):
                with batch.write() as tx:
                    tx.delete(image(f"i{number}"))
                    tx.put(image(f"j{number}"))
                if number == 9:
                    early = batch.read()
                    seen = early.__enter__()
            assert [found.id for found in seen.query(Image)] == [
                *(f"i{number}" for number in range(10, 20)),
                *(f"j{number}" for number in range(10)),
            ]
            assert seen.get(Image, "j10") is None and seen.count(Image) == 20
            early.__exit__(None, None, None)

    def test_a_batch_stores_what_its_transactions_would_have_stored_one_by_one(self, store):
        def work(of, numbers):
            for number in numbers:
                with of.write() as tx:
                    tx.put(image(f"i{number % 37}", owner=f"o{number % 5}", min_ram=number))
                    if gone := tx.get(Image, f"i{number * 7 % 41}"):
                        tx.delete(gone)
                    for found in tx.query(Image, {"owner": f"o{number % 3}"})[:2]:
                        found.min_disk = number
                        tx.put(found)

        twin = MemoryStore()
        self.put(store, image("first"))
        self.put(twin, image("first"))
        work(twin, range(600))
        for first in range(0, 600, 150):
            with store.batch() as batch:
                work(batch, range(first, first + 150))
        assert self.reopened(store).dump() == twin.dump()

    def test_many_records_of_many_transactions(self, store):
        expected = {}
        for turn in range(40):
            with store.write() as tx:
                for number in range(turn * 10, turn * 10 + 20):  # every second one is there already
                    fresh = image(f"i{number}", owner=f"o{number % 7}", min_ram=turn)
                    tx.put(fresh)
                    expected[fresh.id] = fresh
                tx.delete(image(f"i{turn * 5}"))
                expected.pop(f"i{turn * 5}", None)
                assert tx.query(Image, {"owner": "o3"}) == [kept for kept in expected.values() if kept.owner == "o3"]
        with self.reopened(store).read() as tx:
            assert tx.query(Image) == list(expected.values())
            assert all(tx.get(Image, id) == kept for id, kept in expected.items())
            assert tx.query(Image, {"min_ram": 39}) == [kept for kept in expected.values() if kept.min_ram == 39]

    def test_big_loads_give_the_same(self, store):
        self.put(store, *(image(f"i{number}", name=f"n{number}\ud800") for number in range(2000)))
        with self.reopened(store).read() as tx:
            assert tx.count(Image) == 2000
            assert [found.name for found in tx.query(Image)] == [f"n{number}\ud800" for number in range(2000)]

    def test_threads_exclude_each_other(self, store):
        self.put(store, image("a", min_ram=0))

        def raise_it() -> None:
            for _ in range(10):
                with store.write() as tx:
                    found = tx.get(Image, "a")
                    found.min_ram += 1
                    tx.put(found)

        threads = [threading.Thread(target=raise_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.read() as tx:
            assert tx.get(Image, "a").min_ram == 40

    def test_a_dump_begins_another_world(self, store):
        self.put(
            store,
            settings(),
            image("a"),
            Keypair(id="k", name="k", user_id="u", public_key="", fingerprint="", created_at=NOW),
        )
        copy = MemoryStore(store.dump())
        assert copy.exists()
        assert copy.dump() == store.dump()
        self.put(copy, image("b"))
        assert self.ids(store) == ["a"]

    def test_the_same_steps_give_the_same_bytes(self, store):
        other = MemoryStore()
        for each in (store, other):
            self.put(each, settings(), image("a"), image("b"))
            with each.write() as tx:
                tx.delete(tx.get(Image, "a"))
                tx.put(image("c"))
        assert store.dump() == other.dump()


class TestMemoryStore(StoreSuite):
    @pytest.fixture
    def store(self):
        return MemoryStore()

    def reopened(self, store):
        return store


class TestTinyStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> TinyStore:
        return open_store(tmp_path / "cloud.json")

    def reopened(self, store: TinyStore) -> TinyStore:
        return open_store(store.path)


class TestResidentTinyStore(TestTinyStore):
    """As a server has it: what is read is split at once, and another process writes between two looks."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> TinyStore:
        return open_store(tmp_path / "cloud.json", resident=True)

    def reopened(self, store: TinyStore) -> TinyStore:
        return open_store(store.path, resident=True)

    def test_what_was_read_is_kept_once(self, store):
        self.put(store, *(image(f"i{number}") for number in range(20)))
        kept = self.reopened(store)
        (table,) = kept.revision().values()
        assert (table._data, len(table._lines)) == (b"", 20)
        assert b"".join(table.pieces()) in kept.dump() and len(b"".join(table.pieces())) == table.size()


class TestMemoryStoreFromContent(TestMemoryStore):
    """As above, but in a world that was loaded: another path through the code, the same behaviour."""

    @pytest.fixture
    def store(self):
        return MemoryStore()

    def reopened(self, store):
        return MemoryStore(store.dump()) if store.exists() else store


def test_the_format_is_the_one_that_new_worlds_get():
    assert FORMAT == 1


class TestFractions:
    """A number that is not whole has several written forms, so only decoding can tell."""

    def test_query_by_a_fraction(self):
        store = MemoryStore()
        with store.write() as tx:
            tx.put(settings(speed=1e-7))
            tx.put(settings(id="other", speed=1e22))
        with store.read() as tx:
            assert [found.id for found in tx.query(Settings, {"speed": 1e-7})] == ["cloud"]
            assert [found.id for found in tx.query(Settings, {"speed": 10**22})] == ["other"]
            assert tx.query(Settings, {"speed": 0.5}) == []
