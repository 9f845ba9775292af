"""Verdicts: whether an action would be accepted now, every reason why not, and what would follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.lifecycle.action import LAST_RESORT, Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import end_states, is_without_host
from novasim.lifecycle.status import is_being_deleted, status_of
from novasim.records import Host
from novasim.simulation.faults import LOST
from novasim.simulation.hosts.outages import find_working_host, is_waiting_for_host
from novasim.teach.commands import arrange_words
from novasim.teach.plans import Plan, find_other_plan, plan_to_action
from novasim.teach.reasons import (
    RESET_LOSES,
    STATE_REFUSALS,
    Reason,
    explain_dead_end,
    explain_done,
    explain_never_run,
    list_reasons,
)
from novasim.teach.situation import Situation
from novasim.teach.steps import HostStep, command_line
from novasim.teach.text import Line

Page = dict[str, Any]
NOTHING_TO_NAME = {
    "floating_ip_exists": "You have no floating IP.",
    "removed_floating_ip_exists": "{server} has no floating IP.",
    "volume_exists": "There is no volume to {verb}.",
    "volume_is_attached": "There is no volume to {verb}.",
    "has_metadata_item": "{server} has no metadata.",
    "has_tag": "{server} has no tags.",
}  # by the check that fails if there is nothing that a request could name
NO_PLAN: Page = {"commands": [], "needs_administrator": None, "first_change": None, "alternative": None}


def describe_verdict(situation: Situation, action: Action) -> Page:
    """Whether an action would be accepted, and why not, or what would follow."""
    reasons = list_reasons(situation, action)
    return {
        "server": situation.name,
        "status": situation.status,
        "vm_state": situation.server.vm_state,
        "task_state": situation.server.task_state,
        "action": action.name,
        "accepted": not reasons,
        "reasons": _describe_reasons(situation, action, reasons),
        **_describe_plan(situation, action, reasons),
        "code": reasons[0].fault.http if reasons else action.success_code,
        "follows": None if reasons or _is_running(situation, action) else _describe_result(situation, action),
        "waits": explain_delay(situation, action) if not reasons else None,
    }


def _describe_reasons(situation: Situation, action: Action, reasons: list[Reason]) -> list[Page]:
    pages: dict[str, Page] = {}
    for each in reasons:
        page = _describe_reason(situation, action, each)
        pages.setdefault(page["means"] or page["message"], page)
    return list(pages.values())


def _describe_reason(situation: Situation, action: Action, reason: Reason) -> Page:
    fault = reason.fault
    return {
        "code": fault.http,
        "fault": fault.fault,
        "message": fault.line,
        "means": _explain_nothing_to_name(situation, action, reason) or reason.means,
        "remedy": reason.remedy,
    }


def _explain_nothing_to_name(situation: Situation, action: Action, reason: Reason) -> str:
    """Explain the refusal of a check for something that a request must name, if there is nothing; "" otherwise."""
    missing = NOTHING_TO_NAME.get(str(reason.fault.facts.get("check", "")), "")
    return missing.format(server=situation.name, verb=action.name.partition("-")[0])


def _describe_plan(situation: Situation, action: Action, reasons: list[Reason]) -> Page:
    """The commands that make a refused action possible, if the server's state is a reason."""
    if not any(isinstance(each.fault, STATE_REFUSALS) for each in reasons):
        return NO_PLAN
    if explain_done(situation, action):  # a reason already says it
        return NO_PLAN
    if held := explain_stuck_task(situation) or explain_deletion(situation):
        return NO_PLAN | {"first_change": held}
    plan = plan_to_action(situation, action)
    if plan is None:
        return NO_PLAN | {"first_change": explain_dead_end(situation, action)}
    other = describe_other_plan(situation, plan)
    return {
        "commands": plan.command_lines(situation.name),
        "needs_administrator": not plan.is_own,
        "first_change": plan.reason or explain_waiting_task(situation) or (RESET_LOSES if plan.resets_state else None),
        "alternative": {"title": other[0], "commands": other[1]} if other else None,
    }


