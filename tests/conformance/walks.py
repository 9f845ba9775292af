"""Walks: a world, and requests one after the other (traces)."""

from __future__ import annotations

import re
from typing import Any

from novasim.api.request import Response
from novasim.records import Migration
from tests.conformance.answers import Answer, level
from tests.conformance.comparison import Mismatch, differing, differing_fields
from tests.conformance.recorded_form import in_recorded_form, shorten
from tests.conformance.stage import WATCHED, Stage, brief, error_of
from tests.conformance.symbols import expand
from tests.conformance.tally import Step, Tally
from tests.conformance.walk_world import add_contents

SERVER = re.compile(r"/servers/\{(s\d+)\}")
SERVICE = re.compile(r"/os-services/\{svc_(\w+)\}")

Seen = dict[str, Any]


def replay(data: list[Any], base: Stage, tally: Tally, only: str) -> None:
    """Play every walk on a separate stage."""
    for walk in data:
        if only in f"walk {walk['walk']}" or not only:
            Walk(walk, base, tally).play()


class Walk:
    """
    One walk being played.

    Walks with whole answers count the body, every field of the server and what was created. Of others only code, key,
    state, lock and host count.
    """

    def __init__(self, walk: dict[str, Any], base: Stage, tally: Tally) -> None:
        self.steps = walk["steps"]
        self.name = f"walk {walk['walk']}"
        self.stage = base.fork(**walk.get("config", {}))
        add_contents(self.stage, walk)
        self.tally = tally
        self.ours: dict[str, Seen | None] = {}  # each server as it was after its last step
        self.theirs: dict[str, Seen] = {}  # each server's other fields as last recorded
        self.is_whole = "area" in walk or any("answer" in step for step in self.steps)
        self.has_log = any("new_actions" in step for step in self.steps)
        self.logged: dict[str, int] = {}  # how many entries of each server's log were compared

    def play(self) -> None:
        for number, step in enumerate(self.steps, 1):
            self.play_step(number, step)

    def play_step(self, number: int, step: dict[str, Any]) -> None:
        named = SERVER.search(step["path"])
        before = self.ours.get(named[1]) if named else None
        self.restart_host(step)
        response = self.stage.send(step["caller"], step["mv"], step["method"], step["path"], step.get("body"))
        made = self.stage.made
        name = named[1] if named else next(iter(made), None)
        place = self.describe(number, step, before)
        theirs, own = self.answers(step, response)
        mismatches = self.compare_answers(place, theirs, own)
        if self.is_whole:
            mismatches += differing([("made", step.get("made", made[:1]), made)])
        if "after" in step:
            mismatches += self.compare_server(place, name, step, before)
        if name and "after" in step and self.has_log:
            self.compare_log(place, step, name)
        self.tally.judge(place, (theirs.code, own.code), mismatches, (theirs.message, own.message))
        if "resp" in step:
            body = self.stage.symbols.names_in(_resp(step["path"], response))
            self.tally.extra("bodies", place, step["resp"], body)

    def describe(self, number: int, step: dict[str, Any], before: Seen | None) -> Step:
        body = step.get("body")
        request = request_of(step["method"], step["path"], body)
        summary = f"{step['caller']} {step['mv']} {step['method']} {step['path']} {brief(body)}".rstrip()
        return Step("walks", f"{self.name} step {number}", summary, request, condition_of(before, step["caller"]))

    def restart_host(self, step: dict[str, Any]) -> None:
        """A compute service that restarts completes the evacuations from it; the recorder did so in the database."""
        service = SERVICE.search(step["path"])
        body = step.get("body")
        if service and isinstance(body, dict) and body.get("forced_down") is False:
            with self.stage.edit() as tx:
                for move in tx.query(
                    Migration, {"migration_type": "evacuation", "status": "done", "source_host": service[1]}
                ):
                    move.status = "completed"
                    tx.put(move)

    def answers(self, step: dict[str, Any], response: Response) -> tuple[Answer, Answer]:
        """The recorded answer and ours, both in the form of the recordings."""
        key, message = error_of(response)
        body = response.body if response.code < 400 else None
        names_in = self.stage.symbols.names_in
        own = Answer(response.code, key, shorten(names_in(message or "")) or None, in_recorded_form(names_in(body)))
        theirs = Answer(step["code"], step.get("key"), step.get("msg"), in_recorded_form(step.get("answer")))
        if not self.is_whole:
            return theirs._replace(message=expand(theirs.message)), own._replace(message=names_in(message))
        return level(f"{step['method']} {step['path']}", theirs, own)

    def compare_answers(self, place: Step, theirs: Answer, own: Answer) -> list[Mismatch]:
        if theirs.message is not None:
            self.tally.extra("messages", place, theirs.message, own.message)
        mismatches = differing([("code", theirs.code, own.code), ("key", theirs.key, own.key)])
        if self.is_whole and not mismatches:
            mismatches = differing_fields("answer", theirs.body, own.body)
        return mismatches

    def compare_server(
        self, place: Step, name: str | None, step: dict[str, Any], before: Seen | None
    ) -> list[Mismatch]:
        after = self.stage.server(name) if name else None
        if name:
            self.ours[name] = after
        if step["after"] == "gone" or after is None:
            expected = "gone" if step["after"] == "gone" else "exists"
            return differing([("server", expected, "exists" if after else "gone")])
        moved = _moved(before["host"] if before else None, after["host"])
        pairs = [(field, step["after"][field], after[field]) for field in WATCHED]
        others = self.compare_fields(place, name or "", step["after"].get("changed", {}), after)
        return differing([*pairs, ("moved", step["after"]["moved"], moved)]) + (others if self.is_whole else [])

    def compare_fields(self, place: Step, name: str, changed: Seen, after: Seen) -> list[Mismatch]:
        """Other fields of the server: those recorded as changed, and that no other field changed."""
        theirs = self.theirs.setdefault(name, {})
        theirs.update(in_recorded_form(changed))
        hidden = {*WATCHED, "accessIPv6"} | (set() if self.is_whole else {"root_device", "groups"})
        others = [field for field in after if field not in hidden]
        names_in = self.stage.symbols.names_in
        own = {field: _in_form(names_in(after[field])) if self.is_whole else after[field] for field in others}
        mismatches = [
            (field, theirs.get(field) or None, own[field] or None)
            for field in others
            if _differ(theirs.get(field), own[field])
        ]
        self.tally.extra("other fields", place, {f: a for f, a, _ in mismatches}, {f: b for f, _, b in mismatches})
        theirs.update(own)  # so that each difference is reported once
        return mismatches

    def compare_log(self, place: Step, step: dict[str, Any], name: str) -> None:
        """New entries of the log, for information."""
        log = self.stage.actions(name)
        fresh = log[self.logged.get(name, 0) :]
        self.logged[name] = len(log)
        self.tally.extra("actions", place, step.get("new_actions", []), self.stage.symbols.names_in(fresh))


def _in_form(value: Any) -> Any:
    return in_recorded_form(shorten(value))


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
