"""Adds, lists and removes the injected faults of a cloud."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from novasim.cloud import Cloud
from novasim.control.arguments import check_arguments
from novasim.control.network_faults import KINDS as NETWORK_KINDS
from novasim.control.network_faults import PREDEFINED as PREDEFINED_OF_NETWORK
from novasim.control.network_faults import check_network_fault, check_server_fault
from novasim.errors import Gone, NotFound, UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Fault, Flavor, Host, Image, Project, Task
from novasim.simulation.faults import NO_VALID_HOST, hold_reason
from novasim.simulation.time.tasks import resume_task
from novasim.simulation.world import World
from novasim.suggestions import did_you_mean, suggest_names

KINDS = ("refuse", "stuck", "slow", "fail", "lose", "host-crash")
ALL_KINDS = (*KINDS, *NETWORK_KINDS)
FIELDS = tuple(name for name in Fault.__annotations__ if name not in ("table", "created_at", "seen", "triggered"))
CODES = (400, 403, 404, 409, 413, 500, 501, 503)
MAX_LENGTH = 255
NOT_IMPLEMENTED = 501

# Failures that are common in real clouds, by name. Their messages begin as Nova's do.
PREDEFINED: dict[str, dict[str, Any]] = {
    NO_VALID_HOST: {
        "action": "create",
        "phase": "scheduling",
        "does": "fail",
        "message": "No valid host was found. There are not enough hosts available.",
    },
    "image-download": {
        "action": "create",
        "phase": "spawning",
        "does": "fail",
        "message": "The image could not be downloaded.",
    },
    "spawn": {
        "action": "create",
        "phase": "spawning",
        "does": "fail",
        "message": "The hypervisor could not start the guest.",
    },
    "resize-disk-full": {
        "action": "resize",
        "phase": "resize_finish",
        "does": "fail",
        "message": "No space left on device",
    },
    "live-migration-abort": {
        "action": "live-migrate",
        "phase": "migrating",
        "does": "fail",
        "message": "Live migration operation has aborted",
    },
    "shelve-upload": {
        "action": "shelve",
        "phase": "shelving_image_uploading",
        "does": "fail",
        "message": "The image of the shelved instance could not be uploaded.",
    },
    "volume-attach": {
        "action": "attach-volume",
        "does": "fail",
        "message": "Failed to attach the volume: the connection to the storage timed out.",
    },
    "image-service": {
        "action": "create",
        "does": "refuse",
        "code": 500,
        "message": "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova "
        "API log if possible.\n<class 'nova.exception.GlanceConnectionFailed'>",
    },
    "host-crash": {"does": "host-crash"},
    **PREDEFINED_OF_NETWORK,
}

# The phases that end with the selection of a host, by action.
SCHEDULING_PHASES = {
    "create": "scheduling",
    "resize": "resize_prep",
    "migrate": "resize_prep",
    "unshelve": "unshelving",
    "evacuate": "rebuilding",
}


def add_fault(cloud: Cloud, **criteria: Any) -> dict[str, Any]:
    """
    Add a fault. It takes effect at once.

    Args:
        criteria: Fields of the record Fault. A `name` in PREDEFINED sets the fields that are not given.

    Returns:
        The fault as `list_faults` describes it.

    Raises:
        UsageError: A field is invalid, or the fault could never be triggered.
        NotFound: There is no such host, image, flavor or project.
    """
    given = _drop_empty(criteria)
    check_arguments(Fault, given, FIELDS, "a fault")
    fields = {**_predefined_fields(given), **given}
    _check(fields)
    with cloud.writing(is_request=False, what="fault add") as world:
        for kind, field in ((Host, "host"), (Image, "image"), (Flavor, "flavor"), (Project, "project")):
            if fields.get(field):
                _check_exists(world.tx.query(kind), field, fields[field])
        fault = Fault(id=str(world.allocate_number("faults")), created_at=world.time, **fields)
        world.tx.put(fault)
    return _describe(fault)


def list_faults(cloud: Cloud) -> list[dict[str, Any]]:
    """List all faults in order of precedence: of several that match, the first is triggered."""
    with cloud.reading() as world:
        return [_describe(fault) for fault in world.tx.query(Fault)]


def remove_faults(cloud: Cloud, text: str) -> None:
    """
    Remove the faults with an id or name, and resume the tasks that they held.

    Raises:
        NotFound: There is no such fault.
    """
    with cloud.writing(is_request=False, what="fault remove") as world:
        found = [fault for fault in world.tx.query(Fault) if text in (fault.id, fault.name)]
        if not found:
            raise NotFound(reason=f"There is no fault {text!r}; see: novasim fault list.")
        for fault in found:
            _remove(world, fault)


def clear_faults(cloud: Cloud) -> None:
    """Remove all faults, and resume the tasks that they held."""
    with cloud.writing(is_request=False, what="fault clear") as world:
        for fault in world.tx.query(Fault):
            _remove(world, fault)


def _remove(world: World, fault: Fault) -> None:
    world.tx.delete(fault)
    for task in world.tx.query(Task):
        if task.hold_reason == hold_reason(fault.id):
            resume_task(world, task)


def _predefined_fields(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a predefined fault, with the phase that it has in the given action. UsageError: it has no phase."""
    name, action = given.get("name", ""), given.get("action")
    fields = PREDEFINED.get(name, {})
    if action not in ACTIONS or "phase" in given or not fields.get("phase"):
        return fields
    phases = SCHEDULING_PHASES if name == NO_VALID_HOST else _actions_with(fields["phase"])
    if action not in phases:
        raise UsageError(f"The fault {name!r} cannot occur in {action}, only in {', '.join(phases)}.")
    return {**fields, "phase": phases[action]}


