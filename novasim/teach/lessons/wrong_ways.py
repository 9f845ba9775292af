"""Finds wrong ways for a lesson: its solution without one line, or only its beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from novasim.teach.lessons.lesson import Command, Lesson, WrongWay
from novasim.teach.lessons.playground import Execute, Playground, build_world, play


def find_wrong_ways(lesson: Lesson, execute: Execute, known: Sequence[WrongWay] = ()) -> list[WrongWay]:
    """
    Few wrong ways that, together with known ones, leave open each goal.

    Each leaves open a goal that no other does, and closes at least one. The known ones stay needed. Goals that no such
    way leaves open stay uncovered.
    """
    world = build_world(lesson, execute, lesson.clock if lesson.names_clock else "instant")
    everything = frozenset(range(1, len(lesson.goals) + 1))
    candidates = [way for way in _candidates(lesson, world, execute) if way.still_open and way.still_open != everything]
    chosen: list[WrongWay] = []
    missing = everything.difference(*(way.still_open for way in known))
    while missing:
        usable = [way for way in candidates if all(is_needed(each, [*known, *chosen, way]) for each in known)]
        best = max(usable, key=lambda way: len(way.still_open & missing), default=None)
        if best is None or not best.still_open & missing:
            break
        chosen.append(best)
        missing -= best.still_open
    return [way for way in chosen if is_needed(way, [*known, *chosen])]


def is_needed(way: WrongWay, ways: Sequence[WrongWay]) -> bool:
    """Whether a way leaves open a goal that none of the other ways leaves open."""
    others = frozenset[int]().union(*(other.still_open for other in ways if other is not way))
    return not way.still_open <= others


def _candidates(lesson: Lesson, world: Playground, execute: Execute) -> Iterator[WrongWay]:
    solution = lesson.solution
    for position, command in enumerate(solution):
        words = command.line.removeprefix("novasim ")
        others = (*solution[:position], *solution[position + 1 :])
        yield _play(lesson, world, execute, f"left out {words}", others)
        if position:
            yield _play(lesson, world, execute, f"stopped before {words}", solution[:position])


def _play(lesson: Lesson, world: Playground, execute: Execute, name: str, commands: tuple[Command, ...]) -> WrongWay:
    playground = world.copy()
    play(playground, commands, execute)
    return WrongWay(name, commands, playground.open_goals(lesson), 0)


def format_wrong_way(way: WrongWay) -> str:
    """A wrong way as a section of the file."""
    lines = "\n".join(f"    {command.line}" for command in way.commands)
    return f"## Wrong: {way.name}\n\n{lines}\n\nOpen then: {', '.join(map(str, sorted(way.still_open)))}\n"
