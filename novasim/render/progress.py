"""A progress bar on stderr, if that is a terminal."""

from __future__ import annotations

import sys
from typing import Any

from novasim.render.output import escape_controls


class Bar:
    """A bar that appears with its first `update` and disappears at the end. Without a terminal it does nothing."""

    def __init__(self) -> None:
        self.is_visible = sys.stderr.isatty()
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def hide(self) -> None:
        """Erase the bar, so that a message can be printed. The next `update` draws it again."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def update(self, text: str, fraction: float | None) -> None:
        """Draw the bar with a text and the share that is done (0 to 1, None if unknown)."""
        if not self.is_visible:
            return
        if self._progress is None:
            self._begin()
        self._progress.update(
            self._task,
            description=escape_controls(text),
            completed=fraction or 0.0,
            total=None if fraction is None else 1.0,
        )

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        from novasim.render.colour import use_colour

        console = Console(stderr=True, no_color=not use_colour(terminal=True))
        self._progress = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), console=console, transient=True
        )
        self._task = self._progress.add_task("", total=None)
        self._progress.start()
