"""What the rows of the action table say for plans, written by hand; and that the planner knows no action by name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from novasim.lifecycle.action import DESTRUCTIVE, GENTLE, LAST_RESORT, ROUGH
from novasim.lifecycle.actions import ACTIONS
from tests import each_case

PACKAGE = Path(__file__).parents[2] / "novasim"
PLANNER = [
    "lifecycle/plan.py",
    "lifecycle/preconditions.py",
    "teach/plans.py",
    "teach/situation.py",
    "teach/arguments.py",
    "teach/steps.py",
    "teach/hints.py",
    "teach/reasons.py",
    "teach/verdicts.py",
    "cli/learning/plan.py",
    "cli/learning/steps.py",
]


def names_with(field: str) -> set[str]:
    return {row.name for row in ACTIONS.values() if getattr(row, field)}


def test_what_rows_say_for_plans():
    assert names_with("lifts_lock") == {"unlock"}
    assert names_with("restores_host") == {"evacuate", "unshelve"}
    assert names_with("host_may_be_down") == {"delete", "force-delete", "reset-state", "evacuate"}
    assert {row.name: row.end_argument for row in ACTIONS.values() if row.end_argument} == {"reset-state": "state"}
    assert {row.name: row.plan_arguments for row in ACTIONS.values() if row.plan_arguments} == {
        "resize": ("flavorRef",),
        "rebuild": ("imageRef",),
        "evacuate": ("onSharedStorage",),
    }


def test_the_cost_of_a_step():
    assert {row.name: row.cost for row in ACTIONS.values() if row.cost != GENTLE} == {
        "migrate": ROUGH,
        "revert-resize": ROUGH,
        "hard-reboot": ROUGH,
        "rescue": ROUGH,
        "evacuate": ROUGH,
        "rebuild": DESTRUCTIVE,
        "delete": DESTRUCTIVE,
        "force-delete": DESTRUCTIVE,
        "reset-state": LAST_RESORT,
    }
    assert GENTLE < ROUGH < DESTRUCTIVE < LAST_RESORT < 2 * LAST_RESORT
    assert DESTRUCTIVE < 2 * GENTLE  # two steps are never better than one
    assert LAST_RESORT > 5 * DESTRUCTIVE


def test_what_follows_from_other_fields():
    assert {row.name for row in ACTIONS.values() if not row.acts_on_server} == {"create"}
    assert names_with("is_removed") == {"reset-network"}
    assert {"lock", "unlock", "reset-state", "attach-port", "set"} <= names_with("is_instant")
    assert not names_with("is_instant") & {"stop", "crash-dump", "confirm-resize", "delete"}


@each_case("path", PLANNER)
def test_the_planner_knows_no_action_by_name(path):
    tree = ast.parse((PACKAGE / path).read_text("utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names_of_commands = {"delete", "set"}  # which are also commands of nouns, or the words of advice
    assert not strings & (set(ACTIONS) - names_of_commands)


@pytest.mark.parametrize(("case", "end"), [("", "active"), ("stopped", "stopped"), ("nonsense", "active")])
def test_the_end_of_a_variant(case, end):
    assert ACTIONS["rebuild"].end_state(case) == end
    assert ACTIONS["lock"].end_state(case) is None
