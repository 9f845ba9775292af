"""Our parser and enforcer beside oslo.policy itself: the same check strings, the same verdicts."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.enforcer import Enforcer
from novasim.api.policy.parser import format_list_rule, parse_rule
from novasim.errors import UsageError
from novasim.records import Caller
from tests import each_case
from tests.api.policy.test_enforcer import CALLERS, SERVER
from tests.api.policy.test_parser import ATOMS, BLANKS, CALLER, FALSE, MISTAKES, TARGET, TREES, TRUE, format_expression

RULES = {"yes": "@", "reader": "role:reader", "chain": "not rule:nonsense and rule:reader", "default": "role:manager"}


RAISES = "project_id.name:p1"  # oslo.policy raises TypeError for an attribute of a string; Nova has no such rule


HAND_WRITTEN = [line.strip() for lines in (TRUE, FALSE) for line in lines.strip().splitlines() if RAISES not in line]


TARGETS = [{}, SERVER, TARGET, {"project_id": "p1", "user_id": "u1", "one": "1", "none": "None", "word": "reader"}]


@pytest.fixture(scope="module")
def oslo() -> ModuleType:
    return pytest.importorskip("oslo_policy.policy")


def our_verdicts(check_str: str, rules: dict[str, str]) -> list[bool]:
    check = parse_rule(check_str)
    return [check(Enforcer(rules), caller, target) for caller in (CALLER, *CALLERS.values()) for target in TARGETS]


def their_verdicts(oslo: ModuleType, check_str: Any, rules: dict[str, str]) -> list[bool]:
    enforcer = oslo_enforcer(oslo, rules)
    check = oslo._parser.parse_rule(check_str)
    callers = (CALLER, *CALLERS.values())
    return [enforcer.enforce(check, target, credentials(caller)) for caller in callers for target in TARGETS]


def oslo_enforcer(oslo: ModuleType, rules: dict[str, str]) -> Any:
    from oslo_config import cfg

    known = oslo.Rules.from_dict({**DEFAULTS, **rules}, "default")
    return oslo.Enforcer(cfg.ConfigOpts(), rules=known, default_rule="default", use_conf=False)


def credentials(caller: Caller) -> dict[str, Any]:
    """The attributes that Nova gives to oslo.policy; it finds administrators by the rule context_is_admin."""
    return {
        "user_id": caller.user_id,
        "user": caller.user_id,
        "project_id": caller.project_id,
        "tenant": caller.project_id,
        "roles": list(caller.roles),
        "is_admin": "admin" in caller.roles,
        "is_admin_project": True,
        "system_scope": None,
        "domain_id": None,
    }


@each_case("check_str", HAND_WRITTEN)
def test_hand_written_checks_have_the_verdicts_of_oslo_policy(oslo, check_str):
    assert our_verdicts(check_str, RULES) == their_verdicts(oslo, check_str, RULES)


@given(tree=TREES, blank=BLANKS)
def test_random_expressions_have_the_verdicts_of_oslo_policy(oslo, tree, blank):
    check_str = format_expression(tree, blank)
    assert our_verdicts(check_str, RULES) == their_verdicts(oslo, check_str, RULES)


WORDS = st.sampled_from(["and", "or", "not", "AND", "Not", "(", ")", *ATOMS, "rule:chain", "rule:nonsense", "'a'"])


@given(words=st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "  "])), min_size=1, max_size=9))
@example(words=[("@", " "), ("or", " "), ("!", " "), ("and", " "), ("!", " "), ("and", " "), ("@", "")])
@example(words=[("(", ""), ("@", " "), ("or", " "), ("@", ""), (")", " "), ("and", " "), ("!", "")])
def test_random_words_are_refused_exactly_where_oslo_policy_fails_closed(oslo, words):
    check_str = "".join(word + blank for word, blank in words)
    try:
        ours = our_verdicts(check_str, RULES)
    except UsageError as error:
        if "attribute of callers" in str(error) or "KIND:VALUE" in str(error) or "%(NAME)s" in str(error):
            return  # oslo.policy makes a part of the expression false
        assert isinstance(oslo._parser.parse_rule(check_str), oslo._checks.FalseCheck)
    else:
        assert ours == their_verdicts(oslo, check_str, RULES)


SYNTAX_ERRORS = [text for text, _, message in MISTAKES if "'and'" in message or "missing" in message]


@pytest.mark.parametrize("check_str", SYNTAX_ERRORS)
def test_oslo_policy_fails_closed_on_our_syntax_errors(oslo, check_str):
    assert isinstance(oslo._parser.parse_rule(check_str), oslo._checks.FalseCheck)


@pytest.mark.parametrize("lists", [[], [[]], ["role:reader"], [["role:reader", "@"], ["!"], "rule:chain"]])
def test_the_old_lists_have_the_verdicts_of_oslo_policy(oslo, lists):
    assert our_verdicts(format_list_rule(lists), RULES) == their_verdicts(oslo, lists, RULES)


@each_case("rule", [*DEFAULTS, "nonsense"])
def test_the_default_rules_have_the_verdicts_of_oslo_policy(oslo, rule):
    ours = Enforcer({"default": "role:manager"})
    theirs = oslo_enforcer(oslo, {"default": "role:manager"})
    assert [ours.enforce(rule, caller, SERVER) for caller in CALLERS.values()] == [
        theirs.enforce(rule, SERVER, credentials(caller)) for caller in CALLERS.values()
    ]
