"""How a server is shown: the keys of each representation by microversion and caller, and a sample of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from novasim.api.request import Response
from novasim.lifecycle.microversions import NEWEST
from tests.conformance.comparison import Mismatch
from tests.conformance.stage import Stage
from tests.conformance.states import SERVER, create, too_large
from tests.conformance.tally import Step, Tally

# In samples what differs from run to run is a marker; ours become the same where they have the right form.
MARKERS = {
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z?"),
    "host_id": re.compile(r"[0-9a-f]{56}"),
    "instance_name": re.compile(r"instance-[0-9a-f]{8}"),
    "reservation_id": re.compile(r"r-[0-9a-z]{8}"),
    "password": re.compile(r"\S{12}"),
}
MAC = re.compile(r"fa:16:3e(:[0-9a-f]{2}){3}")
FORM = {
    "{timestamp}": "timestamp",
    "{host_id}": "host_id",
    "{instance_name}": "instance_name",
    "{reservation_id}": "reservation_id",
    "{password}": "password",
}

View = tuple[str, str, dict[str, Any], int, bool]  # kind, caller, entry, microversion, whether it is the entry's first

SHOWS = {
    "show": "s1",
    "show (status ERROR)": "s_err",
    "show (status SHELVED_OFFLOADED, locked)": "s_off",
    "show (never scheduled)": "s_nohost",
}


def replay(data: dict[str, Any], base: Stage, tally: Tally, only: str) -> None:
    """Request every representation at the first and at the last microversion of every stretch with the same keys."""
    stage = views_world(base)
    for kind, entries in data["views"].items():
        if only in kind:
            name, _, caller = kind.partition(" | ")
            for entry, minor, is_first in _stretches(entries):
                _compare(data, stage, tally, (name, caller, entry, minor, is_first))


def views_world(base: Stage) -> Stage:
    """A stage with the four servers that were looked at."""
    stage = base.fork(shelved_offload_time=0)
    made = create(
        stage,
        key_name="key1",
        metadata={"k": "v"},
        user_data="aGVsbG8=",
        hostname="h1",
        description="d",
        tags=["t1", "t2"],
        availability_zone="az1",
    )
    volume = {"volumeAttachment": {"volumeId": "{vol1}"}}
    stage.send("member", "2.96", "POST", f"/servers/{{{made}}}/os-volume_attachments", volume)
    for name in ("s_err", "s_off"):
        stage.symbols.alias(name, create(stage, name=name))
    stage.symbols.alias("s_nohost", create(stage, name="s_nohost", flavorRef=too_large(stage)))
    fault = {"code": 500, "created": "2026-01-01T00:00:00Z", "message": "boom", "details": "{traceback}"}
    stage.set_server("s_err", vm_state="error", fault=fault)
    stage.send("member", "2.96", "POST", "/servers/{s_off}/action", {"shelve": None})
    stage.set_server("s_off", locked_by="owner", locked_reason="why")
    return stage


def _stretches(entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int, bool]]:
    for number, entry in enumerate(entries):
        first = _minor(entry["since"])
        last = _minor(entries[number + 1]["since"]) - 1 if number + 1 < len(entries) else NEWEST
        yield entry, first, True
        if last > first:
            yield entry, last, False


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def _compare(data: dict[str, Any], stage: Stage, tally: Tally, view: View) -> None:
    name, caller, entry, minor, is_first = view
    response = _ask(stage.fork(), name, caller, f"2.{minor}")
    shown = _inner(response.body, name)
    step = Step("views", f"{name}, {caller}, 2.{minor}", "", name, f"{caller}/2.{minor}")
    mismatches: list[Mismatch] = []
    if response.code >= 300 or not isinstance(shown, dict):
        mismatches.append(("code", 200, response.code))
    else:
        mismatches += _key_mismatches("keys", entry["keys"], shown)
        for path, keys in entry.get("nested", {}).items():
            mismatches += _key_mismatches(path, keys, _at(shown, path))
        if is_first and entry.get("sample") in data["samples"]:
            _compare_sample(data["samples"][entry["sample"]], shown, stage, tally, step)
    tally.judge(step, (200, 200 if response.code < 300 else response.code), mismatches)


def _ask(stage: Stage, name: str, caller: str, version: str) -> Response:
    if name in SHOWS:
        return stage.send(caller, version, "GET", f"/servers/{{{SHOWS[name]}}}")
    if name in ("list", "detail"):
        tail = "/detail" if name == "detail" else ""
        return stage.send(caller, version, "GET", f"/servers{tail}?name=^s1$" + "&all_tenants=1" * (caller == "admin"))
    if name == "update":
        return stage.send(caller, version, "PUT", "/servers/{s1}", {"server": {"name": "s1"}})
    if name == "rebuild":
        return stage.send(caller, version, "POST", "/servers/{s1}/action", {"rebuild": {"imageRef": "{img_a}"}})
    body = {"server": SERVER | {"name": "new"}}
    return stage.send(caller, version, "POST", "/servers", body)


def _inner(body: Any, name: str) -> Any:
    if not isinstance(body, dict):
        return None
    return (body.get("servers") or [None])[0] if name in ("list", "detail") else body.get("server")


def _at(shown: dict[str, Any], path: str) -> Any:
    """The value at a path such as `addresses.*[]`: of the first list its first item."""
    value: Any = shown
    for part in path.split("."):
        bare = part.removesuffix("[]")
        if not isinstance(value, dict) or not value:
            return None
        value = next(iter(value.values())) if bare == "*" else value.get(bare)
        if part.endswith("[]"):
            value = value[0] if isinstance(value, list) and value else None
    return value


def _key_mismatches(what: str, keys: list[str], shown: Any) -> list[Mismatch]:
    own = sorted(shown) if isinstance(shown, dict) else shown
    if own == sorted(keys):
        return []
    missing = sorted(set(keys) - set(own or ()))
    extra = sorted(set(own or ()) - set(keys))
    return [(what, f"{len(keys)} keys", f"without {missing}, with {extra}")]


def _compare_sample(sample: dict[str, Any], shown: dict[str, Any], stage: Stage, tally: Tally, step: Step) -> None:
    """The values, for information; keys are compared elsewhere."""
    for key in sample.keys() & shown.keys():
        place = Step(step.file, step.where, key, step.request, step.condition)
        tally.extra("values", place, sample[key], _marked(sample[key], stage.symbols.names_in(shown[key])))


def _marked(theirs: Any, own: Any) -> Any:
    """Ours with the marker of the sample where it has the marker's form."""
    if isinstance(theirs, dict) and isinstance(own, dict):
        return {key: _marked(theirs.get(key), value) for key, value in own.items()}
    if isinstance(theirs, list) and isinstance(own, list) and len(theirs) == len(own):
        return [_marked(one, other) for one, other in zip(theirs, own, strict=True)]
    if isinstance(theirs, str) and isinstance(own, str):
        if MAC.fullmatch(theirs) and MAC.fullmatch(own):
            return theirs
        if theirs in FORM and MARKERS[FORM[theirs]].fullmatch(own):
            return theirs
        return re.sub(r"http://127\.0\.0\.1:8774", "http://{endpoint}", own)
    return own
