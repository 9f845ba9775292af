"""The ASGI application: HTTP in, the door's requests out, and back again."""

from __future__ import annotations

from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.errors import CloudFileError, NovaFault
from novasim.records import Settings
from novasim.serve.cache import ANYBODY, Memory, Question, question_of
from novasim.serve.requests import ClientGone, Receive, Scope, arrival_of, received
from novasim.serve.responses import Send, leaving
from novasim.serve.wire.callers import NOBODY, Known
from novasim.serve.wire.requests import Arrival, request_of
from novasim.serve.writer import Writer, answered, failed, report
from novasim.simulation.seeded import Generator

OK = 200


class App:
    """
    All services of one cloud at one address.

    Requests that only look are answered at once, one after the other; those that change something are answered
    when what they did is saved.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._writer = Writer(cloud)
        self._memory = Memory(cloud)
        self._ids = _ids_of(cloud)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._serve(scope, receive, send)
            except Exception as error:
                report(error, f"{scope['method']} {scope['path']}")
                raise

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            if event == "lifespan.shutdown":
                await self._writer.close()
            await send({"type": event + ".complete"})
            if event == "lifespan.shutdown":
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        question = self._still_right(scope)
        remembered = self._memory.recall(question) if question else None
        if remembered is not None:
            return await remembered.go(send, self._new_id())
        arrival = arrival_of(scope)
        try:
            known, response = await self._answered(arrival, receive)
        except ClientGone:
            return None
        answer = leaving(arrival, response)
        if question and response.lasts and response.code == OK:
            self._memory.keep(question, answer, known.until)
        return await answer.go(send, response.request_id or self._new_id())

    def _still_right(self, scope: Scope) -> Question | None:
        """The question that a request asks, if its answer may be known; what is due meanwhile is saved behind it."""
        try:
            if self._memory.look().unsaved:
                self._writer.settle()
        except CloudFileError:
            return None
        return question_of(scope)

    async def _answered(self, arrival: Arrival, receive: Receive) -> tuple[Known, Response]:
        known = ANYBODY
        try:
            known = self._memory.caller(arrival)
            request = request_of(arrival, await received(arrival, receive), known.caller)
        except (NovaFault, CloudFileError) as error:
            place = arrival.place
            return known, failed(Request(NOBODY, arrival.method, place.path, service=place.service), error)
        if request.method == "GET":
            return known, answered(self._cloud, request)
        return known, await self._writer.answered(request)

    def _new_id(self) -> str:
        return "req-" + self._ids.uuid()


def _ids_of(cloud: Cloud) -> Generator:
    """Where the ids of requests come from that are not in any server's log."""
    with cloud.store.read() as tx:
        settings = tx.get(Settings, "cloud")
    return Generator(settings.seed, f"looks after request {settings.requests}") if settings else Generator(0, "looks")
