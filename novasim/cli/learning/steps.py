"""Takes the steps of a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from novasim.cli.control.clock import advance_until
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import server_id
from novasim.cli.nouns.compute.service import change_service, find_service
from novasim.cli.servers.requests import ServerRequests
from novasim.cli.servers.views import show_passwords
from novasim.cli.servers.wait_goals import StatusGoal, wait_for_all
from novasim.cli.session import Session
from novasim.control import hosts, options
from novasim.render.output import print_message
from novasim.teach.steps import ActionStep, ClockStep, HostStep, OptionStep, PlanStep, WaitStep, command_line

TIMEOUT = 600.0  # seconds of the cloud's time
CLOCK_LIMIT = 86400.0  # seconds of the cloud's time


def run_steps(session: Session, server: str, steps: Sequence[PlanStep]) -> None:
    """
    Take steps one after another, and print the command of each on stderr.

    Args:
        server: The name or ID that the user gave.

    Raises:
        NovasimError, click.exceptions.Exit: A step failed; the others are not taken.
    """
    for step in steps:
        print_message(command_line(step, server))
        _RUNNERS[type(step)](session, server, step)


def _request_action(session: Session, server: str, step: ActionStep) -> None:
    action = step.action
    body = {action.api_key: step.arguments} if action.api_key else None
    with ServerRequests(session, action.name) as requests:
        with requests.to(server) as request:
            path = action.path.format(server_id=request.id)
            request.response = session.request(action.method, path, body, minor=action.until)
        requests.wait(TIMEOUT if step.waits else None)
        show_passwords(session, [each for each in requests.responses() if "adminPass" in (each[1] or {})])


def _wait_for_task(session: Session, server: str, step: WaitStep) -> None:
    with Attempts(session) as attempts:
        wait_for_all(attempts, [StatusGoal(server, server_id(session, server), step.until)], TIMEOUT)


def _advance_clock(session: Session, server: str, step: ClockStep) -> None:
    advance_until(session, server, step.until, CLOCK_LIMIT)


def _set_option(session: Session, server: str, step: OptionStep) -> None:
    session.control(options.set_option, step.name, step.value)


def _bring_up_host(session: Session, server: str, step: HostStep) -> None:
    service = find_service(session, step.host)
    if step.forced_down:
        change_service(session, service, enabled=None, reason=None, forced_down=False)
    else:
        session.control(hosts.change_host, step.host, up=True)


_RUNNERS: dict[type[PlanStep], Callable[[Session, str, Any], None]] = {
    ActionStep: _request_action,
    WaitStep: _wait_for_task,
    ClockStep: _advance_clock,
    OptionStep: _set_option,
    HostStep: _bring_up_host,
}
