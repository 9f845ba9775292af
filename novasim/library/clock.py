"""The time of a cloud, for programs."""

from __future__ import annotations

from novasim.cloud import Cloud
from novasim.control import clock


class Clock:
    """What stands on the cloud's clock, and how it is moved."""

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
        """Choose real, manual or instant; *speed* is how many simulated seconds a real one has."""
        clock.set_clock(self._world, mode, speed)

    def advance(self, seconds: float | str) -> str:
        """
        Move a manual clock.

        Args:
            seconds: A number, or words such as "5m".

        Returns:
            The time reached.

        Raises:
            UsageError: the clock is not manual, or the duration is invalid.
        """
        return clock.advance_clock(self._world, clock.parse_duration(str(seconds)))
