"""Limits how fast join words can be tried, for each student and address, so that nobody can lock others out."""

from __future__ import annotations

from collections import OrderedDict

FREE = 5  # wrong words without a pause
LONGEST = 60.0  # seconds
FORGOTTEN = 600.0  # seconds after the last wrong word
MAX_KNOWN = 10_000  # pairs of a student and an address


class Limiter:
    """Counts wrong words. After FREE of them, each further one doubles the pause before the next attempt."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def find_pause(self, student: str, address: str, now: float) -> float:
        """The seconds until the next attempt; 0 if there may be one now. *now* is in seconds."""
        count, last = self._wrong.get((student, address), (0, 0.0))
        if count < FREE or now - last > FORGOTTEN:
            return 0.0
        return max(0.0, last + min(LONGEST, 2.0 ** (count - FREE)) - now)

    def note_wrong(self, student: str, address: str, now: float) -> None:
        """Note a wrong word."""
        count, last = self._wrong.pop((student, address), (0, 0.0))
        self._wrong[student, address] = (1 if now - last > FORGOTTEN else count + 1, now)
        while len(self._wrong) > MAX_KNOWN:
            self._wrong.popitem(last=False)

    def forget(self, student: str, address: str) -> None:
        """Forget the wrong words of a student who has joined."""
        self._wrong.pop((student, address), None)
