"""Options of a cloud: those of Nova, and durations of actions."""

from __future__ import annotations

from typing import Any

from novasim.cloud import Cloud
from novasim.control import options


class Config:
    """
    The options of a cloud. `duration.ACTION` and `duration.ACTION.PHASE` are the durations in seconds.

    A method raises a UsageError if there is no such option or its value is invalid.
    """

    def __init__(self, world: Cloud) -> None:
        self._world = world

    def list(self) -> dict[str, Any]:
        """All options with their values, and the durations that were changed."""
        return options.list_options(self._world)

    def get(self, name: str) -> Any:
        """The value of an option. KeyError for an unknown one, and for a duration that was not changed."""
        return self.list()[name]

    def set(self, name: str, value: object) -> None:
        """Set an option; a number, a truth value, a list of texts, or a text such as the command takes it."""
        text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        options.set_option(self._world, name, text)

    def unset(self, name: str) -> None:
        """Reset an option or a duration to its default."""
        options.unset_option(self._world, name)
