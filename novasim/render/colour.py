"""Whether to use colours: --color decides, then NO_COLOR, then whether the output is a terminal."""

from __future__ import annotations

import os

_choice = {"color": "auto"}


def set_colour_mode(color: str) -> None:
    """Set --color (auto, always, never) for this command."""
    _choice["color"] = color


def use_colour(terminal: bool) -> bool:
    """Whether to colour the output. *terminal* is whether it goes to a terminal."""
    if _choice["color"] != "auto":
        return _choice["color"] == "always"
    return terminal and not os.environ.get("NO_COLOR")
