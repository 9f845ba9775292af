"""The ASGI application: decodes HTTP requests, passes them to the API layer, encodes the responses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from novasim.api.dispatch import is_preflight
from novasim.api.request import Request, Response
from novasim.api.routes import REMOTE_MOUNT, is_read
from novasim.cloud import Cloud
from novasim.control.states import save_first_state
from novasim.errors import CloudFileError, NovaFault
from novasim.lifecycle.recorded import find_refused_action
from novasim.records import Settings
from novasim.serve.cache import WITHOUT_TOKEN, ResponseCache, cache_key
from novasim.serve.lifespan import handle_lifespan
from novasim.serve.network_faults import NO_EFFECT, NetworkEffect, drop_connection, trigger_fault
from novasim.serve.processes.due_tasks import save_regularly
from novasim.serve.requests import ClientDisconnected, Receive, Scope, read_body, request_from_scope
from novasim.serve.responses import Send, encode_response
from novasim.serve.wire.callers import (
    CONTROL_SERVICES,
    Authenticated,
    anonymous_request,
    authenticate_control,
    token_of,
)
from novasim.serve.wire.requests import HttpRequest, to_api_request
from novasim.serve.writer import Writer, error_response, handle_safely, report_internal_error
from novasim.simulation.seeded import Generator
from novasim.simulation.time.settle import Horizon

if TYPE_CHECKING:
    from novasim.serve.live.endpoint import LiveEndpoint
    from novasim.serve.remote.endpoint import RemoteEndpoint

OK = 200
LIVE = "/live"


class App:
    """
    All services of a cloud at one address.

    The application answers read-only requests at once, one after the other. It answers other requests after their
    changes have been saved.

    Args:
        has_open_control: Whether control requests need no token.
        has_open_live_page: Whether the live page needs no token.
        worker: The number of this process among those that answer requests at the same address; 0 for the only one.
        saves_due: Whether to save tasks when they are due, and not only with the next request.

    The paths of its requests begin after the scope's root path, which links contain.
    """

    def __init__(
        self,
        cloud: Cloud,
        has_open_control: bool = False,
        has_open_live_page: bool = False,
        worker: int = 0,
        saves_due: bool = False,
    ) -> None:
        self.cloud = cloud
        self._has_open_control = has_open_control
        self._has_open_live_page, self._saves_due = has_open_live_page, saves_due
        self._live: LiveEndpoint | None = None
        self._remote: RemoteEndpoint | None = None
        cloud.origin, cloud.saves_before_reads = ("http", (), None), False
        save_first_state(cloud)
        self._writer = Writer(cloud)
        self._cache = ResponseCache(cloud)
        self._request_ids = _request_id_generator(cloud, worker)
        cloud.may_step = not worker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await handle_lifespan(receive, send, self.close, save_regularly(self.save_due) if self._saves_due else None)
        elif scope["type"] == "http":
            try:
                if _is_below(LIVE, scope["path"]):
                    await self._get_live_endpoint()(scope, receive, send)
                elif _is_below(REMOTE_MOUNT, scope["path"]):
                    await self._get_remote_endpoint()(scope, receive, send)
                else:
                    await self._handle_http(scope, receive, send)
            except ClientDisconnected:
                return
            except CloudFileError as error:  # a database that could be reached a moment ago
                request = request_from_scope(scope)
                response = encode_response(request, error_response(anonymous_request(request), error))
                await response.send(send, self._new_request_id())
            except Exception as error:
                report_internal_error(error, f"{scope['method']} {scope['path']}")
                raise

    async def close(self) -> None:
        """Finish the pending requests, and end the streams of live pages."""
        if self._live is not None:
            await self._live.close()
        if self._remote is not None:
            await self._remote.close()
        await self._writer.close()

    async def save_due(self) -> Horizon:
        """
        Save the tasks that are due. Returns how long the state after that stays valid.

        Raises:
            CloudFileError: the cloud cannot be read.
        """
        if self.cloud.horizon().unsaved:
            self._writer.settle()
            await self._writer.wait()
        return self.cloud.horizon()

    def is_held(self) -> bool:
        """Whether a client holds a transaction, also between its requests."""
        return self._writer.is_held()

    def close_streams(self) -> None:
        """End the streams of live pages at once, so that a shutdown need not wait for them."""
        if self._live is not None:
            self._live.close_streams()

    def _get_live_endpoint(self) -> LiveEndpoint:
        if self._live is None:
            from novasim.serve.live.endpoint import LiveEndpoint

            self._live = LiveEndpoint(self.cloud, self._writer.run, self._writer.settle, self._has_open_live_page)
        return self._live

    def _get_remote_endpoint(self) -> RemoteEndpoint:
        if self._remote is None:
            from novasim.serve.remote.endpoint import RemoteEndpoint

            self._remote = RemoteEndpoint(self.cloud, self._writer, self._authenticate)
        return self._remote

    async def _handle_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_fresh, effect = self._refresh_cache(), NO_EFFECT
        if is_fresh and self._cache.has_network_faults():
            applied = await self._apply_fault(scope, send)
            if applied is None:
                return None
            is_fresh, effect = self._refresh_cache(), applied  # the fault was counted, and time has passed
        key = cache_key(scope) if is_fresh else None
        cached = self._cache.get(key) if key else None
        if cached is not None and not effect.drops_answer:
            return await cached.send(send, self._new_request_id())
        request = request_from_scope(scope)
        authenticated, response = await self._respond(request, receive)
        encoded = encode_response(request, response)
        if key and response.is_cacheable and response.code == OK:
            self._cache.put(key, encoded, authenticated.expires)
        if effect.drops_answer:
            return await drop_connection(send)
        return await encoded.send(send, response.request_id or self._new_request_id())

    async def _apply_fault(self, scope: Scope, send: Send) -> NetworkEffect | None:
        """Trigger a fault of the network. Returns its effect on the answer; None if the request is not executed."""
        request = request_from_scope(scope)
        effect = await self._writer.run(trigger_fault, self.cloud, request)
        await asyncio.sleep(effect.delay)
        if effect.drops_connection:
            await drop_connection(send)
            return None
        if effect.response is not None:
            await encode_response(request, effect.response).send(send, self._new_request_id())
            return None
        return effect

    def _refresh_cache(self) -> bool:
        """Refresh the cache, and save what is due. Returns False if the cloud cannot be read or saved."""
        try:
            if self._cache.refresh().unsaved:
                self._writer.settle()
        except CloudFileError:
            return False
        return True

    async def _respond(self, http_request: HttpRequest, receive: Receive) -> tuple[Authenticated, Response]:
        authenticated = WITHOUT_TOKEN
        if is_preflight(http_request.method, http_request.target.service):
            return authenticated, Response(OK)
        try:
            authenticated = self._authenticate(http_request)
            content = await read_body(http_request, receive)
            request = to_api_request(http_request, content, authenticated.caller)
        except (NovaFault, CloudFileError) as error:
            return authenticated, error_response(anonymous_request(http_request), error)
        if is_read(request.service, request.method, request.path) and not self._belongs_after_events(request):
            return authenticated, handle_safely(self.cloud, request)
        response = await self._writer.submit(request)
        return authenticated, response._replace(is_cacheable=False)  # meanwhile the cloud may have changed again

    def _belongs_after_events(self, request: Request) -> bool:
        """Whether the record gets an entry for a request that only reads, and may lack what has happened before it."""
        try:
            may_lack = self._writer.is_running() or self.cloud.horizon().unsaved
            is_late = may_lack and self.cloud.open_recorder() is not None
        except CloudFileError:
            return False
        return is_late and bool(find_refused_action(request))

    def _authenticate(self, request: HttpRequest) -> Authenticated:
        if self._has_open_control and request.target.service in CONTROL_SERVICES and not token_of(request):
            return authenticate_control(request)
        return self._cache.authenticate(request)

    def _new_request_id(self) -> str:
        return "req-" + self._request_ids.uuid()


def _is_below(mount: str, path: str) -> bool:
    """Whether a path is *mount*, or begins with it and a slash."""
    return path == mount or path.startswith(f"{mount}/")


def _request_id_generator(cloud: Cloud, worker: int) -> Generator:
    """Create the generator of request IDs for requests that no instance-action log records."""
    with cloud.store.read() as tx:
        settings = tx.get(Settings, "cloud")
    seed, name = (settings.seed, f"looks after request {settings.requests}") if settings else (0, "looks")
    return Generator(seed, f"{name} of worker {worker}" if worker else name)
