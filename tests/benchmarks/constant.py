"""The baseline for a server: the same HTTP stack returns a constant body. Its size in bytes is the argument."""

from __future__ import annotations

import sys
from typing import Any

from novasim.serve import listener

CONTENT = b"x" * int(sys.argv[1]) if len(sys.argv) > 1 else b""
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(CONTENT)).encode())]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": CONTENT})


if __name__ == "__main__":
    sock = listener.open_socket("127.0.0.1", 0)
    listener.run(app, sock, lambda: print(f"at http://{listener.socket_address(sock)} ", flush=True))  # type: ignore[arg-type]
