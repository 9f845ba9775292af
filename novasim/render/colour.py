"""Whether to use colour: --color, then NO_COLOR, then whether anybody looks."""

from __future__ import annotations

import os

_choice = {"color": "auto"}


def set_colour_mode(color: str) -> None:
    """Remember --color (auto, always, never) for this command."""
    _choice["color"] = color


def use_colour(terminal: bool) -> bool:
    """Whether output to something that is (or is not) a terminal is coloured."""
    if _choice["color"] != "auto":
        return _choice["color"] == "always"
    return terminal and not os.environ.get("NO_COLOR")
