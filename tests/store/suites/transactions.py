"""What every store does: transactions."""

from __future__ import annotations

import pytest

from novasim.records import Image, Server, Settings
from tests.store.base import BoomError, StoreTests, image
from tests.store.worlds import id_number, server, settings


class TransactionSuite(StoreTests):
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

    def test_a_transaction_sees_what_it_put_into_a_new_world(self, store):
        with store.write() as tx:
            tx.put(server(1))
            tx.put(settings())
            tx.put(server(2))
            assert [found.name for found in tx.query(Server)] == ["web1", "web2"]
            assert (tx.count(Server), tx.count(Settings)) == (2, 1)
            assert tx.query(Server, {"name": "web2"}) == [server(2)]

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
