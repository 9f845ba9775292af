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
        """real, manual or instant."""
        return str(clock.describe_clock(self._world)["mode"])

    def set(self, mode: str, speed: float | None = None) -> None:
        """Set the mode: real, manual or instant. *speed* is in simulated seconds per real second."""
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
