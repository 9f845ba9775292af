"""A proxy between a client and a server that loses answers."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from ssl import SSLContext
from threading import Thread

HEAD_END = b"\r\n\r\n"


class Proxy:
    """
    Passes each request to a server, and its answer back, unless `loses` says that the answer is lost.

    Args:
        port: That of the server. loses: Called with a request after its answer has arrived.
        tls: With it, clients use https.
    """

    def __init__(self, port: int, loses: Callable[[bytes], bool], tls: SSLContext | None = None) -> None:
        self._port, self._loses, self._tls = port, loses, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, suppress(OSError):  # a client that does not trust the certificate
                self._serve(self._tls.wrap_socket(client, server_side=True) if self._tls else client)

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            while request := read_message(client):
                server.sendall(request)
                answer = read_message(server)
                if self._loses(request):
                    return
                client.sendall(answer)


def read_message(connection: socket.socket) -> bytes:
    """An HTTP message with a Content-Length header, or without a body; b"" at the end of the connection."""
    data = b""
    while HEAD_END not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(HEAD_END)
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + HEAD_END + body
