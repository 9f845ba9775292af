"""The page of the manual that says what is exact, simplified, not simulated; read from the tables that decide it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from novasim.api.coverage import MOUNTS, is_simulated, routes_of, simulated
from novasim.api.microversions import NEWEST
from novasim.api.policy.defaults import DEFAULTS as POLICIES
from novasim.api.routes import Route
from novasim.devtools.table_pages import describe_states
from novasim.lifecycle.action import Action, Phase
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.lifecycle.status import STATUSES
from novasim.simulation.options import DEFAULTS as OPTIONS

RECORDED = "matrix"  # what the source of a row says if Nova's answers were recorded in every state
REMOVED_HANDLER = "proxies.removed:gone"
OWN_OPTIONS = "duration"  # the options that begin so are not Nova's

HEAD = """\
<!-- Written by novasim/devtools/exactness.py from the tables by which novasim works: make generate -->
# What is exact, what is simplified, what is not simulated

novasim answers requests as Nova does and runs nothing. This page is computed from the tables by which it answers, so it
cannot promise more than they hold. `novasim manual` shows it in the terminal; the requests are all listed in the manual
page novasim-api(7), the rules of each action once more in novasim-lifecycle(7).
"""
EXACT = """\
## Exact

Who may do what to a server, in which state, behind which lock, at which microversion; what is answered, code and body;
which state follows. There are {actions} such actions. For {recorded} of them Nova's own answers in every state, locked
and not, to owners, strangers and administrators, were recorded and are replayed against novasim; the others follow
Nova's API reference. {microversions} microversions (2.1 to 2.{newest}) differ as they do in Nova, {policies} policy
rules have Nova's defaults, and {statuses} statuses are computed from the same pairs of vm_state and task_state.
"""
SIMPLIFIED = """\
## Simplified

No guest runs, no packet flows, no byte of a disk is written. What a guest would have said is made up: its console log,
its diagnostics. Of an image only small content is kept.

### How long things take

The phases of an action and their task_states are Nova's; the seconds are ours, short enough for a person who waits.
`config set duration.ACTION.PHASE 10s` changes them, and what is said to grow takes longer with the size of the image,
the disk or the memory. Where the state decides, this is the usual course.
"""
OPTIONS_HEAD = """\
### Nova's options

These options of nova.conf count, under the same names, with these defaults (`novasim config list`). All others have no
effect.
"""
NEIGHBOURS = """\
### The services around Nova

Each has as much as the life of a server needs. Anything else that is asked of one of the neighbours is refused with 501
and the nearest request that there is, never answered with a made-up success.
"""
NOT = """\
## Not simulated

Services that are not in the table above do not exist; Nova's notifications, its cells and its database are not there
either.

### Part of OpenStack, refused with 501
"""
REMOVED = """\
### Removed from Nova, refused with 410 as Nova does
"""
DIFFERENT = """\
### Different on purpose

Where Nova fails with an internal error of its own (500), novasim gives the answer that is documented for the case. The
list, with reasons, is [tests/conformance/differences.md](../../tests/conformance/differences.md) in the source.
"""


def render_exactness_page() -> dict[str, str]:
    """Path from the project's root, and content."""
    refused = [route for service in MOUNTS for route in routes_of(service) if not is_simulated(route)]
    gone = [route for route in refused if route.handler == REMOVED_HANDLER]
    parts = [
        HEAD,
        EXACT.format(
            actions=len(ACTIONS),
            recorded=sum(map(_is_recorded, ACTIONS.values())),
            microversions=NEWEST,
            newest=NEWEST,
            policies=len(POLICIES),
            statuses=len(STATUSES),
        ),
        _table("Command or request|Accepted vm_state|Accepted task_state|Lock|Microversions|Answers", _rules()),
        SIMPLIFIED,
        _table("Action|Phases|Seconds", _durations()),
        OPTIONS_HEAD,
        _table("Option|Default", _options()),
        NEIGHBOURS,
        _table("Service|Below|Paths|Requests", _services()),
        NOT,
        _table("Request|Path", _paths(route for route in refused if route not in gone)),
        REMOVED,
        _table("Request|Path|At microversions", _paths(gone, dated=True)),
        DIFFERENT,
    ]
    return {"novasim/manual/exact.md": "\n".join(parts)}


def _table(titles: str, rows: Iterable[Iterable[str]]) -> str:
    columns = titles.split("|")
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _is_recorded(action: Action) -> bool:
    return RECORDED in action.source


def _rules() -> Iterator[tuple[str, ...]]:
    for name, action in sorted(ACTIONS.items()):
        lock = "stops it" if action.lock else ""
        versions = "" if (action.since, action.until) == (1, NEWEST) else f"2.{action.since} to 2.{action.until}"
        answers = "recorded" if _is_recorded(action) else "documented"
        states = describe_states(action.vm_states, VM_STATES), describe_states(action.task_states, TASK_STATES | {None})
        yield f"`{name}`", *states, lock, versions, answers


def _durations() -> Iterator[tuple[str, str, str]]:
    for name, action in sorted(ACTIONS.items()):
        if seconds := sum(phase.seconds for phase in action.phases):
            yield f"`{name}`", ", ".join(map(_phase, action.phases)), f"{seconds:g}"


def _phase(phase: Phase) -> str:
    grows = f" (grows with the {phase.grows_with})" if phase.grows_with else ""
    return f"{phase.task_state or 'in the background'} {phase.seconds:g}{grows}"


def _options() -> Iterator[tuple[str, str]]:
    return ((f"`{name}`", json.dumps(OPTIONS[name])) for name in sorted(OPTIONS) if not name.startswith(OWN_OPTIONS))


def _services() -> Iterator[tuple[str, ...]]:
    for service, mount in MOUNTS.items():
        paths = list(simulated(service))
        yield service, f"`{mount}`", str(len(paths)), str(sum(len(methods) for _, methods in paths))


def _paths(routes: Iterable[Route], dated: bool = False) -> Iterator[tuple[str, ...]]:
    """A row per path, with its methods and, if asked for, the microversions in which it is refused so."""
    found: dict[tuple[str, int], list[str]] = {}
    for route in routes:
        found.setdefault((route.path, route.until), []).append(route.method)
    for (path, until), methods in found.items():
        last = (f"up to 2.{until}; 404 later" if until <= NEWEST else "all",) if dated else ()
        yield ", ".join(dict.fromkeys(methods)), f"`{path}`", *last
