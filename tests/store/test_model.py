"""Any sequence of transactions does to a store what it does to a dict."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from novasim.control.file_check import check
from novasim.records import Image
from novasim.store import open_store
from novasim.store.memory import MemoryStore
from tests import extent
from tests.store.worlds import NOW
from tests.store.worlds import settings as cloud_settings

IDS = ["a", "b", "aa", "1", '"', '\\"', "ü", "\ud800", "x\ny", '": {"id":"a"', ""]
NAMES = [None, "a", "b", '","name":"a', "\\", "日", "null"]
OWNERS = ["", "me", "you"]

ids = st.sampled_from(IDS) | st.integers(0, 40).map(str)
values = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES)},
    optional={
        "owner": st.sampled_from(OWNERS),
        "min_ram": st.sampled_from([0, 1, 10, 2]),
        "protected": st.booleans(),
        "properties": st.dictionaries(st.sampled_from(["name", "owner", "id"]), st.sampled_from(OWNERS), max_size=2),
    },
)
searches = st.one_of(
    st.fixed_dictionaries({"name": st.sampled_from(NAMES)}),
    st.fixed_dictionaries({"owner": st.sampled_from(OWNERS)}, optional={"name": st.sampled_from(NAMES)}),
    st.fixed_dictionaries({"min_ram": st.sampled_from([0, 1, 10, 2])}),
    st.fixed_dictionaries({"protected": st.booleans(), "owner": st.sampled_from(OWNERS)}),
    st.fixed_dictionaries({"id": ids}),
)
orders = st.lists(st.sampled_from(["name", "-name", "owner", "-min_ram", "protected", "id"]), max_size=2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), ids, values),
        st.tuples(st.just("change"), ids, values),
        st.tuples(st.just("delete"), ids),
        st.tuples(st.just("get"), ids),
        st.tuples(st.just("find"), searches),
        st.tuples(st.just("page"), searches, orders, st.integers(0, 3), st.none() | ids),
        st.tuples(st.just("all")),
    ),
    max_size=12,
)
transactions = st.lists(st.tuples(st.sampled_from(["write", "write", "fail", "read", "reopen"]), steps), max_size=12)

Model = dict[str, dict[str, Any]]

DEFAULTS = {"owner": "", "min_ram": 0, "protected": False}  # of the fields used here


class DropError(Exception):
    """Ends a transaction that shall leave nothing."""


def image(id: str, fields: dict[str, Any]) -> Image:
    return Image(id=id, created_at=NOW, updated_at=NOW, **fields)


def fields_of(record: Image) -> dict[str, Any]:
    return fields_in(vars(record))


def fields_in(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("id", "created_at", "updated_at")}


def stored(fields: dict[str, Any]) -> dict[str, Any]:
    """What a new record of these fields holds: lists and dicts are there from the beginning."""
    return fields_of(image("", fields))


def matching(model: Model, search: dict[str, Any]) -> list[str]:
    """By the rule itself: a field that is not held has the default of its class."""
    found = []
    for id, fields in model.items():
        held = {"id": id, **DEFAULTS, **fields}
        if all(held[name] == value for name, value in search.items()):
            found.append(id)
    return found


def do(tx: Any, model: Model, step: tuple[Any, ...]) -> None:
    """Do *step* to both and compare what they say."""
    match step:
        case "put", id, fields:
            tx.put(image(id, fields))
            model[id] = stored(fields)
        case "change", id, fields:
            if found := tx.get(Image, id):
                vars(found).update(fields)
                tx.put(found)
                model[id] = {**model[id], **fields}
        case "delete", id:
            tx.delete(image(id, {"name": None}))
            model.pop(id, None)
        case "get", id:
            found = tx.get(Image, id)
            assert (found and fields_of(found)) == model.get(id)
        case "find", search:
            assert [found.id for found in tx.query(Image, search)] == matching(model, search)
        case "page", search, order, limit, after:
            found = tx.query(Image, search, order, limit, after)
            assert [each.id for each in found] == page(model, matching(model, search), order, after)[:limit]
            assert tx.count(Image, search) == len(matching(model, search))
        case ("all",):
            same(tx, model)


def page(model: Model, found: list[str], order: list[str], after: str | None) -> list[str]:
    """The found ids in order, from behind one of them on."""
    for field in reversed(order):
        name = field.removeprefix("-")

        def key(id: str, name: str = name) -> tuple[bool, Any]:
            value = {"id": id, **DEFAULTS, **model[id]}[name]
            return (value is not None, value)

        found = sorted(found, key=key, reverse=field != name)
    if after is None:
        return found
    return found[found.index(after) + 1 :] if after in found else []


def same_changes(tx: Any, before: Model, after: Model) -> None:
    """The changes of a transaction name every image that differs, with its fields before and after."""
    changes = [change for change in tx.changes() if change.table == "images"]
    old = {change.before["id"]: fields_in(change.before) for change in changes if change.before}
    new = {change.after["id"]: fields_in(change.after) for change in changes if change.after}
    different = {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}
    assert different <= old.keys() | new.keys()
    assert all(before[id] == fields for id, fields in old.items())
    assert all(after[id] == fields for id, fields in new.items())


def same(tx: Any, model: Model) -> None:
    assert {found.id: fields_of(found) for found in tx.query(Image)} == model
    assert [found.id for found in tx.query(Image)] == list(model)
    assert tx.count(Image) == len(model)


def play(store: Any, reopened: Any, script: list[tuple[str, list[tuple[Any, ...]]]]) -> Any:
    """Run the transactions; what is left at the end is compared as well."""
    with store.write() as tx:
        tx.put(cloud_settings())
    model: Model = {}
    for kind, plan in script:
        if kind == "reopen":
            store = reopened(store)
        seen = {id: dict(fields) for id, fields in model.items()}
        try:
            with store.read() if kind == "read" else store.write() as tx:
                for step in plan:
                    do(tx, seen, step)
                same_changes(tx, model, seen)
                if kind == "fail":
                    raise DropError
        except DropError:
            continue
        model = model if kind == "read" else seen
    for last in (store, reopened(store)):
        with last.read() as tx:
            same(tx, model)
    return store


_numbers = itertools.count()


@given(transactions)
def test_memory(script):
    play(MemoryStore(), lambda store: MemoryStore(store.dump()), script)


@settings(max_examples=extent(15, 200))
@given(transactions)
def test_database(script):
    with TemporaryDirectory() as folder:
        play(open_store(f"sqlite:{folder}/cloud.db", resident=True), lambda store: open_store(store.path), script)
        assert check(f"sqlite:{folder}/cloud.db") == []


@settings(max_examples=extent(10, 200))
@given(transactions)
def test_postgresql(postgresql, postgresql_database, script):
    url = postgresql.url(postgresql_database, cloud=f"model-{next(_numbers)}")
    play(open_store(url), lambda store: open_store(store.path), script)
    assert check(url) == []


@settings(max_examples=60)
@given(transactions)
def test_file(script):
    with TemporaryDirectory() as folder:
        path = Path(folder, "cloud.json")
        play(open_store(path), lambda store: open_store(store.path), script)
        assert check(str(path)) == []
