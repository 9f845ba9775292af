"""Names that a mistyped word may have meant. difflib is imported only when a name is wrong, to keep start-up fast."""

from __future__ import annotations

from collections.abc import Iterable

MIN_SIMILARITY = 0.65  # below it, the names that difflib finds look arbitrary
MAX_DIFFERENCE = 0.15  # between the most similar name and others
MIN_PREFIX = 3  # letters of a name that is cut off


def did_you_mean(text: str, names: Iterable[str], limit: int = 3) -> str:
    """A sentence to append to a refusal, such as " Did you mean start or stop?"; "" if no name is similar."""
    return ask_for_one(find_similar(text, names, limit))


def suggest_names(text: str, names: Iterable[str], limit: int = 3) -> str:
    """The same, or a sentence with all names if no name is similar."""
    known = list(dict.fromkeys(names))
    return did_you_mean(text, known, limit) or (f" Choose from: {', '.join(known)}." if known else "")


def find_similar(text: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Up to *limit* names that are similar to a text or begin with it, the most similar first."""
    from difflib import get_close_matches

    known = list(dict.fromkeys(names))
    similar = get_close_matches(text, known, limit, MIN_SIMILARITY)
    best = max((similarity(text, name) for name in similar), default=0.0)
    similar = [name for name in similar if similarity(text, name) >= best - MAX_DIFFERENCE]
    longer = [name for name in known if len(text) >= MIN_PREFIX and name.startswith(text) and name not in similar]
    return [*similar, *longer][:limit]


def ask_for_one(names: list[str]) -> str:
    """A sentence to append to a refusal that asks for one of the names; "" if there are no names."""
    if not names:
        return ""
    *most, last = names
    return f" Did you mean {', '.join(most)} or {last}?" if most else f" Did you mean {last}?"


def similarity(text: str, other: str) -> float:
    """How similar two texts are, from 0 to 1."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, other, text).ratio()
