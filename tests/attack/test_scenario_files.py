"""Hostile scenario and policy files: refused with file and line and without any effect, or a cloud that works."""

from __future__ import annotations

import copy
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.policy.enforcer import Enforcer
from novasim.api.policy.files import load_policy_file
from novasim.api.request import Request
from novasim.api.routes import MOUNTS, list_routes
from novasim.cli.main import cli
from novasim.cloud import Cloud
from novasim.errors import UsageError
from novasim.records import Caller, Server, User
from novasim.scenarios.builder import load_scenario
from novasim.store.memory import MemoryStore
from tests.attack import extent
from tests.attack.scenario_files import TEXTS, VALID, VALUES

NEWEST = {"compute": 104, "placement": 39, "volume": 71}
LISTS = [
    (service, route.path, min(route.until, NEWEST.get(service, 1)))
    for service in MOUNTS
    for route in list_routes(service)
    if route.method == "GET" and "{" not in route.path.replace("{project_id}", "")
]


def list_places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in a value, with the value itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(inner for key, item in items for inner in list_places(item, (*place, key)))]


def replace(place: tuple[Any, ...], value: Any) -> Any:
    """A copy of the valid scenario with another value at a place."""
    if not place:
        return value
    data = copy.deepcopy(VALID)
    container = data
    for key in place[:-1]:
        container = container[key]
    container[place[-1]] = value
    return data


def build(path: Path) -> Cloud:
    store = MemoryStore()
    with store.write() as tx:
        load_scenario(str(path))(tx, 0.0, None)
    return Cloud(store, wall=lambda: 0.0)


def check_all_lists(cloud: Cloud) -> None:
    """Send every request that lists something, and show every server."""
    with cloud.reading() as world:
        users = {user.name for user in world.tx.query(User)}
        servers = [server.id for server in world.tx.query(Server)]
        caller = find_caller(world.tx, "admin" if "admin" in users else sorted(users)[0])
    paths = [(service, path.replace("{project_id}", caller.project_id), minor) for service, path, minor in LISTS]
    for service, path, minor in [*paths, *(("compute", f"/servers/{id}", 96) for id in servers)]:
        response = handle(cloud, Request(caller, "GET", path, minor, (), None, service))
        assert response.code != 500, (path, response)


def check(path: Path) -> None:
    """A scenario is refused with file and line, or its cloud works."""
    try:
        cloud = build(path)
    except UsageError as error:
        message = str(error)
        assert re.match(re.escape(str(path)) + r", line \d+\b.*: ", message), message
        assert len(message) < len(str(path)) + 1_000
    else:
        check_all_lists(cloud)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "world.yaml"


def test_the_valid_file_gives_a_cloud(file):
    file.write_text(yaml.safe_dump(VALID), "utf-8")
    check_all_lists(build(file))


@pytest.mark.parametrize("text", TEXTS[: extent(-1, None)], ids=lambda text: repr(text[:40]))
def test_hostile_file_is_refused_with_its_line_and_creates_nothing(file, text):
    file.write_text(text, "utf-8")
    cloud = file.with_name("cloud.json")
    start = time.process_time()
    result = CliRunner().invoke(cli, ["--cloud", str(cloud), "cloud", "init", "--scenario", str(file)])
    assert result.exit_code == 2, result.output
    assert re.search(re.escape(str(file)) + r", line \d+", result.stderr), result.stderr
    assert len(result.stderr) < 2_000
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert time.process_time() - start < 30  # all but one take less than a second; 200,000 values take several


PLACES = list_places(VALID)


@pytest.mark.parametrize("place", PLACES[:: extent(24, 1)], ids=repr)
def test_hostile_values_at_each_place(file, place):
    for value in VALUES[:: extent(5, 2)]:
        file.write_text(yaml.safe_dump(replace(place, value), allow_unicode=True), "utf-8")
        check(file)


@settings(max_examples=extent(15, 300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_bytes_of_a_scenario(file, data):
    content = bytearray(yaml.safe_dump(VALID).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position : position + data.draw(st.integers(0, 8))] = data.draw(
            st.one_of(
                st.binary(max_size=4), st.sampled_from([b"*a", b"&a ", b"[", b"{", b": ", b"!!int ", b"\n", b"'"])
            )
        )
    file.write_bytes(bytes(content))
    check(file)


def nest(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)


@settings(max_examples=extent(15, 300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(PLACES),
    value=st.recursive(
        st.sampled_from(VALUES), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)
    ),
)
@example(place=("servers", 0, "metadata"), value={"a": None})
def test_any_value_at_any_place(file, place, value):
    file.write_text(yaml.safe_dump(replace(place, value), allow_unicode=True), "utf-8")
    check(file)


MEMBER = Caller("member", "p", ("reader", "member"))


def test_rules_that_name_the_next_one_twice_take_no_exponential_time():
    rules = {f"r{number}": f"rule:r{number + 1} and rule:r{number + 1}" for number in range(40)} | {"r40": "@"}
    start = time.process_time()
    assert Enforcer(rules).enforce("r0", MEMBER, {})
    assert time.process_time() - start < 10  # 2 to the power of 40 steps never end


COUNT = extent(500, 20_000)
POLICIES = {
    "chain": "".join(f"r{number}: 'rule:r{number + 1}'\n" for number in range(COUNT)) + f"r{COUNT}: '@'\n",
    "cycle": "".join(f"r{number}: 'rule:r{(number + 1) % COUNT}'\n" for number in range(COUNT)),
    "cycles": "".join(f"r{number}: 'rule:r{number + 1} or rule:r0'\n" for number in range(COUNT)) + f"r{COUNT}: '@'\n",
    "aliases": TEXTS[0],
    "nested": "os_compute_api:servers:show: '" + "(" * 100_000 + "'\n",
    "negated": "os_compute_api:servers:show: '" + "not " * 20_000 + "@'\n",
    "missing": "os_compute_api:servers:show: 'rule:" + "x" * 100_000 + "'\n",
    "twice": "os_compute_api:servers:show: '@'\nos_compute_api:servers:show: '!'\n",
}


@pytest.mark.parametrize("name", POLICIES)
def test_hostile_policy_file_is_refused_with_its_line(tmp_path, name):
    path = tmp_path / "policy.yaml"
    path.write_text(POLICIES[name], "utf-8")
    start = time.process_time()
    with pytest.raises(UsageError) as refusal:
        load_policy_file(str(path))
    assert re.match(re.escape(str(path)) + r", line \d+", str(refusal.value))
    assert len(str(refusal.value)) < 1_000
    assert time.process_time() - start < 30
