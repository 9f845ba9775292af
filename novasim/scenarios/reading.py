"""Reading a scenario file: every mistake is named with its line, before anything is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from novasim.errors import UsageError
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.scenarios.form import SECTIONS, TOP
from novasim.simulation.options import DEFAULTS, QUOTAS
from novasim.simulation.time.clock import MODES
from novasim.suggestions import did_you_mean

WORDS = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


class Scenario(NamedTuple):
    """A checked description: `data` as the file says it, `lines` the line of each place in it."""

    path: str
    data: dict[str, Any]
    lines: Mapping[tuple[Any, ...], int]

    def wrong(self, place: tuple[Any, ...], text: str) -> UsageError:
        """The refusal for what stands at a place."""
        while place and place not in self.lines:
            place = place[:-1]
        return UsageError(f"{self.path}, line {self.lines.get(place, 1)}: {text}")


def read(path: str) -> Scenario:
    """
    A scenario file, checked as far as it can be without making its world.

    Raises:
        UsageError: unreadable, no YAML, or a field that is unknown, missing or of the wrong kind.
    """
    lines: dict[tuple[Any, ...], int] = {}
    data = _loaded(path, lines)
    scenario = Scenario(path, data if isinstance(data, dict) else {}, lines)
    if not isinstance(data, dict):
        raise scenario.wrong((), "a scenario is a mapping of sections such as hosts, flavors, servers")
    _check_fields(scenario, (), data, TOP)
    for section, form in SECTIONS.items():
        for number, entry in enumerate(data.get(section) or ()):
            _check_entry(scenario, (section, number), entry, form.required, form.fields)
    _check_words(scenario)
    return scenario


def _loaded(path: str, lines: dict[tuple[Any, ...], int]) -> Any:
    try:
        import yaml
    except ImportError:
        raise UsageError("Scenario files need PyYAML; install novasim[yaml].") from None
    try:
        with open(path, encoding="utf-8") as file:
            node = yaml.compose(file, Loader=yaml.SafeLoader)
        if node is None:
            return {}
        _note_lines(node, (), lines)
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file is not UTF-8 text.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise UsageError(f"{path}{where}: {getattr(error, 'problem', None) or 'this is no YAML'}") from None


def _note_lines(node: Any, place: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if node.id == "mapping":
        for key, value in node.value:
            below = (*place, key.value)
            lines[below] = key.start_mark.line + 1
            _note_lines(value, below, lines)
    elif node.id == "sequence":
        for number, value in enumerate(node.value):
            _note_lines(value, (*place, number), lines)


def _check_entry(
    scenario: Scenario, place: tuple[Any, ...], entry: Any, required: Iterable[str], fields: Mapping[str, Any]
) -> None:
    if not isinstance(entry, dict):
        raise scenario.wrong(place, f"an entry of {place[0]} is a mapping, not {entry!r}")
    for name in required:
        if entry.get(name) is None:
            raise scenario.wrong(place, f"an entry of {place[0]} needs {name}")
    _check_fields(scenario, place, entry, fields)


def _check_fields(
    scenario: Scenario, place: tuple[Any, ...], entry: Mapping[str, Any], fields: Mapping[str, Any]
) -> None:
    for name, value in entry.items():
        if name not in fields:
            hint = did_you_mean(str(name), fields, 1) or f" Choose from: {', '.join(fields)}."
            raise scenario.wrong((*place, name), f"{name!r} is not a known field.{hint}")
        kinds = fields[name]
        fits = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
        if value is not None and not fits:
            raise scenario.wrong((*place, name), f"{name} is {WORDS[kinds[-1]]}, not {value!r}")


def _check_words(scenario: Scenario) -> None:
    """Values that must be among known words, and figures that must not be negative."""
    data = scenario.data
    _one_of(scenario, ("clock",), data.get("clock"), MODES)
    for name in data.get("options") or ():
        _one_of(scenario, ("options", name), name, DEFAULTS)
    for number, project in enumerate(data.get("projects") or ()):
        for name in project.get("quotas") or ():
            _one_of(scenario, ("projects", number, "quotas", name), name, QUOTAS)
    for number, server in enumerate(data.get("servers") or ()):
        _one_of(scenario, ("servers", number, "vm_state"), server.get("vm_state"), VM_STATES)
        _one_of(scenario, ("servers", number, "task_state"), server.get("task_state"), TASK_STATES)
        _one_of(scenario, ("servers", number, "locked_by"), server.get("locked_by"), ("owner", "admin"))
    for section in ("hosts", "flavors", "images", "volumes"):
        for number, entry in enumerate(data.get(section) or ()):
            for name, value in entry.items():
                if isinstance(value, int | float) and value < 0:
                    raise scenario.wrong((section, number, name), f"{name} is not negative")


def _one_of(scenario: Scenario, place: tuple[Any, ...], value: Any, known: Iterable[str]) -> None:
    known = sorted(known)
    if value is not None and value not in known:
        hint = did_you_mean(str(value), known, 1) or f" Choose from: {', '.join(known)}."
        raise scenario.wrong(place, f"{value!r} is not a valid value.{hint}")
