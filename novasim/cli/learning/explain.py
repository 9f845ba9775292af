"""The command `explain`: everything about an action, a status, a task_state, a code, a subject or a term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

if TYPE_CHECKING:
    from novasim.teach.text import Line

ACTIONS_COLUMNS = {"Action": "action", "From": "from", "To": "to", "Who": "who", "Lock": "lock", "Summary": "summary"}


@click.command()
@click.argument("word", nargs=-1, metavar="[ACTION|STATUS|TASK_STATE|CODE|SUBJECT|TERM]")
@output_options
@pass_session
def explain(session: Session, word: tuple[str, ...]) -> None:
    """
    Explain an action, a status, a task_state, an HTTP code, a subject or a term.

    Without a word it lists all words, or with another format all actions. Subjects are, for example, filters, locks,
    quota and troubleshooting; "glossary" lists all terms. Case matters where two names match: RESCUE is a status,
    rescue an action.

    Example: novasim explain resize
    """
    from novasim.teach import action_pages

    if not word and session.has_default_output:
        from novasim.cli.learning.text import print_lines, screen_width

        print_lines(overview_lines(screen_width()))
        return
    if not word:
        session.show_list(action_pages.list_actions(), ACTIONS_COLUMNS, "action")
        return
    page = describe(" ".join(word))
    if session.has_default_output:
        from novasim.cli.learning.text import print_lines
        from novasim.teach.text import page_lines

        print_lines(page_lines(page))
    else:
        session.show(page)


def overview_lines(width: int) -> Iterator[Line]:
    """List the topics of `explain`: the actions in the groups of `novasim --help`, and everything else by its kind."""
    from novasim.cli.catalog import CATALOG
    from novasim.cli.learning.text import list_entry
    from novasim.lifecycle.actions import ACTIONS
    from novasim.lifecycle.status import STATUSES
    from novasim.teach.text import Line
    from novasim.teach.words.codes import CODES
    from novasim.teach.words.subjects import GLOSSARY, read_subjects

    groups = {title: [name for name in commands if name in ACTIONS] for title, commands in CATALOG}
    grouped = {name for names in groups.values() for name in names}
    groups["Others"] = [name for name in ACTIONS if name not in grouped]
    kinds = {"Statuses": sorted(STATUSES), "Codes": CODES, "Subjects": [*read_subjects(), GLOSSARY]}
    for heading, lists in (("Actions", groups), ("Other words", kinds)):
        yield Line(heading, heading=True)
        for title, names in lists.items():
            if names:
                yield from list_entry(title, ", ".join(map(str, names)), 27, width)
    yield Line("See: novasim explain NAME", hang=0)


def describe(word: str) -> dict[str, Any]:
    """
    Describe the action, status, task_state, code, subject or term with this name.

    Raises:
        UsageError: The word is unknown; the message suggests similar ones.
    """
    from novasim.teach import action_pages, state_pages
    from novasim.teach.topics import find_topic

    kind, name = find_topic(word)
    describers: dict[str, Callable[[str], dict[str, Any]]] = {
        "action": action_pages.describe_action,
        "status": state_pages.describe_status,
        "task_state": state_pages.describe_task_state,
        "subject": state_pages.describe_subject,
        "term": state_pages.describe_term,
        "glossary": lambda _: state_pages.describe_glossary(),
        "code": lambda code: state_pages.describe_code(int(code)),
    }
    return describers[kind](name)
