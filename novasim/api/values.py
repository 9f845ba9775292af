"""Values that requests write in more than one way."""

from __future__ import annotations

TRUE_WORDS = ("true", "1", "yes", "on", "y", "t")


def is_true(value: object) -> bool:
    """Whether a value means true, as a boolean or as a word."""
    return str(value).lower() in TRUE_WORDS
