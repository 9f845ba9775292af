"""What each action does, what can go wrong with it, and where Nova's document and Nova itself differ."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Lesson(NamedTuple):
    """
    Words about an action.

    Args:
        does: What happens, for somebody who sees it for the first time. wrong: what can go wrong, each with the way
            out. differs: where Nova does not do what its document leads one to expect; "" if it does.
    """

    does: str
    wrong: tuple[str, ...] = ()
    differs: str = ""


@cache
def lessons() -> dict[str, Lesson]:
    """The words about every action, by its name."""
    text = files(__package__).joinpath("actions.txt").read_text("utf-8")
    found = {}
    for part in text.split("\n[")[1:]:
        name, _, body = part.partition("]\n")
        found[name] = _lesson(body)
    return found


def _lesson(body: str) -> Lesson:
    """A paragraph, then one line after each mark; lines that begin with a space go on."""
    does, *rest = body.replace("\n- ", "\n\n- ").replace("\n> ", "\n\n> ").split("\n\n")
    marked = [" ".join(line.split()) for line in rest]
    wrong = tuple(line[2:] for line in marked if line.startswith("- "))
    return Lesson(" ".join(does.split()), wrong, "".join(line[2:] for line in marked if line.startswith("> ")))
