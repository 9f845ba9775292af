"""
Reads and checks scenario files. Every mistake is reported with its line number.

The check is 60 lines of our own: jsonschema knows no line numbers, and costs 124 ms to import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from novasim.errors import UsageError
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.scenarios.schema import SECTIONS, TOP_LEVEL
from novasim.simulation.options import DEFAULTS, QUOTAS
from novasim.simulation.time.clock import MODES
from novasim.suggestions import suggest_names

TYPE_NAMES = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


class Scenario(NamedTuple):
    """
    A checked scenario.

    Args:
        path: The file.
        data: The content of the file.
        lines: The line number of each place in it. A place is a path of keys and indexes, such as ("servers", 0).
    """

    path: str
    data: dict[str, Any]
    lines: Mapping[tuple[Any, ...], int]

    def error(self, place: tuple[Any, ...], text: str) -> UsageError:
        """A refusal that names the line of a place."""
        while place and place not in self.lines:
            place = place[:-1]
        return UsageError(f"{self.path}, line {self.lines.get(place, 1)}: {text}")


def read_scenario(path: str) -> Scenario:
    """
    Read a scenario file and check its fields. References between entries are checked when the world is created.

    Raises:
        UsageError: The file is unreadable or not YAML, or a field is unknown, missing or of the wrong type.
    """
    lines: dict[tuple[Any, ...], int] = {}
    data = _load(path, lines)
    scenario = Scenario(path, data if isinstance(data, dict) else {}, lines)
    if not isinstance(data, dict):
        raise scenario.error((), "a scenario must be a mapping of sections such as hosts, flavors, servers")
    _check_fields(scenario, (), data, TOP_LEVEL)
    for section, schema in SECTIONS.items():
        for number, entry in enumerate(data.get(section) or ()):
            _check_entry(scenario, (section, number), entry, schema.required, schema.fields)
    _check_values(scenario)
    return scenario


def _load(path: str, lines: dict[tuple[Any, ...], int]) -> Any:
    try:
        import yaml
    except ImportError:
        raise UsageError("Scenario files need PyYAML; install novasim[yaml].") from None
    try:
        with open(path, encoding="utf-8") as file:
            node = yaml.compose(file, Loader=yaml.SafeLoader)
        if node is None:
            return {}
        _record_lines(node, (), lines)
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file is not UTF-8 text.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from None
    except yaml.YAMLError as error:
        raise _syntax_error(path, error) from None


def _syntax_error(path: str, error: Exception) -> UsageError:
    mark = getattr(error, "problem_mark", None)
    where = f", line {mark.line + 1}" if mark else ""
    return UsageError(f"{path}{where}: {getattr(error, 'problem', None) or 'this is not YAML'}")


def _record_lines(node: Any, place: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if node.id == "mapping":
        for key, value in node.value:
            below = (*place, key.value)
            lines[below] = key.start_mark.line + 1
            _record_lines(value, below, lines)
    elif node.id == "sequence":
        for number, value in enumerate(node.value):
            _record_lines(value, (*place, number), lines)


def _check_entry(
    scenario: Scenario, place: tuple[Any, ...], entry: Any, required: Iterable[str], fields: Mapping[str, Any]
) -> None:
    if not isinstance(entry, dict):
        raise scenario.error(place, f"an entry of {place[0]} must be a mapping, not {entry!r}")
    for name in required:
        if entry.get(name) is None:
            raise scenario.error(place, f"an entry of {place[0]} needs {name}")
    _check_fields(scenario, place, entry, fields)


def _check_fields(
    scenario: Scenario, place: tuple[Any, ...], entry: Mapping[str, Any], fields: Mapping[str, Any]
) -> None:
    for name, value in entry.items():
        if name not in fields:
            hint = suggest_names(str(name), fields, 1)
            raise scenario.error((*place, name), f"{name!r} is not a known field.{hint}")
        types = fields[name]
        is_valid = isinstance(value, types) and (bool in types or not isinstance(value, bool))
        if value is not None and not is_valid:
            raise scenario.error((*place, name), f"{name} must be {TYPE_NAMES[types[-1]]}, not {value!r}")


def _check_values(scenario: Scenario) -> None:
    """Check values that are limited to a list, and that numbers are not negative."""
    data = scenario.data
    _check_choice(scenario, ("clock",), data.get("clock"), MODES)
    for name in data.get("options") or ():
        _check_choice(scenario, ("options", name), name, DEFAULTS)
    for number, project in enumerate(data.get("projects") or ()):
        for name in project.get("quotas") or ():
            _check_choice(scenario, ("projects", number, "quotas", name), name, QUOTAS)
    for number, server in enumerate(data.get("servers") or ()):
        _check_choice(scenario, ("servers", number, "vm_state"), server.get("vm_state"), VM_STATES)
        _check_choice(scenario, ("servers", number, "task_state"), server.get("task_state"), TASK_STATES)
        _check_choice(scenario, ("servers", number, "locked_by"), server.get("locked_by"), ("owner", "admin"))
    for section in ("hosts", "flavors", "images", "volumes"):
        for number, entry in enumerate(data.get(section) or ()):
            for name, value in entry.items():
                if isinstance(value, int | float) and value < 0:
                    raise scenario.error((section, number, name), f"{name} must not be negative")


def _check_choice(scenario: Scenario, place: tuple[Any, ...], value: Any, known: Iterable[str]) -> None:
    known = sorted(known)
    if value is not None and value not in known:
        hint = suggest_names(str(value), known, 1)
        raise scenario.error(place, f"{value!r} is not a valid value.{hint}")
