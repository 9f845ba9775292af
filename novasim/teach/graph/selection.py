"""Which part of the lifecycle is asked for: around a status, of some actions."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS, BY_API
from novasim.lifecycle.states import DELETED, VM_STATES
from novasim.lifecycle.status import STATUSES
from novasim.teach.graph.chart import Chart, Journey
from novasim.teach.graph.edges import ANY, Edge, edges, resting

FEW = 5  # actions that fit into a line
LISTED = 30  # words in a message


def chart(around: str = "", actions: Iterable[str] = (), journey: Journey | None = None) -> Chart:
    """
    What is to be drawn.

    Args:
        around: A status, in letters of either case; "" for all. actions: names of actions; none for all.

    Raises:
        UsageError: there is no such status or action, or nothing is left of the two together.
    """
    found, about = edges(), []
    if around:
        status = status_named(around)
        found = tuple(edge for edge in found if _is_near(edge, status))
        about.append(f"to, from and through {status}")
    if wanted := list(dict.fromkeys(map(action_named, actions))):
        found = tuple(edge for edge in found if edge.action in wanted)
        about.append("by " + (", ".join(wanted) if len(wanted) <= FEW else f"{len(wanted)} actions"))
    if not found:
        raise UsageError(f"None of these actions has to do with {status_named(around)}: {', '.join(wanted)}.")
    return Chart(found, " ".join(about), journey)


def _is_near(edge: Edge, status: str) -> bool:
    """Whether an edge leads to, from or through a status; what leads from any status leads from each but DELETED."""
    if edge.source == ANY:
        return edge.target == status or (not edge.stays and status != resting(DELETED) and status not in _passing())
    return status in (edge.source, edge.target, *edge.through)


def _passing() -> frozenset[str]:
    return STATUSES - set(map(resting, VM_STATES))


def status_named(text: str) -> str:
    """
    The status that a word means.

    Raises:
        UsageError: none; the message names the nearest, or the one that a vm_state shows as.
    """
    if text.upper() in STATUSES:
        return text.upper()
    if text.lower() in VM_STATES:
        raise UsageError(f"{text.lower()} is a vm_state; its status is {resting(text.lower())}.")
    raise UsageError(f"There is no status {text!r}.{_nearest(text.upper(), sorted(STATUSES))}")


def action_named(text: str) -> str:
    """
    The action that a word means: its command, or its key in a request.

    Raises:
        UsageError: none; the message names the nearest.
    """
    if text in ACTIONS:
        return text
    if text in BY_API:
        return BY_API[text][0].name
    raise UsageError(f"There is no action {text!r}.{_nearest(text.lower(), list(ACTIONS))}")


def _nearest(text: str, known: list[str]) -> str:
    """The words that may be meant; if there are none, all of them, or where so many can be seen."""
    if near := get_close_matches(text, known, 3):
        return f" Did you mean {', '.join(near)}?"
    return f" There are: {', '.join(known)}." if len(known) <= LISTED else " See: novasim graph"
