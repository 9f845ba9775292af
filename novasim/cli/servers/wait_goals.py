"""Waiting for servers in the cloud's own time, with a progress bar on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import get_server_or_none
from novasim.cli.session import Session
from novasim.control.clock import describe_holder
from novasim.errors import NotFound, NovaFault, NovasimError, StillWaiting, UsageError, WentToError
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import STATUSES, has_failed
from novasim.records import Task
from novasim.render.progress import Bar
from novasim.simulation.time import clock
from novasim.simulation.time.steps import find_next_step
from novasim.suggestions import suggest_names

Server = dict[str, Any]
Goal = Callable[["Server | None"], bool]
Tasks = dict[str, list[Task]]
PAUSE = 0.1  # seconds of real time between two checks

OLD_IDLE = "task"  # what idle was called before 0.1.0
DELETION = "deleted"
GOALS: dict[str, Goal] = {
    DELETION: lambda server: server is None,
    "idle": lambda server: server is None or not server["OS-EXT-STS:task_state"],
}


def parse_goal(text: str) -> Goal:
    """
    What `--for` names: a status, "idle" (no task left) or "deleted".

    Raises:
        UsageError: no such status; the message names the nearest.
    """
    if text.lower() in GOALS:
        return GOALS[text.lower()]
    if text.lower() == OLD_IDLE:
        raise UsageError(f"There is no status {text!r}. Did you mean idle?")
    if text.upper() not in STATUSES:
        raise UsageError(f"There is no status {text!r}.{suggest_names(text.upper(), [*sorted(STATUSES), *GOALS])}")
    return lambda server: server is not None and server["status"] == text.upper()


def split_goals(text: str) -> list[str]:
    """
    The goals of `--for`, separated by commas, as they are shown: a status in capitals, "idle" or "deleted".

    Raises:
        UsageError: as for `parse_goal`.
    """
    goals = text.split(",")
    for goal in goals:
        parse_goal(goal)
    return [goal.lower() if goal.lower() in GOALS else goal.upper() for goal in goals]


class WaitGoal:
    """
    A server that a command waits for.

    Args:
        name: What the user calls it.
    """

    def __init__(self, name: str, id: str) -> None:
        self.name = name
        self.id = id

    def is_over(self, session: Session, tasks: Tasks) -> bool:
        """
        Whether the wait has ended. *tasks* are the running tasks by the server's id.

        Raises:
            WentToError: the server failed. NotFound: it is gone.
        """
        raise NotImplementedError

    def describe(self, session: Session) -> str:
        """The missing condition, as a clause such as "web1 is still BUILD, not ACTIVE"."""
        raise NotImplementedError


class StatusGoal(WaitGoal):
    """
    Waits for a server to reach one of the goals of `--for` *text*.

    Args:
        reached: The goal that it has reached; "" until then.
    """

    def __init__(self, name: str, id: str, text: str, reached: str = "") -> None:
        super().__init__(name, id)
        self.reached = reached
        self._goals = split_goals(text)
        self._accepts_error = any(map(has_failed, self._goals))

    def is_over(self, session: Session, tasks: Tasks) -> bool:
        server = get_server_or_none(session, self.id)
        self.reached = self.reached or next((goal for goal in self._goals if parse_goal(goal)(server)), "")
        if self.reached:
            return True
        if server is None:
            raise NotFound(reason=f"Instance {self.id} could not be found.")
        if not self._accepts_error and has_failed(server["status"], server.get("OS-EXT-STS:task_state")):
            raise _error(self.name, server)
        return False

    def describe(self, session: Session) -> str:
        server = get_server_or_none(session, self.id) or {"status": "deleted", "OS-EXT-STS:task_state": None}
        if self._goals == ["idle"]:
            return f"{self.name} is still busy ({server['OS-EXT-STS:task_state']})"
        return f"{self.name} is still {server['status']}, not {' or '.join(self._goals)}"


class ActionEnd(WaitGoal):
    """Waits for an accepted action on a server to end."""

    def __init__(self, name: str, id: str, action: str, request_id: str) -> None:
        super().__init__(name, id)
        self._action = action
        self._request_id = request_id

    def is_over(self, session: Session, tasks: Tasks) -> bool:
        if any(task.request_id == self._request_id for task in tasks.get(self.id, ())):
            return False
        self._check_result(session)
        return True

    def describe(self, session: Session) -> str:
        server = get_server_or_none(session, self.id)
        if server is None:
            return f"{self._action} of {self.name} has not finished"
        task = server.get("OS-EXT-STS:task_state")
        return f"{self.name} is still {server['status']}{f' ({task})' if task else ''}; {self._action} has not finished"

    def _check_result(self, session: Session) -> None:
        """Raise WentToError if the action failed, whether the server went to ERROR or kept its state."""
        try:
            path = f"/servers/{self.id}/os-instance-actions/{self._request_id}"
            entry = session.get(path)["instanceAction"]
        except NovaFault:
            return  # not every action is in the log, and not every caller may read the log
        is_logged = entry["message"] == "Error"
        if not (is_logged or ACTIONS[self._action].hides_failures):
            return
        server = get_server_or_none(session, self.id)
        if server is not None and has_failed(server["status"]):
            raise _error(self.name, server)
        if is_logged:
            raise _failure(self._action, self.name)


def _failure(action: str, name: str) -> WentToError:
    from novasim.teach.commands import quote_operand

    history = f"novasim history {quote_operand(name)}"
    return WentToError(f"{action} of {name} failed and left it as it was; see: {history}")


def _error(name: str, server: Server) -> WentToError:
    return WentToError(f"{name} went to ERROR: {(server.get('fault') or {}).get('message', 'no reason given')}")


def wait_for_all(
    attempts: Attempts, awaited: Sequence[WaitGoal], timeout: float, on_look: Callable[[], None] | None = None
) -> None:
    """
    Wait until each server has reached its goal or failed, for at most *timeout* seconds of the cloud's time.

    Args:
        on_look: What to do whenever the servers have been looked at, in the same transaction.
    """
    session, pending = attempts.session, list(awaited)
    start = current_time(session)
    with Bar() as bar:
        while True:
            with session.transaction(writes=False):
                tasks = _running_tasks(session)
                pending = [each for each in pending if not _is_over(attempts, each, tasks, bar)]
                if on_look:
                    on_look()
            if not pending:
                return
            if (reason := find_reason_to_stop(session)) or current_time(session) - start >= timeout:
                bar.hide()
                for each in pending:
                    attempts.fail(_report_waiting(session, each, reason, timeout))
                return
            if bar.is_visible:
                bar.update(*_progress(session, [each.id for each in pending], len(awaited)))
            clock.sleep(PAUSE)


def _report_waiting(session: Session, each: WaitGoal, reason: str, timeout: float) -> StillWaiting:
    """Why a server has not reached its goal: the reason to stop or, without one, the end of the time."""
    problem = each.describe(session) if reason else f"Timed out after {timeout:g} s: {each.describe(session)}"
    return StillWaiting(_join(problem, explain_hold(session, each.id, each.name), reason))


def _is_over(attempts: Attempts, each: WaitGoal, tasks: Tasks, bar: Bar) -> bool:
    over = True  # after an error, too
    with attempts.attempt():
        try:
            over = each.is_over(attempts.session, tasks)
        except NovasimError:
            bar.hide()
            raise
    return over


def _running_tasks(session: Session) -> Tasks:
    """Running tasks by the server's id, including those without a task_state."""
    tasks: Tasks = {}
    with session.cloud.reading() as world:
        for task in world.tx.query(Task):
            if not task.timer:
                tasks.setdefault(task.server_id, []).append(task)
    return tasks