def describe_other_plan(situation: Situation, plan: Plan) -> tuple[str, list[str]] | None:
    """A title and the commands of the plan that decides a state on the way differently; None without such a state."""
    found = find_other_plan(situation, plan)
    if found is None:
        return None
    action, other = found
    summary = action.summary.rstrip(".")
    return f"Or {summary[0].lower()}{summary[1:]}:", other.command_lines(situation.name)


def _describe_result(situation: Situation, action: Action) -> str:
    """The states that would follow if the action were accepted."""
    reached = end_states(action, situation.plan_state(), situation.plan_context()) or (situation.server.vm_state,)
    ends = " or ".join(status_of(end, None) for end in reached)
    tasks = ", ".join(filter(None, (phase.task_state for phase in action.phases)))
    if action.is_instant:
        return f"It would complete at once; the server would then be {ends}."
    seconds = sum(phase.seconds for phase in action.phases)
    return f"It would take about {seconds:g} s ({tasks or 'no task_state'}); the server would then be {ends}."


def list_verdicts(situation: Situation) -> list[Page]:
    """Every action on servers, whether it would be accepted, and the first reason why not."""
    return [_describe_briefly(situation, action) for action in ACTIONS.values() if action.acts_on_server]


def _describe_briefly(situation: Situation, action: Action) -> Page:
    first = next(iter(list_reasons(situation, action)), None)
    return {
        "action": action.name,
        "allowed": first is None,
        "code": first.fault.http if first else action.success_code,
        "reason": (_explain_nothing_to_name(situation, action, first) or first.means or str(first.fault))
        if first
        else "",
    }


def explain_delay(situation: Situation, action: Action) -> str | None:
    """Why an accepted action would have to wait, or may not end; None if it would not."""
    if _is_running(situation, action):
        return " ".join(filter(None, (_explain_running(situation, action), explain_stuck_task(situation))))
    if not action.phases or action.concurrent:
        return None
    if is_without_host(action, situation.plan_state()):
        return f"{situation.name} has no host, so its task would never finish."
    host = situation.dead_host()
    return f"Its host {host.name} is down; tasks that need the host wait until it is up." if host else None


def _is_running(situation: Situation, action: Action) -> bool:
    """Whether the server's task is this very action, so that nothing can be promised about another request."""
    return situation.task is not None and situation.task.action == action.name


def _explain_running(situation: Situation, action: Action) -> str:
    return (
        f"{action.name} is running already ({situation.server.task_state}). A new request starts it again, and may be "
        "held up again."
    )


def explain_deletion(situation: Situation) -> str:
    """Explain that the server will soon be gone, so that no other action is of use; "" if it is not being deleted."""
    ends = is_being_deleted(situation.server.task_state) and situation.task is not None and not situation.dead_host()
    return f"{situation.name} is being deleted. There is nothing to do but wait until it is gone." if ends else ""


def explain_stuck_task(situation: Situation) -> str:
    """Explain why a task never ends, and how to release it; "" if nothing holds it."""
    fault = situation.blocking_fault()
    if fault is None:
        return ""
    command = situation.viewer.command_line("fault", "remove", fault.id)
    return f"An injected fault holds it in {situation.server.task_state}. To release it: {command}"


def explain_hold(situation: Situation) -> str:
    """Explain what a task waits for: a fault that holds it, or a host that is down; "" if nothing holds it."""
    if held := explain_stuck_task(situation) or _explain_lost_task(situation):
        return held
    host = _find_awaited_host(situation)
    if host is None:
        return ""
    admin = (situation.for_administrator() or situation).viewer
    step = HostStep(admin, host.name, forced_down=False)
    return f"Its {_describe_host(situation, host)} is down. To bring it up: {command_line(step, situation.name)}"


