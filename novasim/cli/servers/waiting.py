"""Waiting for servers: through the door, in the cloud's own time, with a progress bar where somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from novasim.api.request import Response
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import get_server_or_none
from novasim.cli.session import Session
from novasim.errors import NotFound, NovaFault, StillWaiting, UsageError, WentToError
from novasim.lifecycle.status import STATUSES, has_failed
from novasim.records import Task
from novasim.render.progress import Bar
from novasim.simulation.time import clock
from novasim.suggestions import nearest

Server = dict[str, Any]
Goal = Callable[["Server | None"], bool]
Tasks = dict[str, Task]
PAUSE = 0.1  # seconds of real time between two looks


class Awaited(NamedTuple):
    """
    A server that is waited for.

    Args:
        name: What the user calls it. reached: Looks whether it is there, given what every server is busy with;
            raises WentToError if it never will be there.
    """

    name: str
    id: str
    reached: Callable[[Tasks], bool]


GOALS: dict[str, Goal] = {
    "deleted": lambda server: server is None,
    "task": lambda server: server is None or not server["OS-EXT-STS:task_state"],
}


def is_removal(text: str) -> bool:
    """Whether `--for` *text* waits until there is no server any more."""
    return text.lower() == "deleted"


def goal(text: str) -> Goal:
    """
    What `--for` names: a status, "task" (no task left) or "deleted".

    Raises:
        UsageError: no such status; the message names the nearest.
    """
    if text.lower() in GOALS:
        return GOALS[text.lower()]
    if text.upper() not in STATUSES:
        raise UsageError(f"There is no status {text!r}.{nearest(text.upper(), STATUSES)}")
    return lambda server: server is not None and server["status"] == text.upper()


def await_goal(
    session: Session, attempts: Attempts, servers: Iterable[tuple[str, str]], text: str, timeout: float
) -> None:
    """Wait until servers (what the user calls each, and its id) are where `--for` *text* wants them."""
    done, error_is_fine = goal(text), has_failed(text.upper())

    def is_there(name: str, id: str, tasks: Tasks) -> bool:
        server = get_server_or_none(session, id)
        if done(server):
            return True
        if server is None:
            raise NotFound(reason=f"Instance {id} could not be found.")
        if not error_is_fine and has_failed(server["status"], server["OS-EXT-STS:task_state"]):
            raise _error(name, server)
        return False

    wait_for_all(session, attempts, [Awaited(n, id, partial(is_there, n, id)) for n, id in servers], timeout)


def await_actions(
    session: Session, attempts: Attempts, answers: Iterable[tuple[str, str, Response]], action: str, timeout: float
) -> None:
    """Wait until an action that was just accepted has come to its end on each server."""

    def is_over(name: str, id: str, request_id: str, tasks: Tasks) -> bool:
        if id in tasks and tasks[id].request_id == request_id:
            return False
        _judge(session, name, id, request_id, action)
        return True

    awaited = [Awaited(n, id, partial(is_over, n, id, r.request_id)) for n, id, r in answers]
    wait_for_all(session, attempts, awaited, timeout)


def _judge(session: Session, name: str, id: str, request_id: str, action: str) -> None:
    """
    How an action ended, as the server's log has it.

    Raises:
        WentToError: it failed, whether the server went to ERROR or was left as it was.
    """
    try:
        entry = session.get(f"/servers/{id}/os-instance-actions/{request_id}")["instanceAction"]
    except NovaFault:
        return  # not every action is recorded, and not everybody may read the log
    if entry["message"] != "Error":
        return
    server = get_server_or_none(session, id)
    if server is not None and has_failed(server["status"]):
        raise _error(name, server)
    raise WentToError(f"{action} of {name} failed and left it as it was; see: novasim history {name}")


def _error(name: str, server: Server) -> WentToError:
    return WentToError(f"{name} went to ERROR: {(server.get('fault') or {}).get('message', 'no reason given')}")


def wait_for_all(session: Session, attempts: Attempts, awaited: Sequence[Awaited], timeout: float) -> None:
    """Look again and again until each is there or has failed, or until *timeout* seconds of the cloud are over."""
    left, begun = list(awaited), moment(session)
    with Bar() as bar:
        while True:
            with session.transaction(writes=False):
                tasks = _tasks(session)
                left = [each for each in left if not _is_over(attempts, each, tasks)]
            if not left:
                return
            if reason := _why_not_wait(session, begun, timeout):
                for each in left:
                    attempts.failed(StillWaiting(f"{each.name} {reason}"))
                return
            if bar.wanted:
                bar.show(*_progress(session, [each.id for each in left], len(awaited)))
            clock.sleep(PAUSE)


def _is_over(attempts: Attempts, each: Awaited, tasks: Tasks) -> bool:
    looked, reached = attempts.of(lambda: each.reached(tasks))
    return reached or not looked


def _tasks(session: Session) -> Tasks:
    """What servers are busy with, by the server's id, whether it shows as a task_state or not."""
    with session.cloud.reading() as world:
        return {task.server_id: task for task in world.tx.query(Task) if not task.timer}


def _why_not_wait(session: Session, begun: float, timeout: float) -> str:
    """Why there is no point in waiting any longer, or ""."""
    with session.cloud.reading() as world:
        mode, stands = clock.get_mode(world.settings), world.settings.wall_anchor is None
        over = world.now - begun >= timeout
    if mode == "manual":
        return "is not there yet, and the clock is manual; this moves it: novasim clock advance 30s"
    if mode == "instant":
        return "is not there, and nothing is under way that could bring it there."
    if stands:
        return "is not there yet, and the clock of this seeded cloud stands until its first request."
    return f"is not there after {timeout:g} s." if over else ""


def moment(session: Session) -> float:
    """The cloud's time now, in seconds since the epoch."""
    with session.cloud.reading() as world:
        return world.now


def _progress(session: Session, ids: Sequence[str], total: int) -> tuple[str, float | None]:
    """What to write beside the bar, and how far the tasks are (0 to 1, None where that is not known)."""
    now, tasks = moment(session), _tasks(session)
    parts = [
        min(1.0, (now - task.started) / max(task.ends[-1] - task.started, PAUSE))
        for task in map(tasks.get, ids)
        if task
    ]
    fraction = (total - len(ids) + sum(parts)) / total if len(parts) == len(ids) else None
    if len(ids) > 1:
        return f"{total - len(ids)} of {total} servers", fraction
    server = get_server_or_none(session, ids[0]) or {"name": "", "status": "gone", "OS-EXT-STS:task_state": None}
    busy_with = server["OS-EXT-STS:task_state"]
    return f"{server['name']} {server['status']}" + (f" ({busy_with})" if busy_with else ""), fraction
