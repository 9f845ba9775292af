"""Plays random games: python -m tests.games [--steps 20000] [--seed 1] [--down 2]. Prints each violation's case."""

from __future__ import annotations

import argparse

from tests.games.play import find_case, kind_of

LENGTH = 80


def main() -> int:
    """Play until the number of steps is reached. Returns 1 if anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.games", description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000, help="how many steps to play")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first game; the next ones follow")
    parser.add_argument("--down", type=int, default=None, help="how many hosts have no power (default: any number)")
    options = parser.parse_args()
    played, seed, kinds = 0, options.seed, set()
    while played < options.steps:
        case, count = find_case(seed, LENGTH, options.down)
        played, seed = played + count, seed + 1
        if case and kind_of(case.violation) not in kinds:
            kinds.add(kind_of(case.violation))
            print(f"game {seed - 1}: {case}\n", flush=True)
    print(f"{played} steps in {seed - options.seed} games, {len(kinds)} kinds of violations")
    return int(bool(kinds))


if __name__ == "__main__":
    raise SystemExit(main())
