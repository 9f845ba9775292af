"""Starts, advances, finishes, fails and cancels the tasks of accepted actions."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Action, Phase
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, Host, Server, Task
from novasim.simulation import faults
from novasim.simulation.effects import Effect, get_effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.hosts.outages import power_off_host
from novasim.simulation.instance_actions import drop_events, finish_events, record_action, start_events
from novasim.simulation.time.durations import compute_phase_ends
from novasim.simulation.time.timers import TIMEOUT_BY_ACTION, set_timer
from novasim.simulation.world import World
from novasim.strutils import without_fraction


def start_task(world: World, action: Action, server: Server, caller: Caller, args: dict[str, Any] | None) -> None:
    """
    Start an action that every check has accepted.

    An action without phases takes effect at once. Any other cancels the server's task, enters the log and creates a
    task, which settling continues. The task of a concurrent action runs beside the server's task.

    Args:
        args: What the effects need, in JSON's types, because the task keeps it; None if the action changes nothing.

    Raises:
        InjectedRefusal: an injected fault refuses the action. Nothing has changed then.
    """
    faults.trigger_refusal(world, action, server)
    world.started.append((action.name, server.id))
    if args is None:
        return
    if action.phases and not action.concurrent:
        cancel_task(world, server)
    record_action(world, action, server, caller)
    effect = get_effect(action.name)
    variant = effect.on_accept(world, server, args) if effect.on_accept else ""
    if not action.phases:
        return
    task = _build_task(world, action, server, variant, args)
    phases = action.phases_for(variant)
    if action.concurrent and not any(phase.seconds for phase in phases):
        _run_at_once(world, effect, server, task, phases)
        return
    _start_first_phase(world, action, server, task, phases)
    if args.get("is_batch"):  # no phase ends before all servers of the request have their tasks
        return
    while not task.hold_reason and task.position < len(phases) and task.ends[task.position] <= world.now:
        if not advance_task(world, task):
            return


def _build_task(world: World, action: Action, server: Server, variant: str, args: dict[str, Any]) -> Task:
    return Task(
        id=f"{server.id} {world.request_id}" if action.concurrent else server.id,
        server_id=server.id,
        action=action.name,
        request_id=world.request_id,
        variant=variant,
        started=world.now,
        args=args,
    )


def _start_first_phase(world: World, action: Action, server: Server, task: Task, phases: tuple[Phase, ...]) -> None:
    """Save the task, unless its message is lost, and set its time-out."""
    task.ends = compute_phase_ends(world, action, phases, server)
    if faults.trigger_message_loss(world, action, server) or (action.runs_on_host and server.host is None):
        task.hold_reason = faults.LOST
    _enter_phase(world, action, server, task)
    _set_timeout(world, action, server)


def _set_timeout(world: World, action: Action, server: Server) -> None:
    """Set a timer, if an option limits the time of the action."""
    option = TIMEOUT_BY_ACTION.get(action.name)
    if option and (seconds := world.option(option)) > 0:
        set_timer(world, server, option, seconds)


def _run_at_once(world: World, effect: Effect, server: Server, task: Task, phases: tuple[Phase, ...]) -> None:
    """Apply all effects of a concurrent action that takes no time, without storing a task."""
    try:
        for phase in phases:
            start_events(world, server, task.request_id, phase)
            faults.trigger_failure(world, ACTIONS[task.action], phase, server)
        if effect.on_finish:
            effect.on_finish(world, server, task)
        finish_events(world, server, task.request_id)
    except TaskFailed as failure:
        if effect.undo:
            effect.undo(world, server, task)
        _record_fault(world, server, task, failure)
    world.touch(server)


def advance_task(world: World, task: Task) -> bool:
    """
    End the present phase of a task, which must be due now.

    Returns:
        Whether the task has another phase.
    """
    server = world.tx.get(Server, task.server_id)
    if server is None or server.deleted:
        world.tx.delete(task)
        return False
    action, effect = ACTIONS[task.action], get_effect(task.action)
    phases = action.phases_for(task.variant)
    try:
        if faults.has_faults(world) and _trigger_phase_fault(world, action, phases[task.position], server):
            return False
        if on_phase_end := effect.on_phase_end.get(phases[task.position].task_state or ""):
            on_phase_end(world, server, task)
        if not phases[task.position].events_continue:
            finish_events(world, server, task.request_id)
        task.position += 1
        if task.position < len(phases):
            _enter_phase(world, action, server, task)
            return True
        _finish_task(world, action, effect, server, task)
    except TaskFailed as failure:
        ending = effect.on_failure(world, server, task, failure) if effect.on_failure else failure
        if ending is None:
            _restart_task(world, action, server, task)
            return True
        fail_task(world, task, ending)
    return False


def _restart_task(world: World, action: Action, server: Server, task: Task) -> None:
    """Start a task again from its first phase."""
    task.position = 0
    task.ends = compute_phase_ends(world, action, action.phases_for(task.variant), server)
    _enter_phase(world, action, server, task)


def complete_task(world: World, server: Server, task: Task) -> None:
    """Finish a task whose effects have been applied, in whichever phase it is."""
    finish_events(world, server, task.request_id)
    _finish_task(world, ACTIONS[task.action], get_effect(task.action), server, task)


def fail_task(world: World, task: Task, failure: TaskFailed) -> None:
    """Fail a task: undo its effects, record the fault and set the vm_state of the failure or the action's row."""
    server = world.tx.get(Server, task.server_id)
    assert server is not None
    action, effect = ACTIONS[task.action], get_effect(task.action)
    phases = action.phases_for(task.variant)
    phase = phases[min(task.position, len(phases) - 1)]  # an effect can fail after the last phase, too
    world.tx.delete(task)
    if failure.unplaced:
        drop_events(world, server, task.request_id, phase)
    task.args |= {"failed": failure.message, "unplaced": failure.unplaced}
    if effect.undo:
        effect.undo(world, server, task)
    if not action.concurrent:
        server.task_state = server.task_state if failure.keeps_task_state else None
        server.vm_state = failure.vm_state or phase.fails or action.fails or server.vm_state
    _record_fault(world, server, task, failure)
    world.touch(server)


