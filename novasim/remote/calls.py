"""The functions of `novasim.control` that a client may call, and their results as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from novasim.control.purge import Purged
from novasim.control.steps import Step
from novasim.control.undo import Moved
from novasim.records import Server
from novasim.records.entry import Entry
from novasim.simulation.time.transitions import Transition

PACKAGE = "novasim.control."
CALLS = frozenset(
    """
    clock.set_clock clock.advance_and_collect
    faults.add_fault faults.remove_faults faults.clear_faults
    guests.apply_guest_event
    hosts.add_host hosts.change_host
    options.set_option options.unset_option options.set_policy_overrides
    purge.purge_cloud
    record.start_record record.stop_record record.describe_record record.find_gaps
    undo.undo undo.redo
    """.split()
)
WITH_CALLER = frozenset(("undo.undo", "undo.redo"))
"""Functions whose first argument after the cloud is the caller, which the server finds."""


def name_of(function: Callable[..., Any]) -> str:
    """The name of a function in CALLS. Raises LookupError for any other function."""
    name = f"{function.__module__.removeprefix(PACKAGE)}.{function.__name__}"
    if name not in CALLS:
        raise LookupError(f"{name} cannot be called over HTTP")
    return name


def find_function(name: str) -> Callable[..., Any]:
    """The function of that name. Raises LookupError."""
    if name not in CALLS:
        raise LookupError(f"{name} cannot be called over HTTP")
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(import_module(PACKAGE + module), function)
    return found


def pack_result(name: str, result: Any) -> Any:
    """The result of a function as JSON."""
    if name == "clock.advance_and_collect":
        now, transitions = result
        return [now, [[*each._replace(server=each.server.to_document())] for each in transitions]]
    return result


def unpack_result(name: str, result: Any) -> Any:
    """The result that `pack_result` has packed."""
    match name:
        case "clock.advance_and_collect":
            return result[0], [_unpack_transition(each) for each in result[1]]
        case "purge.purge_cloud":
            return Purged(*result)
        case "undo.undo" | "undo.redo":
            return [Moved(_unpack_step(step), number) for step, number in result]
    return result


def _unpack_transition(values: Sequence[Any]) -> Transition:
    moment, server, *rest = values
    return Transition(moment, Server.from_document(server), *rest)


def _unpack_step(values: Sequence[Any]) -> Step:
    id, first, user, entry, undo = values
    return Step(id, first, user, Entry(*entry), undo)
