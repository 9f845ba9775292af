"""The syntax and meaning of check strings, as oslo.policy defines them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from novasim.api.policy.enforcer import Enforcer
from novasim.api.policy.parser import find_references, format_list_rule, parse_rule
from novasim.errors import UsageError
from novasim.records import Caller
from tests import each_case

CALLER = Caller("u1", "p1", ("reader", "Member"))


TARGET = {"project_id": "p1", "user_id": "u2", "role": "reader", "none": None, "yes": True, "one": 1, "word": "x"}


def holds(text: str, caller: Caller = CALLER, target: dict[str, object] = TARGET, **rules: str) -> bool:
    return parse_rule(text)(Enforcer(rules), caller, target)


TRUE = """
    @
    role:reader
    role:MEMBER
    role:member
    role:%(role)s
    project_id:%(project_id)s
    project_id:p1
    tenant:%(project_id)s
    user:u1
    user_id:u%(one)s
    roles:reader
    not role:admin
    not not role:reader
    NOT role:admin AnD @
    'x':%(word)s
    "x":%(word)s
    'reader':%(role)s
    None:%(none)s
    True:%(yes)s
    1:%(one)s
    is_admin:False
    is_admin_project:True
    system_scope:None
    rule:project_member_or_admin
    rule:project_reader_api
    (role:reader)
    ((role:reader) and (project_id:%(project_id)s))
    @ or ! and !
    not ! and @
    ! and ! or @
"""


FALSE = """
    !
    role:admin
    role:%(missing)s
    role:%(word)s
    user_id:%(user_id)s
    user_id:%(missing)s
    project_id:P1
    nickname:u1
    project_id.name:p1
    'X':%(word)s
    'x':x%(word)s
    None:%(missing)s
    None:%(one)s
    is_admin:True
    is_admin:true
    system_scope:all
    rule:context_is_admin
    rule:nonsense
    (not @) or (not @)
    not @ or !
    not (! or @)
    not ! and !
    @ and ! or !
    not (role:reader) and @
"""


@each_case("text", [line.strip() for line in TRUE.strip().splitlines()])
def test_checks_are_true_for_a_member_of_the_project(text):
    assert holds(text)


@each_case("text", [line.strip() for line in FALSE.strip().splitlines()])
def test_checks_are_false_for_a_member_of_the_project(text):
    assert not holds(text)


def test_the_empty_check_is_always_true():
    assert holds("", Caller("", "", ()), {})


def test_missing_target_values_equal_nothing():
    assert not holds("user_id:%(missing)s or '':%(missing)s or role:%(missing)s", Caller("", "", ("",)))


def test_a_percent_sign_is_doubled():
    assert holds("user_id:100%%-%(word)s", Caller("100%-x", "p", ()))


def test_rules_refer_to_rules():
    assert holds("rule:a", a="rule:b and role:reader", b="not rule:c", c="role:admin")


OPERATORS = {"@": "True", "!": "False", "and": "and", "or": "or", "not": "not", "(": "(", ")": ")"}


def evaluate_as_python(words: list[str]) -> bool | None:
    """Python's own operators bind as those of the language; None for what is no expression."""
    calls_and_tuples = {("@", "("), ("!", "("), (")", "("), ("(", ")")}
    if calls_and_tuples.intersection(pairwise(words)):
        return None  # which Python would understand
    try:
        return bool(eval(" ".join(OPERATORS[word] for word in words)))
    except SyntaxError:
        return None


@given(st.lists(st.sampled_from(sorted(OPERATORS)), min_size=1, max_size=9))
@example(["@", "or", "!", "and", "!"])
@example(["not", "@", "or", "@"])
@example(["(", "@", "or", "@", ")", "and", "!"])
@example(["@", "@"])
def test_operators_bind_as_in_python(words):
    expected = evaluate_as_python(words)
    if expected is None:
        with pytest.raises(UsageError):
            parse_rule(" ".join(words))
    else:
        assert holds(" ".join(words)) is expected


ATOMS = {
    "role:reader": True,
    "role:admin": False,
    "@": True,
    "!": False,
    "project_id:%(project_id)s": True,
    "user_id:%(nobody)s": False,
    "'x':%(word)s": True,
    "is_admin:True": False,
    "rule:yes": True,
}


TREES = st.recursive(
    st.sampled_from(sorted(ATOMS)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["not", "NOT"]), inner),
        st.tuples(st.sampled_from(["and", "or", "And"]), inner, inner),
    ),
    max_leaves=20,
)


BINDING = {"or": 1, "and": 2, "not": 3}


BLANKS = st.sampled_from([" ", "  ", "\n", "\t "])


