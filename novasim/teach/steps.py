"""The steps of a plan as data, and the command for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from novasim.lifecycle.action import Action
from novasim.teach.commands import arrange_words, command_words
from novasim.teach.viewer import Viewer


class ActionStep(NamedTuple):
    """
    Send an action to the server.

    Args:
        arguments: The arguments of the request. options: the options of the command, by name.
        waits: Whether to wait until the action is complete.
    """

    viewer: Viewer
    action: Action
    arguments: Any = None
    options: Mapping[str, str] = {}
    waits: bool = False

    def words(self, server: str) -> list[str]:
        """The command and its arguments."""
        wait = ["--wait"] if self.waits else []
        return command_words(self.action, server, self.options, wait)


class WaitStep(NamedTuple):
    """
    Wait until the server has no task.

    Args:
        until: "idle", or "deleted" if the server is gone then.
    """

    viewer: Viewer
    until: str = "idle"

    def words(self, server: str) -> list[str]:
        """The command and its arguments."""
        return arrange_words(["wait"], [server], ["--for", self.until])


class ClockStep(NamedTuple):
    """
    Advance a manual clock until a task of the server has ended.

    Args:
        until: "idle", "deleted" if the server is gone then, or a status.
    """

    viewer: Viewer
    until: str

    def words(self, server: str) -> list[str]:
        """The command and its arguments."""
        return ["clock", "advance", "--until", f"{server}={self.until}"]


class OptionStep(NamedTuple):
    """Set an option of the cloud."""

    viewer: Viewer
    name: str
    value: str

    def words(self, server: str) -> list[str]:
        """The command and its arguments."""
        return ["config", "set", self.name, self.value]


class HostStep(NamedTuple):
    """
    Bring a host up.

    Args:
        forced_down: Whether the host runs and is only forced down.
    """

    viewer: Viewer
    host: str
    forced_down: bool

    def words(self, server: str) -> list[str]:
        """The command and its arguments."""
        return arrange_words(["host", "set"], [self.host], ["--no-forced-down" if self.forced_down else "--up"])


PlanStep = ActionStep | WaitStep | ClockStep | OptionStep | HostStep


def command_line(step: PlanStep, server: str) -> str:
    """The command line that takes a step."""
    return step.viewer.command_line(*step.words(server))
