"""Walks: a world, and requests one after the other (traces)."""

from __future__ import annotations

import re
from typing import Any

from novasim.api.request import Response
from novasim.records import Migration
from tests.conformance.stage import WATCHED, Stage, brief, error_of
from tests.conformance.symbols import written_out
from tests.conformance.tally import Mismatch, Step, Tally, differing

SERVER = re.compile(r"/servers/\{(s\d+)\}")
SERVICE = re.compile(r"/os-services/\{svc_(\w+)\}")

Seen = dict[str, Any]


def replay(data: list[Any], base: Stage, tally: Tally, only: str) -> None:
    """Play every walk on a stage of its own."""
    for walk in data:
        if only in f"walk {walk['walk']}" or not only:
            Walk(walk, base, tally).play()


class Walk:
    """One walk being played."""

    def __init__(self, walk: dict[str, Any], base: Stage, tally: Tally) -> None:
        self.steps = walk["steps"]
        self.name = f"walk {walk['walk']}"
        self.stage = base.fork(**walk.get("config", {}))
        self.tally = tally
        self.ours: dict[str, Seen | None] = {}  # each server as we last saw it
        self.theirs: dict[str, Seen] = {}  # each server's other fields as last recorded
        self.has_log = any("new_actions" in step for step in self.steps)
        self.logged: dict[str, int] = {}  # how many entries of each server's log were looked at

    def play(self) -> None:
        for number, step in enumerate(self.steps, 1):
            self.play_step(number, step)

    def play_step(self, number: int, step: dict[str, Any]) -> None:
        path, body = step["path"], step.get("body")
        named = SERVER.search(path)
        before = self.ours.get(named[1]) if named else None
        self.restart_host(step)
        response = self.stage.send(step["caller"], step["mv"], step["method"], path, body)
        name = named[1] if named else next(iter(self.stage.made), None)
        key, message = error_of(response)
        mismatches = differing([("code", step["code"], response.code), ("key", step.get("key"), key)])
        told = self.describe(number, step, before)
        if "after" in step:
            mismatches += self.compare_server(told, name, step, before)
        self.tally.judge(told, (step["code"], response.code), mismatches, self.stage.symbols.names_in(message or ""))
        self.compare_words(told, step, response, message, name)

    def describe(self, number: int, step: dict[str, Any], before: Seen | None) -> Step:
        body = step.get("body")
        request = request_of(step["method"], step["path"], body)
        told = f"{step['caller']} {step['mv']} {step['method']} {step['path']} {brief(body)}".rstrip()
        return Step("walks", f"{self.name} step {number}", told, request, condition_of(before, step["caller"]))

    def restart_host(self, step: dict[str, Any]) -> None:
        """A compute service that restarts completes the evacuations from it; the recorder did so in the database."""
        service = SERVICE.search(step["path"])
        if service and (step.get("body") or {}).get("forced_down") is False:
            with self.stage.edit() as tx:
                for move in tx.query(
                    Migration, {"migration_type": "evacuation", "status": "done", "source_host": service[1]}
                ):
                    move.status = "completed"
                    tx.put(move)

    def compare_server(self, told: Step, name: str | None, step: dict[str, Any], before: Seen | None) -> list[Mismatch]:
        after = self.stage.server(name) if name else None
        if name:
            self.ours[name] = after
        if step["after"] == "gone" or after is None:
            return differing([("server", "gone" if step["after"] == "gone" else "there", "there" if after else "gone")])
        moved = _moved(before["host"] if before else None, after["host"])
        pairs = [(field, step["after"][field], after[field]) for field in WATCHED]
        self.compare_fields(told, name or "", step["after"].get("changed", {}), after)
        return differing([*pairs, ("moved", step["after"]["moved"], moved)])

    def compare_fields(self, told: Step, name: str, changed: Seen, after: Seen) -> None:
        """Other fields of the server, for information: those recorded as changed, and that no other one changed."""
        theirs = self.theirs.setdefault(name, {})
        theirs.update(changed)
        others = [field for field in after if field not in WATCHED and field != "accessIPv6"]
        self.tally.extra(
            "other fields",
            told,
            {field: theirs.get(field) or None for field in others if _differ(theirs.get(field), after[field])},
            {field: after[field] or None for field in others if _differ(theirs.get(field), after[field])},
        )
        theirs.update({field: after[field] for field in others})  # so that a difference is told once

    def compare_words(
        self, told: Step, step: dict[str, Any], response: Response, message: str | None, name: str | None
    ) -> None:
        """What is said and logged, for information."""
        symbols = self.stage.symbols
        if "msg" in step:
            self.tally.extra("messages", told, written_out(step["msg"]), symbols.names_in(message))
        if "resp" in step:
            self.tally.extra("bodies", told, step["resp"], symbols.names_in(_resp(step["path"], response)))
        if name and "after" in step and self.has_log:
            log = self.stage.actions(name)
            fresh = log[self.logged.get(name, 0) :]
            self.logged[name] = len(log)
            self.tally.extra("actions", told, step.get("new_actions", []), symbols.names_in(fresh))


def request_of(method: str, path: str, body: Any) -> str:
    """A request without its particulars, for differences.md."""
    key = f" {next(iter(body))}" if path.endswith("/action") and isinstance(body, dict) and body else ""
    return f"{method} {path.partition('?')[0]}{key}"


def condition_of(server: Seen | None, caller: str) -> str:
    """State, lock and caller, for differences.md."""
    if server is None:
        return f"none/unlocked/{caller}"
    state = server["vm_state"] if server["host"] or server["vm_state"] != "error" else "error_nohost"
    return f"{state}/{'locked' if server['locked'] else 'unlocked'}/{caller}"


def _moved(before: str | None, after: str | None) -> str | None:
    if before is None or after is None:
        return None
    return "same" if before == after else "other"


def _differ(theirs: Any, own: Any) -> bool:
    """Absent, null, empty and 0 are the same in the recordings."""
    if isinstance(theirs, list) and isinstance(own, list):
        return sorted(theirs) != sorted(own)
    return (theirs or None) != (own or None)


def _resp(path: str, response: Response) -> Any:
    if path.endswith("/os-instance-actions") and isinstance(response.body, dict):
        return [entry["action"] for entry in response.body.get("instanceActions", [])]
    return response.body
