"""Command line: python -m tests.conformance FILE..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conformance.runner import NotARecording, replay_file
from tests.conformance.stage import Stage
from tests.conformance.tally import Tally

EPILOG = "Exit code: 0 if nothing differs but what differences.md lists, 1 if something does, 2 for no recording."


def main(words: Sequence[str] | None = None) -> int:
    """Replay the files named; print what differs, and last how many steps agree."""
    given = _parser().parse_args(words)
    os.environ.pop("NOVASIM_CLOCK", None)
    if not given.http:
        return _replayed(given)
    from tests.conformance.over_http import OverHttp

    with OverHttp() as server:
        Stage.door, door = server, Stage.door
        try:
            return _replayed(given)
        finally:
            Stage.door = staticmethod(door)


def _replayed(given: argparse.Namespace) -> int:
    total = Tally()
    for path in given.files:
        try:
            tally = replay_file(path, given.only)
        except NotARecording as fault:
            print(f"{path}: {fault}", file=sys.stderr)
            return 2
        if not given.quiet:
            _print_details(tally, given.max, given.info)
        figures = tally.figures()
        print(f"{path.name}: agree {tally.agreed} of {tally.steps} steps" + (f" (also {figures})" if figures else ""))
        total.add(tally)
    print(f"listed differences: {total.listed}")
    print(f"agree {total.agreed} of {total.steps} steps")
    return 0 if total.is_clean else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.conformance", description=__doc__, epilog=EPILOG)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a recording, of any of the known kinds")
    parser.add_argument("--quiet", action="store_true", help="print the figures alone")
    parser.add_argument("--max", type=int, default=50, metavar="N", help="at most N disagreements a file (default 50)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only what has TEXT in its name (an action, a walk)")
    parser.add_argument("--http", action="store_true", help="send all over HTTP, and compare that with the door, too")
    parser.add_argument("--info", action="store_true", help="print also what differs without counting (messages, ...)")
    return parser


def _print_details(tally: Tally, limit: int, info: bool) -> None:
    for note in tally.notes:
        print(f"note: {note}")
    for lines in (tally.found, tally.asides if info else []):
        for line in lines[:limit]:
            print(line)
        if len(lines) > limit:
            print(f"... and {len(lines) - limit} more (--max)")


if __name__ == "__main__":
    sys.exit(main())
