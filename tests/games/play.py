"""Whole games: played from a seed, checked after each step, and shrunk to a short case if something is violated."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

from tests.games.game import Game, Violation
from tests.games.invariants import claims, devices, leftovers, quotas
from tests.games.steps import Step, draw_step, list_opening

CHECKS = (*devices.CHECKS, *claims.CHECKS, *leftovers.CHECKS, *quotas.CHECKS)
ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|\d+")


class Case(NamedTuple):
    """A violation and the steps that lead to it."""

    violation: str
    setup: dict[str, Any]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        lines = [f"    {step}" for step in self.steps]
        return "\n".join([self.violation, f"  in {self.setup} after", *lines])


def draw_setup(random: Random, down: int | None = None) -> dict[str, Any]:
    """
    Draw a cloud's clock, hosts and options.

    Args:
        down: How many hosts have no power from the beginning; None for any number.
    """
    return {
        "clock": random.choice(("manual", "manual", "instant")),
        "host_count": random.choice((3, 4)),
        "down": random.choice((0, 0, 0, 1, 2)) if down is None else down,
        "shelved_offload_time": random.choice((-1, 0, 0, 5)),
        "reclaim_instance_interval": random.choice((0, 0, 20)),
        "resize_confirm_window": random.choice((0, 0, 10)),
        "instance_build_timeout": random.choice((0, 0, 9)),
        "reboot_timeout": random.choice((0, 9)),
        "allow_resize_to_same_host": random.random() < 0.2,
    }


def play_steps(setup: dict[str, Any], steps: Sequence[Step]) -> str:
    """Play the steps until something is violated. Returns a sentence about the violation; "" for none."""
    game = Game(**setup)
    for step in steps:
        if violation := play_step(game, step):
            return violation
    return ""


def play_step(game: Game, step: Step) -> str:
    """Play one step. Returns what it violates; "" for nothing."""
    try:
        before = game.store.revision()
        game.play(step)
        if game.store.revision() is before:
            return ""
        game.note_doomed()
        return next((f"{check.__name__}: {text}" for check in CHECKS for text in check(game)), "")
    except Violation as violation:
        return f"answer: {violation}"
    except Exception as error:  # noqa: BLE001 (an internal fault)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {error} in {frame.name} of {frame.filename}:{frame.lineno}"


def find_case(seed: int, length: int, down: int | None = None) -> tuple[Case | None, int]:
    """Play a random game. Returns the shrunk case of the first violation, and the number of steps played."""
    random = Random(seed)
    setup = draw_setup(random, down)
    steps = [*list_opening(), *(draw_step(random) for _ in range(length))]
    game = Game(**setup)
    for count, step in enumerate(steps, 1):
        if violation := play_step(game, step):
            return shrink(Case(violation, setup, tuple(steps[:count]))), count
    return None, len(steps)


def kind_of(violation: str) -> str:
    """A violation without its ids and numbers."""
    return ID.sub("*", violation)[:60]


def shrink(case: Case, replay: Callable[[dict[str, Any], Sequence[Step]], str] = play_steps) -> Case:
    """Remove steps as long as the violation stays the same except for ids and numbers."""
    kind, size = kind_of(case.violation), max(1, len(case.steps) // 2)
    while True:
        start = len(case.steps) - size
        while start > -size:
            left = (*case.steps[: max(0, start)], *case.steps[max(0, start) + size :])
            violation = replay(case.setup, left) if len(left) < len(case.steps) else ""
            if kind_of(violation) == kind:
                case = Case(violation, case.setup, left)
            start -= size
        if size == 1:
            return case
        size //= 2
