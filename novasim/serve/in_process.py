"""HTTP requests answered in the calling thread, without a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from novasim.api.dispatch import is_preflight
from novasim.api.image.uploads import Upload
from novasim.api.request import Response
from novasim.cloud import Cloud
from novasim.errors import CloudFileError, NovaFault
from novasim.serve.network_faults import trigger_fault
from novasim.serve.responses import EncodedResponse, encode_response
from novasim.serve.wire.bodies import check_size
from novasim.serve.wire.callers import ANONYMOUS, anonymous_request, authenticate, needs_token, token_of
from novasim.serve.wire.paths import split_path
from novasim.serve.wire.requests import METHODS_WITHOUT_BODY, HttpRequest, to_api_request
from novasim.serve.writer import error_response, handle_safely
from novasim.simulation.seeded import Generator
from novasim.simulation.time import clock

OK = 200


class ConnectionDropped(Exception):
    """The connection is closed without an answer."""


class InProcessServer:
    """Answers HTTP requests to a cloud as `serve` does, but at once."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._request_ids = Generator(0, "in process")

    def respond(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        delay: Callable[[float], object] = clock.sleep,
    ) -> EncodedResponse:
        """
        Answer a request.

        Args:
            url: With scheme and host, which the links in the response begin with.
            delay: Called with the seconds by which a fault of the network delays the answer.

        Returns:
            The response with all its headers, whose names are in lower case.

        Raises:
            ConnectionDropped: a fault of the network closes the connection.
        """
        parts = urlsplit(url)
        lower = {name.lower(): value for name, value in headers.items()}
        base = f"{parts.scheme}://{parts.netloc}"
        request = HttpRequest(method, split_path(parts.path), parts.query.encode(), lower, base)
        effect = trigger_fault(self._cloud, request)
        if effect.drops_connection:
            raise ConnectionDropped("before the request was executed")
        response = effect.response or self._handle(request, content)
        if effect.drops_answer:
            raise ConnectionDropped("after the request was executed")
        if effect.delay:
            delay(effect.delay)
        encoded = encode_response(request, response)
        request_id = (response.request_id or "req-" + self._request_ids.uuid()).encode()
        return encoded._replace(headers=[*encoded.headers, *((name, request_id) for name in encoded.request_id_names)])

    def _handle(self, http_request: HttpRequest, content: bytes) -> Response:
        target = http_request.target
        if is_preflight(http_request.method, target.service):
            return Response(OK)
        try:
            token = token_of(http_request)
            caller = authenticate(self._cloud, token).caller if needs_token(http_request) else ANONYMOUS
            check_size(target, len(content))
            request = to_api_request(http_request, _to_body(http_request, content), caller)
        except (NovaFault, CloudFileError) as error:
            return error_response(anonymous_request(http_request), error)
        return handle_safely(self._cloud, request)


def _to_body(request: HttpRequest, content: bytes) -> bytes | Upload:
    if request.method in METHODS_WITHOUT_BODY:
        return b""
    return Upload(content) if request.target.takes_data else content
