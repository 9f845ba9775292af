"""When a fault strikes: the first one that fits what is happening, if its luck says so."""

from __future__ import annotations

from fnmatch import fnmatchcase

from novasim.errors import InjectedRefusal
from novasim.lifecycle.action import Action, Phase
from novasim.records import Fault, Image, Project, Server, Task
from novasim.simulation.failures import TaskFailed
from novasim.simulation.seeded import Generator
from novasim.simulation.world import World

KEPT = "faults"  # in the world's cache
LOST = "lost"


def are_there(world: World) -> bool:
    """Whether anything can go wrong at all, which is asked often."""
    return bool(_known(world))


def _known(world: World) -> list[Fault]:
    known: list[Fault] | None = world.cache.get(KEPT)
    if known is None:
        known = world.cache[KEPT] = world.tx.query(Fault)
    return known


def refuse(world: World, action: Action, server: Server) -> None:
    """
    Refuse a request that all preconditions let through, if a fault wants that.

    Raises:
        InjectedRefusal: with the code of the fault.
    """
    if struck := _striking(world, "refuse", action, "", server):
        raise InjectedRefusal(struck.code, reason=struck.message or _said(struck), struck_by=struck.id)


def is_lost(world: World, action: Action, server: Server) -> bool:
    """Whether the message that should start the work gets lost on its way."""
    return _striking(world, "lose", action, "", server) is not None


def slowness(world: World, action: Action, phase: Phase, server: Server) -> float:
    """By which factor a phase takes longer."""
    struck = _striking(world, "slow", action, phase.task_state or "", server)
    return struck.factor if struck else 1.0


def hold(world: World, action: Action, server: Server, task: Task) -> None:
    """Let a task be stuck in the phase that it has just entered."""
    phase = action.phases_for(task.variant)[task.position]
    if struck := _striking(world, "stuck", action, phase.task_state or "", server):
        task.held = held_by(struck.id)


def held_by(fault_id: str) -> str:
    """What a task that a fault holds says of it."""
    return f"fault {fault_id}"


def fail(world: World, action: Action, phase: Phase, server: Server) -> None:
    """
    Let a phase whose time is over have failed, so that nothing of its work is there.

    Raises:
        TaskFailed: with the message of the fault.
    """
    if struck := _striking(world, "fail", action, phase.task_state or "", server):
        raise TaskFailed(struck.message or _said(struck))


def kills_host(world: World, action: Action, phase: Phase, server: Server) -> bool:
    """Whether the server's host loses its power now."""
    at = phase.task_state or ""
    return server.host is not None and _striking(world, "host-crash", action, at, server) is not None


def use_up(world: World, fault_id: str) -> None:
    """Note that a fault has struck."""
    if fault := world.tx.get(Fault, fault_id):
        fault.struck += 1
        fault.times = None if fault.times is None else fault.times - 1
        world.tx.put(fault)


def _striking(world: World, does: str, action: Action, phase: str, server: Server) -> Fault | None:
    """The first fault that does this here and now; that it struck is noted."""
    for fault in _known(world):
        if fault.does == does and _fits(world, fault, action, phase, server) and _is_unlucky(world, fault, phase):
            use_up(world, fault.id)
            return fault
    return None


def _fits(world: World, fault: Fault, action: Action, phase: str, server: Server) -> bool:
    return (
        fault.times != 0
        and fault.action in ("", action.name)
        and fault.phase in ("", phase)
        and (not fault.server or fnmatchcase(server.name, fault.server) or server.id == fault.server)
        and (not fault.flavor or fault.flavor in (server.flavor.get("name"), server.flavor.get("id")))
        and (not fault.host or server.host == fault.host)
        and (fault.since is None or fault.since <= world.now)
        and (fault.until is None or world.now < fault.until)
        and (not fault.image or fault.image in _names_of(world.tx.get(Image, server.image_id)))
        and (not fault.project or fault.project in _names_of(world.tx.get(Project, server.project_id)))
    )


def _names_of(thing: Image | Project | None) -> tuple[str | None, ...]:
    return (thing.id, thing.name) if thing else ()


def _is_unlucky(world: World, fault: Fault, phase: str) -> bool:
    if fault.probability >= 1:
        return True
    luck = Generator(world.settings.seed, f"{world.request_id} {fault.id} {fault.struck} {phase} {world.now}")
    return luck.chance(fault.probability)


def _said(fault: Fault) -> str:
    return f"The fault {fault.name or fault.id} struck."
