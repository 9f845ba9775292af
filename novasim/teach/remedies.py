"""Remedies of checks as text for a viewer, without commands that would be refused."""

from __future__ import annotations

import re

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import ACTIVE
from novasim.teach.commands import quote_operand
from novasim.teach.plans import plan_to_state
from novasim.teach.situation import Situation
from novasim.teach.steps import HostStep, command_line

COMMAND = re.compile(r"\{(?:novasim|admin)\} ([a-z-]+)( --hard)?")


def format_remedy(situation: Situation, words: str) -> str:
    """
    The remedy of a check for the viewer of a situation.

    Args:
        words: One line or several. A line whose command requests an action is for the administrator if the viewer may
            not request it, and is left out if the administrator may not request it either.
    """
    return "\n".join(filter(None, (_format_line(situation, line) for line in words.split("\n"))))


def _format_line(situation: Situation, line: str) -> str:
    admin = situation.for_administrator() or situation
    who = next((each for each in (situation, admin) if _is_accepted(each, line)), None)
    if who is None:
        return ""
    host = situation.dead_host()
    up = HostStep(admin.viewer, host.name, forced_down=host.up) if host else None
    return line.format(
        novasim=who.viewer.command_line(),
        admin=admin.viewer.command_line(),
        server=quote_operand(situation.name),
        host=quote_operand(situation.server.host or ""),
        host_name=situation.server.host,
        host_up=command_line(up, situation.name) if up else "",
    )


def _is_accepted(situation: Situation, line: str) -> bool:
    """Whether the command of a remedy, if it has any, would be accepted."""
    match = COMMAND.search(line)
    if match is None:
        return True
    if match[1] == "plan":
        plan = plan_to_state(situation, ACTIVE)
        return plan is not None and plan.is_own
    action = _find_action(match[1], is_hard=bool(match[2]))
    return action is None or not situation.refusals(action)


def _find_action(command: str, is_hard: bool) -> Action | None:
    return ACTIONS.get("hard-reboot" if is_hard else command)
