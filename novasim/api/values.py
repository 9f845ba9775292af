"""Values that requests write in more than one way."""

from __future__ import annotations

LONGEST = 18  # digits


def bounded(digits: str | None) -> int:
    """The number that digits show, 0 for none; one that is too long to be meant is as large as any list."""
    if not digits:
        return 0
    return int(digits) if len(digits) <= LONGEST else 10**LONGEST
