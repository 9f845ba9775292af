"""Finds commands that lead from the present state to the end of a lesson, by trying them in copies of the cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from novasim.lifecycle.status import status_of
from novasim.records import Host, Image, Server, Volume
from novasim.simulation.world import World
from novasim.teach.lessons.checks import Check, Done, MoveCount, Refused
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.evaluation import View, find_mismatch, is_broken_by, missing_actions
from novasim.teach.lessons.facts import server_values
from novasim.teach.lessons.hints.bound import count_needed
from novasim.teach.lessons.hints.duplicates import find_ambiguous_name, remove_duplicates
from novasim.teach.lessons.hints.last_resorts import last_resorts
from novasim.teach.lessons.hints.next_steps import NextSteps
from novasim.teach.lessons.lesson import Command, Goal, Lesson
from novasim.teach.lessons.playground import Playground
from novasim.teach.lessons.transitions import Transitions

WENT_TO_ERROR = 8  # exit code of a command that waits
MAX_STEPS = 40  # of a way
MAX_STATES = 150  # that a search visits
MAX_DEPTH = 4  # of a search


def find_way(lesson: Lesson, start: Playground, transitions: Transitions) -> list[Command] | None:
    """
    Find commands that close all open goals.

    A command is refused only if a goal asks for that refusal. Nothing happens in *start*.

    Returns:
        The commands in order; None if only a new start helps.
    """
    if is_lost(lesson, start.entries):
        return None
    for allows_last_resorts in (False, True):
        for order in _ORDERS:
            if (way := _follow(lesson, start, transitions, order, allows_last_resorts)) is not None:
                return way
    return _search(lesson, start, transitions)


def is_lost(lesson: Lesson, entries: Sequence[Entry]) -> bool:
    """Whether an action that a goal forbids has been accepted, which nothing but a new start or an undo can mend."""
    return any(is_broken_by(goal.check, entry) for goal in lesson.goals for entry in entries)


def _rank_kind(check: Check) -> int:
    return 0 if isinstance(check, Refused) else 1 if isinstance(check, Done) else 2


# In which order the open goals are tried: refusals first, since states change; as written; from the last one.
_ORDERS: tuple[Callable[[tuple[int, Goal]], float], ...] = (
    lambda each: _rank_kind(each[1].check),
    lambda each: each[0],
    lambda each: -_rank_kind(each[1].check),
    lambda each: -each[0],
)


def _follow(
    lesson: Lesson,
    start: Playground,
    transitions: Transitions,
    order: Callable[[tuple[int, Goal]], float],
    allows_last_resorts: bool,
) -> list[Command] | None:
    """Take the first useful step towards the first goal for which there is one, until all goals are closed."""
    playground, way, seen = start.copy(), list[Command](), {describe_state(lesson, start)}
    while len(way) < MAX_STEPS:
        goals = sorted(_open_goals(lesson, playground), key=order)
        if not goals:
            return way
        for _, goal in goals:
            if found := _first_useful(lesson, playground, transitions, goal, seen, allows_last_resorts):
                break
        else:
            return None
        command, playground = found
        way.append(command)
    return None


def _open_goals(lesson: Lesson, playground: Playground) -> list[tuple[int, Goal]]:
    still_open = playground.open_goals(lesson)
    return [(number, goal) for number, goal in enumerate(lesson.goals, 1) if number in still_open]


def _first_useful(
    lesson: Lesson,
    playground: Playground,
    transitions: Transitions,
    goal: Goal,
    seen: set[object],
    allows_last_resorts: bool,
) -> tuple[Command, Playground] | None:
    """The first proposed command that leads to a state not yet *seen*, and that state, which is seen from now on."""
    for command, after in _try_proposals(lesson, playground, transitions, goal, allows_last_resorts):
        if (state := describe_state(lesson, after)) not in seen:
            seen.add(state)
            return command, after
    return None


def _try_proposals(
    lesson: Lesson, playground: Playground, transitions: Transitions, goal: Goal, allows_last_resorts: bool
) -> Iterator[tuple[Command, Playground]]:
    """
    Commands that are a step towards a goal, the best first, each with the state after it.

    Args:
        allows_last_resorts: Whether last resorts may be among them.
    """
    with playground.view() as view:
        if name := find_ambiguous_name(view.world, goal.check):
            yield from _try_each(lesson, playground, transitions, remove_duplicates(lesson, view, name))
            return
        steps = NextSteps(lesson, view, waits=not lesson.names_clock)
        for command, after in _try_each(lesson, playground, transitions, steps.refused_by(goal.check)):
            if _is_met(goal, after):
                yield command, after
        yield from _try_each(lesson, playground, transitions, steps.towards(goal.check))
        if allows_last_resorts:
            yield from _try_each(lesson, playground, transitions, last_resorts(view.world, goal.check))


def _try_each(
    lesson: Lesson, playground: Playground, transitions: Transitions, commands: Iterable[Command]
) -> Iterator[tuple[Command, Playground]]:
    """The commands that are accepted, or refused as a goal asks, each with the state after it."""
    tried = set()
    for command in commands:
        if command.words not in tried and (after := try_command(lesson, playground, transitions, command)):
            yield command, after
        tried.add(command.words)


def _is_met(goal: Goal, playground: Playground) -> bool:
    with playground.view() as view:
        return not find_mismatch(goal.check, view)


def try_command(
    lesson: Lesson, playground: Playground, transitions: Transitions, command: Command
) -> Playground | None:
    """The state after a command; None if it is refused and no goal asks for that, or if a goal forbids it."""
    after, transition = transitions.run(playground, command)
    if any(is_broken_by(goal.check, entry) for goal in lesson.goals for entry in transition.entries):
        return None
    is_accepted = transition.code in (0, WENT_TO_ERROR) and all(entry.is_accepted for entry in transition.entries)
    if is_accepted:
        return after
    return after if _meets_refusal(lesson, playground, transition.entries, after) else None


def _meets_refusal(lesson: Lesson, before: Playground, entries: Sequence[Entry], after: Playground) -> bool:
    """Whether new entries close a goal that asks for a refusal."""
    refused = {entry.action for entry in entries if not entry.is_accepted}
    wanted = [goal for goal in lesson.goals if isinstance(goal.check, Refused) and goal.check.action in refused]
    return any(not _is_met(goal, before) and _is_met(goal, after) for goal in wanted)


def describe_state(lesson: Lesson, playground: Playground) -> object:
    """What distinguishes two states of a lesson."""
    with playground.view() as view:
        world = view.world
        servers = tuple(sorted(_describe_server(world, each) for each in world.tx.query(Server, {"deleted": False})))
        images = tuple(sorted(str(image.name) for image in world.tx.query(Image)))
        volumes = tuple(sorted((volume.name, volume.status) for volume in world.tx.query(Volume)))
        progress = tuple(_describe_progress(goal.check, view) for goal in lesson.goals)
        hosts = tuple((host.name, host.up, host.forced_down, host.disabled) for host in world.tx.query(Host))
        options = repr(sorted(world.settings.options.items()))
        return servers, images, volumes, progress, hosts, options


def _describe_progress(check: Check, view: View) -> object:
    """What the record says about a check: whether it is met, or which actions are missing. Of other checks, None."""
    if isinstance(check, Done):
        return len(missing_actions(check, view))
    if isinstance(check, MoveCount):
        return len(view.moves())
    return bool(find_mismatch(check, view)) if isinstance(check, Refused) else None


def _describe_server(world: World, server: Server) -> tuple[str, ...]:
    return (
        server.name,
        status_of(server.vm_state, server.task_state),
        f"{server.power_state} {server.task_state}",
        str(server.flavor.get("name")),
        f"{server.host} {server.image_id} {server.locked_by} {server.locked_reason} {server.description}",
        repr((server.tags, server.metadata)),
        repr([server_values(world, server, key) for key in ("group", "ports")]),
    )


def _search(lesson: Lesson, start: Playground, transitions: Transitions) -> list[Command] | None:
    """Search breadth-first through all proposed commands."""
    queue: list[tuple[Playground, list[Command]]] = [(start, [])]
    seen = {describe_state(lesson, start)}
    for playground, way in queue:
        if len(way) + count_needed(lesson, playground) > MAX_DEPTH or len(seen) > MAX_STATES:
            continue
        for command, after in _successors(lesson, playground, transitions):
            if (state := describe_state(lesson, after)) in seen:
                continue
            if not after.open_goals(lesson):
                return [*way, command]
            seen.add(state)
            queue.append((after, [*way, command]))
    return None


def _successors(
    lesson: Lesson, playground: Playground, transitions: Transitions
) -> Iterator[tuple[Command, Playground]]:
    for _, goal in _open_goals(lesson, playground):
        yield from _try_proposals(lesson, playground, transitions, goal, allows_last_resorts=True)
