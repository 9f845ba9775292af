"""Checks of the values of a scenario, by the rules of the API and of `config set`, `host create` and the like."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from novasim.api.compute.extra_specs.validation import check_extra_spec
from novasim.api.network.subnet_validation import check_dhcp, check_gateway, check_pools, parse_cidr
from novasim.api.schemas.validator import first_error
from novasim.control.hosts import CAPACITIES, RATIOS, check_host
from novasim.control.options import parse_option
from novasim.control.worlds import MAX_HOSTS
from novasim.errors import NovasimError
from novasim.scenarios.values import VALUES
from novasim.simulation.options import DEFAULTS, QUOTAS
from novasim.simulation.time.clock import MODES
from novasim.strutils import quote
from novasim.suggestions import suggest_names
from novasim.yamlutils import Place, YamlFile

TABLES = (("flavors", "extra_specs"), ("images", "properties"), ("servers", "metadata"))
UNIQUE = {
    "projects": ("id", "name"),
    "users": ("id", "name"),
    "hosts": ("name",),
    "flavors": ("id", "name"),
    "images": ("id",),
    "networks": ("id",),
    "security_groups": ("id",),
    "volumes": ("id",),
    "servers": ("id",),
}


class Scenario(YamlFile):
    """A checked scenario."""

    __slots__ = ()

    def list_entries(self, section: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The entries of a section without empty fields, each with its place."""
        for number, entry in enumerate(self.data.get(section) or ()):
            yield (section, number), {name: value for name, value in entry.items() if value is not None}

    def copy_entries(self, section: str) -> list[dict[str, Any]]:
        """Copies of the entries of a section without empty fields."""
        return [entry for _, entry in self.list_entries(section)]

    def has_section(self, section: str) -> bool:
        """Whether the scenario describes a section, if only as empty."""
        return self.data.get(section) is not None

    @contextmanager
    def locate_errors(self, place: Place) -> Iterator[None]:
        """Add file and line of a place to errors of rules that do not know where the values are from."""
        try:
            yield
        except NovasimError as error:
            raise self.error(place, str(error)) from None


def check_values(scenario: Scenario) -> None:
    """
    Check all values and convert them to the form in which they are stored.

    Raises:
        UsageError: A value is invalid; the message names the line.
    """
    _check_choice(scenario, ("clock",), scenario.data.get("clock"), MODES)
    _convert_options(scenario)
    _convert_tables(scenario)
    _check_choices(scenario)
    _check_schemas(scenario)
    _check_hosts(scenario)
    _check_flavors(scenario)
    for place, entry in scenario.list_entries("networks"):
        _check_network(scenario, place, entry)
    _check_unique(scenario)


def _convert_options(scenario: Scenario) -> None:
    options = scenario.data.get("options") or {}
    for name, value in options.items():
        place = ("options", name)
        _check_choice(scenario, place, name, DEFAULTS)
        if value is None or (isinstance(value, dict | list) and not isinstance(DEFAULTS[name], list)):
            raise scenario.error(place, f"{name} takes a value such as {DEFAULTS[name]!r}, not {quote(value)}")
        with scenario.locate_errors(place):
            options[name] = parse_option(name, value if isinstance(value, str) else json.dumps(value))


def _convert_tables(scenario: Scenario) -> None:
    """Write numbers and booleans in free-form tables and lists as text, as clients do."""
    for section, field in TABLES:
        for place, entry in scenario.list_entries(section):
            if field in entry:
                table = entry[field].items()
                converted = {str(name): _as_text(scenario, (*place, field, name), value) for name, value in table}
                scenario.data[section][place[1]][field] = converted
    for place, entry in scenario.list_entries("servers"):
        if "tags" in entry:
            tags = [_as_text(scenario, (*place, "tags", number), tag) for number, tag in enumerate(entry["tags"])]
            scenario.data["servers"][place[1]]["tags"] = sorted(set(tags))


