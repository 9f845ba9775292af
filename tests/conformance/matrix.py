"""The matrix of settled states: each action in each state, unlocked and locked, by its owner and an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tests.conformance.comparison import Mismatch, differing
from tests.conformance.stage import WATCHED, Stage, error_of
from tests.conformance.states import force_down, reach
from tests.conformance.symbols import expand
from tests.conformance.tally import Step, Tally

Seen = dict[str, Any] | None


def replay(data: dict[str, Any], base: Stage, tally: Tally, only: str) -> None:
    """Try every cell on a server of its own."""
    matrix = Matrix(data, base, tally)
    for action, state, lock, caller in _cells(data["cells"]):
        if only in f"{action} | {state} | {lock} | {caller}":
            matrix.try_cell(action, state, lock, caller)


def select_cells(cells: dict[str, Any], every: int) -> dict[str, Any]:
    """Every nth cell, in the same form. All actions stay, with other cells each, if *every* does not divide them."""
    selected: dict[str, Any] = {}
    for action, state, lock, caller in islice(_cells(cells), 0, None, every):
        callers = selected.setdefault(action, {}).setdefault(state, {}).setdefault(lock, {})
        callers[caller] = cells[action][state][lock][caller]
    return selected


def _cells(cells: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for action, states in cells.items():
        for state, locks in states.items():
            for lock, callers in locks.items():
                for caller in callers:
                    yield action, state, lock, caller


class Matrix:
    """The cells, and the stages in which their servers wait."""

    def __init__(self, data: dict[str, Any], base: Stage, tally: Tally) -> None:
        self.data = data
        self.base = base
        self.tally = tally
        self.prepared: dict[tuple[str, str, bool], tuple[Stage, Seen]] = {}

    def stage_for(self, state: str, lock: str, with_volume: bool) -> tuple[Stage, Seen]:
        """A stage with a server in that state and lock, and the server as it is there."""
        key = (state, lock, with_volume)
        if key not in self.prepared:
            stage = reach(self.base, state, volume="vol_old" if with_volume else "")
            if lock != "unlocked":
                stage.set_server("s1", locked_by=lock)
            stage.symbols.alias("port_old", "port_s1_1")
            server = stage.server("s1")
            self.check_start(key, server)
            self.prepared[key] = stage, server
        return self.prepared[key]

    def check_start(self, key: tuple[str, str, bool], server: Seen) -> None:
        """Tell if a state could not be reached: then what follows says little."""
        recorded = self.data["initial"][key[0]][key[1]]
        if (recorded is None) != (server is None):
            ours = "there" if server else "missing"
            self.tally.notes.append(f"{key[0]}, {key[1]}: the server is {ours} at the start")
        elif recorded and server:
            pairs = [(field, recorded[field], server[field]) for field in WATCHED if field != "host"]
            pairs.append(("on a host", recorded["host"] is not None, server["host"] is not None))
            for field, theirs, own in differing(pairs):
                self.tally.notes.append(f"{key[0]}, {key[1]}: at the start {field} is {own!r}, not {theirs!r}")

    def try_cell(self, action: str, state: str, lock: str, caller: str) -> None:
        outcome = self.data["outcomes"][self.data["cells"][action][state][lock][caller]]
        request = self.data["requests"][action]
        prepared, before = self.stage_for(state, lock, "{vol_old}" in request["path"])
        stage = prepared.fork()
        if action.endswith("source down") and before:
            force_down(stage, before["host"])
        if action.endswith("reclaim"):
            stage.set_options(reclaim_instance_interval=3600)
        response = stage.send(caller, request["microversion"], request["method"], request["path"], request["body"])
        key, message = error_of(response)
        ours = stage.symbols.names_in(message)
        step = Step("matrix", f"{action}, {state}, {lock}, {caller}", "", action, f"{state}/{lock}/{caller}")
        pairs = [("code", outcome["code"], response.code), ("key", outcome.get("key"), key)]
        mismatches = differing(pairs) + _compare_after(outcome, before, stage.server("s1"))
        self.tally.judge(step, (outcome["code"], response.code), mismatches, (outcome.get("msg"), ours))
        if "msg" in outcome:
            self.tally.extra("messages", step, expand(outcome["msg"]), ours)
        if "actions" in outcome:
            # How often the recorder's servers were used is in its log, so only the newest entry is compared.
            theirs = [[entry["action"], entry["message"], entry["events"]] for entry in outcome["actions"]][-1:]
            fresh = stage.actions("s1")[len(prepared.actions("s1")) :][-1:]
            self.tally.extra("actions", step, theirs, fresh)


def _compare_after(outcome: dict[str, Any], before: Seen, after: Seen) -> list[Mismatch]:
    """The state afterwards; a refusal leaves it as it was."""
    expected = outcome.get("after")
    if expected is None or expected == "gone":
        theirs = "gone" if expected == "gone" or before is None else "there"
        if gone := differing([("server", theirs, "there" if after else "gone")]):
            return gone
        return differing([(field, before[field], after[field]) for field in WATCHED]) if before and after else []
    if after is None:
        return [("server", "there", "gone")]
    pairs = [(field, expected[field], after[field]) for field in WATCHED if field != "host"]
    host = _host_after(before["host"] if before else None, after["host"])
    return differing([*pairs, ("host", expected["host"], host)])


def _host_after(before: str | None, after: str | None) -> str:
    if after is None:
        return "none"
    if before is None:
        return "assigned"
    return "same" if before == after else "other"
