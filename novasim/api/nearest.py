"""A hint at what a mistyped name was meant for."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """A sentence to add to a refusal, such as " Did you mean 'demo'?"; empty if nothing comes near."""
    import difflib

    near = difflib.get_close_matches(text, list(names), 1)
    return f" Did you mean {near[0]!r}?" if near else ""
