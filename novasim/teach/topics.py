"""What somebody wants to have explained: from a word to an action, a status, a task_state or a code."""

from __future__ import annotations

from typing import NamedTuple

from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS, BY_API
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.lifecycle.status import STATUSES, shown_status
from novasim.suggestions import did_you_mean, find_similar
from novasim.teach.words.codes import CODES

SEE = " See: novasim explain"


class Topic(NamedTuple):
    """What a word stands for: its kind (action, status, task_state, code) and its proper name."""

    kind: str
    name: str


def topic(word: str) -> Topic:
    """
    What a word stands for. Some words are two things: as they are written, RESCUE is a status and rescue an action.

    Actions may also be named as in the API (confirmResize), and statuses by their vm_state.

    Raises:
        UsageError: nothing of that name; the message names the nearest.
    """
    for text in (word, word.lower(), word.upper()):
        if found := _named(text):
            return found
    if name := _in_the_api(word):
        return Topic("action", name)
    raise UsageError(f"There is nothing to explain about {word!r}.{_nearest(word)}")


def action_named(text: str) -> str:
    """
    The action that a word means: its name here, or its key in a request, in letters of either case.

    Raises:
        UsageError: none; the message names the nearest.
    """
    if text.lower() in ACTIONS:
        return text.lower()
    if name := _in_the_api(text):
        return name
    raise UsageError(f"There is no action {text!r}.{did_you_mean(text.lower(), ACTIONS) or SEE}")


def status_named(text: str) -> str:
    """
    The status that a word means, in letters of either case.

    Raises:
        UsageError: none; the message names the nearest, or the one that a vm_state shows as.
    """
    if text.upper() in STATUSES:
        return text.upper()
    if text.lower() in VM_STATES:
        raise UsageError(f"{text.lower()} is a vm_state; its status is {shown_status(text.lower(), None)}.")
    near = did_you_mean(text.upper(), STATUSES) or f" There are: {', '.join(sorted(STATUSES))}."
    raise UsageError(f"There is no status {text!r}.{near}")


def _in_the_api(word: str) -> str:
    """The action that a key in a request stands for; "" if it is none."""
    keys = {key.lower(): rows[0].name for key, rows in BY_API.items()}
    return keys.get(word.lower()) or keys.get(f"os-{word.lower()}", "")


def _named(text: str) -> Topic | None:
    if text in ACTIONS:
        return Topic("action", text)
    if text in STATUSES:
        return Topic("status", text)
    if text in TASK_STATES:
        return Topic("task_state", text)
    if text in VM_STATES:
        return Topic("status", shown_status(text, None))
    if text.isdecimal() and int(text) in CODES:
        return Topic("code", text)
    return None


def _nearest(word: str) -> str:
    names = {name.lower(): name for name in (*BY_API, *TASK_STATES, *STATUSES, *ACTIONS, *map(str, CODES))}
    near = find_similar(word.lower(), names, 1)
    return f" Did you mean {names[near[0]]}?" if near else SEE
