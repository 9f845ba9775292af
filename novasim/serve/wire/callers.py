"""Authentication: the caller of an HTTP request, from its token."""

from __future__ import annotations

import math
from typing import NamedTuple

from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.errors import Forbidden
from novasim.records import Caller
from novasim.serve.wire.requests import HttpRequest
from novasim.simulation.world import World

ANONYMOUS = Caller("", "", ())
CONTROLLER = Caller("", "", ("admin",))
WITHOUT_TOKENS = ("versions", "guest")
CONTROL_SERVICES = ("control", "metadata")
"""Services for which no token is needed if the server was started with --control open."""
NO_TOKEN_NEEDED = {("POST", "/v3/auth/tokens")}
"""Requests of the identity service that a client sends before it has a token."""


class Authenticated(NamedTuple):
    """A caller, and when their token expires (wall time, seconds since the epoch)."""

    caller: Caller
    expires: float


def needs_token(request: HttpRequest) -> bool:
    """Whether a request needs a token. Version documents, guests and requests for a token do not."""
    service, path = request.target.service, request.target.path
    return service not in WITHOUT_TOKENS and not (service == "identity" and (request.method, path) in NO_TOKEN_NEEDED)


def authenticate_control(request: HttpRequest) -> Authenticated:
    """
    The caller of a control request without a token.

    Raises:
        Forbidden: the request comes from a page in a browser, which any site could have sent (403).
    """
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        raise Forbidden(reason="A page in a browser must send an administrator's token to control the simulation.")
    return Authenticated(CONTROLLER, math.inf)


def anonymous_request(request: HttpRequest) -> Request:
    """A request whose caller is not known, for the response that refuses it."""
    return Request(ANONYMOUS, request.method, request.target.path, service=request.target.service)


def token_of(request: HttpRequest) -> str:
    """The token of a request, or "" if it has no token."""
    return request.headers.get("x-auth-token", "")


def authenticate(cloud: Cloud, text: str) -> Authenticated:
    """
    Find the caller that a token was issued to.

    Raises:
        Unauthorized: the token is invalid (401). CloudFileError: the cloud cannot be read.
    """
    with cloud.reading() as world:
        return find_caller(world, text)


def find_caller(world: World, text: str) -> Authenticated:
    """As `authenticate`, in a world that is open already."""
    token = tokens.verify(world, text)
    return Authenticated(tokens.find_caller(world, token), tokens.find_end(world, token))
