"""What every store does: the documents that a transaction changes, places, revisions, and views that follow changes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from novasim.records import Image, Keypair, Server
from novasim.store.documents import Change
from tests.store.base import BoomError, StoreTests, image
from tests.store.worlds import id_number, server


def stored(record: Image, **fields: object) -> dict[str, object]:
    return {**vars(record), **fields}


class ChangeSuite(StoreTests):
    def test_changes_of_a_transaction(self, store):
        self.put(store, image("a"), image("b"), image("c"))
        with store.write() as tx:
            tx.put(image("d"))
            tx.delete(image("b"))
            tx.put(image("c", owner="me"))
            first, second, third = tx.changes()
        assert first == ("images", 2, 2, stored(image("b")), None)
        assert second == ("images", 3, 3, stored(image("c")), stored(image("c"), owner="me"))
        assert third == ("images", 4, 4, None, stored(image("d")))

    def test_changes_of_several_tables(self, store):
        with store.write() as tx:
            tx.put(image("a"))
            tx.put(server(1))
            tx.put(image("b"))
            assert [(change.table, change.number) for change in tx.changes()] == [
                ("images", 1),
                ("images", 2),
                ("servers", 1),
            ]

    def test_what_is_the_same_is_no_change(self, store):
        self.put(store, image("a", owner="me"))
        with store.write() as tx:
            tx.put(image("a", owner="me"))
            tx.get(Image, "a").owner = "you"
            tx.put(tx.get(Image, "a"))
            tx.get(Image, "a").owner = "me"
            tx.put(image("new"))
            tx.delete(image("new"))
            tx.delete(image("never"))
            assert tx.changes() == []

    def test_a_value_of_another_type_is_a_change(self, store):
        self.put(store, image("a", min_ram=1))
        with store.write() as tx:
            tx.put(image("a", min_ram=True))
            (change,) = tx.changes()
        assert (change.before["min_ram"], change.after["min_ram"]) == (1, True)
        with self.reopened(store).read() as tx:
            assert tx.count(Image, {"min_ram": True}) == 1

    def test_a_reader_knows_its_changes_too(self, store):
        self.put(store, image("a"))
        with store.read() as tx:
            assert tx.changes() == []
            tx.delete(tx.get(Image, "a"))
            assert [change.after for change in tx.changes()] == [None]

    def test_changes_do_not_follow_the_record(self, store):
        with store.write() as tx:
            fresh = image("a", properties={"x": "1"})
            tx.put(fresh)
            (change,) = tx.changes()
            fresh.properties["x"] = "2"
            assert change.after["properties"] == {"x": "1"}

    def test_a_deleted_record_comes_back_to_its_place(self, store):
        self.put(store, *(image(id) for id in "abcd"))
        with store.write() as tx:
            tx.delete(image("b"))
            (gone,) = tx.changes()
        with store.write() as tx:
            tx.put(image("e"))
            tx.put(image("b"), gone.place)
            assert self.found(tx) == self.found(tx, {"owner": ""}) == ["a", "b", "c", "d", "e"]
        assert self.ids(store) == ["a", "b", "c", "d", "e"]

    def test_undoing_changes_gives_the_same_content(self, store):
        self.put(store, *(image(id, owner="me") for id in "abcde"))
        before = store.dump()
        with store.write() as tx:
            tx.delete(image("a"))
            tx.delete(image("c"))
            tx.put(image("d", owner="you"))
            tx.put(image("f"))
            changes = tx.changes()
        assert store.dump() != before
        with store.write() as tx:
            undo(tx, changes)
            assert self.found(tx, {"owner": "me"}) == ["a", "b", "c", "d", "e"]
        assert store.dump() == before
        assert self.ids(store) == ["a", "b", "c", "d", "e"]

    def test_a_place_belongs_to_one_record(self, store):
        self.put(store, image("a"), image("b"))
        with pytest.raises(ValueError, match="another record has place 2"), store.write() as tx:
            tx.put(image("c"), 2)
        with store.write() as tx:
            tx.put(image("b", owner="me"), 2)  # its own
            tx.delete(image("a"))
            tx.put(image("c"), 1)
            (replaced, _) = tx.changes()
        assert (replaced.number, replaced.before["id"], replaced.after["id"]) == (1, "a", "c")
        assert self.ids(store) == ["c", "b"]

    def test_a_revision_stays_until_something_is_stored(self, store):
        empty = store.revision()
        assert store.revision() is empty
        self.put(store, image("a"))
        first = store.revision()
        assert first is not empty
        with store.read() as tx:
            tx.put(image("seen only here"))
        with store.write() as tx:
            tx.get(Image, "a")
        with pytest.raises(BoomError), store.write() as tx:
            tx.put(image("b"))
            raise BoomError
        self.put(store, image("a"))
        assert store.revision() is first
        self.put(store, image("a", owner="me"))
        assert store.revision() is not first

    def test_documents_of_a_change_are_not_changed_later(self, store):
        self.put(store, server(1))
        with store.write() as tx:
            found = tx.get(Server, id_number(1))
            found.metadata["x"] = "y"
            tx.put(found)
            tx.put(Keypair(id="k", name="k", user_id="u", created_at="", fingerprint="", public_key=""))
            change = next(change for change in tx.changes() if change.table == "servers")
        assert isinstance(change, Change)
        assert "x" not in change.before["metadata"]
        assert change.after["metadata"]["x"] == "y"


def undo(tx, changes: list[Change]) -> None:
    """Reverse the changes of one table of images."""
    for change in changes:
        if change.before is None:
            tx.delete(Image(**change.after))
        else:
            tx.put(Image(**change.before), change.place)


class Owners:
    """The owners of images by id, read once and then only from changes."""

    def __init__(self) -> None:
        self.owners: dict[str, str] | None = None

    def read(self, tx: Any) -> dict[str, str]:
        if self.owners is None:
            self.owners = {record.id: record.owner for record in tx.query(Image)}
        return dict(self.owners)

    def apply(self, changes: Iterable[Change]) -> None:
        assert self.owners is not None
        for change in changes:
            if change.table == Image.table and change.before:
                self.owners.pop(change.before["id"])
        for change in changes:
            if change.table == Image.table and change.after:
                self.owners[change.after["id"]] = change.after.get("owner")


class ViewSuite(StoreTests):
    def view(self, store: Any) -> tuple[Owners, dict[str, str]]:
        """The view of owners, and what it says; fails if that is not what is stored."""
        with store.read() as tx, tx.materialized_views() as views:
            owners = views.get("owners", Owners)
            found = owners.read(tx)
            assert found == {record.id: record.owner for record in tx.query(Image)}
        return owners, found

    def test_a_view_follows_transactions_and_batches(self, store):
        self.put(store, image("a", owner="me"))
        view, _ = self.view(store)
        self.put(store, image("a", owner="you"), image("b", owner="me"))
        with store.batch() as batch:
            self.put(batch, image("c", owner="me"))
            with batch.write() as tx:
                tx.delete(image("b"))
        assert self.view(store) == (view, {"a": "you", "c": "me"})

    def test_a_view_does_not_follow_what_is_dropped(self, store):
        self.put(store, image("a", owner="me"))
        view, before = self.view(store)
        for begin in (store.write, store.batch):
            with pytest.raises(BoomError), begin() as unit:
                unit.put(image("b")) if begin == store.write else self.put(unit, image("b"))
                raise BoomError
        with store.batch() as batch:
            self.put(batch, image("c", owner="me"))
            with pytest.raises(BoomError), batch.batch() as within:
                self.put(within, image("d", owner="me"))
                raise BoomError
        assert self.view(store) == (view, {**before, "c": "me"})

    def test_views_begin_again_after_a_change_by_another_process(self, store):
        self.put(store, image("a", owner="me"))
        self.view(store)
        self.put(self.reopened(store), image("b", owner="me"))
        self.put(store, image("c", owner="me"))
        self.view(store)

    def test_views_without_uncommitted_changes(self, store):
        self.put(store, image("a", owner="me"))
        view, before = self.view(store)
        with store.read() as tx:
            tx.put(image("b"))
            with tx.materialized_views() as views:
                assert views.get("owners", Owners).read(tx) == before
        assert self.view(store)[0] is view

    def test_no_views_for_writers_batches_and_second_threads(self, store):
        self.put(store, image("a"))
        with store.write() as tx, tx.materialized_views() as views:
            assert views is None
        with store.batch() as batch, batch.read() as tx, tx.materialized_views() as views:
            assert views is None
        found: list[object] = []
        with store.read() as tx, tx.materialized_views() as views:
            assert views is not None
            thread = threading.Thread(target=lambda: found.append(self._find_views(store)))
            thread.start()
            thread.join()
        assert found == [None]

    def _find_views(self, store: Any) -> object:
        with store.read() as tx, tx.materialized_views() as views:
            return views
