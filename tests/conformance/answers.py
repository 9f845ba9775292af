"""What the recorder distorts in Nova's answers: one entry for each row of the table in the recordings' README."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What is compared of an answer: code, name and message of an error, body of an accepted request."""

    code: int
    key: str | None
    message: str | None
    body: Any


Pair = tuple[Answer, Answer]
Level = Callable[[Answer, Answer], Pair]


class Distortion(NamedTuple):
    """
    One difference that is the recorder's.

    Args:
        request: A pattern that is searched in "METHOD path?query".
        place: What of the answer is not compared.
        level: Makes that place the same in the recorded answer and in ours.
    """

    request: str
    place: str
    why: str
    level: Level


def level(request: str, theirs: Answer, own: Answer) -> Pair:
    """The recorded answer and ours to a request ("GET /servers?limit=1"), without what the recorder distorts."""
    for distortion in DISTORTIONS:
        if re.search(distortion.request, request):
            theirs, own = distortion.level(theirs, own)
    return theirs, own


def _both(change: Callable[[Any], Any]) -> Level:
    """The same change of the bodies of an accepted request."""

    def level(theirs: Answer, own: Answer) -> Pair:
        if theirs.body is None or own.body is None:
            return theirs, own
        return theirs._replace(body=change(theirs.body)), own._replace(body=change(own.body))

    return level


def _without(*keys: str) -> Callable[[Any], Any]:
    """Removes keys, wherever they are in a body."""

    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: change(item) for key, item in value.items() if key not in keys}
        return [change(item) for item in value] if isinstance(value, list) else value

    return change


def _sort(body: dict[str, Any]) -> dict[str, Any]:
    """Sorts the lists of a body. Of a full page of servers only the length is certain."""
    if "servers_links" in body:
        return body | {"servers": len(body["servers"])}
    return {key: sorted(value, key=str) if isinstance(value, list) else value for key, value in body.items()}


def _without_conductor(body: dict[str, Any]) -> dict[str, Any]:
    """Without the hosts of events that are not a compute service's."""
    action = body["instanceAction"]
    events = [
        event if event["event"].startswith("compute_") else event | {"host": ""} for event in action.get("events", [])
    ]
    return {"instanceAction": action | {"events": events}}


def _keep_keys(body: dict[str, Any]) -> list[str]:
    """The keys of diagnostics; those with a number depend on the made up machine."""
    return sorted(key for key in body if not re.search(r"\d", key))


def _keep_computes(body: dict[str, Any]) -> dict[str, Any]:
    hosts = body.get("hosts")
    return {"hosts": [host for host in hosts if host["service"] == "compute"]} if hosts else body


def _accept_any_refusal(theirs: Answer, own: Answer) -> Pair:
    """Instead of Nova's internal error any refusal is right, but not an internal error."""
    return (own if theirs.code == 500 and own.code != 500 else theirs), own


def _accept_uptime(theirs: Answer, own: Answer) -> Pair:
    if theirs.code == 501 and own.code == 200:
        return own, own
    return _both(_without("uptime", "running_vms"))(theirs, own)


def _keep_common_usages(theirs: Answer, own: Answer) -> Pair:
    """Only tenants and servers that both have, in one order."""
    if theirs.body is None or own.body is None:
        return theirs, own
    one, other = _usages(theirs.body), _usages(own.body)
    pairs = []
    for tenant, its in zip(*_common(one, other, "tenant_id"), strict=True):
        servers = _common(tenant.get("server_usages", []), its.get("server_usages", []), "instance_id")
        pairs.append((tenant | {"server_usages": servers[0]}, its | {"server_usages": servers[1]}))
    return theirs._replace(body=[pair[0] for pair in pairs]), own._replace(body=[pair[1] for pair in pairs])


def _usages(body: dict[str, Any]) -> list[Any]:
    """The usages of each tenant; the one of an empty answer has no name."""
    return [{"tenant_id": ""} | usage for usage in body.get("tenant_usages", [body.get("tenant_usage", {})])]


def _common(theirs: list[Any], own: list[Any], key: str) -> tuple[list[Any], list[Any]]:
    """The items that both lists have, sorted by a key."""
    names = {item[key] for item in theirs} & {item[key] for item in own}
    one, other = (sorted((item for item in items if item[key] in names), key=_by(key)) for items in (theirs, own))
    return one, other


def _by(key: str) -> Callable[[dict[str, Any]], str]:
    return lambda item: str(item[key])


def _accept_no_project(theirs: Answer, own: Answer) -> Pair:
    """Unknown projects have no access; a refusal to give them any is right."""
    if theirs.code == 200 and own.code == 400 and "is not a valid project" in (own.message or ""):
        return own, own
    return _both(_keep_projects)(theirs, own)


def _keep_projects(body: dict[str, Any]) -> dict[str, Any]:
    access = body.get("flavor_access")
    return {"flavor_access": [item for item in access if item["tenant_id"].startswith("{")]} if access else body


def _ignore_body(theirs: Answer, own: Answer) -> Pair:
    return (theirs._replace(body=own.body) if theirs.body and own.body else theirs), own


DISTORTIONS = (
    Distortion("", "code and key of a 500", "Nova's own internal error", _accept_any_refusal),
    Distortion("/diagnostics$", "values", "the fake driver makes them up", _both(_keep_keys)),
    Distortion(
        "^GET /os-hypervisors", "uptime, running_vms", "the fake driver knows none; no periodic report", _accept_uptime
    ),
    Distortion(
        "^GET /os-simple-tenant-usage",
        "order of server_usages; whether a server of the same second counts",
        "ids and seconds differ",
        _keep_common_usages,
    ),
    Distortion(
        r"^GET /servers(/detail)?(\?(?!.*sort_key)|$|.*sort_key=created_at)|^GET /os-migrations",
        "order",
        "created within one second",
        _both(_sort),
    ),
    Distortion(
        "^GET /servers/[^/]+/os-instance-actions/",
        "host of the conductor's events",
        "all services are one process",
        _both(_without_conductor),
    ),
    Distortion(
        "^[A-Z]+ /flavors/[^/]+/(action|os-flavor-access)",
        "200 for an unknown project",
        "no Keystone to ask",
        _accept_no_project,
    ),
    Distortion("^[A-Z]+ /os-keypairs", "id", "running numbers", _both(_without("id"))),
    Distortion(
        "^GET /servers.*(root_device_name=|reservation_id=x)",
        "lists",
        "the fake driver says sda; ids are made up",
        _ignore_body,
    ),
    Distortion("^GET /os-hosts", "control services", "where each cloud likes", _both(_keep_computes)),
)