def _actions_with(phase: str) -> dict[str, str]:
    return {action.name: phase for action in ACTIONS.values() if phase in action.shown_task_states}


def _drop_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _describe(fault: Fault) -> dict[str, Any]:
    from novasim.simulation.time.clock import format_time

    fields = {name: getattr(fault, name) for name in Fault.__annotations__ if name != "table"}
    moments = {name: format_time(fields[name]) if fields[name] is not None else None for name in ("since", "until")}
    return {"id": fault.id, **fields, **moments}


def _check(fields: dict[str, Any]) -> None:
    _check_kind(fields.get("does"), fields.get("name"))
    if fields["does"] in NETWORK_KINDS:
        _check_numbers(fields)
        check_network_fault(fields)
    else:
        check_server_fault(fields)
        _check_server_fault(fields)
    for name, value in fields.items():
        if isinstance(value, str) and len(value) > MAX_LENGTH:
            raise UsageError(f"The fault's {name} is longer than {MAX_LENGTH} characters.")


def _check_server_fault(fields: dict[str, Any]) -> None:
    _check_action(fields.get("action"), fields.get("phase"))
    _check_can_be_triggered(fields)
    _check_numbers(fields)
    if fields["does"] == "refuse" and fields.get("code") not in CODES:
        raise UsageError(
            f"The code of a refusal must be one of {', '.join(map(str, CODES))}, not {fields.get('code')}."
        )
    if fields.get("code") == NOT_IMPLEMENTED:
        _check_not_implemented(fields.get("action"))


def _check_kind(does: str | None, name: str | None) -> None:
    if does in ALL_KINDS:
        return
    if does:
        raise UsageError(f"No fault does {does!r}.{suggest_names(does, ALL_KINDS)}")
    problem = f"There is no predefined fault {name!r}.{did_you_mean(name, PREDEFINED)} " if name else ""
    kinds, names = ", ".join(ALL_KINDS), ", ".join(PREDEFINED)
    raise UsageError(f"{problem}Choose what the fault does ({kinds}), or a predefined fault: {names}.")


def _check_not_implemented(name: str | None) -> None:
    """Refuse 501 for actions that Nova never answers so."""
    known = [action.name for action in ACTIONS.values() if NOT_IMPLEMENTED in action.other_codes]
    if name not in known:
        raise UsageError(f"Nova answers 501 only to these actions; give one with --action: {', '.join(known)}.")


def _check_action(name: str | None, phase: str | None) -> None:
    if name and name not in ACTIONS:
        raise UsageError(f"There is no action {name!r}.{suggest_names(name, ACTIONS)}")
    actions = [ACTIONS[name]] if name else list(ACTIONS.values())
    phases = {phase for action in actions for phase in action.shown_task_states}
    if phase and phase not in phases:
        of = f" in {name}" if name else ""
        raise UsageError(f"There is no phase {phase!r}{of}.{suggest_names(phase, sorted(phases))}")


def _check_can_be_triggered(fields: dict[str, Any]) -> None:
    """Refuse a fault that is never triggered: it needs a request that is accepted, or a phase that takes time."""
    does, name = fields["does"], fields.get("action")
    if does in ("refuse", "lose") and fields.get("phase"):
        raise UsageError(f"A fault of the kind {does!r} acts before the first phase, so it cannot name a phase.")
    if not name:
        return
    action = ACTIONS[name]
    if action.success_code == Gone.http:
        raise UsageError(f"Nova always refuses {name} ({action.success_code}); no fault can change that.")
    if does != "refuse" and not action.phases:
        raise UsageError(f"{name} takes effect at once; a fault can only refuse it.")
    if does not in ("refuse", "fail") and action.concurrent and action.is_instant:
        raise UsageError(f"{name} takes effect at once; a fault can only refuse it or make it fail.")
    if does == "slow" and not any(phase.seconds for phase in action.phases):
        raise UsageError(f"{name} takes no time, so it cannot be slow.")


def _check_numbers(fields: dict[str, Any]) -> None:
    if not 0 < fields.get("probability", 1.0) <= 1:
        raise UsageError(f"The probability must be above 0 and at most 1, not {fields['probability']:g}.")
    if (fields.get("times") or 1) < 1 or fields.get("times") == 0:
        raise UsageError(f"The number of times must be at least 1, not {fields['times']}.")
    factor = fields.get("factor", 1.0)
    if not 0 < factor <= 1_000_000 or (fields["does"] == "slow" and factor == 1):
        raise UsageError(f"The factor must be above 0, at most 1,000,000 and not 1; it is {factor:g}.")
    since, until = fields.get("since", -math.inf), fields.get("until", math.inf)
    if not since < until:
        raise UsageError("The end of a fault must be after its beginning.")


def _check_exists(records: Iterable[Any], kind: str, text: str) -> None:
    names = [name for record in records for name in (record.id, record.name)]
    if text not in names:
        raise NotFound(reason=f"There is no {kind} {text!r}.{suggest_names(text, [name for name in names if name])}")