def _join(problem: str, hold: str, reason: str = "") -> str:
    """One message: what is missing, and why. What holds the task is the better reason."""
    if hold:
        return f"{problem}. {hold}"
    return f"{problem}, and {reason}" if reason else f"{problem}."


def find_reason_to_stop(session: Session) -> str:
    """Why waiting any longer is useless, as a clause and perhaps a remedy; "" otherwise."""
    with session.cloud.reading() as world:
        holder = describe_holder(world.settings)
        mode, is_stopped = clock.get_mode(world.settings), world.settings.wall_anchor is None
        is_over = mode == clock.STEPPING and find_next_step(world) is None
    if mode == "manual" and holder:
        return f"{holder}."
    if mode == "manual":
        return "the clock is manual. Advance it: novasim clock advance 30s"
    if mode == "instant" or is_over:
        return "no task is running that would change it."
    if is_stopped and mode == "real":
        return "the clock of this seeded cloud starts with its first request."
    return ""


def explain_hold(session: Session, id: str, name: str = "") -> str:
    """What holds the task of a server, and how to release it; "" if nothing does or the server is gone."""
    from novasim.cli.learning.situations import open_situation_by_id
    from novasim.teach.verdicts import explain_hold as explain

    try:
        with open_situation_by_id(session, id, name or id) as situation:
            return explain(situation)
    except NovaFault:
        return ""


def current_time(session: Session) -> float:
    """The cloud's time now, in seconds since the epoch."""
    with session.cloud.reading() as world:
        return world.now


def _progress(session: Session, ids: Sequence[str], total: int) -> tuple[str, float | None]:
    """The text next to the bar, and the share that is done (0 to 1, None if unknown)."""
    now, tasks = current_time(session), _running_tasks(session)
    last = [max(tasks[id], key=lambda task: task.ends[-1]) for id in ids if id in tasks]
    parts = [min(1.0, (now - task.started) / max(task.ends[-1] - task.started, PAUSE)) for task in last]
    fraction = (total - len(ids) + sum(parts)) / total if len(parts) == len(ids) else None
    if len(ids) > 1:
        return f"{total - len(ids)} of {total} servers", fraction
    server = get_server_or_none(session, ids[0]) or {"name": "", "status": "gone", "OS-EXT-STS:task_state": None}
    task_state = server["OS-EXT-STS:task_state"]
    return f"{server['name']} {server['status']}" + (f" ({task_state})" if task_state else ""), fraction
