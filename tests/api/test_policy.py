"""Who may do what: the recorded rules, the callers they were recorded with, and oslo.policy's language."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novasim.api.callers import caller_named
from novasim.api.policy import Policy
from novasim.api.policy_defaults import DEFAULTS
from novasim.api.policy_rules import parse
from novasim.errors import Forbidden, NotFound, UsageError
from novasim.records import Caller
from tests.play import Play

CALLERS = {
    "reader": Caller("u", "p", ("reader",)),
    "member": Caller("u", "p", ("reader", "member")),
    "manager": Caller("u", "p", ("reader", "member", "manager")),
    "other": Caller("v", "q", ("reader", "member")),
    "admin": Caller("a", "r", ("reader", "member", "admin")),
}
TARGET = {"project_id": "p", "user_id": "u"}

# rule: who of the callers may do it to a server of the project p
EXPECTED = """
    os_compute_api:servers:show                            reader member manager admin
    os_compute_api:servers:start                           member manager admin
    os_compute_api:os-migrate-server:migrate               manager admin
    os_compute_api:os-migrate-server:migrate:host          admin
    os_compute_api:os-evacuate                             admin
    os_compute_api:os-lock-server:unlock:unlock_override   admin
    os_compute_api:os-keypairs:show                        reader member manager admin
    os_compute_api:servers:migrations:index                manager admin
    os_compute_api:limits                                  reader member manager other admin
    compute:servers:resize:cross_cell
"""


@pytest.mark.parametrize("line", EXPECTED.strip().splitlines())
def test_the_defaults_let_through_whom_they_should(line):
    rule, *may = line.split()
    assert [name for name, caller in CALLERS.items() if Policy({}).allows(rule, caller, TARGET)] == may


def test_the_recorded_rules_are_the_defaults(shared):
    recorded = json.loads((shared / "nova-facts" / "policies.json").read_text("utf-8"))
    assert {rule["name"]: rule["check"] for rule in recorded} == DEFAULTS


def test_every_default_can_be_read():
    for rule in DEFAULTS:
        Policy({}).allows(rule, CALLERS["member"], TARGET)


def test_an_override_counts_and_unknown_rules_are_never_true():
    policy = Policy({"os_compute_api:servers:start": "role:reader"})
    assert policy.allows("os_compute_api:servers:start", CALLERS["reader"], {})
    assert not policy.allows("nonsense", CALLERS["admin"], TARGET)
    assert Policy({"default": "@"}).allows("nonsense", CALLERS["reader"], TARGET)


ATOMS = {"role:reader": True, "role:admin": False, "@": True, "!": False, "project_id:%(project_id)s": True,
         "user_id:%(nobody)s": False, "'x':%(word)s": True, "is_admin:True": False}  # fmt: skip
TREES = st.recursive(
    st.sampled_from(sorted(ATOMS)),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=12,
)


def written(tree) -> str:
    if isinstance(tree, str):
        return tree
    if tree[0] == "not":
        return f"not ({written(tree[1])})"
    return f"({written(tree[0])}) {tree[1]} ({written(tree[2])})"


def truth(tree) -> bool:
    if isinstance(tree, str):
        return ATOMS[tree]
    if tree[0] == "not":
        return not truth(tree[1])
    return (truth(tree[0]) and truth(tree[2])) if tree[1] == "and" else (truth(tree[0]) or truth(tree[2]))


@given(TREES)
def test_the_language_means_what_it_says(tree):
    rule = parse(written(tree))
    assert rule(Policy({}), CALLERS["reader"], {**TARGET, "word": "x"}) == truth(tree)


def test_and_binds_closer_than_or_and_not_closest():
    def holds(text: str) -> bool:
        return parse(text)(Policy({}), CALLERS["reader"], TARGET)

    assert holds("@ or ! and !")
    assert not holds("not @ and @")
    assert holds("not ! and @")


@pytest.mark.parametrize("text", ["role", "(@", "@)", "@ and", "or @", "not", "@ @", "http://example.com/check", "()"])
def test_what_is_not_the_language_is_refused_by_name(text):
    with pytest.raises(UsageError) as refusal:
        parse(text)
    assert repr(text)[:12].rstrip("'") in str(refusal.value)


def test_a_rule_that_asks_for_itself_is_never_true():
    policy = Policy({"a": "rule:b", "b": "rule:a or rule:b"})
    assert not policy.allows("a", CALLERS["admin"], TARGET)


def test_callers_by_name():
    play = Play()
    with play.store.read() as tx:
        demo = caller_named(tx, "demo")
        assert (demo.user_name, demo.project_name, demo.roles) == ("demo", "demo", ("reader", "member"))
        assert caller_named(tx, f"demo@{demo.project_id}") == demo
        assert caller_named(tx, "admin").is_admin
        with pytest.raises(NotFound, match="nobody"):
            caller_named(tx, "nobody")
        with pytest.raises(NotFound, match="nowhere"):
            caller_named(tx, "demo@nowhere")
        with pytest.raises(Forbidden, match="no role"):
            caller_named(tx, "demo@admin")
