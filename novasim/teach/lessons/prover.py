"""
Proves that a lesson works: it is unsolved at first, its solution solves it, and each wrong way fails as it says.

A proof runs every command of the lesson in memory. Its parts have letters:

    a  the file has the format            f  each goal has a wrong way that leaves it open
    b  the lesson is unsolved at first    g  computed hints lead to the end, or say reset
    c  the solution closes all goals      h  the same happens under a manual and an instant clock
    d  each wrong way leaves open         i  the same commands give the same exported bytes
       exactly what it says
    e  each line of the solution is needed, or marked "# for show"
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.hints.ways import find_way
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Execute, Playground, build_world, play
from novasim.teach.lessons.transitions import Transitions
from novasim.teach.lessons.wrong_ways import is_needed

WRONG_USAGE = 2
INTERNAL_ERROR = 1
INSTANT, MANUAL = "instant", "manual"
TYPING = 0.1  # seconds between two commands of a learner who pastes them


class Finding(NamedTuple):
    """A part of the proof that failed: its letter, the number of the line, and the reason."""

    part: str
    number: int
    reason: str


def prove(lesson: Lesson, execute: Execute) -> list[Finding]:
    """Every reason why a lesson does not work, by line; empty if it is proven."""
    try:
        return sorted(_Proof(lesson, execute).findings(), key=lambda finding: finding.number)
    except LessonError as error:
        return [Finding("a", error.number, error.reason)]


class _Proof:
    """
    A proof of one lesson.

    Args:
        mode: The mode of the clock of most parts: instant, unless the lesson names its clock.
    """

    def __init__(self, lesson: Lesson, execute: Execute) -> None:
        self.lesson, self.execute = lesson, execute
        self.transitions = Transitions(execute)
        self.mode = lesson.clock if lesson.names_clock else INSTANT
        self.world = build_world(lesson, execute, self.mode)
        self.all = frozenset(range(1, len(lesson.goals) + 1))
        self.open_at_start = self.world.open_goals(lesson)

    @cached_property
    def manual_world(self) -> Playground:
        """The world with a manual clock."""
        playground = self.world.copy()
        playground.set_mode(MANUAL)
        return playground

    def findings(self) -> Iterator[Finding]:
        yield from self._check_start()
        yield from self._check_solution()
        yield from self._check_wrong_ways()
        yield from self._check_hints()

    def _check_start(self) -> Iterator[Finding]:
        if not self.open_at_start:
            yield Finding("b", self.lesson.goals[0].number, "All goals are met before the learner has done anything.")

    def _check_solution(self) -> Iterator[Finding]:
        """Parts c, e, h and i."""
        states = [self.world]  # before each line, and at the end
        for command in self.lesson.solution:
            states.append((yield from self._run(states[-1], command)))
        still_open = states[-1].open_goals(self.lesson)
        if still_open:
            yield Finding("c", self.lesson.solution[-1].number, f"The solution leaves open {_numbers(still_open)}.")
            return
        yield from self._check_lines(states)
        yield from self._check_repetition(states[-1])
        if not self.lesson.names_clock:
            yield from self._check_clock("The solution", self.lesson.solution, frozenset())

    def _run(self, before: Playground, command: Command) -> Generator[Finding, None, Playground]:
        """Run a command, and return the state after it. Wrong usage is a finding."""
        after, transition = self.transitions.run(before, command)
        if transition.code in (WRONG_USAGE, INTERNAL_ERROR):
            yield Finding("a", command.number, f"{command.line}: {transition.errors.strip()}")
        return after

    def _check_lines(self, before: Sequence[Playground]) -> Iterator[Finding]:
        solution = self.lesson.solution
        for position, command in enumerate(solution):
            playground = self.transitions.run_all(before[position], solution[position + 1 :])
            is_needed = bool(playground.open_goals(self.lesson))
            if not is_needed and not command.for_show:
                reason = "No goal needs this line; mark it '# for show', or leave it out."
                yield Finding("e", command.number, f"'{command.line}': {reason}")
            if is_needed and command.for_show:
                yield Finding("e", command.number, f"'{command.line}': Goals need this line; it is not only for show.")

    def _check_repetition(self, first: Playground) -> Iterator[Finding]:
        second = build_world(self.lesson, self.execute, self.mode)
        play(second, self.lesson.solution, self.execute)
        if first.export() != second.export():
            yield Finding("i", self.lesson.solution[0].number, "Two runs of the solution end in different clouds.")

    def _check_clock(self, name: str, commands: tuple[Command, ...], expected: frozenset[int]) -> Iterator[Finding]:
        playground = self.transitions.run_all(self.manual_world, commands, TYPING)
        still_open = playground.open_goals(self.lesson)
        if still_open != expected:
            when = f"leaves open {_numbers(still_open)}, and under an instant clock {_numbers(expected)}"
            reason = f"{name} {when}. A command before it has to --wait, or the lesson has to name its clock."
            yield Finding("h", commands[0].number if commands else 1, reason)

    def _check_wrong_ways(self) -> Iterator[Finding]:
        """Parts d, f and h."""
        for way in self.lesson.wrong_ways:
            playground = self.world
            for command in way.commands:
                playground = yield from self._run(playground, command)
            still_open = playground.open_goals(self.lesson)
            if still_open != way.still_open:
                says = f"it says {_numbers(way.still_open)}"
                yield Finding("d", way.number, f"'{way.name}' leaves open {_numbers(still_open)}; {says}.")
            elif not self.lesson.names_clock:
                yield from self._check_clock(f"'{way.name}'", way.commands, still_open)
        yield from self._check_coverage()

    def _check_coverage(self) -> Iterator[Finding]:
        ways = self.lesson.wrong_ways
        for number, goal in enumerate(self.lesson.goals, 1):
            if not any(number in way.still_open for way in ways):
                reason = "No wrong way leaves this goal open, so nothing shows that it can be missed."
                yield Finding("f", goal.number, reason)
        for way in ways:
            if not is_needed(way, ways):
                reason = "leaves open only goals that other wrong ways leave open; leave it out."
                yield Finding("f", way.number, f"'{way.name}' {reason}")
            if way.still_open >= self.all and len(self.all) > 1:
                yield Finding("f", way.number, f"'{way.name}' leaves open every goal; a wrong way closes some of them.")

    def _check_hints(self) -> Iterator[Finding]:
        """Part g. The states that the hints have led to are kept, so this executes no command again."""
        way = find_way(self.lesson, self.world, self.transitions)
        if way is not None and self.transitions.run_all(self.world, way).open_goals(self.lesson):
            yield Finding("g", 1, "The computed hints do not lead to the end.")


def _numbers(goals: frozenset[int]) -> str:
    """Words for some goals, such as "goals 1 and 3"."""
    if not goals:
        return "no goal"
    *first, last = map(str, sorted(goals))
    return f"goals {', '.join(first)} and {last}" if first else f"goal {last}"
