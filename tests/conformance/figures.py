"""How many recorded steps agree, by file: the figures that the page about accuracy shows."""

from __future__ import annotations

import json
from pathlib import Path

from novasim.devtools import exactness
from tests.conformance.tally import Tally

FILE = Path(exactness.__file__).with_name("recorded.json")
RECORDINGS = Path(__file__).parents[3] / "shared" / "nova-facts"
Figures = dict[str, int]


def list_recordings() -> list[Path]:
    """The recorded files of all areas that are beside the checkout."""
    files = (folder / name for name in exactness.AREAS for folder in (RECORDINGS, RECORDINGS / "more"))
    return [file for file in files if file.exists()]


def figures_of(tally: Tally) -> Figures:
    """The figures of one recorded file."""
    return {"steps": tally.steps, "agree": tally.agreed, "listed": tally.listed}


def read_figures() -> dict[str, Figures]:
    """The figures of all files, as committed."""
    figures: dict[str, Figures] = json.loads(FILE.read_text("utf-8"))
    return figures


def write_figures(tallies: dict[str, Tally]) -> None:
    """Write the figures of some files, and keep those of the others."""
    figures = read_figures() | {name: figures_of(tally) for name, tally in tallies.items()}
    lines = [f"  {json.dumps(name)}: {json.dumps(figures[name])}" for name in sorted(figures)]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
