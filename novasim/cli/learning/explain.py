"""The command `explain`."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

ACTIONS_COLUMNS = {"Action": "action", "From": "from", "To": "to", "Who": "who", "Lock": "lock", "Summary": "summary"}


@click.command()
@click.argument("word", required=False, metavar="[ACTION|STATUS|TASK_STATE|CODE]")
@output_options
@pass_session
def explain(session: Session, word: str | None) -> None:
    """
    Explain an action, a status, a task_state or an HTTP code.

    Without a word it lists all actions. Statuses are written in capitals: RESCUE is a status, rescue an action.

    Example: novasim explain resize
    """
    from novasim.teach import about_actions

    if word is None:
        session.show_list(about_actions.list_actions(), ACTIONS_COLUMNS, "action")
        return
    page = page_about(word)
    if session.has_default_output:
        from novasim.cli.learning.text import print_lines
        from novasim.teach.text import page_lines

        print_lines(page_lines(page))
    else:
        session.show(page)


def page_about(word: str) -> dict[str, Any]:
    """
    What there is to say about a word.

    Raises:
        UsageError: there is nothing of that name; the message names the nearest.
    """
    from novasim.teach import about_actions, about_states
    from novasim.teach.topics import find_topic

    kind, name = find_topic(word)
    pages: dict[str, Any] = {
        "action": about_actions.describe_action,
        "status": about_states.describe_status,
        "task_state": about_states.describe_task_state,
        "code": lambda code: about_states.describe_code(int(code)),
    }
    found: dict[str, Any] = pages[kind](name)
    return found