def _record_fault(world: World, server: Server, task: Task, failure: TaskFailed) -> None:
    server.fault = {
        "code": failure.code,
        "created": without_fraction(world.time),
        "message": failure.message,
        "details": failure.details or _default_details(server, task, failure),
    }
    is_hidden = ACTIONS[task.action].hides_failures and not failure.unplaced
    finish_events(world, server, task.request_id, error=None if is_hidden else failure.message)


def _default_details(server: Server, task: Task, failure: TaskFailed) -> str:
    """Nova keeps the traceback of internal errors only. Source: nova/compute/utils.py, _get_fault_details."""
    return f"{task.action} of {server.id} failed: {failure.message}" if failure.code == 500 else ""


def _trigger_phase_fault(world: World, action: Action, phase: Phase, server: Server) -> bool:
    """Fail a phase or cut its host's power, if a fault requires it. Returns whether the host lost its power."""
    faults.trigger_failure(world, action, phase, server)
    crashes = faults.trigger_host_crash(world, action, phase, server)
    if crashes and (host := world.tx.get(Host, server.host or "")):
        power_off_host(world, host)
    return crashes


def resume_task(world: World, task: Task) -> None:
    """Resume a held task. Its present phase starts again now, and the later ones follow."""
    phase_start = task.ends[task.position - 1] if task.position else task.started
    task.ends = [round(moment + world.now - phase_start, 6) for moment in task.ends]
    task.hold_reason = ""
    world.schedule(task)


def cancel_task(world: World, server: Server) -> None:
    """Cancel the task of a server, if it has one, and undo its effects."""
    task = world.tx.get(Task, server.id)
    if task is None:
        return
    world.tx.delete(task)
    if undo := get_effect(task.action).undo:
        undo(world, server, task)
    server.task_state = None
    finish_events(world, server, task.request_id, error="Cancelled by a later request.")


def _enter_phase(world: World, action: Action, server: Server, task: Task) -> None:
    phase = action.phases_for(task.variant)[task.position]
    if not action.concurrent:
        server.task_state = phase.task_state
    if task.hold_reason != faults.LOST:  # without a message, no service does anything
        start_events(world, server, task.request_id, phase)
    if not task.hold_reason and faults.has_faults(world):
        faults.trigger_hold(world, action, server, task)
    world.schedule(task)
    world.touch(server)


def _finish_task(world: World, action: Action, effect: Effect, server: Server, task: Task) -> None:
    world.tx.delete(task)
    if not action.concurrent:
        server.task_state = None
        server.vm_state = action.end_state(task.variant) or server.vm_state
    if effect.on_finish:
        effect.on_finish(world, server, task)
    world.touch(server)
