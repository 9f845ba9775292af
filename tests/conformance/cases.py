"""Single requests, each against the same three servers (validation)."""

from __future__ import annotations

import json
from typing import Any

from tests.conformance.comparison import Mismatch, differing
from tests.conformance.stage import Stage, brief, error_of
from tests.conformance.states import create
from tests.conformance.symbols import expand
from tests.conformance.tally import Step, Tally
from tests.conformance.walks import condition_of, request_of

SERVERS = {"sv": "f1", "sv4": "f4", "sh": "f1"}  # names of the servers that are there, and their flavors


def replay(data: list[Any], base: Stage, tally: Tally, only: str) -> None:
    """Send every request into a copy of the same world."""
    start = _start(base)
    for number, case in enumerate(data):
        where = f"case {case.get('id', number)}"
        if only in f"{case['group']} {where} {case['path']}":
            _send(case, where, start.fork(), tally)


def _start(base: Stage) -> Stage:
    stage = base.fork(shelved_offload_time=0)
    for name, flavor in SERVERS.items():
        made = create(stage, name=f"base-{name}", flavorRef=flavor)
        stage.symbols.alias(name, made)
    body = {"volumeAttachment": {"volumeId": "{v_att}"}}
    stage.send("member", "2.96", "POST", "/servers/{sv}/os-volume_attachments", body)
    stage.send("member", "2.96", "POST", "/servers/{sh}/action", {"shelve": None})
    return stage


def _send(case: dict[str, Any], where: str, stage: Stage, tally: Tally) -> None:
    body = json.loads(case["raw_body"]) if "raw_body" in case else case.get("body")
    named = next((name for name in sorted(SERVERS, reverse=True) if f"{{{name}}}" in case["path"]), None)
    before = stage.server(named) if named else None
    response = stage.send(case["caller"], case["microversion"], case["method"], case["path"], body)
    made, (key, message) = stage.made, error_of(response)
    mismatches = differing([("code", case["code"], response.code), ("key", case.get("error_key"), key)])
    if "servers_created" in case:
        mismatches += differing([("servers_created", case["servers_created"], len(made))])
    if "result" in case:
        mismatches += _compare_server(case["result"], stage, made[0] if made else None)
    if "after" in case and named:
        mismatches += _compare_server(case["after"], stage, named)
    summary = f"{case['caller']} {case['microversion']} {case['method']} {case['path']} {brief(body)}".rstrip()
    request = request_of(case["method"], case["path"], body)
    step = Step("validation", f"{case['group']} {where}", summary, request, condition_of(before, case["caller"]))
    ours = str(response.body["code"]) if key == "code" else stage.symbols.names_in(message)
    tally.judge(step, (case["code"], response.code), mismatches, (case.get("message"), ours))
    if "message" in case:
        tally.extra("messages", step, expand(case["message"]), ours)


def _compare_server(expected: dict[str, Any] | str, stage: Stage, name: str | None) -> list[Mismatch]:
    server = stage.server(name) if name else None
    if expected == "gone" or server is None:
        return differing([("server", "gone" if expected == "gone" else "there", "there" if server else "gone")])
    assert isinstance(expected, dict)
    own = {field: stage.symbols.names_in(server[field]) for field in expected}
    own_id = stage.symbols.id(name or "")
    if isinstance(own.get("hostname"), str):
        own["hostname"] = str(server["hostname"]).replace(own_id, "{id}")
    return differing([(field, value, own[field]) for field, value in expected.items()])
