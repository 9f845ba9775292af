"""
The checks of goals: nine forms, parsed into values.

    web1 status=ACTIVE flavor=m1.small      gone web1                      image golden [absent]
    volume data status=available            host host1 state=up            count servers status=ACTIVE >= 3
    refused web1 stop 409 in VERIFY_RESIZE  done web1 resize confirm-resize  never web1 reset-state
    count moves >= 6

The first six look at the state of the cloud, the others at the record of requests.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from typing import NamedTuple

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import TASK_STATES
from novasim.lifecycle.status import STATUSES
from novasim.suggestions import suggest_names
from novasim.teach.lessons.facts import HOST_KEYS, SERVER_KEYS, VOLUME_KEYS, is_known_key

NAME = re.compile(r"[\w.:-]+")
COMPARISONS = (">=", "<=", "!=", "=", ">", "<")


class Condition(NamedTuple):
    """A value that a thing has to have: one of *values*, or with *negated* none of them. "" is an empty value."""

    key: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.key}{'!=' if self.negated else '='}{'|'.join(self.values)}"


class ServerIs(NamedTuple):
    """A server exists and meets the conditions."""

    server: str
    conditions: tuple[Condition, ...]


class ServerGone(NamedTuple):
    """No server has this name."""

    server: str


class ImageExists(NamedTuple):
    """An image of this name exists, or with *absent* does not exist."""

    image: str
    absent: bool


class VolumeIs(NamedTuple):
    """A volume exists and meets the conditions."""

    volume: str
    conditions: tuple[Condition, ...]


class HostIs(NamedTuple):
    """A compute host exists and meets the conditions."""

    host: str
    conditions: tuple[Condition, ...]


class ServerCount(NamedTuple):
    """The number of servers that meet the conditions."""

    conditions: tuple[Condition, ...]
    comparison: str
    number: int


class MoveCount(NamedTuple):
    """The number of different moves from status to status that servers have made, as `coverage report` counts them."""

    comparison: str
    number: int


class Refused(NamedTuple):
    """A request was refused with an HTTP code, in a status or a task_state; "" if that does not matter."""

    server: str
    action: str
    code: int
    state: str = ""


class Done(NamedTuple):
    """The actions were accepted and did not fail, in this order; other actions may be between them."""

    server: str
    actions: tuple[str, ...]


class Never(NamedTuple):
    """None of the actions was accepted."""

    server: str
    actions: tuple[str, ...]


Check = ServerIs | ServerGone | ImageExists | VolumeIs | HostIs | ServerCount | MoveCount | Refused | Done | Never


def parse_check(text: str) -> Check:
    """
    Parse a check as a lesson writes it.

    Raises:
        ValueError: It has none of the nine forms; the message says why.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise ValueError("A quotation mark is missing.") from None
    if not words:
        raise ValueError("The check is empty.")
    parse = _FORMS.get(words[0])
    return parse(words[1:]) if parse else ServerIs(_name(words[0], "server"), _conditions(words[1:], SERVER_KEYS))


def _gone(words: Sequence[str]) -> Check:
    _expect(len(words) == 1, "gone SERVER")
    return ServerGone(_name(words[0], "server"))


def _image(words: Sequence[str]) -> Check:
    _expect(len(words) == 1 or (len(words) == 2 and words[1] == "absent"), "image NAME [absent]")
    return ImageExists(_name(words[0], "image"), len(words) == 2)


def _volume(words: Sequence[str]) -> Check:
    _expect(len(words) > 1, "volume NAME KEY=VALUE ...")
    return VolumeIs(_name(words[0], "volume"), _conditions(words[1:], VOLUME_KEYS))


def _host(words: Sequence[str]) -> Check:
    _expect(len(words) > 1, "host NAME KEY=VALUE ...")
    return HostIs(_name(words[0], "host"), _conditions(words[1:], HOST_KEYS))


def _count(words: Sequence[str]) -> Check:
    is_complete = len(words) >= 3 and words[-2] in COMPARISONS and words[-1].isdecimal() and len(words[-1]) < 6
    if is_complete and words[:-2] == ["moves"]:
        return MoveCount(words[-2], int(words[-1]))
    form = "count servers [KEY=VALUE ...] >= NUMBER, or count moves >= NUMBER (also <=, =, !=, > and <)"
    _expect(is_complete and words[0] == "servers", form)
    return ServerCount(_conditions(words[1:-2], SERVER_KEYS, at_least=0), words[-2], int(words[-1]))


def _refused(words: Sequence[str]) -> Check:
    is_complete = len(words) == 3 or (len(words) == 5 and words[3] == "in")
    _expect(is_complete, "refused SERVER ACTION CODE [in STATUS]")
    code = int(words[2]) if re.fullmatch("[45][0-9][0-9]", words[2]) else 0
    if not code:
        raise ValueError(f"{words[2]} is not the HTTP code of a refusal, from 400 to 599.")
    return Refused(_name(words[0], "server"), _action(words[1]), code, _state(words[4]) if words[4:] else "")


def _done(words: Sequence[str]) -> Check:
    _expect(len(words) > 1, "done SERVER ACTION ...")
    return Done(_name(words[0], "server"), tuple(map(_action, words[1:])))


def _never(words: Sequence[str]) -> Check:
    _expect(len(words) > 1, "never SERVER ACTION ...")
    return Never(_name(words[0], "server"), tuple(map(_action, words[1:])))


_FORMS: dict[str, Callable[[Sequence[str]], Check]] = {
    "gone": _gone,
    "image": _image,
    "volume": _volume,
    "host": _host,
    "count": _count,
    "refused": _refused,
    "done": _done,
    "never": _never,
}


def _expect(is_right: bool, form: str) -> None:
    if not is_right:
        raise ValueError(f"The form of this check is: {form}")


def _name(text: str, noun: str) -> str:
    if not NAME.fullmatch(text):
        raise ValueError(f"{text!r} is not the name of a {noun}.")
    return text


def _action(text: str) -> str:
    if text not in ACTIONS:
        raise ValueError(f"There is no action {text!r}.{suggest_names(text, sorted(ACTIONS))}")
    return text


def _state(text: str) -> str:
    known = STATUSES | TASK_STATES
    if text not in known:
        raise ValueError(f"There is no status or task_state {text!r}.{suggest_names(text, sorted(known))}")
    return text


def _conditions(words: Sequence[str], keys: Sequence[str], at_least: int = 1) -> tuple[Condition, ...]:
    if len(words) < at_least:
        raise ValueError("A condition such as status=ACTIVE is missing.")
    return tuple(_condition(word, keys) for word in words)


def _condition(word: str, keys: Sequence[str]) -> Condition:
    left, sign, value = word.partition("=")
    negated = left.endswith("!")
    key = left.removesuffix("!")
    if not sign:
        raise ValueError(f"{word!r} is not of the form KEY=VALUE.")
    if not is_known_key(key, keys):
        raise ValueError(f"There is no key {key!r}.{suggest_names(key, keys)}")
    values = tuple(value.split("|"))
    if key == "status" and keys is SERVER_KEYS:
        for each in values:
            _state(each)
    return Condition(key, values, negated)
