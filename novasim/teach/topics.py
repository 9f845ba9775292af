"""Finds what a word names: an action, a status, a task_state, an HTTP code or another subject."""

from __future__ import annotations

import re
from typing import NamedTuple

from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS, BY_API
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.lifecycle.status import STATUSES, status_of
from novasim.suggestions import ask_for_one, did_you_mean, find_similar, suggest_names
from novasim.teach.words.codes import CODES
from novasim.teach.words.subjects import GLOSSARY, find_name, read_subjects, read_terms

SEE = " See: novasim explain"
NAMES = {name.lower(): name for name in (*BY_API, *TASK_STATES, *STATUSES, *ACTIONS, *map(str, CODES))}


CODE_NAMES = {  # in lower case, without spaces
    "accepted": 202,
    "badrequest": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "itemnotfound": 404,
    "notfound": 404,
    "conflict": 409,
    "conflictingrequest": 409,
    "overlimit": 413,
    "computefault": 500,
    "notimplemented": 501,
    "serviceunavailable": 503,
}
"""Names of codes in HTTP, and of faults in Nova."""
OTHER_WORDS = {"busy": "task_state", "locked": "locks", "idle": "task_state"}


class Topic(NamedTuple):
    """The kind of a word (action, status, task_state, code, subject, term or glossary) and its exact name."""

    kind: str
    name: str


def list_words() -> list[str]:
    """Every word that `find_topic` knows, by its kind; without the API's names of actions."""
    names = (name.replace(" ", "-") for name in (*read_subjects(), GLOSSARY, *read_terms()))
    return [*sorted(ACTIONS), *sorted(STATUSES), *sorted(TASK_STATES), *map(str, CODES), *dict.fromkeys(names)]


def find_topic(word: str) -> Topic:
    """
    Find what a word names. Case decides where two match: RESCUE is a status, rescue an action.

    Actions may also have their API name (confirmResize), statuses that of their vm_state, and codes their name in HTTP
    or in Nova (conflict, itemNotFound).

    Raises:
        UsageError: The word is unknown; the message suggests similar ones.
    """
    for text in (word, word.lower(), word.upper()):
        if topic := _match(text):
            return topic
    if name := _match_api_name(word):
        return Topic("action", name)
    if topic := _match_term(OTHER_WORDS.get(word.lower(), word)):
        return topic
    if code := CODE_NAMES.get(re.sub("[ _-]", "", word.lower())):
        return Topic("code", str(code))
    raise UsageError(f"There is nothing to explain about {word!r}.{_suggest(word)}")


def find_action_name(text: str) -> str:
    """
    Find an action by its name here or in the API, ignoring case.

    Raises:
        UsageError: There is no such action; the message suggests the nearest.
    """
    if text.lower() in ACTIONS:
        return text.lower()
    if name := _match_api_name(text):
        return name
    raise UsageError(f"There is no action {text!r}.{did_you_mean(text.lower(), ACTIONS) or SEE}")


def find_status(text: str) -> str:
    """
    Find a status by its name, ignoring case.

    Raises:
        UsageError: There is no such status; the message suggests the nearest, or that of a vm_state.
    """
    if text.upper() in STATUSES:
        return text.upper()
    if text.lower() in VM_STATES:
        raise UsageError(f"{text.lower()} is a vm_state; its status is {status_of(text.lower(), None)}.")
    raise UsageError(f"There is no status {text!r}.{suggest_names(text.upper(), sorted(STATUSES))}")


def _match_api_name(word: str) -> str:
    """The action with this key in requests, with or without "os-", or this name in refusals; "" for an unknown word."""
    keys = {row.refusal_name: row.name for row in reversed(ACTIONS.values())}
    keys |= {key.lower(): rows[0].name for key, rows in BY_API.items()}
    lower = word.lower()
    return keys.get(lower) or keys.get(f"os-{lower}") or keys.get(lower.replace("-", "_"), "")


def _match(text: str) -> Topic | None:
    kinds = {"action": ACTIONS, "status": STATUSES, "task_state": TASK_STATES, "subject": read_subjects()}
    for kind, names in kinds.items():
        if text in names:
            return Topic(kind, text)
    if text in VM_STATES:
        return Topic("status", status_of(text, None))
    return Topic("code", text) if text.isdecimal() and int(text) in CODES else None


def _match_term(text: str) -> Topic | None:
    name = find_name(text)
    if name == GLOSSARY:
        return Topic("glossary", name)
    return Topic("subject" if name in read_subjects() else "term", name) if name else None


def _suggest(word: str) -> str:
    names = NAMES | {name.lower(): name for name in (*read_subjects(), *read_terms())}
    return ask_for_one([names[each] for each in find_similar(word.lower(), names, 1)]) or SEE
