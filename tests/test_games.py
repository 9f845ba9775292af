"""A few random games, and what plays and shrinks them. `make play` plays more."""

from __future__ import annotations

import pytest

from tests import extent
from tests.games.game import Game, Violation, check_answer
from tests.games.play import Case, draw_setup, find_case, kind_of, play_step, shrink
from tests.games.steps import Advance, Break, Cell, Power, Random, Ref, Repair, Send, draw_step, list_opening

CALM = {"clock": "manual"}
STEPS = extent(60, 100)


@pytest.mark.parametrize("down", [None, 2])
@pytest.mark.parametrize("seed", range(1, extent(3, 5)))
def test_nothing_is_violated(seed, down):
    case, count = find_case(seed, STEPS, down)
    assert case is None, str(case)
    assert count > STEPS


def test_the_opening_creates_servers_volumes_and_ports():
    game = Game(**CALM)
    for step in list_opening():
        assert play_step(game, step) == ""
    statuses = {game.state(ref)[0] for ref in map(game.find, [Ref("server", 0), Ref("server", 1)])}
    assert statuses == {"ACTIVE"}


def test_the_same_seed_draws_the_same_steps():
    first, second = ([draw_step(Random(7)) for _ in range(30)] for _ in range(2))
    assert first == second
    assert draw_setup(Random(3)) == draw_setup(Random(3))


def test_a_violation_is_found_and_shrunk():
    def replay(setup, steps):
        """Violated as soon as a fault is injected while a host is down."""
        down = False
        for step in steps:
            down = down or isinstance(step, Power)
            if down and isinstance(step, Break):
                return "volume 973cdb5e-53c5-4f48-9048-f62959df7fef has several servers"
        return ""

    steps = (Advance(1.0), Power(Ref("host", 1), False, False), Advance(1.0), Repair(), Break({}), Advance(2.0))
    case = shrink(Case(replay({}, steps), {}, steps), replay)
    assert case.steps == (steps[1], steps[4])
    assert "Break" in str(case)
    assert "<host 1>" in str(case)


def test_kinds_of_violations_have_no_ids():
    assert kind_of("volume 973cdb5e-53c5-4f48-9048-f62959df7fef is 2") == "volume * is *"


def test_an_internal_fault_is_a_violation():
    game = Game(**CALM)
    assert "KeyError" in play_step(game, Send("nobody", "compute", "GET", "/servers", {}, None, 96))


def test_an_answer_500_is_a_violation():
    game = Game(**CALM)
    request = game.request_of(Send("demo", "compute", "GET", "/servers", {}, None, 96))
    with pytest.raises(Violation, match="503"):
        check_answer(request, game.ask("GET", "/servers")._replace(code=503))


def test_a_cell_that_is_down_may_answer_500():
    game = Game(**CALM)
    for step in (*list_opening(), *(Cell(Ref("host", number), True) for number in range(3))):
        assert play_step(game, step) == ""
    show = Send("demo", "compute", "GET", "/servers/{server}/ips", {"server": Ref("server", 0)}, None, 96)
    assert game.ask("GET", game.request_of(show).path.removeprefix("/v2.1")).code == 500
    assert play_step(game, show) == ""
    for number in range(3):
        assert play_step(game, Cell(Ref("host", number), False)) == ""
    assert game.down_cells() == []
