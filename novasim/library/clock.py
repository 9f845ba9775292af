"""The clock of a cloud."""

from __future__ import annotations

from novasim.cloud import Cloud
from novasim.control import clock


class Clock:
    """The clock of a cloud: read, set and advance it."""

    def __init__(self, world: Cloud) -> None:
        self._world = world

    @property
    def now(self) -> str:
        """The simulated time, in ISO 8601 (UTC)."""
        return str(clock.describe_clock(self._world)["now"])

    @property
    def mode(self) -> str:
        """real, manual, instant or stepping."""
        return str(clock.describe_clock(self._world)["mode"])

    def set(self, mode: str, speed: float | None = None) -> None:
        """
        Set the mode: real, manual, instant or stepping. The time does not jump.

        Under the stepping clock, each request first moves to the end of the next task, so a server that is BUILD when
        it is created is ACTIVE at the next look.

        Args:
            speed: Simulated seconds per real second under the real clock.
        """
        clock.set_clock(self._world, mode, speed)

    def advance(self, seconds: float | str) -> str:
        """
        Advance a manual clock.

        Args:
            seconds: A number of seconds, or a text such as "5m".

        Returns:
            The new time, in ISO 8601 (UTC).

        Raises:
            UsageError: the clock is not manual, or the duration is invalid.
        """
        return clock.advance_clock(self._world, clock.parse_duration(str(seconds)))
