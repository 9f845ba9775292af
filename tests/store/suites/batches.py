"""What every store does: batches, many records and dumps."""

from __future__ import annotations

import threading

import pytest

from novasim.records import Image, Keypair
from novasim.store.memory import MemoryStore
from tests.store.base import BoomError, StoreTests, image
from tests.store.worlds import NOW, settings


class BatchSuite(StoreTests):
    def test_each_transaction_of_a_batch_counts_or_is_dropped_on_its_own(self, store):
        self.put(store, *(image(f"i{number}") for number in range(20)))
        with store.batch() as batch:
            self.put(batch, image("a"), image("i3", owner="me"))
            with pytest.raises(BoomError), batch.write() as tx:
                tx.put(image("b"))
                tx.delete(image("i4"))
                tx.get(Image, "i3").owner = "you"
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

    def test_a_batch_knows_during_a_write_whether_the_world_exists(self, store):
        with store.batch() as batch:
            for exists in (False, True):
                with batch.write() as tx:
                    assert batch.exists() is exists
                    tx.put(image("a"))

    def test_a_batch_that_fails_stores_nothing(self, store):
        self.put(store, image("a"))
        with pytest.raises(BoomError), store.batch() as batch:
            self.put(batch, image("b"))
            raise BoomError
        assert self.ids(store) == ["a"]

    def test_a_batch_ends_with_what_has_changed_all_in_all(self, store):
        """Also if its last record has gone meanwhile, and if nothing has changed in the end."""
        self.put(store, image("a"), image("b"), image("c"))
        before = store.revision()
        with store.batch() as batch:
            self.put(batch, image("d"))
            with batch.write() as tx:
                tx.delete(image("d"))
        assert store.revision() is before
        with store.batch() as batch:
            with batch.write() as tx:
                tx.delete(image("c"))
                tx.delete(image("b"))
            with batch.write() as tx:
                tx.put(image("e"))
                assert (tx.count(Image), tx.count(Image, {"name": "e"})) == (2, 1)
            with batch.write() as tx:
                found = tx.get(Image, "e")
                found.name = "f"
                tx.put(found)
                ((before, after),) = [(change.before, change.after) for change in tx.changes()]
                assert (before["name"], after["name"]) == ("e", "f")
        assert [list(rows) for rows in store.tables().values()] == [["1", "2"]]

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
        work(twin, range(240))
        for first in range(0, 240, 60):
            with store.batch() as batch:
                work(batch, range(first, first + 60))
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

    def test_readers_in_threads_see_whole_transactions(self, store):
        """While a writer moves images between owners, every reader finds each image once, by an index or without."""
        self.put(store, *(image(f"i{number}", owner="a") for number in range(50)))
        stop, faults = threading.Event(), []

        def read() -> None:
            while not stop.is_set():
                with store.read() as tx:
                    found = self.found(tx, {"owner": "a"}) + self.found(tx, {"owner": "b"})
                    by_name = [each.owner for n in range(0, 50, 7) for each in tx.query(Image, {"name": f"i{n}"})]
                    if len(found) != 50 or len(set(found)) != 50 or len(by_name) != 8:
                        faults.append((len(found), len(set(found)), len(by_name)))

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for number in range(150):
            with store.write() as tx:
                moved = tx.get(Image, f"i{number * 7 % 50}")
                moved.owner = "b" if moved.owner == "a" else "a"
                tx.put(moved)
        stop.set()
        for reader in readers:
            reader.join()
        assert faults == []

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
