"""Tries a refused request as administrator, and drops what it changes."""

from __future__ import annotations

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cli.session import Session
from novasim.cloud import Cloud
from novasim.errors import NovaFault
from novasim.teach.viewer import ADMINISTRATOR


class _Dropped(Exception):
    """Ends a transaction without saving it."""


def find_refusal_to_administrator(session: Session) -> NovaFault | None:
    """
    Why an administrator could not send the last request of a command either; None if it would be accepted.

    Raises:
        NovasimError: there is no such user, or the cloud cannot be used.
    """
    request, fault = session.last_request, None
    if request is None:
        return None
    try:
        with session.cloud.transaction(writes=True) as trial:
            fault = _send(trial, request)
            raise _Dropped
    except _Dropped:
        return fault


def _send(cloud: Cloud, request: Request) -> NovaFault | None:
    with cloud.store.read() as tx:
        administrator = find_caller(tx, ADMINISTRATOR)
    return handle(cloud, request._replace(caller=administrator)).fault
