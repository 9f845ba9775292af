"""Pages as lines of text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

Page = dict[str, Any]
MAX_TASK_STATES = 12  # in one sentence


class Line(NamedTuple):
    """
    A line of text.

    Args:
        heading: Whether it starts a section.
        hang: How many columns its continuation lines are indented if it is wrapped.
        fixed: Whether it must not be wrapped.
        bar: The length of a bar after the text: 1 for the longest one, 0 for no bar.
        tail: Text after the bar.
        is_remark: Whether a shell ignores it: the line, and its continuation lines on a terminal, begin with "#".
    """

    text: str
    heading: bool = False
    hang: int = 2
    fixed: bool = False
    bar: float = 0
    tail: str = ""
    is_remark: bool = False


def page_lines(page: Page) -> Iterator[Line]:
    """The lines of a page of any kind."""
    kind = next(kind for kind in _WRITERS if kind in page)
    return _WRITERS[kind](page)


def _action_lines(page: Page) -> Iterator[Line]:
    yield Line(f"{page['action']}: {page['summary']}", heading=True)
    yield from _indent([page["does"]])
    yield from _section("How", [page["command"] or "There is no command, only the request.", page["request"]])
    yield from _section("Who", [_who(page)])
    yield from _section("When", _when(page))
    yield from _phase_lines(page)
    yield from _section("Possible failures", page["wrong"])
    yield from _section("To know", page["notes"])
    yield from _section("Differences from Nova's documentation", page["differs"])
    yield from _section("Source", [page["source"]])


def _who(page: Page) -> str:
    roles = ", ".join(page["allowed"]) or "no role"
    return f"{roles} of the server's project (rule {page['policy']}); administrators of any project."


def _when(page: Page) -> list[str]:
    first, last = page["microversions"]
    return [
        *_accepted_when(page),
        *page["conditions"],
        f"Microversions {first} to {last}.",
    ]


def _accepted_when(page: Page) -> list[str]:
    """The statuses and task_states, and whether a lock matters; nothing for an action on no server."""
    if page["statuses"] == []:
        return []
    statuses = "in every status" if page["statuses"] is None else f"in {', '.join(page['statuses'])}"
    return [f"Accepted {statuses}, {_during(page['task_states'])}.", page["lock"]]


def _during(task_states: list[str | None] | None) -> str:
    if task_states is None:
        return "with any task_state"
    names = [name for name in task_states if name is not None]
    if not names:
        return "without a task_state"
    return f"also during {', '.join(names)}" if len(names) < MAX_TASK_STATES else "during most task_states"


def _phase_lines(page: Page) -> Iterator[Line]:
    refusals = ", ".join(map(str, page["refusals"]))
    yield from _section("Steps", [f"The answer is {page['code']}; refusals are {refusals}."])
    longest = max([phase["seconds"] for phase in page["phases"]], default=0) or 1
    width = max([len(_task_state(phase)) for phase in page["phases"]], default=0)
    growths = [f"  grows with {phase['grows_with']}" if phase["grows_with"] else "" for phase in page["phases"]]
    room = max(map(len, growths), default=0)  # the same for all, so that all bars have one scale
    for phase, growth in zip(page["phases"], growths, strict=True):
        text = f"    {_task_state(phase):<{width}}  {phase['seconds']:>4.1f} s  "
        yield Line(text, hang=6, bar=phase["seconds"] / longest or 0.01, tail=growth.ljust(room))
    ends = " or ".join(page["ends"]) or "unchanged"
    fails = f"; after a failure: {page['fails']}" if page["fails"] else ""
    yield Line(f"  Status at the end: {ends}{fails}.", hang=4)


def _task_state(phase: Page) -> str:
    return phase["task_state"] or "(no task_state)"


def _status_lines(page: Page) -> Iterator[Line]:
    yield Line(page["status"], heading=True)
    yield from _indent([page["meaning"]])
    yield from _section("vm_state and task_state", [_pair(pair) for pair in page["behind"]])
    title = "Actions that lead to it" if page["lasts"] else "Transitional: shown only during"
    yield from _section(title, [", ".join(page["in"]) or "No request leads to it."])
    yield from _section("Actions that end in it if they fail", [", ".join(page["failing"])] if page["failing"] else [])
    yield from _section("Accepted actions", [", ".join(page["possible"])])
    ways_out = [f"{each['action']} -> {' or '.join(each['to'])}" for each in page["out"]]
    yield from _section("Actions that lead to other statuses", ways_out)
    yield from _section("Differences from Nova's documentation", page["differs"])


def _pair(pair: Page) -> str:
    tasks = pair["task_states"]
    return f"vm_state {pair['vm_state']}" + (f" with task_state {', '.join(tasks)}" if tasks else "")


def _task_state_lines(page: Page) -> Iterator[Line]:
    yield Line(page["task_state"], heading=True)
    yield from _indent([page["meaning"]])
    yield from _section("Actions", [", ".join(page["actions"]) or "No action shows it."])
    yield from _section("Status while it is shown", [", ".join(page["statuses"])] if page["statuses"] else [])
    accepted = ", ".join(page["accepted"]) or "No others."
    yield from _section("Accepted during this task_state", [accepted])
    yield from _section("Accepted during any task_state", [", ".join(page["always"])])


def _code_lines(page: Page) -> Iterator[Line]:
    name = f" ({page['fault']})" if page["fault"] else ""
    yield Line(f"{page['code']}{name}", heading=True)
    yield from _indent([page["meaning"], *([page["helps"]] if page["helps"] else [])])
    yield from _section("Exit code of a command", [str(page["exit_code"])])
    yield from _section("Actions that answer with it", [", ".join(page["actions"])] if page["actions"] else [])


def _subject_lines(page: Page) -> Iterator[Line]:
    yield Line(page["subject"], heading=True)
    yield from _indent([page["meaning"]])
    yield from _section("To know", page["notes"])
    yield from _section("Differences from Nova's documentation", page["differs"])


def _term_lines(page: Page) -> Iterator[Line]:
    yield Line(page["term"], heading=True)
    yield from _indent([page["meaning"]])


def _glossary_lines(page: Page) -> Iterator[Line]:
    for each in page["glossary"]:
        yield Line(f"{each['term']}: {each['meaning']}")
    yield Line("")
    yield Line("Actions, statuses, task_states and codes have pages of their own: novasim explain")


_WRITERS = {
    "action": _action_lines,
    "status": _status_lines,
    "task_state": _task_state_lines,
    "code": _code_lines,
    "subject": _subject_lines,
    "term": _term_lines,
    "glossary": _glossary_lines,
}


def _indent(texts: Iterable[str], hang: int = 2) -> Iterator[Line]:
    for text in texts:
        yield Line("  " + text, hang=hang)


def _section(title: str, texts: list[str]) -> Iterator[Line]:
    if texts:
        yield Line("")
        yield Line(title, heading=True)
        yield from _indent(texts, hang=4)
