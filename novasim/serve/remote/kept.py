"""The kept states of a cloud that this process serves, for clients."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from novasim.cloud import Cloud
from novasim.control.clock import require_free_clock
from novasim.control.kept.credentials import find_token_key, keep_credentials
from novasim.control.kept.states import CloudStates
from novasim.errors import UsageError
from novasim.recorder.changes import redact
from novasim.remote.states import pack_restored

Fields = dict[str, Any]
REPLACING = ("import", "load", "restore")  # operations that put another state, with its clock, in place of the cloud


def execute_operation(cloud: Cloud, fields: Fields) -> Fields:
    """
    The result of an operation on the states of a cloud.

    Raises:
        UsageError: there is no such operation, or the teacher of a class has stopped the time. Other errors as for
            `CloudStates`.
    """
    address = str(getattr(cloud.store, "address", cloud.store.path))  # that of a database may have a password
    states = CloudStates(address, cloud.origin, opens_files=False)
    operation = OPERATIONS.get(str(fields["operation"]))
    if operation is None:
        raise UsageError("There is no such operation on the states of a cloud.")
    if fields["operation"] in REPLACING:
        require_free_clock(cloud)
    return {"result": operation(cloud, states, fields)}


OPERATIONS: dict[str, Callable[[Cloud, CloudStates, Fields], Any]] = {
    "check": lambda cloud, states, fields: states.check(),
    "compare": lambda cloud, states, fields: _compare(cloud, states, fields["before"], fields["after"]),
    "export": lambda cloud, states, fields: base64.b64encode(states.export(with_secrets=False)).decode(),
    "import": lambda cloud, states, fields: _import(cloud, states, base64.b64decode(fields["content"])),
    "list": lambda cloud, states, fields: states.list_states(),
    "load": lambda cloud, states, fields: states.load(str(fields["name"])),
    "restore": lambda cloud, states, fields: pack_restored(states.restore(str(fields["name"]))),
    "save": lambda cloud, states, fields: states.save(str(fields["name"]), bool(fields["force"])),
}


def _compare(cloud: Cloud, states: CloudStates, before: str | None, after: str | None) -> list[list[Any]]:
    key, found = find_token_key(cloud.store), states.compare(cloud.store, before, after)
    return [
        [each.table, each.id, _redact(each.table, each.before, key), _redact(each.table, each.after, key)]
        for each in found
    ]


def _redact(table: str, fields: Fields | None, key: str) -> Fields | None:
    """A document with marks in place of secrets."""
    return fields and redact(table, fields, key, secrets={})


def _import(cloud: Cloud, states: CloudStates, content: bytes) -> tuple[str, list[str]]:
    content, without_password = keep_credentials(content, cloud.store.tables())
    return states.replace(content), without_password
