"""The manual pages generated from tables: novasim-lifecycle(7) and novasim-scenario(5)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from novasim.devtools import mdoc
from novasim.devtools.command_pages import DATE
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.lifecycle.status import STATUSES, states_of
from novasim.scenarios.schema import Section
from novasim.scenarios.server_schema import SECTIONS, TOP_LEVEL
from novasim.simulation.options import DEFAULTS


def render_table_pages() -> dict[str, str]:
    """Return the file names and contents."""
    return {"novasim-lifecycle.7": _lifecycle_page(), "novasim-scenario.5": _scenario_page()}


def _lifecycle_page() -> str:
    return mdoc.page(
        "novasim-lifecycle",
        7,
        DATE,
        "the actions on a server, and when they are accepted",
        [
            (
                "DESCRIPTION",
                mdoc.text(
                    "A server has a vm_state, which is its stable state, and may have a task_state, which is the task "
                    "in progress. Users see the status, which is computed from both. Each action is accepted in some "
                    "states and refused with 409 in all others. This page is generated from the action table, which "
                    "decides this."
                ),
            ),
            (
                "STATUSES",
                mdoc.tag_list((f"Sy {mdoc.quote(status)}", _describe_status(status)) for status in sorted(STATUSES)),
            ),
            (
                "ACTIONS ON A SERVER",
                mdoc.tag_list((f"Ic {mdoc.quote(name)}", _describe_action(ACTIONS[name])) for name in sorted(ACTIONS)),
            ),
            ("SEE ALSO", ".Xr novasim 1 ,\n.Xr novasim-scenario 5"),
        ],
    )


def _describe_status(status: str) -> str:
    pairs = []
    for vm_state, tasks in states_of(status).items():
        busy = sorted(task for task in tasks or () if task)
        pairs.append(f"{vm_state} while {', '.join(busy)}" if busy else vm_state)
    return "The vm_state is " + "; or ".join(pairs) + "."


def _describe_action(action: Action) -> str:
    return f"{action.summary} " + " ".join(f"{sentence}." for sentence in _rules(action))


def _rules(action: Action) -> Iterator[str]:
    yield f"Accepted vm_state: {describe_states(action.vm_states, VM_STATES)}"
    yield f"Accepted task_state: {describe_states(action.task_states, TASK_STATES | {None})}"
    yield "A lock blocks it" if action.lock else "A lock does not block it"
    if action.ends:
        yield f"It ends in {action.ends}" + (f", or in {action.fails} if it fails" if action.fails else "")
    if seconds := sum(phase.seconds for phase in action.phases):
        yield f"It takes about {seconds:g} s of simulated time"
    if (action.since, action.until) != (1, NEWEST):
        yield f"It exists in microversions 2.{action.since} to 2.{action.until}"


def describe_states(allowed: frozenset[str | None] | frozenset[str] | None, everything: frozenset[str | None]) -> str:
    """List the allowed states, or those that are not allowed where that list is shorter."""
    if allowed is None or allowed >= everything:
        return "any"
    names, others = _sort_states(allowed), _sort_states(everything - allowed)
    return "any except " + ", ".join(others) if len(others) < len(names) / 2 else ", ".join(names)


def _sort_states(states: frozenset[str | None]) -> list[str]:
    return sorted(state or "none" for state in states)


EXAMPLE = """\
# Servers in the default world:
servers:
  - name: web1
  - {name: db1, status: SHELVED_OFFLOADED, flavor: m1.small}
  - {name: app1, status: VERIFY_RESIZE, old_flavor: m1.tiny, flavor: m1.small}
  - {name: broken, status: ERROR, fault: No space left on device}

# A world of its own, in another file:
seed: 7
clock: manual
hosts:
  - {name: compute1, vcpus: 16, memory_mb: 65536, local_gb: 1000}
  - {name: compute2, state: down}
flavors:
  - {name: small, vcpus: 1, ram: 512, disk: 1}
images:
  - {name: cirros, min_ram: 64}
networks:
  - {name: private, shared: true, cidr: 192.0.2.0/24}
servers:
  - {name: web1, locked: true, locked_reason: in use, network: private, addresses: [192.0.2.7]}
  - {name: db1, host: compute2}
faults:
  - {name: spawn, times: 1}"""


def _scenario_page() -> str:
    own = [name for name in TOP_LEVEL if name not in SECTIONS]
    return mdoc.page(
        "novasim-scenario",
        5,
        DATE,
        "a simulated cloud described in a YAML file",
        [
            (
                "DESCRIPTION",
                mdoc.text(
                    "A scenario is a YAML file from which 'novasim cloud init --scenario FILE' creates a cloud. What "
                    "is left out is taken from the default world, so a scenario may consist of servers only. Fields "
                    "have the names of Nova's API, without prefixes such as OS-EXT-STS:. A mistake is reported with "
                    "its line number, and then nothing is created."
                ),
            ),
            ("TOP LEVEL", mdoc.tag_list((f"Cm {mdoc.quote(name)}", TOP_LEVEL[name].help) for name in own)),
            ("SECTIONS", "\n".join(map(_section_list, SECTIONS))),
            ("OPTIONS", _option_list()),
            ("EXAMPLES", mdoc.literal_block(EXAMPLE.splitlines())),
            ("SEE ALSO", ".Xr novasim 1 ,\n.Xr novasim-cloud 1 ,\n.Xr novasim-lifecycle 7"),
        ],
    )


def _section_list(name: str) -> str:
    section = SECTIONS[name]
    fields = ((f"Cm {mdoc.quote(name)}", field.help) for name, field in section.fields.items())
    return f".Ss {name}\n{mdoc.text(_describe_section(section))}\n{mdoc.tag_list(fields)}"


def _option_list() -> str:
    text = "The section options can contain these options of Nova, here with their defaults:"
    options = ((f"Cm {mdoc.quote(name)}", f"Default: {json.dumps(DEFAULTS[name])}.") for name in sorted(DEFAULTS))
    return f"{mdoc.text(text)}\n{mdoc.tag_list(options)}"


def _describe_section(section: Section) -> str:
    sentences = [section.help]
    if section.required:
        sentences.append(f"Each entry needs {', '.join(section.required)}.")
    if section.renamed:
        renamed = ", ".join(f"{old} for {new}" for old, new in section.renamed.items())
        sentences.append(f"Names of earlier versions are still read: {renamed}.")
    return " ".join(sentences)
