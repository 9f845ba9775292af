"""Computed hints: from the start of each lesson, and from scrambled states."""

from __future__ import annotations

import random
import shlex

import pytest

from novasim.cli.lessons.runner import Runner
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.commands import command_words
from novasim.teach.lessons.checks import Refused
from novasim.teach.lessons.hints.proposals import servers_of
from novasim.teach.lessons.hints.ways import find_way, is_lost
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Playground, build_world, play_one
from tests.teach.lessons.conftest import IS_FULL, LESSONS

WITHOUT_WAY = {"error"}  # the planner never relabels a server
STATES = 20 if IS_FULL else 1
SAMPLE = LESSONS if IS_FULL else ("power", "resize", "locks", "soft-delete")


def world_of(lesson: Lesson, runner: Runner) -> Playground:
    return build_world(lesson, runner, lesson.clock if lesson.names_clock else "instant")


def check_way(lesson: Lesson, start: Playground, way: list[Command], runner: Runner) -> None:
    """Each command is accepted, or refused as a goal asks; at the end all goals are done."""
    playground = start.copy()
    wanted = [goal.check for goal in lesson.goals if isinstance(goal.check, Refused)]
    for command in way:
        before = len(playground.entries)
        play_one(playground, command, runner)
        for entry in playground.entries[before:]:
            asked_for = any(each.action == entry.action and each.code == entry.code for each in wanted)
            assert entry.is_accepted or asked_for, (command.line, entry)
    assert not playground.open_goals(lesson)


@pytest.mark.parametrize("name", LESSONS)
def test_hints_lead_from_the_start_to_the_end(name, runner):
    lesson = LESSONS[name]
    start = world_of(lesson, runner)
    way = find_way(lesson, start, runner)
    assert (way is None) == (name in WITHOUT_WAY)
    if way:
        check_way(lesson, start, way, runner)


def scramble(lesson: Lesson, runner: Runner, seed: int) -> Playground:
    """The world after some commands that a learner may try."""
    chance, playground = random.Random(f"{lesson.name} {seed}"), world_of(lesson, runner)
    names = [name for name, action in ACTIONS.items() if action.acts_on_server and name != "reset-state"]
    for _ in range(chance.randint(1, 5)):
        action = ACTIONS[chance.choice(names)]
        words = command_words(action, chance.choice(servers_of(lesson)), {"flavor": "m1.small"})
        if words and not set(words) & {"FLAVOR", "IMAGE", "ADDRESS", "NETWORK", "GROUP", "VOLUME", "PORT"}:
            play_one(playground, Command(shlex.join(words), tuple(words), 0), runner)
    return playground


@pytest.mark.parametrize("name", SAMPLE)
def test_hints_lead_from_scrambled_states_to_the_end(name, runner):
    lesson, resets = LESSONS[name], 0
    for seed in range(STATES):
        start = scramble(lesson, runner, seed)
        way = find_way(lesson, start, runner)
        if way is None:
            resets += not is_lost(lesson, start.entries)
        else:
            check_way(lesson, start, way, runner)
    assert resets <= max(1, STATES // 3)
