"""The formats of a report on coverage."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

from novasim.teach.coverage.summary import Coverage


def write_table(coverage: Coverage, out: TextIO) -> None:
    """Headlines, a table of figures, and what is missing."""
    from novasim.render.formats import FORMATS as WRITERS
    from novasim.render.view import View
    from novasim.teach.coverage.text import COLUMNS, headlines, list_missing, list_rows

    out.writelines(f"{line}\n" for line in headlines(coverage))
    WRITERS["table"](View(list(COLUMNS), list_rows(coverage), [], []), out)
    out.writelines(f"{line}\n" for line in list_missing(coverage))


def write_json(coverage: Coverage, out: TextIO) -> None:
    """All figures and items."""
    import json

    json.dump(coverage.describe(), out, indent=2)
    out.write("\n")


def write_html(coverage: Coverage, out: TextIO) -> None:
    """A page with the picture of the lifecycle."""
    from novasim.teach.coverage.html import write_html as write

    write(coverage, out)


def write_junit(coverage: Coverage, out: TextIO) -> None:
    """XML as JUnit writes it."""
    from novasim.teach.coverage.junit import write_junit as write

    write(coverage, out)


FORMATS: dict[str, Callable[[Coverage, TextIO], None]] = {
    "table": write_table,
    "json": write_json,
    "html": write_html,
    "junit": write_junit,
}
BY_ENDING = {".json": "json", ".html": "html", ".htm": "html", ".xml": "junit"}


def choose_format(file: str) -> str:
    """The format of a file, from the end of its name; a table if that says nothing."""
    return BY_ENDING.get(os.path.splitext(file)[1].lower(), "table")
