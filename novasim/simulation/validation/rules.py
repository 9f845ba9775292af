"""The rules for the values of fields of stored documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from novasim.lifecycle.states import POWER_STATES, TASK_STATES, VM_STATES
from novasim.records import (
    Flavor,
    InstanceAction,
    MetadefNamespace,
    Migration,
    Port,
    Record,
    SecurityGroup,
    Server,
    Settings,
    Subnet,
    Task,
    User,
    Volume,
    VolumeTransfer,
    VolumeType,
)
from novasim.records.base import NESTED, TYPES, required_fields, types_of_fields
from novasim.simulation.keys.passwords import is_password_hash
from novasim.simulation.options import DEFAULTS
from novasim.simulation.time.clock import ALL_MODES
from novasim.simulation.time.settle import NEVER
from novasim.simulation.time.timers import TIMEOUT_BY_ACTION

LENGTH_OF_TIME = len("2026-01-01T00:00:00.000000Z")
MAX_INTEGER = 10**100  # sums and products of a few such numbers still fit into a float
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)

Check = Callable[[Any], bool]


class Rule(NamedTuple):
    """
    A rule for a value.

    Args:
        check: Whether a value is valid. It accepts every JSON value and raises nothing.
        words: What the value should be.
        needs_value: Whether the check depends on more than the type of the value.
    """

    check: Check
    words: str
    needs_value: bool = True


OBJECTS: dict[tuple[type[Record], str], dict[str, str]] = {
    (InstanceAction, "events"): {
        "event": "str",
        "start_time": "time",
        "finish_time": "time | None",
        "result": "str | None",
    },
    (Port, "fixed_ips"): {"subnet_id": "str", "ip_address": "address"},
    (Subnet, "allocation_pools"): {"start": "address", "end": "address"},
    (SecurityGroup, "rules"): {
        "id": "str",
        "direction": "str",
        "ethertype": "str",
        "remote_ip_prefix": "network | None",
    },
    (MetadefNamespace, "objects"): {"name": "str", "required": "list[str]", "properties": "dict[str, Any]"},
    (MetadefNamespace, "tags"): {"name": "str"},
    (MetadefNamespace, "resource_types"): {"name": "str"},
    (User, "credentials"): {"id": "str", "name": "str", "project_id": "str", "roles": "list[str]", "hash": "hash"},
    (Volume, "attachments"): {
        "server_id": "str | None",
        "attachment_id": "str",
        "device": "str | None",
        "attached_at": "time",
    },
    (Volume, "reserved"): {"server_id": "str | None", "attachment_id": "str", "status": "str", "device": "str"},
}
"""By the fields that contain them: keys that each object in a list must have, and the types of their values."""
OPTIONAL_OBJECTS: dict[tuple[type[Record], str], dict[str, str]] = {
    (Server, "fault"): {"code": "integer", "created": "str", "message": "str"},
    (VolumeType, "encryption"): {
        "provider": "str | None",
        "control_location": "str | None",
        "cipher": "str | None",
        "key_size": "integer | None",
        "created_at": "str",
        "updated_at": "str | None",
    },
}
"""Fields with an object or nothing: the keys that the object must have, and the types of their values."""
VALUES: dict[tuple[type[Record], str], Collection[object]] = {
    (Settings, "clock"): ALL_MODES,
    (Server, "vm_state"): VM_STATES,
    (Server, "task_state"): TASK_STATES | {None},
    (Server, "power_state"): POWER_STATES,
}
"""The values that fields may have."""


def type_rule(hint: str, words: str) -> Rule:
    """The rule for the type in an annotation such as "dict[str, int] | None"."""
    needs_value = any(part == "float" or ("[" in part and part != "dict[str, Any]") for part in hint.split(" | "))
    return Rule(_type_check(hint), words, needs_value)


def special_rules(kind: type[Record], types: Mapping[str, Collection[type]]) -> Iterator[tuple[str, Rule]]:
    """Rules about more than the type of a field, with its name. *types* are those of its fields."""
    for name in types:
        if name.endswith(("_at", "_time")) and str in types[name]:
            yield name, Rule(_is_time, "a time such as 2026-01-01T00:00:00.000000Z")
        if int in types[name]:
            yield name, Rule(_is_in_range, "a whole number of at most 100 digits")
    for table in (_object_rules(), _value_rules(), _other_rules()):
        yield from ((name, rule) for (owner, name), rule in table if owner is kind)


RuleOfField = tuple[tuple[type[Record], str], Rule]


def _object_rules() -> Iterator[RuleOfField]:
    for field, keys in OBJECTS.items():
        yield field, Rule(_objects_check(keys), f"a list of objects with valid {', '.join(keys)}")


def _value_rules() -> Iterator[RuleOfField]:
    for field, values in VALUES.items():
        yield field, Rule(_member_check(values), "a known value")


def _other_rules() -> Iterator[RuleOfField]:
    yield (Server, "flavor"), Rule(is_flavor, "a flavor")
    for field, keys in OPTIONAL_OBJECTS.items():
        yield field, Rule(_optional_object_check(keys), f"an object with valid {', '.join(keys)}")
    yield (Server, "image"), Rule(_is_image, "the properties of an image")
    yield (Migration, "old_flavor"), Rule(_is_flavor_or_empty, "a flavor")
    yield (Migration, "new_flavor"), Rule(_is_flavor_or_empty, "a flavor")
    yield (Task, "action"), Rule(_is_task, "the name of an action or of a timer")
    yield (Subnet, "cidr"), Rule(_is_network, "a network such as 192.0.2.0/24")
    yield (User, "password_hash"), Rule(_is_hash, "the hash of a password")
    yield (VolumeTransfer, "auth_key_hash"), Rule(_is_hash, "the hash of a key")
    yield (Settings, "options"), Rule(_are_options, "options with valid values")


def _objects_check(keys: Mapping[str, str]) -> Check:
    check = object_check(keys)
    return lambda value: type(value) is list and all(map(check, value))


def object_check(keys: Mapping[str, str]) -> Check:
    """Whether a value is an object that has these keys, with values of these types."""
    checks = [(key, _type_check(hint)) for key, hint in keys.items()]
    return lambda value: type(value) is dict and all(key in value and check(value[key]) for key, check in checks)


def _optional_object_check(keys: Mapping[str, str]) -> Check:
    check = object_check(keys)
    return lambda value: not value or check(value)


def _member_check(values: Collection[object]) -> Check:
    return lambda value: type(value) not in NESTED and value in values


def has_phase(task: Mapping[str, Any]) -> bool:
    """Whether the position of a task is that of one of its phases."""
    ends, position = task.get("ends", []), task.get("position", 0)
    return type(ends) is list and type(position) is int and 0 <= position < len(ends)


def is_flavor(value: Any) -> bool:
    """Whether a copy of a flavor has all that a flavor must have, with the right types."""
    if type(value) is not dict or not value.keys() >= required_fields(Flavor):
        return False
    types = types_of_fields(Flavor)
    is_valid = all(type(each) in types[name] and _is_in_range(each) for name, each in value.items() if name in types)
    return is_valid and all(type(each) is str for each in value.get("extra_specs", {}).values())


def _is_flavor_or_empty(value: Any) -> bool:
    return not value or is_flavor(value)


def _is_image(value: Any) -> bool:
    """Whether it is empty or has the fields that servers copy from their images."""
    if type(value) is not dict:
        return False
    minimums = [value.get(name, 0) for name in ("min_disk", "min_ram")]
    return (
        all(type(each) is int and _is_in_range(each) for each in minimums) and type(value.get("properties", {})) is dict
    )


def _is_task(name: Any) -> bool:
    from novasim.lifecycle.actions import ACTIONS  # most checks need no table of actions

    return type(name) is str and (name in ACTIONS or name in TIMEOUT_BY_ACTION.values())


def _are_options(value: Any) -> bool:
    if type(value) is not dict:
        return False
    known = [(each, _option_types(DEFAULTS[name])) for name, each in value.items() if name in DEFAULTS]
    return all(type(each) in types and _is_in_range(each) for each, types in known)


def _option_types(default: object) -> tuple[type, ...]:
    return (int, float) if type(default) is float else (type(default),)


def _is_hash(text: object) -> bool:
    return isinstance(text, str) and is_password_hash(text)  # "" in an export without secrets


def _is_network(text: object) -> bool:
    from ipaddress import ip_network  # commands that make no backup do not need it

    try:
        return isinstance(text, str) and bool(ip_network(text))
    except ValueError:
        return False


def _is_address(text: object) -> bool:
    return isinstance(text, str) and (IPV4.fullmatch(text) is not None or ("/" not in text and _is_network(text)))


def _is_in_range(value: Any) -> bool:
    return type(value) is not int or -MAX_INTEGER < value < MAX_INTEGER


def _is_time(value: Any) -> bool:
    if not value:
        return True
    try:
        return (
            type(value) is str
            and len(value) == LENGTH_OF_TIME
            and value[-1] == "Z"
            and bool(datetime.fromisoformat(value[:-1]))
        )
    except ValueError:
        return False


def _is_integer(value: Any) -> bool:
    return type(value) is int and _is_in_range(value)


ONLY_TEXT = frozenset({str})
FORMS: dict[str, Check] = {
    "address": _is_address,
    "network": _is_network,
    "hash": _is_hash,
    "integer": _is_integer,
    "time": lambda value: type(value) is str and _is_time(value),
}


@cache
def _type_check(hint: str) -> Check:
    """Whether a value has the type in an annotation, with all values in it."""
    checks = [_part_check(part) for part in hint.split(" | ")]
    return checks[0] if len(checks) == 1 else lambda value: any(check(value) for check in checks)


def _part_check(part: str) -> Check:
    if part in FORMS:
        return FORMS[part]
    name, _, content = part.partition("[")
    types, content = TYPES[name], content.removesuffix("]").removeprefix("str, ")
    if float in types:
        return lambda value: type(value) in types and -NEVER <= value <= NEVER
    if content in ("", "Any"):
        return lambda value: type(value) in types
    if content == "str":
        return lambda value: type(value) in types and ONLY_TEXT.issuperset(map(type, _list_values(value)))
    if content == "int":
        return lambda value: type(value) in types and all(map(_is_integer, _list_values(value)))
    check = _type_check(content)
    return lambda value: type(value) in types and all(map(check, _list_values(value)))


def _list_values(value: Any) -> Any:
    return value.values() if type(value) is dict else value
