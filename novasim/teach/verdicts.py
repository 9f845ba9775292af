"""Whether an action would be accepted now, everything that stands against it, and what would follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import ends_at
from novasim.lifecycle.status import shown_status
from novasim.teach.planning import Plan, plan_to_do
from novasim.teach.reasons import Reason, no_way, reasons, stands_in_its_way
from novasim.teach.situation import Situation
from novasim.teach.text import Line

Page = dict[str, Any]


def verdict(situation: Situation, action: Action) -> Page:
    """Whether an action would be accepted, and why not, or what would follow."""
    found = reasons(situation, action)
    stands = stands_in_its_way(found)
    out = plan_to_do(situation, action) if stands else None
    return {
        "server": situation.called,
        "status": shown_status(situation.server.vm_state, situation.server.task_state),
        "vm_state": situation.server.vm_state,
        "task_state": situation.server.task_state,
        "action": action.name,
        "accepted": not found,
        "reasons": [_told(each) for each in found],
        "way": out.commands if out else [],
        "way_is_own": out.own if out else None,
        "changes": (out.changes or None) if out else no_way(situation, action) if stands else None,
        "code": found[0].fault.http if found else action.code,
        "follows": _follows(situation, action) if not found else None,
        "waits": waits(situation, action) if not found else None,
    }


def can(situation: Situation) -> list[Page]:
    """Every action, whether it would be accepted now, and the first reason why not."""
    rows = []
    for action in ACTIONS.values():
        if action.name != "create":
            found = reasons(situation, action)
            first = found[0] if found else None
            rows.append(
                {
                    "action": action.name,
                    "allowed": not found,
                    "code": first.fault.http if first else action.code,
                    "reason": (first.means or str(first.fault)) if first else "",
                }
            )
    return rows


def waits(situation: Situation, action: Action) -> str | None:
    """Why what is accepted would not be done at once, if that is so."""
    host = situation.dead_host()
    if host is None or not action.phases or action.concurrent:
        return None
    return f"Its host {host.name} is down: what needs the host waits until it is back."


def lines_of(page: Page) -> Iterator[Line]:
    """A verdict as text."""
    task = "".join(f" ({busy_with})" for busy_with in [page["task_state"]] if busy_with)
    answer = f"accepted ({page['code']})" if page["accepted"] else f"refused ({page['code']})"
    yield Line(f"{page['server']} is {page['status']}{task}: {page['action']} would be {answer}.", heading=True)
    for number, each in enumerate(page["reasons"], 1):
        yield Line(f"  {number}. {each['means'] or each['message']}", hang=5)
        if each["remedy"]:
            yield Line(f"     {each['remedy']}", hang=5)
    if page["changes"]:
        yield Line(f"  {page['changes']}")
    if page["way"]:
        who = "What helps" if page["way_is_own"] else "What an administrator can do"
        yield Line(f"  {who}: {' && '.join(page['way'])}", fixed=True)
    if page["follows"]:
        yield Line(f"  {page['follows']}")
    if page["waits"]:
        yield Line(f"  {page['waits']}")


def plan_lines(situation: Situation, plan: Plan) -> Iterator[Line]:
    """A plan as text: what to know first, then the commands."""
    if hanging := situation.hanging():
        yield _remark(hanging)
    if plan.changes:
        yield _remark(plan.changes)
    if not plan.own:
        yield _remark(f"{situation.asker.who} cannot bring it there; an administrator can:")
    if not plan.commands:
        yield _remark(f"{situation.called} is there already.")
    for command in plan.commands:
        yield Line(command, fixed=True)


def _remark(text: str) -> Line:
    """What stands among commands for people, and is nothing to a shell."""
    return Line(f"# {text}", fixed=True)


def why_unreachable(situation: Situation, status: str, passing: list[str]) -> str:
    """
    Why no plan leads to a status.

    Args:
        passing: The actions during which a status shows that no server stays in; none for the others.
    """
    called = situation.called
    if passing:
        return f"No server stays {status}: it shows while {', '.join(passing)} runs."
    if situation.server.launched_at is None:
        return f"{called} has never run, so most is refused; it can be deleted: {situation.line('delete', called)}"
    return f"No sequence of requests leads from {_status(situation)} to {status} for anybody who could ask."


def _status(situation: Situation) -> str:
    return shown_status(situation.server.vm_state, situation.server.task_state)


def _told(reason: Reason) -> Page:
    fault = reason.fault
    return {
        "code": fault.http,
        "fault": fault.fault,
        "message": fault.line,
        "means": reason.means,
        "remedy": reason.remedy,
    }


def _follows(situation: Situation, action: Action) -> str:
    """What would follow an acceptance, in words."""
    reached = ends_at(action, situation.place(), situation.circumstances()) or (situation.server.vm_state,)
    ends = " or ".join(shown_status(end, None) for end in reached)
    tasks = ", ".join(filter(None, (phase.task_state for phase in action.phases)))
    seconds = sum(phase.seconds for phase in action.phases)
    if not seconds:
        return f"It would be done at once; the server is {ends} then."
    return f"About {seconds:g} s would pass ({tasks or 'no task shows'}); the server is {ends} at the end."
