"""The library of lessons, with the commands that novasim has."""

from __future__ import annotations

from novasim.cli.catalog import CATALOG
from novasim.teach.lessons.library import Library


def open_library() -> Library:
    """The library. Its lessons may use every command of the catalogue that is fit for lessons."""
    return Library(frozenset(name for _, commands in CATALOG for name in commands))
