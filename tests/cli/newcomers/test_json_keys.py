"""JSON has the keys and values of the API, with and without `-c`, for every command with output."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest

from tests import part
from tests.cli.newcomers.test_examples import BEFORE, EXAMPLES
from tests.cli.test_help import COMMANDS

# The beginning of an extension's attributes, then a word in lower case, also with capitals inside.
KEY = re.compile(r"((OS|os|router|provider|binding)[A-Za-z-]*:)?[a-z][A-Za-z0-9_]*\Z")
# The second run finds the records or the folder of the first one.
NOT_REPEATABLE = {"coverage diff", "classroom init", "classroom add"}
STREAMS = {"wait", "watch"}  # print a server per line
WITH_FORMAT = [
    (words, line)
    for words, line in EXAMPLES
    if words not in NOT_REPEATABLE
    and any(each.name == "fmt" and {"json", "csv"} <= set(each.type.choices) for each in COMMANDS[words].params)
]
FREE_KEYS = {"metadata", "extra_specs", "properties"}
VARYING = {"console-url", "image create", "classroom words"}  # tokens that no seed repeats


def plain(line: str) -> str:
    """The example without its own choice of format and columns, and with an end if it is a stream in JSON."""
    return re.sub(r" (-[fc] \S+|-q\b)", "", line) + (" --times 1" if line.startswith("novasim watch") else "")


def documents(text: str) -> list[Any]:
    """The JSON documents of an output."""
    found, decoder, text = [], json.JSONDecoder(), text.strip()
    while text.startswith(("{", "[")):
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:].strip()
    assert not text, text
    return found


def objects(found: list[Any]) -> list[dict[str, Any]]:
    return [item for each in found for item in (each if isinstance(each, list) else [each])]


def titles(text: str, is_list: bool) -> list[str]:
    """The titles of the table, or the fields of an object, in an output as CSV."""
    rows = list(csv.reader(io.StringIO(text)))
    return (rows or [[]])[0] if is_list else [row[0] for row in rows[1:]]


@pytest.mark.parametrize(("words", "line"), part(WITH_FORMAT, 3))
def test_selected_columns_have_the_keys_and_values_of_the_api(reader, words, line):
    def run(options: str) -> str:
        return reader.run(reader.prepare(BEFORE.get(words, ()), plain(line)) + options).stdout

    found = documents(run(" -f json"))
    items = objects(found)
    if not items:
        return
    assert all(KEY.match(key) for item in items for key in item)
    is_list = isinstance(found[0], list) or words in ("config list", *STREAMS)
    columns = titles(run(" -f csv"), is_list)
    selected = objects(documents(run(" -f json" + "".join(f" -c {title!r}" for title in columns))))
    assert len(selected) == len(items)
    for item, cells in zip(items, selected, strict=True):
        assert cells and cells.keys() <= item.keys() | ({"progress"} if words == "watch" else set())
        if words not in VARYING:
            assert cells == {key: item.get(key) for key in cells}
        if not is_list and "Project" not in columns:
            assert cells.keys() == item.keys() - {"links"}


def test_values_stay_nested(web1):
    server = web1.json("show web1")
    selected = web1.json("list -c Networks -c Image -c Flavor -c name")
    assert selected == [{key: server[key] for key in ("addresses", "image", "flavor", "name")}]
    assert web1.json("show web1 -c Addresses -c links") == {key: server[key] for key in ("addresses", "links")}
    assert web1.json("list --long -c Power") == [{"OS-EXT-STS:power_state": 1}]
    assert web1("list --long -c Power -f value").stdout == "running\n"
    assert web1("list -c OS-EXT-STS:power_state -f value").stdout == "1\n"


def test_columns_of_events_select_the_events(web1):
    [entry] = web1.json("history web1")
    assert web1.json("history web1 -c Action -c Event -c Result") == [{"action": "create", "events": entry["events"]}]
    lines = web1("history web1 -f value -c Event -c user_id").stdout.splitlines()
    assert lines == [f"{event['event']} {entry['user_id']}" for event in reversed(entry["events"])]


def test_options_are_selected_by_name_and_by_column(user):
    options = user.json("config list")
    assert user.json("config list -c max_limit -c Value") == {"max_limit": 1000}
    assert user("config list -c max_limit -c Value -f value").stdout == "1000\n"
    assert user("config list -c Option -f value").stdout.split() == list(options)
    user("config list -c nonsense", 2)


def test_objects_of_the_api_have_no_further_keys(user):
    zones = user.json("availability-zone list")
    assert [set(zone) for zone in zones] == [{"zoneName", "zoneState", "hosts"}]
    assert zones[0]["zoneState"] == {"available": True}
    assert user("availability-zone list -q").stdout == "nova\n"
    assert "id" not in user.json("keypair create mine") and user("keypair create yours -q").stdout == "yours\n"
    assert user.json("usage show -c Project -c 'Server hours'").keys() == {"tenant_id", "total_hours"}
    roles = user.json("--as admin role assignments -c Project")
    assert all(set(each) == {"scope"} for each in roles)
    assert {"system": {"all": True}} in [each["scope"] for each in roles]
    assert "all projects" in user("--as admin role assignments -f value -c Project").stdout.splitlines()
