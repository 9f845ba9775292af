"""Reads and checks scenario files. Every mistake is reported with its line number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from novasim.scenarios.checks import Scenario, check_values
from novasim.scenarios.schema import Field
from novasim.scenarios.server_schema import SECTIONS, TOP_LEVEL
from novasim.strutils import quote
from novasim.suggestions import suggest_names
from novasim.yamlutils import parse_yaml, read_text

TYPE_NAMES = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def read_scenario(path: str) -> Scenario:
    """
    Read a scenario file and check its fields. References between entries are checked when the world is created.

    Raises:
        UsageError: The file is unreadable or not YAML, or a field is unknown, missing, of the wrong type or invalid.
    """
    scenario = Scenario(*parse_yaml(path, read_text(path)))
    if not isinstance(scenario.data, dict):
        raise scenario.error((), "a scenario must be a mapping of sections such as hosts, flavors, servers")
    _check_names(scenario, (), scenario.data, TOP_LEVEL)
    _check_types(scenario, (), scenario.data, TOP_LEVEL)
    for section, schema in SECTIONS.items():
        for number, entry in enumerate(scenario.data.get(section) or ()):
            place = (section, number)
            if isinstance(entry, dict):
                _rename_fields(scenario, place, entry, schema.renamed)
            _check_entry(scenario, place, entry, schema.required, schema.fields)
    check_values(scenario)
    return scenario


OLD_FLAGS: dict[str, dict[bool, str | None]] = {
    "disabled": {True: "disabled", False: "enabled"},
    "deleted": {True: "DELETED", False: None},
}
"""Fields that were flags and are now values of other fields."""


def _rename_fields(
    scenario: Scenario, place: tuple[Any, ...], entry: dict[str, Any], renamed: Mapping[str, str]
) -> None:
    """Give fields with the names of earlier versions their present names."""
    for old, new in renamed.items():
        if old not in entry:
            continue
        value = entry.pop(old)
        if old in OLD_FLAGS and value is not None:
            if not isinstance(value, bool):
                raise scenario.error((*place, old), f"{old} must be {TYPE_NAMES[bool]}, not {quote(value)}")
            value = OLD_FLAGS[old][value]
        if value is not None and entry.get(new) not in (None, value):
            raise scenario.error((*place, old), f"{old} is the old name of {new}; give only {new}")
        entry.setdefault(new, value)


def _check_entry(
    scenario: Scenario, place: tuple[Any, ...], entry: Any, required: Iterable[str], fields: Mapping[str, Field]
) -> None:
    if not isinstance(entry, dict):
        example = ", such as {name: " + entry + "}" if isinstance(entry, str) and "name" in required else ""
        raise scenario.error(place, f"an entry of {place[0]} must be a mapping{example}, not {quote(entry)}")
    _check_names(scenario, place, entry, fields)
    for name in required:
        if entry.get(name) is None:
            raise scenario.error(place, f"an entry of {place[0]} needs {name}")
    _check_types(scenario, place, entry, fields)


def _check_names(scenario: Scenario, place: tuple[Any, ...], names: Iterable[Any], fields: Mapping[str, Field]) -> None:
    for name in names:
        if name not in fields:
            hint = suggest_names(str(name), fields, 1)
            raise scenario.error((*place, name), f"{quote(name)} is not a known field.{hint}")


def _check_types(
    scenario: Scenario, place: tuple[Any, ...], entry: Mapping[str, Any], fields: Mapping[str, Field]
) -> None:
    for name, value in entry.items():
        types = fields[name].types
        is_valid = isinstance(value, types) and (bool in types or not isinstance(value, bool))
        if value is not None and not is_valid:
            raise scenario.error((*place, name), f"{name} must be {TYPE_NAMES[types[-1]]}, not {quote(value)}")
