"""Adds the injected faults of a scenario."""

from __future__ import annotations

from novasim.control.faults import add_fault
from novasim.scenarios.checks import Scenario
from novasim.scenarios.creation import Creation
from novasim.scenarios.times import parse_time

TIMES = ("since", "until")


def add_faults(creation: Creation, scenario: Scenario) -> None:
    """
    Add all faults, in the order of the file.

    Raises:
        UsageError: A fault is invalid or could never be triggered; the message names the line.
    """
    for place, entry in scenario.list_entries("faults"):
        times = {name: parse_time(scenario, entry[name], (*place, name)) for name in TIMES if name in entry}
        with scenario.locate_errors(place):
            add_fault(creation.cloud, **{**entry, **times})
