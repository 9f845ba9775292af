"""Undo and redo of single callers in random games of several: nothing breaks, and own things are never refused."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from novasim.control.record import find_gaps, start_record
from novasim.control.undo import redo, undo
from novasim.errors import Conflict, NovasimError
from novasim.records import Record, Server, Volume
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
            except NovasimError as error:
                assert "does not fit its record" not in str(error)
                assert game.store.dump() == stored
            assert game.find_violations() <= before
            assert find_gaps(game.cloud) == []


class Neighbours(Recorded):
    """Two users of two projects with one network, and an administrator who moves the clock."""

    def own(self, kind: type[Record], who: str) -> list[str]:
        project = self.callers[who].project_id
        return [
            each.id for each in self.all(kind) if each.project_id == project and not getattr(each, "deleted", False)
        ]

    def act_at_random(self, random: Random, who: str) -> None:
        self.begin(who, "x")
        servers, volumes = self.own(Server, who), self.own(Volume, who)
        volume, project = "volume", self.callers[who].project_id
        what = random.randrange(7)
        if what < 2 or not servers:
            self.create("web", who=who)
        elif what == 2:
            self.ask("DELETE", f"/servers/{random.choice(servers)}", who=who)
        elif what == 3 and volumes:
            self.ask("DELETE", f"/v3/{project}/volumes/{random.choice(volumes)}", who=who, service=volume)
        elif what == 4:
            self.ask("POST", f"/v3/{project}/volumes", {"volume": {"size": 1}}, who, service=volume)
        else:
            self.act(random.choice(servers), random.choice(("os-stop", "os-start", "pause", "shelve", "lock")), who=who)


@pytest.mark.parametrize("mode", ["manual", "instant"])
@pytest.mark.parametrize("seed", range(GAMES))
def test_callers_who_share_a_network_can_always_undo_their_own_steps(seed, mode):
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        game = Neighbours(folder, clock=mode)
        for _ in range(STEPS):
            if random.random() < 0.3:
                game.begin("admin", "clock", "advance")
                game.advance(random.choice((1.0, 5.0, 60.0)))
            who = random.choice(("demo", "other"))
            game.act_at_random(random, who)
            before = game.find_violations()
            try:
                game.move(random, random.choice(("demo", "other")), (undo,))
            except Conflict as conflict:
                pytest.fail(f"refused: {conflict}")
            except NovasimError:
                pass  # there is nothing to undo or redo
            assert game.find_violations() <= before
            assert find_gaps(game.cloud) == []
