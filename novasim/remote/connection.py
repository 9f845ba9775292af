"""
A connection to the control interface of a server.

It uses http.client: a request library would cost each command 60 to 150 ms at its start.
"""

from __future__ import annotations

import gzip
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import quote

from novasim import __version__
from novasim.api.routes import CONTROL_MOUNT, REMOTE_MOUNT
from novasim.errors import NovasimError
from novasim.jsonutils import decode, encode
from novasim.remote import errors
from novasim.remote.address import Address
from novasim.remote.credentials import Credentials
from novasim.remote.protocol import KEY, LEASE, MAX_DOCUMENTS, SERVER, unpack_error
from novasim.simulation.seeded import generate_secret_key

CONNECT_TIMEOUT, ANSWER_TIMEOUT = 10.0, 90.0  # seconds
OK, NOT_MODIFIED, UNAUTHORIZED, FORBIDDEN, GONE, RESTARTED = 200, 304, 401, 403, 410, 412
FAILURES = (OSError, HTTPException)


class Answer(NamedTuple):
    """The answer to a request: its code, headers and decoded body."""

    code: int
    headers: dict[str, str]
    body: Any


class Connection:
    """
    Sends requests, one after the other.

    Args:
        timeout: How long to wait for an answer, in seconds.
    """

    def __init__(self, address: Address, credentials: Credentials, timeout: float = ANSWER_TIMEOUT) -> None:
        self.address = address
        self._credentials, self._timeout = credentials, timeout
        self._token = credentials.token
        self._http: HTTPConnection | None = None
        self._server = ""  # the process that has answered first

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """
        Send a GET to a path below the control interface.

        Raises:
            NovasimError: the server cannot be reached, or refuses the request.
        """
        return self._exchange("GET", path, b"", headers or {})

    def read(self, path: str) -> Any:
        """
        The decoded answer to a GET.

        Raises:
            NovasimError: as `get`, or the error that the server has raised.
        """
        return _raise_error(self.get(path).body)

    def post(self, path: str, fields: Any, lease: str = "") -> Any:
        """
        Send a POST, which is executed at most once. Returns the decoded body.

        Raises:
            NovasimError: as `get`, or the error that the execution has raised.
        """
        headers = {"Content-Type": "application/json", KEY: generate_secret_key()} | ({LEASE: lease} if lease else {})
        return _raise_error(self._exchange("POST", path, encode(fields), headers).body)

    def ask(self, method: str, path: str) -> Answer:
        """
        Send a request without a body to a path below CONTROL_MOUNT, which is not one of the commands' own.

        Raises:
            NovasimError: the server cannot be reached, refuses the credentials, or has failed.
        """
        answer = self._authorize(method, path, b"", {}, is_change=False)
        if answer.code in (UNAUTHORIZED, FORBIDDEN) or answer.code >= 500:
            raise self._find_error(answer)
        return answer

    def close(self) -> None:
        """Close the connection."""
        if self._http:
            self._http.close()
        self._http = None

    def _exchange(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        answer = self._authorize(method, REMOTE_MOUNT + path, content, headers)
        self._check(answer)
        return answer

    def _authorize(
        self, method: str, path: str, content: bytes, headers: dict[str, str], is_change: bool | None = None
    ) -> Answer:
        """Send a request with a token, which is renewed if it has expired."""
        self._token = self._token or self._request_token()
        answer = self._send(method, path, content, headers, is_change)
        if answer.code == UNAUTHORIZED and self._credentials.password:
            self._token = self._request_token()
            answer = self._send(method, path, content, headers, is_change)
        return answer

    def _check(self, answer: Answer) -> None:
        if answer.code in (OK, NOT_MODIFIED) and SERVER in answer.headers:
            self._server = self._server or answer.headers[SERVER]
            return
        raise self._find_error(answer)

    def _find_error(self, answer: Answer) -> NovasimError:
        message = errors.find_message(answer.body)
        if answer.code == UNAUTHORIZED:
            known = self._credentials.password or self._token
            return errors.wrong_credentials(self.address) if known else errors.no_credentials(self.address)
        if answer.code == FORBIDDEN:
            return errors.not_owner(self.address, self._credentials.user)
        if answer.code == GONE:
            return errors.lease_over(self.address)
        if answer.code == RESTARTED:
            return errors.unknown_outcome(self.address)
        if SERVER in answer.headers or message:
            return errors.failed(self.address, answer.code, message)
        return errors.not_novasim(self.address)

    def _request_token(self) -> str:
        """A token for user and password; "" without them, for a server that needs none."""
        if not (self._credentials.user and self._credentials.password):
            return ""
        content = encode(self._credentials.to_auth())
        headers = {"Content-Type": "application/json"}
        answer = self._send("POST", "/identity/v3/auth/tokens", content, headers, is_change=False)
        if token := answer.headers.get("x-subject-token"):
            return token
        raise self._find_error(answer)

    def _send(
        self, method: str, path: str, content: bytes, headers: dict[str, str], is_change: bool | None = None
    ) -> Answer:
        """
        Send a request, and once more if the connection ends before the answer.

        A change carries a key, and the name of the process that may know it: another process does not execute it.
        """
        is_change = method == "POST" if is_change is None else is_change
        more = {"X-Auth-Token": self._token} if self._token and path.startswith(CONTROL_MOUNT) else {}
        headers = {"Accept-Encoding": "gzip", "User-Agent": f"novasim/{__version__}", **headers, **more}
        try:
            return self._try(method, path, content, headers)
        except FAILURES as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise (errors.unknown_outcome(self.address) if is_change else errors.lost(self.address)) from None
        if is_change:
            headers[SERVER] = self._server or "unknown"
        try:
            return self._try(method, path, content, headers)
        except NovasimError:
            raise (errors.unknown_outcome(self.address) if is_change else errors.lost(self.address)) from None
        except FAILURES:
            self.close()
            raise (errors.unknown_outcome(self.address) if is_change else errors.lost(self.address)) from None

    def _try(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        http = self._http or self._connect()
        http.request(method, quote(self.address.path) + path, content or None, headers)
        return _read_answer(http.getresponse())

    def _connect(self) -> HTTPConnection:
        http = self.address.create_connection(min(CONNECT_TIMEOUT, self._timeout))
        try:
            http.connect()
        except OSError as error:
            raise errors.unreachable(self.address, error) from None
        http.sock.settimeout(self._timeout)
        self._http = http
        return http


def _read_answer(response: HTTPResponse) -> Answer:
    content = response.read(MAX_DOCUMENTS)
    headers = {name.lower(): value for name, value in response.getheaders()}
    if headers.get("content-encoding") == "gzip":
        content = gzip.decompress(content)
    try:
        body = decode(content) if content else None
    except (ValueError, RecursionError):
        body = None
    return Answer(response.status, headers, body)


def _raise_error(body: Any) -> Any:
    """The body of an answer. Raises the error that it contains."""
    if isinstance(body, dict) and body.get("raised"):
        raise unpack_error(body["raised"])
    return body
