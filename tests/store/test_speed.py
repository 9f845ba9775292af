"""What the store promises of its cost, as ratios within one run; the figures: `python -m tests.store.speed`."""

from __future__ import annotations

import json

import pytest

from novasim.records import Port, Server
from novasim.store import open_store
from tests.store.speed import best, count_servers, find_ports, get_one, made
from tests.store.worlds import id_number

MANY = 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return made(tmp_path_factory.mktemp("speed") / "cloud.json", MANY)


@pytest.fixture(scope="module")
def whole(path):
    """What decoding all of it costs, in milliseconds."""
    return best(lambda: json.loads(path.read_bytes()), 2)


@pytest.mark.parametrize("step", [get_one, find_ports, lambda store, _: count_servers(store)])
def test_one_of_many_costs_a_fraction_of_decoding_them_all(path, whole, step):
    assert best(lambda: step(open_store(path), MANY // 2)) < whole / 6


def test_in_a_kept_store_one_of_many_costs_as_much_as_one_of_few(tmp_path, path):
    few, many = open_store(made(tmp_path / "cloud.json", 10)), open_store(path)
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