def format_expression(tree, blank: str, around: int = 0) -> str:
    """The tree as text, with parentheses only where they are needed."""
    if isinstance(tree, str):
        return tree
    word, *parts = tree
    binding = BINDING[word.lower()]
    text = f"{blank}{word}{blank}".join(format_expression(part, blank, binding) for part in parts)
    text = text if len(parts) > 1 else f"{word}{blank}{text or format_expression(parts[0], blank, binding)}"
    return f"({text})" if binding < around else text


def evaluate(tree) -> bool:
    if isinstance(tree, str):
        return ATOMS[tree]
    word, *parts = tree
    values = [evaluate(part) for part in parts]
    return {"not": not values[0], "and": all(values), "or": any(values)}[word.lower()]


@given(TREES, BLANKS)
def test_an_expression_combines_the_verdicts_of_its_checks(tree, blank):
    assert holds(format_expression(tree, blank), yes="@") is evaluate(tree)


# the check string, where the mistake is (counted from 1), what is said of it
MISTAKES = [
    ("admin", 1, "KIND:VALUE"),
    ("role:a or admin", 11, "KIND:VALUE"),
    ("role: admin", 7, "'and', 'or' or the end"),
    (":admin", 1, "KIND:VALUE"),
    ("@!", 1, "KIND:VALUE"),
    ("role:a nad role:b", 8, "'and', 'or' or the end"),
    ("@ @", 3, "'and', 'or' or the end"),
    ("@)", 2, "'and', 'or' or the end"),
    ("(@", 3, "closing parenthesis"),
    ("(role:a role:b)", 9, "closing parenthesis"),
    ("@ and", 6, "a check is missing"),
    ("or @", 1, "a check is missing"),
    ("not", 4, "a check is missing"),
    ("@ and or @", 7, "a check is missing"),
    ("()", 2, "a check is missing"),
    ("   ", 4, "a check is missing"),
    ("role:a and 'quoted'", 12, "KIND:VALUE"),
    ("http://example.com/check", 1, "not simulated"),
    ("role:a or https://example.com/%(user_id)s", 11, "not simulated"),
    ("user_id:%(user_id)", 1, "%(NAME)s"),
    ("user_id:%(user_id)d", 1, "%(NAME)s"),
    ("user_id:%user_id", 1, "%(NAME)s"),
    ("role:100%", 1, "%(NAME)s"),
    ("'open:%(word)s", 1, "neither a literal nor an attribute"),
    ("user-id:%(user_id)s", 1, "neither a literal nor an attribute"),
    ("@ or %(user_id)s:u1", 6, "neither a literal nor an attribute"),
]


@each_case(("text", "place", "what"), MISTAKES)
def test_a_syntax_error_is_refused_with_its_position(text, place, what):
    with pytest.raises(UsageError) as refusal:
        parse_rule(text)
    said = str(refusal.value)
    assert said.startswith(f"Check {text!r}, character {place}")
    assert what in said
    assert "\n" not in said


@pytest.mark.parametrize("text", ["(" * 100_000 + "@" + ")" * 100_000, "not " * 100_000 + "@"])
def test_very_deep_nesting_is_refused(text):
    with pytest.raises(UsageError) as refusal:
        parse_rule(text)
    assert "nested too deep" in str(refusal.value)
    assert len(str(refusal.value)) < 200


@given(st.text(alphabet="@!()%s:'\"ab_.1- \nandornotrulehttp", max_size=30))
def test_any_text_is_parsed_or_refused(text):
    try:
        rule = parse_rule(text)
    except UsageError:
        return
    assert rule(Enforcer({}), CALLER, TARGET) in (True, False)


def test_references_of_a_check_are_found():
    assert find_references("rule:a or (rule:b:c and not (rule:d)) or role:rule:e") == ["a", "b:c", "d"]


@pytest.mark.parametrize(
    ("lists", "text"),
    [
        ([], "@"),
        ([[]], "!"),
        (["role:a"], "role:a"),
        ([["role:a"]], "role:a"),
        (
            [["role:a", "project_id:%(project_id)s"], ["role:b"], "@"],
            "role:a and project_id:%(project_id)s or role:b or @",
        ),
        ([[], ["role:a"]], "role:a"),
    ],
)
def test_old_lists_are_converted(lists, text):
    assert format_list_rule(lists) == text


@pytest.mark.parametrize("lists", [["role:a or role:b"], [["role:a", 1]], [[["role:a"]]], [["(role:a)"]], [[None]]])
def test_elements_of_lists_must_be_single_checks(lists):
    with pytest.raises(UsageError, match="is not a single check"):
        format_list_rule(lists)
