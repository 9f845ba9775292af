"""
Injected faults. The first fault that matches a request or phase is triggered, with its probability.

Each `trigger_` function counts the fault that it triggers, so it is called only once per request or phase.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from novasim.errors import InjectedRefusal, NotSimulated
from novasim.lifecycle.action import Action, Phase
from novasim.records import Fault, Image, Project, Server, Task
from novasim.simulation.failures import TaskFailed
from novasim.simulation.seeded import Generator
from novasim.simulation.world import World

LOST = "lost"
NO_VALID_HOST = "no-valid-host"
NOT_SUPPORTED = {"change-password": "Unable to set password on instance"}  # by action: Nova's message with code 501


def has_faults(world: World) -> bool:
    """Whether the cloud has any faults. Checked first, since this is fast."""
    return bool(_list_faults(world))


def _list_faults(world: World) -> list[Fault]:
    if world.lookups.faults is None:
        world.lookups.faults = world.tx.query(Fault)
    return world.lookups.faults


def trigger_refusal(world: World, action: Action, server: Server) -> None:
    """
    Refuse a request that meets all preconditions, if an injected fault requires it.

    Raises:
        InjectedRefusal: With the code of the fault.
    """
    if fault := _trigger_fault(world, "refuse", action, "", server):
        raise InjectedRefusal(fault.code, reason=fault.message or _default_message(fault), fault_id=fault.id)


def trigger_message_loss(world: World, action: Action, server: Server) -> bool:
    """Trigger a fault that loses the message that starts the task. Returns whether there was one."""
    return _trigger_fault(world, "lose", action, "", server) is not None


def trigger_slowdown(world: World, action: Action, phase: Phase, server: Server) -> float:
    """Trigger a fault that lengthens a phase. Returns its factor; 1.0 without a fault."""
    fault = _trigger_fault(world, "slow", action, phase.task_state or "", server)
    return fault.factor if fault else 1.0


def trigger_hold(world: World, action: Action, server: Server, task: Task) -> None:
    """Hold a task in the phase that it has just entered, if an injected fault requires it."""
    phase = action.phases_for(task.variant)[task.position]
    if fault := _trigger_fault(world, "stuck", action, phase.task_state or "", server):
        task.hold_reason = hold_reason(fault.id)


def hold_reason(fault_id: str) -> str:
    """The `hold_reason` of a task that a fault holds."""
    return f"fault {fault_id}"


def trigger_failure(world: World, action: Action, phase: Phase, server: Server) -> None:
    """
    Fail a phase at its end, before its effects, if an injected fault requires it.

    Raises:
        TaskFailed: With the message of the fault.
    """
    if fault := _trigger_fault(world, "fail", action, phase.task_state or "", server):
        raise TaskFailed(fault.message or _default_message(fault), unplaced=fault.name == NO_VALID_HOST)


def trigger_host_crash(world: World, action: Action, phase: Phase, server: Server) -> bool:
    """Trigger a fault that cuts the power of the server's host. Returns whether there was one."""
    at = phase.task_state or ""
    return server.host is not None and _trigger_fault(world, "host-crash", action, at, server) is not None


def count_trigger(world: World, fault_id: str) -> None:
    """Count that a fault was triggered."""
    if fault := world.tx.get(Fault, fault_id):
        fault.triggered += 1
        fault.times = None if fault.times is None else fault.times - 1
        world.tx.put(fault)


def is_active(world: World, fault: Fault) -> bool:
    """Whether a fault can be triggered now: it has times left, and the present time is between its limits."""
    return (
        fault.times != 0
        and (fault.since is None or fault.since <= world.now)
        and (fault.until is None or world.now < fault.until)
    )


def _trigger_fault(world: World, does: str, action: Action, phase: str, server: Server) -> Fault | None:
    """Count and return the first fault that matches and that chance triggers; otherwise None."""
    for fault in _list_faults(world):
        if (
            fault.does == does
            and _matches(world, fault, action, phase, server)
            and _happens_by_chance(world, fault, phase)
        ):
            count_trigger(world, fault.id)
            return fault
    return None


def _matches(world: World, fault: Fault, action: Action, phase: str, server: Server) -> bool:
    return (
        is_active(world, fault)
        and fault.action in ("", action.name)
        and fault.phase in ("", phase)
        and (not fault.server or fnmatchcase(server.name, fault.server) or server.id == fault.server)
        and (not fault.flavor or fault.flavor in (server.flavor.get("name"), server.flavor.get("id")))
        and (not fault.host or server.host == fault.host)
        and (not fault.image or fault.image in _list_names(world.tx.get(Image, server.image_id)))
        and (not fault.project or fault.project in _list_names(world.tx.get(Project, server.project_id)))
    )


def _list_names(record: Image | Project | None) -> tuple[str | None, ...]:
    return (record.id, record.name) if record else ()


def _happens_by_chance(world: World, fault: Fault, phase: str) -> bool:
    if fault.probability >= 1:
        return True
    generator = Generator(world.settings.seed, f"{world.request_id} {fault.id} {fault.triggered} {phase} {world.now}")
    return generator.chance(fault.probability)


def _default_message(fault: Fault) -> str:
    if fault.code == NotSimulated.http:
        return NOT_SUPPORTED.get(fault.action, "The requested functionality is not supported.")
    return f"Injected fault {fault.name or fault.id} was triggered."
