"""
Requests to a cloud in the same process, without a socket: an adapter for `requests`, and sessions of keystoneauth1.

requests and keystoneauth1 are not dependencies of novasim; OpenStack's clients bring them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from novasim.cloud import Cloud
from novasim.library.client import Client
from novasim.remote.clients import REGION
from novasim.serve.in_process import ConnectionDropped, InProcessServer
from novasim.serve.responses import EncodedResponse
from novasim.simulation.default_world import PASSWORD
from novasim.simulation.time import clock
from novasim.testing.settings import URL, auth_settings

REASONS = {int(status): status.phrase for status in HTTPStatus}


class CloudAdapter(BaseAdapter):
    """
    An adapter for `requests.Session.mount` that answers from a cloud.

    Args:
        cloud: A `novasim.Cloud`, or the simulated cloud behind it.
    """

    def __init__(self, cloud: Client | Cloud) -> None:
        super().__init__()
        self.serve(cloud)

    def serve(self, cloud: Client | Cloud) -> None:
        """Answer all further requests from another cloud."""
        self._server = InProcessServer(cloud.world if isinstance(cloud, Client) else cloud)

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, *options: Any, **more: Any
    ) -> requests.Response:
        """
        Answer a request. Proxies have no effect.

        Raises:
            requests.ConnectionError: a fault of the network closes the connection.
            requests.ReadTimeout: a fault delays the answer for longer than *timeout*. This is raised at once.
        """

        def delay(seconds: float) -> None:
            limit = timeout[-1] if isinstance(timeout, tuple) else timeout
            if limit is not None and seconds > limit:
                raise requests.ReadTimeout(f"The answer did not arrive within {limit} s.", request=request)
            clock.sleep(seconds)

        headers = {name: _to_text(value) for name, value in request.headers.items()}
        method, url = request.method or "GET", request.url or URL
        try:
            answer = self._server.respond(method, url, headers, _read_body(request.body), delay)
        except ConnectionDropped as error:
            raise requests.ConnectionError(f"The connection was closed {error}.", request=request) from None
        return _build_response(request, answer)

    def close(self) -> None:
        """Do nothing: there are no connections."""


def keystone_session(cloud: Client | Cloud, user: str = "demo", password: str = PASSWORD) -> Any:
    """
    A `keystoneauth1.session.Session` whose requests a cloud answers in this process.

    Args:
        user: USER or USER@PROJECT.
    """
    return create_session(CloudAdapter(cloud), user, password)


def create_session(adapter: CloudAdapter, user: str, password: str = PASSWORD) -> Any:
    """A `keystoneauth1.session.Session` over an adapter, as USER or USER@PROJECT."""
    from keystoneauth1.identity import v3
    from keystoneauth1.session import Session

    transport = requests.Session()
    transport.mount(URL, adapter)
    settings: dict[str, Any] = {**auth_settings(user, password)}  # keystoneauth1 has parameters of other types, too
    return Session(auth=v3.Password(**settings), session=transport)


def connect(cloud: Client | Cloud, user: str = "demo", password: str = PASSWORD) -> Any:
    """
    An `openstack.connection.Connection` to a cloud in this process.

    Args:
        user: USER or USER@PROJECT.
    """
    return connect_session(keystone_session(cloud, user, password))


def connect_session(session: Any) -> Any:
    """An `openstack.connection.Connection` that uses a session of keystoneauth1."""
    from openstack.connection import Connection

    return Connection(session=session, region_name=REGION)


def _build_response(request: requests.PreparedRequest, encoded: EncodedResponse) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response.request = encoded.code, request.url or URL, request
    response.headers = CaseInsensitiveDict(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in encoded.headers
    )
    response.raw = io.BytesIO(b"" if request.method == "HEAD" else encoded.content)
    response.reason = REASONS.get(encoded.code, "")
    response.encoding = "utf-8"
    return response


def _to_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read_body(body: Any) -> bytes:
    """The body of a prepared request: text, bytes, a file or an iterator of bytes."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    if hasattr(body, "read"):
        return _read_body(body.read())
    parts: Iterable[bytes | str] = body
    return b"".join(_read_body(part) for part in parts)
