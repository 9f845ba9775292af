"""What every store does: queries."""

from __future__ import annotations

import pytest

from novasim.errors import CloudFileError
from novasim.records import Image, Port, Server, Task
from tests.store.base import StoreTests, image, task
from tests.store.worlds import id_number, port, server


class QuerySuite(StoreTests):
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
            assert tx.count(Image, {"min_ram": True}) == 1
            assert [found.id for found in tx.query(Image, {"name": None})] == ["c"]
            assert [found.id for found in tx.query(Image, {"name": "None"})] == ["d"]
            assert [found.id for found in tx.query(Image, {"name": "5"})] == ["g"]
            assert tx.count(Image, {"size": 5}) == 1
            for id, problem in (("f", "'min_ram' should be a whole number"), ("h", "'size' should be a whole number")):
                with pytest.raises(CloudFileError, match=problem):
                    tx.get(Image, id)

    def test_a_request_may_name_a_number_where_ids_are_texts(self, store):
        self.put(store, image("1"))
        with self.reopened(store).write() as tx:
            assert (tx.get(Image, 1), tx.query(Image, {"id": 1}), tx.query(Image, limit=1, after=1)) == (None, [], [])
            tx.put(image("2"))
            assert (tx.get(Image, 2), tx.query(Image, {"id": 2}), tx.count(Image, {"id": 2})) == (None, [], 0)

    def test_query_looks_at_top_level_fields_only(self, store):
        self.put(store, server(1, name="m1.tiny"), server(2), server(3, metadata={"host": "h", "name": "m1.tiny"}))
        with self.reopened(store).read() as tx:
            assert [found.id for found in tx.query(Server, {"name": "m1.tiny"})] == [id_number(1)]
            assert tx.get(Server, "1") is None  # the id of a flavor inside

    def test_query_of_a_field_that_does_not_exist_is_an_error(self, store):
        with store.read() as tx, pytest.raises(TypeError, match="Image has no field 'nmae'"):
            tx.query(Image, {"nmae": "x"})

    def test_a_record_that_was_changed_but_not_put_must_still_match(self, store):
        self.put(store, image("a", owner="me"), image("b", owner="me"))
        with store.read() as tx:
            tx.get(Image, "a").owner = "you"
            assert self.found(tx, {"owner": "me"}) == ["b"]
            assert tx.count(Image, {"owner": "me"}) == 1

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

    def test_a_query_of_all_follows_each_change(self, store):
        self.put(store, image("a"), image("b"))
        with store.write() as tx:
            for step, expected in (
                (lambda: None, ["a", "b"]),
                (lambda: tx.put(image("c")), ["a", "b", "c"]),
                (lambda: tx.delete(image("a")), ["b", "c"]),
                (lambda: tx.put(image("a"), 1), ["a", "b", "c"]),
                (lambda: tx.put(image("b", owner="me")), ["a", "b", "c"]),
                (lambda: tx.delete(image("c")), ["a", "b"]),
                (lambda: tx.put(image("d")), ["a", "b", "d"]),
            ):
                step()
                assert self.found(tx) == expected
                assert tx.query(Image)[0] is tx.get(Image, expected[0])
                tx.query(Image).clear()
            assert [found.owner for found in tx.query(Image)] == ["", "me", ""]
        assert self.ids(store) == ["a", "b", "d"]

    def test_a_new_id_is_found_as_soon_as_it_is_put(self, store):
        new = id_number(7)
        self.put(store, server(1), port(1))
        with store.write() as tx:
            tx.expect_new(new)
            assert (tx.get(Server, new), tx.query(Port, {"device_id": new})) == (None, [])
            tx.put(server(7))
            tx.put(port(7))
            assert [found.id for found in tx.query(Port, {"device_id": new})] == [port(7).id]
            assert tx.get(Server, new) is tx.query(Server)[1]
        with store.write() as tx:
            tx.expect_new(id_number(8))
            tx.delete(tx.get(Server, new))
            assert (tx.get(Server, new), self.ids(store, Server)) == (None, [id_number(1), new])
        assert self.ids(store, Server) == [id_number(1)]
