"""Pages of explanations as lines for people. A line is a heading, or text that whoever shows it wraps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

Page = dict[str, Any]
BAR = 30  # letters for the longest bar


class Line(NamedTuple):
    """
    A line of text.

    Args:
        heading: Whether it begins a part. hang: how far its further lines are moved in, if it has to be wrapped.
        fixed: Whether it must not be wrapped.
    """

    text: str
    heading: bool = False
    hang: int = 2
    fixed: bool = False


def lines_of(page: Page) -> Iterator[Line]:
    """A page of any kind."""
    kind = next(kind for kind in KINDS if kind in page)
    return KINDS[kind](page)


def _action(page: Page) -> Iterator[Line]:
    yield Line(f"{page['action']}: {page['summary']}", heading=True)
    yield from _texts([page["does"]])
    yield from _part("How", [page["command"] or "There is no command for it, only the request.", page["request"]], True)
    yield from _part("Who", [_who(page)])
    yield from _part("When", _when(page))
    yield from _part("What happens", list(_phases(page)), True)
    yield from _part("What can go wrong", page["wrong"])
    yield from _part("Where Nova and its document differ", [page["differs"]] if page["differs"] else [])
    yield from _part("Known from", [page["source"]])


def _who(page: Page) -> str:
    names = ", ".join(page["allowed"]) or "nobody"
    return f"{names} of the server's project (rule {page['policy']}); administrators of any project."


def _when(page: Page) -> list[str]:
    wanted = "in every status" if page["statuses"] is None else f"in {', '.join(page['statuses'])}"
    tasks = page["task_states"]
    busy = "whatever it is busy with" if tasks is None else _idle(tasks)
    first, last = page["microversions"]
    return [f"Accepted {wanted}, {busy}.", page["lock"], *page["conditions"], f"Microversions {first} to {last}."]


def _idle(tasks: list[str | None]) -> str:
    others = [task for task in tasks if task is not None]
    if not others:
        return "when it is busy with nothing"
    return f"also during {', '.join(others)}" if len(others) < 12 else "during most tasks"


def _phases(page: Page) -> Iterator[str]:
    refused = ", ".join(map(str, page["refusals"]))
    yield f"The answer is {page['code']}; a refusal is one of {refused}."
    longest = max([phase["seconds"] for phase in page["phases"]], default=0) or 1
    width = max([len(_task(phase)) for phase in page["phases"]], default=0)
    for phase in page["phases"]:
        bar = "█" * max(round(phase["seconds"] / longest * BAR), 1)
        grows = f"  more with {phase['grows_with']}" if phase["grows_with"] else ""
        yield f"  {_task(phase):<{width}}  {phase['seconds']:>4.1f} s  {bar}{grows}"
    ends = " or ".join(page["ends"]) or "the status that it had"
    fails = f"; if it fails, {page['fails']}" if page["fails"] else ""
    yield f"At the end: {ends}{fails}."


def _task(phase: Page) -> str:
    return phase["task_state"] or "(no task shows)"


def _status(page: Page) -> Iterator[Line]:
    yield Line(page["status"], heading=True)
    yield from _texts([page["meaning"]])
    yield from _part("Behind it", [_pair(pair) for pair in page["behind"]])
    title = "How one gets in" if page["lasts"] else "It shows during (no server stays in it)"
    yield from _part(title, [", ".join(page["in"]) or "Nothing that one asks for leads here."])
    yield from _part("Left there by a failure of", [", ".join(page["failing"])] if page["failing"] else [])
    yield from _part("What is accepted", [", ".join(page["possible"])])
    yield from _part("How one gets out", [f"{way['action']} -> {' or '.join(way['to'])}" for way in page["out"]])


def _pair(pair: Page) -> str:
    tasks = pair["task_states"]
    return f"vm_state {pair['vm_state']}" + (f" with task_state {', '.join(tasks)}" if tasks else "")


def _task_state(page: Page) -> Iterator[Line]:
    yield Line(page["task_state"], heading=True)
    yield from _texts([page["meaning"]])
    yield from _part("Part of", [", ".join(page["actions"]) or "No action shows it."])
    yield from _part("The status meanwhile", [", ".join(page["statuses"])] if page["statuses"] else [])
    accepted = ", ".join(page["accepted"]) or "Nothing else."
    yield from _part("What is accepted although it looks at the task", [accepted])
    yield from _part("What never looks at the task", [", ".join(page["always"])])


def _code(page: Page) -> Iterator[Line]:
    named = f" ({page['fault']})" if page["fault"] else ""
    yield Line(f"{page['code']}{named}", heading=True)
    yield from _texts([page["meaning"], *([page["helps"]] if page["helps"] else [])])
    yield from _part("Exit code of a command", [str(page["exit_code"])])
    yield from _part("Answer of", [", ".join(page["actions"])] if page["actions"] else [])


KINDS = {"action": _action, "status": _status, "task_state": _task_state, "code": _code}


def _texts(texts: Iterable[str], fixed: bool = False) -> Iterator[Line]:
    for text in texts:
        yield Line("  " + text, fixed=fixed)


def _part(title: str, texts: list[str], fixed: bool = False) -> Iterator[Line]:
    if texts:
        yield Line("")
        yield Line(title, heading=True)
        yield from _texts(texts, fixed)
