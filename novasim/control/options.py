"""Nova's options, the durations of actions and the policy overrides of a cloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim import jsonutils
from novasim.cloud import Cloud
from novasim.control.clock import parse_duration
from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.simulation.options import DEFAULT_RANGE, DEFAULTS, FILTERS, RANGES
from novasim.strutils import bool_from_string, quote
from novasim.suggestions import suggest_names

DURATION = "duration."
MAX_LENGTH = 255  # characters of an option that is text


def list_options(cloud: Cloud) -> dict[str, Any]:
    """All options and changed durations, with their values in this cloud."""
    with cloud.reading() as world:
        durations = {DURATION + name: seconds for name, seconds in sorted(world.settings.durations.items())}
        return {name: world.option(name) for name in DEFAULTS} | durations


def set_option(cloud: Cloud, name: str, text: str) -> None:
    """
    Set an option, or the duration of an action or phase.

    Args:
        name: An option, duration.ACTION or duration.ACTION.PHASE.
        text: The value; a list is JSON or has commas between its items, durations are as for `parse_duration`.

    Raises:
        UsageError: Unknown name, or a value of the wrong type or out of range.
    """
    if name.startswith(DURATION):
        _check_duration_name(name)
        value: Any = parse_duration(text)
    else:
        value = parse_option(name, text)
    with cloud.writing(is_request=False, what="config set") as world:
        settings = world.settings
        (settings.durations if name.startswith(DURATION) else settings.options)[name.removeprefix(DURATION)] = value
        world.tx.put(settings)


def unset_option(cloud: Cloud, name: str) -> None:
    """
    Reset an option or duration to its default.

    Raises:
        UsageError: Unknown name.
    """
    if name.startswith(DURATION):
        _check_duration_name(name)
    else:
        _check_option_name(name)
    with cloud.writing(is_request=False, what="config unset") as world:
        world.settings.options.pop(name, None)
        world.settings.durations.pop(name.removeprefix(DURATION), None)
        world.tx.put(world.settings)


def set_policy_overrides(cloud: Cloud, overrides: dict[str, str]) -> None:
    """Replace all overrides of policy rules. They were checked when they were parsed."""
    with cloud.writing(is_request=False, what="policy") as world:
        world.settings.policy = dict(overrides)
        world.tx.put(world.settings)


def _check_duration_name(name: str) -> None:
    action, _, phase = name.removeprefix(DURATION).partition(".")
    if action not in ACTIONS:
        raise UsageError(f"There is no action {action!r}.{suggest_names(action, ACTIONS, 1)}")
    alternatives = (ACTIONS[action].phases, *ACTIONS[action].variants.values())
    phases = [phase.task_state for phases in alternatives for phase in phases if phase.task_state]
    if phase and phase not in phases:
        raise UsageError(f"The action {action} has no phase {phase!r}; it has: {', '.join(dict.fromkeys(phases))}.")


def _check_option_name(name: str) -> None:
    if name not in DEFAULTS:
        raise UsageError(f"There is no option {quote(name)}.{suggest_names(name, DEFAULTS)}")


def parse_option(name: str, text: str) -> Any:
    """
    Convert the value of an option to the type of the option's default.

    Raises:
        UsageError: Unknown name, or a value of the wrong type or out of range.
    """
    _check_option_name(name)
    default = DEFAULTS[name]
    if isinstance(default, bool):
        try:
            return bool_from_string(text, strict=True)
        except ValueError:
            raise UsageError(f"{name} must be true or false, not {quote(text)}.") from None
    parsers: dict[type, Any] = {int: int, float: float, list: _parse_list}
    try:
        value = parsers.get(type(default), str)(text)
    except ValueError:
        raise UsageError(f"{name} takes a value such as {default!r}, not {quote(text)}.") from None
    minimum, maximum = RANGES.get(name, DEFAULT_RANGE)
    if isinstance(value, int | float) and not minimum <= value <= maximum:
        raise UsageError(f"{name} must be between {minimum:g} and {maximum:,g}, not {quote(value)}.")
    if isinstance(value, str) and not (value.isprintable() and len(value) <= MAX_LENGTH):
        raise UsageError(f"{name} must be at most {MAX_LENGTH} printable characters, not {quote(text)}.")
    if name in _CHECKS:
        _CHECKS[name](value)
    return value


def _parse_list(text: str) -> list[Any]:
    if not text.lstrip().startswith(("[", "{", '"')):
        return [item.strip() for item in text.split(",") if item.strip()]
    value = jsonutils.decode_request(text)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(text)
    return value


def _check_filters(names: list[Any]) -> None:
    if unknown := [name for name in names if name not in FILTERS]:
        raise UsageError(f"There is no filter {quote(unknown[0])}; those with an effect are: {', '.join(FILTERS)}.")


def _check_template(text: str) -> None:
    try:
        is_unique = text % 1 != text % 2
    except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
        is_unique = False
    if not is_unique:
        raise UsageError(f"{quote(text)} is not a template of names; it needs one field for a number, such as %08x.")


def _check_pattern(text: str) -> None:
    import re

    from novasim.regex import TooComplex, compile_search

    try:
        compile_search(text)
    except TooComplex:
        raise UsageError(f"{quote(text)} is too complex a regular expression.") from None
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"{quote(text)} is not a regular expression: {error}.") from None


def _check_disk_limit(value: int) -> None:
    if value == 0:
        raise UsageError("max_disk_devices_to_attach must not be 0, with which nova-compute does not start.")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "enabled_filters": _check_filters,
    "instance_name_template": _check_template,
    "max_disk_devices_to_attach": _check_disk_limit,
    "password_pattern": _check_pattern,
}
