"""Caches encoded responses and token owners until the cloud changes. Most requests of clients only poll."""

from __future__ import annotations

from novasim.cloud import Cloud
from novasim.control.network_faults import has_network_faults
from novasim.jsonutils import shrink
from novasim.serve.requests import Scope
from novasim.serve.responses import EncodedResponse
from novasim.serve.wire.callers import ANONYMOUS, Authenticated, authenticate, needs_token, token_of
from novasim.serve.wire.requests import HttpRequest
from novasim.simulation.time.settle import Horizon

MAX_BYTES = 16 * 2**20  # of content; the cache is emptied when it is full
MAX_CALLERS = 1000  # likewise
WITHOUT_TOKEN = Authenticated(ANONYMOUS, float("inf"))

CacheKey = tuple[object, ...]


class ResponseCache:
    """Responses to read-only requests since the cloud last changed. Another process may have changed it."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._horizon: Horizon | None = None
        self._responses: dict[CacheKey, tuple[float, EncodedResponse]] = {}
        self._free_bytes = MAX_BYTES
        self._callers: dict[str, Authenticated] = {}
        self._has_network_faults: bool | None = None

    def refresh(self) -> Horizon:
        """
        Empty the cache if the cloud has changed; return how long its present state stays valid.

        Raises:
            CloudFileError: the cloud cannot be read.
        """
        horizon = self._cloud.horizon()
        if horizon is not self._horizon or horizon.moves:
            self._horizon, self._callers, self._has_network_faults = horizon, {}, None
            self._clear()
        return horizon

    def has_network_faults(self) -> bool:
        """Whether the cloud has faults of the network that can still be triggered, since the last refresh."""
        if self._has_network_faults is None:
            with self._cloud.store.read() as tx:
                self._has_network_faults = has_network_faults(tx)
        return self._has_network_faults

    def authenticate(self, request: HttpRequest) -> Authenticated:
        """
        Find the caller of a request. Version documents and requests for a token need no caller.

        Raises:
            Unauthorized: the request has no valid token (401). CloudFileError: the cloud cannot be read.
        """
        if not needs_token(request):
            return WITHOUT_TOKEN
        token = token_of(request)
        authenticated = self._callers.get(token)
        if authenticated is None or self._cloud.wall() >= authenticated.expires:
            authenticated = authenticate(self._cloud, token)
            if len(self._callers) >= MAX_CALLERS:
                self._callers = {}
            self._callers[token] = authenticated
        return authenticated

    def get(self, key: CacheKey) -> EncodedResponse | None:
        """The cached response, or None if there is no response or the caller's token has expired."""
        expires, response = self._responses.get(key, (0.0, None))
        return response if response is not None and self._cloud.wall() < expires else None

    def put(self, key: CacheKey, response: EncodedResponse, expires: float) -> None:
        """Store a response until that wall time, in seconds since the epoch."""
        if len(response.content) > self._free_bytes:
            self._clear()
        if len(response.content) <= self._free_bytes:
            self._responses[key] = expires, response._replace(content=shrink(response.content))
            self._free_bytes -= len(response.content)

    def _clear(self) -> None:
        self._responses = {}
        self._free_bytes = MAX_BYTES


def cache_key(scope: Scope) -> CacheKey | None:
    """Everything in a request that its response can depend on; None for a request that is not read-only."""
    if scope["method"] != "GET":
        return None
    return scope["raw_path"], scope["query_string"], scope["scheme"], *scope["headers"]