def _as_text(scenario: Scenario, place: Place, value: Any) -> str:
    if isinstance(value, dict | list) or value is None:
        raise scenario.error(place, f"{place[-1]} must be text, not {quote(value)}")
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _check_choices(scenario: Scenario) -> None:
    for place, project in scenario.list_entries("projects"):
        for name in project.get("quotas") or ():
            _check_choice(scenario, (*place, "quotas", name), name, QUOTAS)


def _check_choice(scenario: Scenario, place: Place, value: Any, known: Iterable[str]) -> None:
    known = sorted(known)
    if value is not None and value not in known:
        hint = suggest_names(str(value), known, 1)
        raise scenario.error(place, f"{quote(value)} is not a valid value.{hint}")


def _check_schemas(scenario: Scenario) -> None:
    for section, schemas in VALUES.items():
        for place, entry in scenario.list_entries(section):
            for name in sorted(schemas.keys() & entry.keys()):
                if "enum" in schemas[name]:
                    _check_choice(scenario, (*place, name), entry[name], schemas[name]["enum"])
                _check_keys(scenario, (*place, name), entry[name])
                if error := first_error(schemas[name], entry[name]):
                    raise scenario.error((*place, name, *error.path), f"{name} is not valid: {error.message}")


def _check_keys(scenario: Scenario, place: Place, value: Any) -> None:
    """Check that all keys within a value are text, as in JSON. YAML has others."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(value, dict) and not isinstance(key, str):
            raise scenario.error(place, f"the key {quote(key)} must be text; put it in quotes")
        _check_keys(scenario, (*place, key), inner)


def _check_hosts(scenario: Scenario) -> None:
    for place, entry in scenario.list_entries("hosts"):
        values = {name: value for name, value in entry.items() if isinstance(value, int | float)}
        with scenario.locate_errors(place):
            known = {name: value for name, value in values.items() if name in (*CAPACITIES, *RATIOS)}
            check_host(entry["name"], known)
    if len(scenario.data.get("hosts") or ()) > MAX_HOSTS:
        raise scenario.error(("hosts",), f"a cloud has at most {MAX_HOSTS:,} hosts")


def _check_flavors(scenario: Scenario) -> None:
    for place, entry in scenario.list_entries("flavors"):
        for name, value in entry.get("extra_specs", {}).items():
            with scenario.locate_errors((*place, "extra_specs", name)):
                check_extra_spec(name, value)


def _check_network(scenario: Scenario, place: Place, entry: dict[str, Any]) -> None:
    for key, version in (("cidr", 4), ("cidr_v6", 6)):
        if key in entry:
            with scenario.locate_errors((*place, key)):
                cidr = parse_cidr({"cidr": entry[key], "ip_version": version})
                check_dhcp(cidr, enable_dhcp=True)
                check_gateway(str(cidr.network_address + 1), cidr)
                if key == "cidr" and "pool_start" in entry and "pool_end" in entry:
                    pool = {"start": entry["pool_start"], "end": entry["pool_end"]}
                    check_pools([pool], cidr, str(cidr.network_address + 1))
    if ("pool_start" in entry) != ("pool_end" in entry) or ("pool_start" in entry and "cidr" not in entry):
        raise scenario.error(place, "pool_start and pool_end need each other and cidr")


def _check_unique(scenario: Scenario) -> None:
    """Check that no two entries of a section have the same ID or, where names must be unique, the same name."""
    for section, fields in UNIQUE.items():
        for field in fields:
            seen: set[Any] = set()
            for place, entry in scenario.list_entries(section):
                value = entry.get(field, entry["name"] if section == "flavors" else None)
                if value is not None and value in seen:
                    raise scenario.error((*place, field), f"another entry of {section} has the {field} {quote(value)}")
                seen.add(value)
    seen_keys: set[tuple[str, str]] = set()
    for place, entry in scenario.list_entries("keypairs"):
        if (key := (entry["user"], entry["name"])) in seen_keys:
            raise scenario.error(place, f"this user already has a key pair {quote(entry['name'])}")
        seen_keys.add(key)
