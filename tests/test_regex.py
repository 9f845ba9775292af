"""Searches by the regular expressions of callers."""

from __future__ import annotations

import random
import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novasim.regex import TooComplex, compile_search
from tests import each_case

ATOMS = st.sampled_from(
    ["a", "b", "A", ".", r"\d", r"\w", "[ab-]", "[^a]", "^", "$", r"\b", r"\B", "1", "-", "ß", r"\n"]
)


def extend(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Patterns made of smaller ones."""
    counts = st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?"])
    return st.one_of(
        st.builds("{}{}".format, parts, parts),
        st.builds("({}|{})".format, parts, parts),
        st.builds("(?:{}){}".format, parts, counts),
        st.builds("(?i:{})".format, parts),
        st.builds("(?={})".format, parts),
        st.builds("(?!{})".format, parts),
    )


PATTERNS = st.recursive(ATOMS, extend, max_leaves=8)
TEXTS = st.text("abA1-ßS \n", max_size=8)


@given(PATTERNS, TEXTS)
def test_searches_as_re_does(pattern, text):
    assert compile_search(pattern)(text) == (re.search(pattern, text) is not None)


@given(PATTERNS, TEXTS)
def test_finds_the_beginning_as_re_does(pattern, text):
    assert compile_search(pattern, at_start=True)(text) == (re.match(pattern, text) is not None)


@each_case(
    "pattern",
    [r"(?!a).*b", r"(?=.)b|c", r"(a)\1b*", r"^web-[0-9]+$", "web|db", ""],
)
@each_case("text", ["", "aab", "ab", "web-12", "db", "xweb-1"])
def test_searches_with_assertions_and_references_as_re_does(pattern, text):
    assert compile_search(pattern)(text) == (re.search(pattern, text) is not None)


@each_case("pattern", ["^1(ab*)?$", "^1(?:ab*){0,2}$", "^1(ab*){2,3}$", "^1((ab*)?)*$", "^1(b*a*)?$"])
@each_case("text", ["1", "1b", "1bb", "1ab", "1abb", "1ababb", "1aba", "1bab", "1a", "1aa"])
def test_a_loop_in_an_optional_part_is_not_entered_from_its_end(pattern, text):
    assert compile_search(pattern)(text) == (re.search(pattern, text) is not None)


SLOW = [
    "^(a+)+$",
    "(a*)*b",
    "(a|a)*b",
    "(a|aa)+$",
    "a?" * 30 + "a" * 30 + "b",
    "(.*)(.*)(.*)(.*)(.*)b",
    "(a{1,9}){1,9}b",
    "(?:(?:){999999999}){999999999}(b|c)+",
]


@each_case("pattern", SLOW)
def test_searches_a_slow_pattern_at_once(pattern):
    assert not compile_search(pattern)("a" * 255 + "!")


@pytest.mark.parametrize("pattern", [r"(a+)+\1", "(?<!x)(a+)+b", "(a{99}){99}", "(?:a{1000}){1000}"])
def test_refuses_what_it_cannot_search_in_linear_time(pattern):
    with pytest.raises(TooComplex):
        compile_search(pattern)


@pytest.mark.parametrize(
    "pattern", ["a" * 5_000, "(?i)[a-\U0010ffff]", "x(?i:[a-\U0010ffff])", "(?i)[a-\u0400b-\u0500]"]
)
def test_refuses_what_takes_long_to_compile(pattern):
    with pytest.raises(TooComplex):
        compile_search(pattern)


@pytest.mark.parametrize("pattern", ["(?i)[a-z0-9]+-[A-Z]+", "[a-\U0010ffff]+x*", "(?i)web|[^-]+db+"])
def test_accepts_ranges_in_common_patterns(pattern):
    assert not compile_search(pattern)("")


def test_refuses_texts_that_take_too_many_steps():
    search = compile_search("(a|b)*a(a|b){230}c")
    letters = random.Random(1)
    with pytest.raises(TooComplex):
        for _ in range(10):
            assert not search("".join(letters.choices("ab", k=255)))


def test_a_useful_pattern_searches_any_number_of_texts():
    search, letters = compile_search("^web-.*[0-9]+(a|b)+$"), random.Random(1)
    for _ in range(3_000):
        search("web-" + "".join(map(chr, letters.choices(range(32, 1_000), k=40))))


def test_searches_a_common_rule_for_passwords():
    search = compile_search(r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?!.*\s).{8,}$")
    texts = ["abcDEF123", "abcDEFghi", "abc DEF123", "aB1", "A1" + "b" * 200, "1" * 500]
    assert [search(text) for text in texts] == [True, False, False, False, True, False]


@pytest.mark.parametrize("pattern", ["(", "[", "*", "a{2,1}", "(?P<a", "\\"])
def test_invalid_patterns(pattern):
    with pytest.raises(re.error):
        compile_search(pattern)


@pytest.mark.parametrize("pattern", ["[[:alpha:]]", "[[:digit:]]+(a|b)*", "[a||b]", "[a&&b]"])
def test_pattern_of_a_caller_warns_nobody(pattern):
    re.purge()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile_search(pattern)("a]")
