"""The layout of the action table's source: every row names its fields in one order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from novasim.lifecycle.action import Action
from tests import each_case

TABLE = Path(__file__).parents[2] / "novasim" / "lifecycle" / "actions.py"
ORDER = """
    policy host_policy host_since
    since until lock needs_host runs_on_host must_have_launched vm_states task_states first_checks checks
    api_key method path selector refusal_name phases variants concurrent ends other_ends fails success_code other_codes
    end_argument
    lifts_lock restores_host host_may_be_down plan_arguments cost
    log_name hides_failures source
""".split()  # who, when, what, plans, log and source
POSITIONAL = ["name", "summary"]


def rows(source: str) -> list[ast.Call]:
    """Every call of Action."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Action"]


def is_in_order(row: ast.Call) -> bool:
    """Whether the row has its two positional arguments and then keywords in ORDER, policy and source among them."""
    names = [keyword.arg for keyword in row.keywords]
    known = [name for name in ORDER if name in names]
    return len(row.args) == len(POSITIONAL) and names == known and {"policy", "source"} <= set(names)


ROWS = rows(TABLE.read_text("utf-8"))


@each_case("row", ROWS)
def test_fields_are_in_one_order(row):
    assert is_in_order(row)


def test_the_order_covers_every_field():
    assert list(Action._fields) == [*POSITIONAL, *ORDER]
    assert len(ROWS) > 45


@pytest.mark.parametrize(
    "row",
    [
        "Action('a', 'text', source='here', policy='rule')",
        "Action('a', 'text', policy='rule', api_key='a', lock='locked', source='here')",
        "Action('a', 'text', 'rule', source='here')",
        "Action('a', 'text', policy='rule')",
        "Action('a', 'text', policy='rule', **more)",
    ],
)
def test_another_order_is_noticed(row):
    assert not is_in_order(rows(row)[0])