def explain_waiting_task(situation: Situation) -> str:
    """Say that a task waits for a host that is down; "" if it does not."""
    host = _find_awaited_host(situation)
    return f"Its {_describe_host(situation, host)} is down; the task waits until the host is up." if host else ""


def _describe_host(situation: Situation, host: Host) -> str:
    kind = "host" if host.name == situation.server.host else "previous host"
    return f"{kind} {host.name}"


def _find_awaited_host(situation: Situation) -> Host | None:
    """The host that is down and that the task of the server waits for."""
    task, world = situation.task, situation.world
    if task is None or not is_waiting_for_host(world, task):
        return None
    host = world.tx.get(Host, find_working_host(world, situation.server, task) or "")
    return host if host and not host.up else None


def _explain_lost_task(situation: Situation) -> str:
    """Explain a task that never starts because its message was lost, and who can reset the state; "" otherwise."""
    task, task_state, admin = situation.task, situation.server.task_state, situation.for_administrator()
    if task is None or task.hold_reason != LOST or task_state is None or admin is None:
        return ""
    last_resort = next(row for row in ACTIONS.values() if row.cost == LAST_RESORT)
    options = [f"--{last_resort.end_argument}", "active"]
    reset = admin.viewer.command_line(*arrange_words([last_resort.name], [situation.name], options))
    return f"It stays {task_state}, because the message to its host was lost. As administrator: {reset}"


def verdict_lines(page: Page) -> Iterator[Line]:
    """A verdict as text."""
    task = page["task_state"]
    busy = f" ({task})" if task else ""
    answer = f"{'accepted' if page['accepted'] else 'refused'} ({page['code']})"
    yield Line(f"{page['server']} is {page['status']}{busy}: {page['action']} would be {answer}.", heading=True)
    for number, each in enumerate(page["reasons"], 1):
        yield Line(f"  {number}. {each['means'] or each['message']}", hang=5)
        yield from (Line(f"     {line}", hang=5) for line in each["remedy"].splitlines())
    if page["first_change"]:
        yield Line(f"  {page['first_change']}")
    if page["commands"]:
        who = "As administrator" if page["needs_administrator"] else "Try"
        yield Line(f"  {who}: {' && '.join(page['commands'])}", hang=4)
    if page["alternative"]:
        yield Line(f"  {page['alternative']['title']} {' && '.join(page['alternative']['commands'])}", hang=4)
    yield from (Line(f"  {page[key]}") for key in ("follows", "waits") if page[key])


def plan_lines(situation: Situation, status: str, plan: Plan) -> Iterator[Line]:
    """A plan as text: remarks first, then the commands."""
    if held := explain_stuck_task(situation):
        yield _remark(held)
    if plan.reason:
        yield _remark(plan.reason)
    if plan.resets_state:
        yield _remark(RESET_LOSES)
    if not plan.is_own:
        yield _remark(f"{situation.viewer.who} is not allowed to do all of this. As administrator:")
    if not plan.steps:
        yield _remark(f"{situation.name} is already {status}.")
    for command in plan.command_lines(situation.name):
        yield Line(command, fixed=True)
    if other := describe_other_plan(situation, plan):
        yield _remark(f"{other[0]} {' && '.join(other[1])}")


def _remark(text: str) -> Line:
    """A line that a shell ignores."""
    return Line(f"# {text}", is_remark=True)


def explain_unreachable(situation: Situation, status: str, showing: list[str]) -> str:
    """
    Why no plan leads to a status.

    Args:
        showing: The actions during which servers show the status, if it is transitional.
    """
    if showing:
        return f"{status} is transitional: a server shows it only while {' or '.join(showing)} runs."
    if deletion := explain_deletion(situation):
        return deletion
    if situation.server.launched_at is None:
        return explain_never_run(situation)
    return f"No sequence of requests leads from {situation.status} to {status}."
