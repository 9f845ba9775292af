"""Undo and redo of single callers in random games of several: nothing is left over, and a refusal changes nothing."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from novasim.control.record import find_gaps, start_record
from novasim.control.undo import redo, undo
from novasim.errors import NovasimError
from novasim.store.record_log import FileRecord
from tests import extent
from tests.games.game import Game
from tests.games.play import CHECKS, draw_setup
from tests.games.steps import Advance, Guest, Send, draw_step, list_opening

GAMES, STEPS = extent(3, 100), 50


class Recorded(Game):
    """A game with a record, in which each step is one of a caller."""

    def __init__(self, folder: str, **setup: object) -> None:
        super().__init__(**setup)
        self.store.record = FileRecord(str(Path(folder) / "record"))
        start_record(self.cloud)
        self._numbers = itertools.count()

    def begin(self, who: str, *words: str) -> None:
        self.cloud.origin = ("cli", words, lambda: self.callers[who])
        self.cloud._step_name = f"step {next(self._numbers)}"

    def find_violations(self) -> set[str]:
        return {violation for check in CHECKS for violation in check(self)}

    def move(self, random: Random, who: str, kinds: Sequence[Callable[..., object]]) -> None:
        """Undo or redo steps of a caller."""
        self.begin(who, "undo")
        random.choice(kinds)(self.cloud, self.callers[who], random.choice((1, 1, 2)))


@pytest.mark.parametrize("seed", range(GAMES))
def test_nothing_is_left_over_after_an_undo_between_steps_of_others(seed):
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        game = Recorded(folder, **draw_setup(random, 0))
        steps = [*list_opening(), *(draw_step(random) for _ in range(STEPS))]
        for step in [step for step in steps if isinstance(step, Send | Advance | Guest)]:
            game.begin(
                step.who if isinstance(step, Send) else "admin", *["clock", "advance"][: isinstance(step, Advance) * 2]
            )
            game.play(step)
            before, stored = game.find_violations(), game.store.dump()
            try:
                game.move(random, random.choice(("demo", "other", "admin", "mate")), (undo, undo, redo))
            except NovasimError:
                assert game.store.dump() == stored
            assert game.find_violations() <= before
            assert find_gaps(game.cloud) == []
