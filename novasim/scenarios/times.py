"""Times in scenarios."""

from __future__ import annotations

from novasim.scenarios.checks import Scenario
from novasim.strutils import quote
from novasim.yamlutils import Place


def parse_time(scenario: Scenario, text: str, place: Place) -> float:
    """A time of the API in seconds since the epoch. UsageError if it has another form or is before the epoch."""
    from novasim.api.schemas import formats

    try:
        seconds = formats.parse_time(text)
    except (ValueError, OverflowError):
        seconds = -1
    if seconds < 0:
        raise scenario.error(place, f"{quote(text)} is not a time; write it as 2026-01-01T00:00:00Z")
    return seconds
