"""Names that a mistyped word may have meant. difflib is imported only when a name is wrong, to keep start-up fast."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(text: str, names: Iterable[str], limit: int = 3) -> str:
    """A sentence to append to a refusal, such as " Did you mean start, restore?"; "" if no name is similar."""
    similar = find_similar(text, names, limit)
    return f" Did you mean {', '.join(similar)}?" if similar else ""


def find_similar(text: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Up to *limit* names that are similar to a text, the most similar first."""
    from difflib import get_close_matches

    return get_close_matches(text, list(names), limit)


def similarity(text: str, other: str) -> float:
    """How similar two texts are, from 0 to 1."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, other, text).ratio()
