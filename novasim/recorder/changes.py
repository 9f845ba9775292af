"""Callers, states of servers and changes of documents, as entries have them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from novasim.jsonutils import encode
from novasim.lifecycle.status import status_of
from novasim.records import Caller, Server
from novasim.records.entry import State
from novasim.store.redaction import LEFT_OUT, find_secrets, leave_out

Line = dict[str, Any]


def describe_caller(caller: Caller) -> dict[str, Any]:
    """The caller as entries have it."""
    names = {"user": caller.user_name, "project": caller.project_name}
    return {"user_id": caller.user_id, "project_id": caller.project_id, "roles": list(caller.roles), **names}


def describe_state(server: Server | None) -> State | None:
    """The state of a server as entries have it; None if there is no server."""
    if server is None:
        return None
    state = {"vm_state": server.vm_state, "task_state": server.task_state}
    status = "DELETED" if server.deleted else status_of(server.vm_state, server.task_state)
    return {**state, "status": status, "locked": bool(server.locked_by)}


def shorten(change: Line, key: str, secrets: dict[str, Any]) -> Line:
    """
    A change with the fields that differ, or with whole documents if it adds or deletes one or reorders its fields.

    Args:
        key: The secret key of the cloud.
        secrets: Gets the values that are left out, by their marks.
    """
    before, after = change["before"], change["after"]
    line = {"table": change["table"], "number": change["number"], "place": change["place"]}
    line["id"] = (before or after)["id"]
    if before and after:
        if _keeps_order(before, after):
            same = {name for name in before if name in after and encode(before[name]) == encode(after[name])}
            before, after = drop_fields(before, same), drop_fields(after, same)
        else:
            line["whole"] = True
    for fields, name in ((before, "before"), (after, "after")):
        line[name] = redact(change["table"], fields, key, secrets) if fields else fields
    return line


def redact(table: str, fields: Line, key: str, secrets: dict[str, Any]) -> Line:
    """A document with marks in place of its secrets. Arguments as for `shorten`."""
    marks = {name: leave_out(fields[name], key) for name in find_secrets(table, fields)}
    secrets.update({mark[LEFT_OUT]: fields[name] for name, mark in marks.items()})
    return {**fields, **marks}


def _keeps_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether one document is the other with more fields at its end, so that the fields that differ are enough."""
    return all(one == other for one, other in zip(before, after, strict=False))


def drop_fields(fields: Line, names: AbstractSet[str]) -> Line:
    """Fields without those of some names."""
    return {name: value for name, value in fields.items() if name not in names}


def identify(key: str) -> str:
    """What tells a cloud with this secret key apart from others, without telling the key; "" without a key."""
    return leave_out("cloud", key)[LEFT_OUT][:16] if key else ""


def digest_tables(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """A digest of all documents, given by table and number."""
    import hashlib

    found = hashlib.sha256()
    for table, rows in sorted(tables.items()):
        for number, fields in rows.items():
            found.update(encode([table, number, fields]))
    return found.hexdigest()
