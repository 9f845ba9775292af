"""Calls of the network service for Nova's former APIs, and the codes that Nova gives to its refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from novasim.api.context import Context
from novasim.api.service_calls import call_service
from novasim.errors import BadRequest, NovaFault

UUID = re.compile("[0-9a-f]{32}")
Turns = Mapping[int, type[NovaFault]]


def call_network(ctx: Context, method: str, path: str, body: Any = None, turns: Turns | None = None) -> Any:
    """
    Send a request of the same caller to the network service, and return the body of the response.

    Args:
        turns: The errors that Nova raises, by the code of the refusal; it passes the others on.

    Raises:
        NovaFault: with the message of the network service.
    """
    try:
        return call_service(ctx, "network", method, f"/v2.0/{path}", body)
    except NovaFault as fault:
        if fault.http in (turns or {}):
            raise (turns or {})[fault.http](reason=str(fault)) from None
        raise


def check_group_id(id: str) -> None:
    """Refuse (400) the id of a group or rule that has not the form of a UUID."""
    if not UUID.fullmatch(re.sub("^urn:|^uuid:|[{}-]", "", id.lower())):
        raise BadRequest(reason="Security group id should be uuid")
