"""Computed hints: from the start of each lesson, and from scrambled states."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.main import cli
from novasim.teach.lessons.checks import Refused
from novasim.teach.lessons.hints.bound import count_needed
from novasim.teach.lessons.hints.proposals import to_command
from novasim.teach.lessons.hints.ways import describe_state, find_way
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Playground, build_world
from novasim.teach.lessons.transitions import Transitions
from tests.teach.lessons.conftest import IS_FULL, LESSONS
from tests.teach.lessons.exploring import scramble, search

FROM_START = list(LESSONS) if IS_FULL else list(LESSONS)[::2]
STATES = 20 if IS_FULL else 2
SAMPLE = LESSONS if IS_FULL else ("power", "busy", "failed-build", "error")
DEPTH = 4
SHORT = {"first-server": 2, **({"power": 3, "host-down": 4} if IS_FULL else {})}  # the commands that each needs


@pytest.fixture(scope="module")
def transitions() -> Iterator[Transitions]:
    with isolated_process():
        yield Transitions(Runner(cli))


def world_of(lesson: Lesson) -> Playground:
    return build_world(lesson, Runner(cli), lesson.clock if lesson.names_clock else "instant")


def check_way(lesson: Lesson, start: Playground, way: list[Command], transitions: Transitions) -> None:
    """Each command is accepted, or refused as a goal asks; at the end all goals are done."""
    playground = start
    wanted = [goal.check for goal in lesson.goals if isinstance(goal.check, Refused)]
    for number, command in enumerate(way):
        assert count_needed(lesson, playground) <= len(way) - number
        playground, transition = transitions.run(playground, command)
        for entry in transition.entries:
            asked_for = any(each.action == entry.action and each.code == entry.code for each in wanted)
            assert entry.is_accepted or asked_for, (command.line, entry)
    assert not playground.open_goals(lesson)


@pytest.mark.parametrize("name", FROM_START)
def test_hints_lead_from_the_start_to_the_end(name, transitions):
    lesson = LESSONS[name]
    start = world_of(lesson)
    way = find_way(lesson, start, transitions)
    assert way
    check_way(lesson, start, way, transitions)


@pytest.mark.parametrize("name", SAMPLE)
def test_hints_lead_from_scrambled_states_to_the_end(name, transitions):
    """Or they say reset: in at most a third of the states, and only if no four commands lead to the end."""
    lesson, resets, states = LESSONS[name], 0, set()
    world = world_of(lesson)
    for seed in range(STATES):
        start = scramble(lesson, world, transitions, seed)
        states.add(describe_state(lesson, start))
        way = find_way(lesson, start, transitions)
        if way is None:
            resets += 1
            assert search(lesson, start, transitions, DEPTH) is None
        else:
            check_way(lesson, start, way, transitions)
    assert resets <= STATES / 3
    assert len(states) > STATES / 2


@pytest.mark.parametrize(
    ("name", "lines", "hinted"),
    [
        ("host-down", ["--as admin host set host1 --up"], "--as admin host set host1 --down"),
        ("host-down", ["--as admin host set host2 --down"], "--as admin host set host2 --up"),
        ("moving", ["--as admin host set host2 --down", "--as admin host set host3 --down"], "host set host2 --up"),
        ("moving", ["--as admin host set host2 --disable", "--as admin host set host3 --disable"], "host2 --enable"),
        ("power", ["set web1 --name other"], "set other --name web1"),
        ("labels", ["set web1 --property stage=test --description mine"], "set web1 --description frontend"),
        ("boot-from-volume", ["delete web1"], "--boot-from-volume 20"),
    ],
)
def test_hints_lead_back_from_other_changes(name, lines, hinted, transitions):
    """Of hosts, names and labels."""
    lesson = LESSONS[name]
    start = transitions.run_all(world_of(lesson), [to_command(tuple(line.split())) for line in lines])
    way = find_way(lesson, start, transitions)
    assert way and any(hinted in command.line for command in way)
    check_way(lesson, start, way, transitions)


@pytest.mark.parametrize(("name", "length"), SHORT.items())
def test_exhaustive_search_finds_short_ways(name, length, transitions):
    lesson = LESSONS[name]
    way = search(lesson, world_of(lesson), transitions, length)
    assert way
    check_way(lesson, world_of(lesson), way, transitions)
    assert search(lesson, world_of(lesson), transitions, length - 1) is None
