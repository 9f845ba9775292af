"""The command wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import get_server_or_none, server_id
from novasim.cli.options import LazyCommand, Seconds, output_options, pass_session
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.wait_goals import DELETION, StatusGoal, Tasks, WaitGoal, split_goals, wait_for_all
from novasim.cli.session import Session
from novasim.errors import NotFound, NovasimError, ServerNotFound, WentToError
from novasim.records import Server
from novasim.render.output import print_line

COLUMNS = {"ID": "id", "Name": "name", "Status": "status"}


@click.command(cls=LazyCommand)
@servers_argument
@click.option(
    "--for",
    "goal",
    default="ACTIVE",
    show_default=True,
    metavar="STATUS|idle|deleted,...",
    help="What to wait for: a status, idle (until no task is running) or deleted; or several, whichever comes first.",
)
@click.option("--any", "is_any", is_flag=True, help="Wait until any of the servers is there, instead of all.")
@click.option(
    "--timeout",
    type=Seconds(),
    default=600.0,
    show_default=True,
    help="Give up after this many seconds of the cloud's time (exit code 7).",
)
@output_options
@pass_session
@selection_options()
def wait(session: Session, servers: tuple[str, ...], goal: str, is_any: bool, timeout: float) -> None:
    """
    Wait until servers reach a status. The wait fails if a server goes to ERROR (exit code 8).

    With several goals or --any, it prints which server has reached what. With -f json, each line is a server, and a
    server is printed again whenever it has changed.

    Example: novasim wait web1 web2 --for ACTIVE --timeout 60

    Example: novasim wait web1 --for ACTIVE,ERROR
    """
    is_plain = len(split_goals(goal)) == 1 and not is_any
    streams = session.fmt == "json" and not session.quiet
    with Attempts(session) as attempts:
        goals: list[StatusGoal] = []
        for name in servers:
            with attempts.attempt():
                id = _find_unless_deleted(session, name, goal)
                goals.append(StatusGoal(name, id or name, goal, "" if id else DELETION))
        awaited: list[WaitGoal] = [AnyGoal(goals)] if is_any and goals else [*goals]
        wait_for_all(attempts, awaited, timeout, _stream(session, goals) if streams else None)
        if not (is_plain or streams):
            _show_reached(session, [each for each in goals if each.reached])


class AnyGoal(WaitGoal):
    """Waits until one of several servers reaches its goal. It fails if all of them do."""

    def __init__(self, goals: Sequence[StatusGoal]) -> None:
        super().__init__(goals[0].name, goals[0].id)
        self._pending = list(goals)
        self._errors: list[NovasimError] = []

    def is_over(self, session: Session, tasks: Tasks) -> bool:
        return any(self._is_over(session, goal, tasks) for goal in [*self._pending]) or self._check_pending()

    def describe(self, session: Session) -> str:
        return "; ".join(goal.describe(session) for goal in self._pending)

    def _is_over(self, session: Session, goal: StatusGoal, tasks: Tasks) -> bool:
        try:
            return goal.is_over(session, tasks)
        except NovasimError as error:
            self._pending.remove(goal)
            self._errors.append(error)
            return False

    def _check_pending(self) -> bool:
        """Raise the errors of all servers as one if no server can reach its goal any more."""
        if self._pending:
            return False
        if len(self._errors) == 1:
            raise self._errors[0]
        text = "; ".join(map(str, self._errors))
        raise NotFound(reason=text) if isinstance(self._errors[0], NotFound) else WentToError(text)


def _stream(session: Session, goals: list[StatusGoal]) -> Callable[[], None]:
    from novasim.cli.servers.changes import ChangeStream

    stream = ChangeStream(session, COLUMNS)

    def update() -> None:
        servers = [get_server_or_none(session, goal.id) for goal in goals]
        stream.update([server for server in servers if server])

    return update


def _show_reached(session: Session, goals: list[StatusGoal]) -> None:
    """Print the servers that have reached a goal: a sentence each, or a list in the format of -f."""
    if session.has_default_output:
        for goal in goals:
            print_line(f"{goal.name} is {goal.reached}.")
        return
    rows = [{"id": goal.id, "name": goal.name, "status": goal.reached} for goal in goals]
    session.show_list(rows, COLUMNS)


def _find_unless_deleted(session: Session, name: str, text: str) -> str | None:
    """The server's id; None if "deleted" is among the goals of `--for` *text* and the server is deleted already."""
    try:
        id = server_id(session, name)
        session.get(f"/servers/{id}")
    except ServerNotFound:
        if DELETION in split_goals(text) and _has_existed(session, name):
            return None
        raise
    return id


def _has_existed(session: Session, name: str) -> bool:
    with session.cloud.reading() as world:
        known = [*world.tx.query(Server, {"name": name}), world.tx.get(Server, name)]
    return any(server and server.project_id == session.caller.project_id for server in known)
