"""Recorded list queries have the recorded responses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from novasim.api.dispatch import handle
from novasim.cloud import Cloud
from tests.api.compute.servers.recorded_worlds import get, id_of, query_world


def test_recorded_queries_have_the_recorded_responses(shared: Path):
    fixture = json.loads((shared / "nova-facts/fixture.json").read_text())
    queries = json.loads((shared / "nova-facts/queries_train.json").read_text())
    ids = {sym: id_of(place) for place, sym in enumerate(fixture["query_world"]["uuid_order"])}
    cloud = query_world(fixture)
    differences = [
        (query, given) for query in queries if (given := send_query(cloud, query, ids)) != expected_response(query)
    ]
    assert differences == []


def send_query(cloud: Cloud, query: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    path, _, words = query["path"].partition("?")
    words = re.sub(r"\{(q\d\d)\}", lambda found: ids[found[1]], words)
    pairs = parse_qsl(words, keep_blank_values=True)
    response = handle(cloud, get(query["caller"], int(query["mv"].partition(".")[2]), path, pairs))
    if response.code != 200:
        ((key, refusal),) = response.body.items()
        return {"code": response.code, "key": key, "msg": without_lists(refusal["message"])}
    names = {id: sym for sym, id in ids.items()}
    return {
        "code": 200,
        "servers": [names[server["id"]] for server in response.body["servers"]],
        "next": "servers_links" in response.body,
    }


def expected_response(query: dict[str, Any]) -> dict[str, Any]:
    if query["code"] != 200:
        return {"code": query["code"], "key": query["key"], "msg": without_lists(query["msg"])}
    return {"code": 200, "servers": query["servers"], "next": query.get("next", False)}


def without_lists(message: str) -> str:
    """Allowed values are listed in no order that means anything."""
    return re.sub(r"\[.*?, .*\]", "[...]", message)
