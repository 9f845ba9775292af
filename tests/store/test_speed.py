"""What the store promises of its cost, as ratios within one run. All figures: tests/benchmarks/bench_store.py."""

from __future__ import annotations

import json

import pytest

from novasim.records import Port, Server
from novasim.store import open_store
from tests.benchmarks.bench_store import best, find_ports, get_one
from tests.store.files import fill
from tests.store.worlds import id_number, world_of

MANY = 3_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("speed") / "cloud.json"
    fill(path, *world_of(MANY))
    return path


@pytest.fixture(scope="module")
def whole(path):
    """The cost of decoding the file with json, in milliseconds."""
    return best(lambda: json.loads(path.read_bytes()), 3)


def test_one_of_many_costs_no_more_than_decoding_them_all(path, whole):
    assert best(lambda: get_one(open_store(path), MANY // 2)) < 2 * whole


def test_in_a_kept_store_one_of_many_costs_as_much_as_one_of_few(tmp_path, path):
    fill(tmp_path / "cloud.json", *world_of(10))
    few, many = open_store(tmp_path / "cloud.json"), open_store(path)
    for step in (get_one, find_ports):
        assert best(lambda step=step: step(many, 5), 50) < 5 * best(lambda step=step: step(few, 5), 50)


def test_asking_for_each_of_many_does_not_search_through_all_each_time(path, whole):
    def each() -> None:
        with open_store(path).read() as tx:
            for number in range(0, MANY, 5):
                found = tx.get(Server, id_number(number))
                found.progress = 50
                tx.put(found)
                plugged = tx.query(Port, {"device_id": found.id})[0]
                plugged.status = "ACTIVE"
                tx.put(plugged)
                assert tx.query(Port, {"device_id": found.id}) == [plugged]

    assert best(each, 2) < 8 * whole
