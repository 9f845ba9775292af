"""
Regular expressions of callers, searched in time that is linear in the text.

Python's `re` backtracks: with a short pattern such as ``^(a+)+$`` it can take years, and it cannot be stopped.
A pattern with so few choices that backtracking is harmless is given to `re`. Any other pattern becomes a
nondeterministic automaton: `re` parses it and tests each single character, and only the choices are followed here.
The answers are the same. No library does this without compiled code (google-re2, regex), which the core does not
require.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from threading import Lock
from typing import Any

if sys.version_info >= (3, 11):
    from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
else:
    import sre_compile as _compiler
    import sre_constants as _constants
    import sre_parse as _parser

_MOST_STATES = 500
"""States of an automaton. Counted repeats are written out, so that ``(a{99}){99}`` would have 9,801."""
_MOST_CACHED = 5_000
"""Steps that a pattern remembers."""
_MOST_CHARACTERS = 4_096
"""Characters of a pattern: `re` compiles 60,000 in a quarter of a second."""
_WIDEST_RANGE = 1_000
"""Characters of a range without regard to case: `re` compiles all of Unicode in 12 milliseconds."""
_FREE_VISITS, _VISITS_PER_TEXT = 20_000, 1_000
"""Visits of states that an automaton may take in steps that it does not remember: three milliseconds, and a tenth of
one for each text. A useful pattern takes a tenth of that."""
_WARNINGS_LOCK = Lock()
"""Held while the warnings of the process are changed."""
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_LOOKS = (_constants.ASSERT, _constants.ASSERT_NOT)
_CHARACTERS = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN)


class TooComplex(ValueError):
    """The pattern is too long, has too many choices, or has choices together with a lookbehind or a reference."""


Search = Callable[[str], bool]
_Test = Callable[..., Any]


def compile_search(pattern: str, *, at_start: bool = False) -> Search:
    """
    Return a function that says whether a text contains the pattern or, with `at_start`, begins with it.

    The function raises TooComplex if the texts together take too many steps.

    Raises:
        TooComplex: the pattern cannot be searched in linear time.
        re.error, OverflowError, RecursionError: the pattern is not a regular expression.
    """
    tree = parse(pattern)
    if _is_harmless(tree):
        compiled = re.compile(pattern)
        find = compiled.match if at_start else compiled.search
        return lambda text: find(text) is not None
    return _Automaton(tree, at_start, _Budget()).search


@lru_cache(maxsize=64)
def parse(pattern: str) -> Any:
    """
    Parse and check a pattern; return a tree of its nodes, which must not be changed.

    Raises:
        TooComplex, re.error, OverflowError, RecursionError: as `compile_search`.
    """
    if len(pattern) > _MOST_CHARACTERS:
        raise TooComplex
    with _WARNINGS_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # about sets in sets, which are for authors of programs
        tree = _parser.parse(pattern)
        if _ignores_case(tree) and any(map(_is_wide, _walk(tree))):
            raise TooComplex
        re.compile(pattern)
    return tree


def _is_harmless(tree: Any) -> bool:
    """Whether there is at most one choice: a repeated character, or a branch between alternatives without choices."""
    choices = [node for node in _walk(tree) if node[0] in (*_REPEATS, _constants.BRANCH) or _is_unusual(node[0])]
    return not choices or (len(choices) == 1 and not _is_unusual(choices[0][0]) and _is_small(choices[0]))


def _ignores_case(tree: Any) -> bool:
    groups = (node[1] for node in _walk(tree) if node[0] is _constants.SUBPATTERN)
    return any(flags & re.IGNORECASE for flags in (tree.state.flags, *(argument[1] for argument in groups)))


def _is_wide(node: Any) -> bool:
    """Whether a set of characters has more of them than may be compared without regard to case."""
    operation, argument = node
    ranges = [each for name, each in argument if name is _constants.RANGE] if operation is _constants.IN else []
    return bool(sum(last - first for first, last in ranges) > _WIDEST_RANGE)


def _is_unusual(operation: Any) -> bool:
    return str(operation) in ("POSSESSIVE_REPEAT", "GROUPREF_EXISTS")


def _is_small(node: Any) -> bool:
    operation, argument = node
    return operation == _constants.BRANCH or [each[0] in _CHARACTERS for each in argument[2]] == [True]


def _walk(tree: Any) -> Iterator[Any]:
    """The nodes of a parsed pattern, with those inside of groups, branches, repeats and assertions."""
    for node in tree:
        yield node
        for part in _list_parts(node[1]):
            yield from _walk(part)


def _list_parts(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for each in argument:
            yield from _list_parts(each)


class _Budget:
    """The visits of states that are left to an automaton and to the automatons of its lookaheads."""

    def __init__(self) -> None:
        self._left = _FREE_VISITS

    def add_text(self) -> None:
        self._left += _VISITS_PER_TEXT

    def spend(self, visits: int) -> None:
        """Raise TooComplex if fewer visits are left."""
        self._left -= visits
        if self._left < 0:
            raise TooComplex


class _Automaton:
    """
    A pattern as states. From a state, a character leads to another state, or a free step does, perhaps at a position
    that a test allows, such as the beginning of a word.

    Each step depends on the states before it and the characters on both sides, so it is remembered by these. With a
    lookahead, which is an automaton of its own, it depends on more, and is not remembered.
    """

    def __init__(self, tree: Any, at_start: bool, budget: _Budget, flags: int | None = None) -> None:
        self._groups = tree.state
        self._at_start = at_start
        self._budget = budget
        self._tests: dict[str, _Test] = {}
        self._most_cached = _MOST_CACHED if flags is None else 0  # a lookahead starts at many positions
        self._by_character: list[list[tuple[_Test, int]]] = []
        self._free: list[list[tuple[_Test | None, int]]] = []
        self._cache: dict[tuple[frozenset[int], str, str, bool], frozenset[int]] = {}
        self._first = self._add_state()
        self._last = self._add_sequence(tree, self._first, tree.state.flags if flags is None else flags)

    def search(self, text: str) -> bool:
        """Whether the text contains the pattern. Raises TooComplex if it is too much work."""
        self._budget.add_text()
        return self._search_from(text, 0)

    def _search_from(self, text: str, start: int) -> bool:
        states = frozenset([self._first])
        for position in range(start, len(text) + 1):
            before, after = text[position - 1 : position], text[position : position + 1]
            key = states, before, after, position == len(text) - 1
            following = self._cache.get(key)
            if following is None:
                following = self._step(states, text, position)
                if len(self._cache) < self._most_cached:
                    self._cache[key] = following
            if self._last in following:
                return True
            states = following
        return False

    def _step(self, states: frozenset[int], text: str, position: int) -> frozenset[int]:
        """The states behind the next character, or the last state if the pattern ends here."""
        here = self._follow_free_steps(states, text, position)
        self._budget.spend(len(here))
        if self._last in here:
            return frozenset([self._last])
        character = text[position : position + 1]
        steps = (step for state in here for step in self._by_character[state])
        following = {state for test, state in steps if character and test(character)}
        return frozenset(following if self._at_start else {*following, self._first})

    def _follow_free_steps(self, states: frozenset[int], text: str, position: int) -> set[int]:
        here, waiting = set(states), list(states)
        while waiting:
            for test, state in self._free[waiting.pop()]:
                if state not in here and (test is None or test(text, position)):
                    here.add(state)
                    waiting.append(state)
        return here

    def _add_state(self) -> int:
        if len(self._free) == _MOST_STATES:
            raise TooComplex
        self._by_character.append([])
        self._free.append([])
        return len(self._free) - 1

    def _add_sequence(self, nodes: Any, state: int, flags: int) -> int:
        """Add nodes that follow each other, beginning at a state. Returns the state behind them."""
        for operation, argument in nodes:
            state = self._add_node(operation, argument, state, flags)
        return state

    def _add_node(self, operation: Any, argument: Any, state: int, flags: int) -> int:
        if operation in _REPEATS:
            return self._add_repeat(argument, state, flags)
        if operation is _constants.SUBPATTERN:
            _, added, removed, nodes = argument
            return self._add_sequence(nodes, state, (flags | added) & ~removed)
        end = self._add_state()
        if operation is _constants.BRANCH:
            for nodes in argument[1]:
                self._free[self._add_sequence(nodes, state, flags)].append((None, end))
        elif operation in _CHARACTERS:
            self._by_character[state].append((self._compile(operation, argument, flags), end))
        elif operation is _constants.AT:
            self._free[state].append((self._compile(operation, argument, flags), end))
        elif operation in _LOOKS and argument[0] > 0:
            self._free[state].append((self._compile_lookahead(argument[1], operation, flags), end))
        else:
            raise TooComplex
        return end

    def _add_repeat(self, argument: Any, state: int, flags: int) -> int:
        least, most, nodes = argument
        *_, state = self._add_copies(nodes, state, flags, least)
        if most == _constants.MAXREPEAT:
            return self._add_loop(nodes, state, flags)
        *ends, end = self._add_copies(nodes, state, flags, most - least)
        for each in ends:
            self._free[each].append((None, end))
        return end

    def _add_copies(self, nodes: Any, state: int, flags: int, count: int) -> list[int]:
        """Add nodes several times, once if they are empty. Returns the states before, between and behind them."""
        states = [state]
        while len(states) <= count and (end := self._add_sequence(nodes, states[-1], flags)) != states[-1]:
            states.append(end)
        return states

    def _add_loop(self, nodes: Any, state: int, flags: int) -> int:
        start, end = self._add_state(), self._add_state()
        self._free[state].append((None, start))
        self._free[self._add_sequence(nodes, start, flags)].append((None, start))
        self._free[start].append((None, end))  # what skips the loop to its end must not enter it
        return end

    def _compile_lookahead(self, nodes: Any, operation: Any, flags: int) -> _Test:
        self._most_cached = 0
        ahead = _Automaton(nodes, True, self._budget, flags)
        is_wanted = operation is _constants.ASSERT
        return lambda text, position: ahead._search_from(text, position) is is_wanted

    def _compile(self, operation: Any, argument: Any, flags: int) -> _Test:
        key = f"{operation} {argument} {flags}"
        if key not in self._tests:  # compiling takes 40 microseconds
            node = _parser.SubPattern(self._groups, [(operation, argument)])
            self._tests[key] = _compiler.compile(node, flags).match
        return self._tests[key]
