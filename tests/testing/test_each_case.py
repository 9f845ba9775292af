"""Cases that run in one test."""

from __future__ import annotations

import pytest

from tests import each_case


def test_every_case_that_fails_is_reported(tmp_path):
    seen = []

    @each_case("number, word", [(1, "a"), (2, "b"), (3, "c")])
    def check(tmp_path, number, word):
        seen.append((tmp_path, number, word))
        assert number == 2, f"not {word}"

    with pytest.raises(AssertionError, match=r"^2 of 3 cases fail:\n") as failure:
        check(tmp_path=tmp_path)
    assert seen == [(tmp_path, 1, "a"), (tmp_path, 2, "b"), (tmp_path, 3, "c")]
    assert "not a" in str(failure.value) and "not c" in str(failure.value) and "not b" not in str(failure.value)


@each_case("number", [1, 2])
def test_fixtures_are_given(tmp_path, number):
    assert tmp_path.is_dir() and number in (1, 2)


def test_no_cases_are_a_mistake():
    with pytest.raises(AssertionError, match="no cases"):
        each_case("number", [])(lambda number: None)
