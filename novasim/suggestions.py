"""Hints at what a mistyped name was meant for."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """A sentence to add to a refusal, such as " Did you mean 'demo'?"; empty if nothing comes near."""
    import difflib

    near = difflib.get_close_matches(text, list(names), 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def nearest(text: str, names: Iterable[str]) -> str:
    """The same with up to three names, such as " Did you mean start, restore?"."""
    import difflib

    near = difflib.get_close_matches(text, list(names), 3)
    return f" Did you mean {', '.join(near)}?" if near else ""
