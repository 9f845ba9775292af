"""Addresses of clouds behind a server."""

from __future__ import annotations

import os
from http.client import HTTPConnection, HTTPSConnection
from ssl import SSLContext, SSLError, create_default_context
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from novasim.errors import CloudFileError, UsageError
from novasim.store.addresses import hide_passwords

FORM = "write http://HOST:PORT or http://HOST:PORT/NAME"
PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """
    Where a cloud is served.

    Args:
        path: The prefix of the cloud's paths, such as /ann; "" if the server has only one cloud.
        user, password: Those in the address, or "". They are not part of `url`.
    """

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""
    password: str = ""

    @property
    def origin(self) -> str:
        """The address without the prefix."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        """The address for messages and command lines, without a password."""
        return self.origin + self.path

    def create_connection(self, timeout: float) -> HTTPConnection:
        """
        A connection to the server, which its first use opens; *timeout* is in seconds.

        Raises:
            CloudFileError: the file that OS_CACERT names has no certificates.
        """
        if self.scheme == "http":
            return HTTPConnection(self.host, self.port, timeout=timeout)
        return HTTPSConnection(self.host, self.port, timeout=timeout, context=_create_tls_context())


def parse_address(text: str) -> Address:
    """
    Parse the address of a cloud.

    Raises:
        UsageError: it is not an address such as http://host:8774/ann. The message leaves out a password.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UsageError(f"The address of the cloud is malformed; {FORM}.") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.query or parts.fragment or _has_odd_letters(parts):
        raise UsageError(f"{hide_passwords(text)!r} is not the address of a cloud; {FORM}.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    path = parts.path.rstrip("/")
    return Address(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path, user, password)


def _create_tls_context() -> SSLContext:
    """Trust the certificates of the file that OS_CACERT names, as OpenStack's client does, or those of the system."""
    path = os.environ.get("OS_CACERT") or None
    try:
        return create_default_context(cafile=path)
    except OSError as error:  # also of ssl
        reason = "it has no certificates" if isinstance(error, SSLError) else error.strerror
        raise CloudFileError(f"OS_CACERT names {path}, which cannot be used: {reason}.") from None


def _has_odd_letters(parts: SplitResult) -> bool:
    return not all("!" <= letter <= "~" for letter in f"{parts.hostname}{parts.path}")
