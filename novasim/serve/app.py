"""The ASGI application: HTTP in, the door's requests out, and back again."""

from __future__ import annotations

from novasim.api.door import refusal
from novasim.api.request import Request, Response
from novasim.api.wire.requests import Arrival, headers_of, request_of
from novasim.cloud import Cloud
from novasim.errors import NovaFault
from novasim.records import Settings
from novasim.serve.arriving import ClientGone, Receive, Scope, arrival_of, received
from novasim.serve.callers import NOBODY, caller_of
from novasim.serve.leaving import Send, start_of
from novasim.serve.work import Writer, answer
from novasim.simulation.seeded import Generator


class App:
    """
    All services of one cloud at one address.

    Requests that only look are answered at once, one after the other; those that change something are answered
    when what they did is saved.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._writer = Writer(cloud)
        self._ids = _ids_of(cloud)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            if event == "lifespan.shutdown":
                await self._writer.close()
            await send({"type": event + ".complete"})
            if event == "lifespan.shutdown":
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrival = arrival_of(scope)
        try:
            response = await self._answered(arrival, receive)
        except ClientGone:
            return
        logged = response.request_id if arrival.method not in ("GET", "HEAD") else ""
        id = logged or "req-" + self._ids.uuid()
        start, content = start_of(response, headers_of(arrival, response, id))
        await send(start)
        await send({"type": "http.response.body", "body": content})

    async def _answered(self, arrival: Arrival, receive: Receive) -> Response:
        try:
            request = request_of(arrival, await received(arrival, receive), caller_of(self._cloud, arrival))
        except NovaFault as fault:
            return refusal(Request(NOBODY, "GET", arrival.place.path, service=arrival.place.service), fault)
        if request.method == "GET":
            return answer(self._cloud, request)
        return await self._writer.answer(request)


def _ids_of(cloud: Cloud) -> Generator:
    """Where the ids of requests come from that are not in any server's log."""
    with cloud.store.read() as tx:
        settings = tx.get(Settings, "cloud")
    return Generator(settings.seed, f"looks after request {settings.requests}") if settings else Generator(0, "looks")
