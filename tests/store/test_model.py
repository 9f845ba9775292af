"""Any sequence of transactions does to a store what it does to a dict."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from novasim.control.file_check import check
from novasim.records import Image
from novasim.store import open_store
from novasim.store.memory import MemoryStore
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
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), ids, values),
        st.tuples(st.just("change"), ids, values),
        st.tuples(st.just("delete"), ids),
        st.tuples(st.just("get"), ids),
        st.tuples(st.just("find"), searches),
        st.tuples(st.just("all")),
    ),
    max_size=12,
)
transactions = st.lists(st.tuples(st.sampled_from(["write", "write", "fail", "read", "reopen"]), steps), max_size=12)

Model = dict[str, dict[str, Any]]


class DropError(Exception):
    """Ends a transaction that shall leave nothing."""


def image(id: str, fields: dict[str, Any]) -> Image:
    return Image(id=id, created_at=NOW, updated_at=NOW, **fields)


def fields_of(record: Image) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in ("id", "created_at", "updated_at")}


def stored(fields: dict[str, Any]) -> dict[str, Any]:
    """What a new record of these fields holds: lists and dicts are there from the beginning."""
    return fields_of(image("", fields))


def matching(model: Model, search: dict[str, Any]) -> list[str]:
    """By the rule itself: a field that is not held has the default of its class."""
    found = []
    for id, fields in model.items():
        held = {"id": id, "owner": "", "min_ram": 0, "protected": False, **fields}
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
        case ("all",):
            same(tx, model)


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
                if kind == "fail":
                    raise DropError
        except DropError:
            continue
        model = model if kind == "read" else seen
    for last in (store, reopened(store)):
        with last.read() as tx:
            same(tx, model)
    return store


@given(transactions)
def test_memory(script):
    play(MemoryStore(), lambda store: MemoryStore(store.dump()), script)


@settings(max_examples=60)
@given(transactions)
def test_file(script):
    with TemporaryDirectory() as folder:
        path = Path(folder, "cloud.json")
        play(open_store(path), lambda store: open_store(store.path), script)
        assert check(str(path)) == []
