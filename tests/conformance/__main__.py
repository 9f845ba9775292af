"""Command line: python -m tests.conformance FILE..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from tests.conformance.figures import list_recordings, write_figures
from tests.conformance.groups import group
from tests.conformance.runner import NotARecording, replay_file
from tests.conformance.stage import Stage
from tests.conformance.tally import Tally

EPILOG = "Exit code: 0 if all differences are listed in differences.md, 1 if some are not, 2 if a file is no recording."


def main(words: Sequence[str] | None = None) -> int:
    """Replay files, print what differs, and last how many steps agree."""
    args = _parser().parse_args(words)
    if args.figures and not args.files:
        args.files = list_recordings()
    args.files = [path for path in args.files if path.name != "fixture.json"]
    os.environ.pop("NOVASIM_CLOCK", None)
    if args.sqlite:
        from tests.databases.worlds import InSqlite

        with InSqlite() as copy_store, patch.object(Stage, "copy_store", copy_store):
            return _replay(args)
    if args.http:
        from tests.conformance.over_http import OverHttp

        with OverHttp() as server, patch.object(Stage, "handle", server):
            return _replay(args)
    return _replay(args)


def _replay(args: argparse.Namespace) -> int:
    total = Tally()
    tallies: dict[str, Tally] = {}
    for path in args.files:
        try:
            tally = replay_file(path, args.only)
        except NotARecording as fault:
            print(f"{path}: {fault}", file=sys.stderr)
            return 2
        if not args.quiet and args.by is None:
            _print_details(tally, args.max, args.info)
        print(f"{path.name}: {_summary(tally)}")
        tallies[path.name] = tally
        total.add(tally)
    if args.figures:
        write_figures(tallies)
    if args.by is not None:
        _print_groups(total, args)
    print(f"listed differences: {total.listed}")
    print(f"agree {total.agreed} of {total.steps} steps")
    return 0 if total.is_clean or args.figures else 1


def _summary(tally: Tally) -> str:
    text = f"agree {tally.agreed} of {tally.steps} steps"
    if tally.listed or tally.disagreements:
        text += f", {tally.listed} listed, {len(tally.disagreements)} not"
    figures = tally.figures()
    return text + (f" (also {figures})" if figures else "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.conformance", description=__doc__, epilog=EPILOG)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a recording, of any of the known kinds")
    parser.add_argument(
        "--figures",
        action="store_true",
        help="renew the figures of the page about accuracy, of all recordings in ../shared without FILE",
    )
    parser.add_argument("--quiet", action="store_true", help="print only the figures")
    parser.add_argument("--max", type=int, default=50, metavar="N", help="at most N disagreements a file (default 50)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only what has TEXT in its name (an action, a walk)")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--http", action="store_true", help="send all over HTTP, and compare both ways in")
    way.add_argument("--sqlite", action="store_true", help="keep the worlds in SQLite databases")
    parser.add_argument("--info", action="store_true", help="print also differences that do not count (messages, ...)")
    parser.add_argument(
        "--by",
        nargs="?",
        const="",
        metavar="REQUEST",
        help="group what differs by request and rule; with REQUEST only requests that contain it",
    )
    parser.add_argument("--examples", type=int, default=1, metavar="N", help="examples of each group (default 1)")
    parser.add_argument("--verbose", action="store_true", help="print examples of groups in full")
    return parser


def _print_details(tally: Tally, limit: int, info: bool) -> None:
    for note in tally.notes:
        print(f"note: {note}")
    for items in (tally.disagreements, tally.asides if info else []):
        for item in items[:limit]:
            print(item)
        if len(items) > limit:
            print(f"... and {len(items) - limit} more (--max)")


def _print_groups(tally: Tally, args: argparse.Namespace) -> None:
    for item in group(tally.disagreements + (tally.asides if args.info else []), args.by):
        for line in item.lines(args.examples, args.verbose):
            print(line)


if __name__ == "__main__":
    sys.exit(main())
