"""Execution of what clients send: requests to the API, and functions that control the simulation."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.cloud import Cloud
from novasim.control.exports import hide_secrets
from novasim.control.past import get_record, open_past
from novasim.errors import CloudFileError, NotFound, NovaFault, NovasimError, UsageError
from novasim.records import Caller
from novasim.remote import calls, protocol
from novasim.serve.writer import report_internal_error

Fields = dict[str, Any]


def with_origin(cloud: Cloud, fields: Fields) -> Cloud:
    """The same cloud for one command line, which the record names."""
    own, who = copy(cloud), str(fields["as"])
    own.origin = ("cli", tuple(map(str, fields["words"])), lambda: read_caller(cloud, who))
    own._step_name = str(fields["step"])
    return own


def read_caller(cloud: Cloud, who: str) -> Caller:
    """The caller for USER or USER@PROJECT. Errors as for `api.callers.find_caller`."""
    with cloud.store.read() as tx:
        return find_caller(tx, who)


def describe_session(cloud: Cloud, fields: Fields) -> Fields:
    """What a client needs to know first: the version of the protocol, and the caller."""
    return {"version": protocol.VERSION, "caller": read_caller(cloud, str(fields["as"]))}


def execute_request(cloud: Cloud, fields: Fields) -> Fields:
    """The answer to a request of the API."""
    caller = read_caller(cloud, str(fields["as"]))
    try:
        request = protocol.unpack_request(fields["request"], caller)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise UsageError("This is not a request of a command.") from None
    return {"response": protocol.pack_response(handle(cloud, request))}


def describe_record(cloud: Cloud) -> Fields:
    """Where the record is, and whether it is kept. Raises CloudFileError."""
    record = get_record(cloud.store)
    return {
        "name": record.name,
        "exists": record.exists(),
        "is_kept": record.is_kept(),
        "bytes": record.count_bytes() if record.exists() else 0,
    }


def read_record(cloud: Cloud) -> Fields:
    """All entries of the record that are not damaged, and what is wrong with the others. Raises CloudFileError."""
    problems: list[str] = []
    entries = get_record(cloud.store).read(report=problems.append)
    return {"entries": [list(entry) for entry in entries], "problems": problems}


def read_past(cloud: Cloud, number: str) -> Fields:
    """The documents as they were after an entry of the record, and its wall time. Errors as for `open_past`."""
    if not number.isdecimal():
        raise NotFound(reason="An entry of the record has a number.")
    try:
        past, entry = open_past(cloud.store, int(number))
    except NovasimError as error:
        return {"raised": protocol.pack_error(error)}
    return {"tables": hide_secrets(past.tables()), "wall": entry.wall}


def call_function(cloud: Cloud, fields: Fields) -> Fields:
    """
    The result of a function of `novasim.control`.

    Raises:
        UsageError: it cannot be called, or not with these arguments. Other errors are those of the function.
    """
    name, arguments = str(fields["name"]), list(fields["arguments"])
    try:
        function = calls.find_function(name)
    except LookupError as error:
        raise UsageError(str(error)) from None
    if name in calls.WITH_CALLER:
        arguments.insert(0, read_caller(cloud, str(fields["as"])))
    return {"result": calls.pack_result(name, function(cloud, *arguments, **fields["options"]))}


def catch_errors(cloud: Cloud, function: Callable[[Cloud, Fields], Fields], fields: Fields) -> Fields:
    """The result of a function, or the error that it has raised."""
    try:
        return function(cloud, fields)
    except (NovaFault, CloudFileError, UsageError) as error:
        return {"raised": protocol.pack_error(error)}
    except Exception as error:  # noqa: BLE001  a fault of one command must not end the server
        report_internal_error(error, function.__name__)
        return {"raised": protocol.pack_error(NovasimError(f"internal error of the server: {error}"))}
