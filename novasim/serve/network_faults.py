"""Injected faults of the network, applied to requests over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from inspect import unwrap
from typing import Any, NamedTuple

from novasim.api.dispatch import refusal_response
from novasim.api.identity.tokens import invalid_token, revoke
from novasim.api.request import Response
from novasim.cloud import Cloud
from novasim.control.network_faults import (
    ANSWER,
    DELAY,
    DROP,
    DROP_ANSWER,
    EXPIRE_TOKEN,
    has_network_faults,
    trigger_network_fault,
)
from novasim.errors import Unauthorized
from novasim.records import Fault
from novasim.serve.responses import Send
from novasim.serve.wire.callers import anonymous_request, token_of
from novasim.serve.wire.requests import HttpRequest
from novasim.simulation.world import World

RATE_LIMITED = 429
MAX_TURNS = 100  # of the event loop
TITLES = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class NetworkEffect(NamedTuple):
    """
    The effect of a fault on a request.

    Args:
        response: The answer, instead of executing the request; None to execute it.
        delay: Seconds of real time before the request is executed.
        drops_connection: Whether the connection is closed instead of executing the request.
        drops_answer: Whether the connection is closed after the request was executed.
    """

    response: Response | None = None
    delay: float = 0.0
    drops_connection: bool = False
    drops_answer: bool = False


NO_EFFECT = NetworkEffect()


def trigger_fault(cloud: Cloud, request: HttpRequest) -> NetworkEffect:
    """
    Trigger the first fault of the network that matches a request, and count it.

    Raises:
        CloudFileError: the cloud cannot be read or saved.
    """
    target, token = request.target, token_of(request)
    if target.service == "control":
        return NO_EFFECT
    with cloud.store.read() as tx:
        if not has_network_faults(tx):
            return NO_EFFECT
    with cloud.writing(is_request=False, what="fault", is_event=True) as world:
        fault = trigger_network_fault(world, target.service, request.method, target.path, bool(token))
        return _find_effect(world, fault, request) if fault else NO_EFFECT


async def drop_connection(send: Send) -> None:
    """Close the connection of a request without an answer. *send* wraps uvicorn's; another server closes it later."""
    cycle: Any = getattr(unwrap(send), "__self__", None)
    if cycle is None or not hasattr(cycle, "transport"):
        return
    cycle.transport.abort()
    for _ in range(MAX_TURNS):
        if cycle.disconnected:  # otherwise uvicorn would answer with 500
            return
        await asyncio.sleep(0)


def _find_effect(world: World, fault: Fault, request: HttpRequest) -> NetworkEffect:
    if fault.does == ANSWER:
        return NetworkEffect(_build_answer(fault, request))
    if fault.does == EXPIRE_TOKEN:
        return NetworkEffect(_expire_token(world, request))
    return NetworkEffect(
        delay=fault.seconds if fault.does == DELAY else 0.0,
        drops_connection=fault.does == DROP,
        drops_answer=fault.does == DROP_ANSWER,
    )


def _build_answer(fault: Fault, request: HttpRequest) -> Response:
    """The answer of a rate limiter (429) in Nova's form, or of a proxy in front of the service in HTML."""
    retry = {"Retry-After": f"{fault.seconds:g}"} if fault.seconds else {}
    text = fault.message or TITLES[fault.code]
    if fault.code == RATE_LIMITED:
        body = {
            "overLimit": {
                "code": RATE_LIMITED,
                "message": text,
                **({"retryAfter": f"{fault.seconds:g}"} if retry else {}),
            }
        }
        return Response(RATE_LIMITED, body, retry)
    page = f"<html><body><h1>{fault.code} {TITLES[fault.code]}</h1>\n{text}\n</body></html>\n"
    return Response(fault.code, page.encode(), {"Content-Type": "text/html", "Cache-Control": "no-cache", **retry})


def _expire_token(world: World, request: HttpRequest) -> Response:
    with suppress(Unauthorized):
        revoke(world, token_of(request))
    return refusal_response(anonymous_request(request), invalid_token())
