"""uvicorn's server with a time limit for its shutdown."""

from __future__ import annotations

import faulthandler
import os
import socket
from collections.abc import Callable
from types import FrameType

from uvicorn import Config, Server

SHUTDOWN_TIMEOUT = 6  # seconds to finish pending requests after a signal; connections are closed a second earlier
EXIT_TIMEOUT = 9  # seconds after a signal until the process ends, whatever it is doing


class ServerWithDeadline(Server):
    """
    A server whose process ends EXIT_TIMEOUT seconds after SIGTERM or SIGINT, with exit code 1.

    uvicorn waits without a limit for the event loop and for the shutdown of the application. A request can delay both.
    faulthandler counts the time in a thread that needs neither the event loop nor the interpreter lock.

    Args:
        on_shutdown: Called when the shutdown begins, before uvicorn waits for requests that are being answered.
    """

    def __init__(self, config: Config, on_shutdown: Callable[[], object] = bool) -> None:
        super().__init__(config)
        self._on_shutdown = on_shutdown

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_shutdown()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            faulthandler.dump_traceback_later(EXIT_TIMEOUT, exit=True, file=os.open(os.devnull, os.O_WRONLY))
        super().handle_exit(sig, frame)

    def finish(self) -> None:
        """Remove the limit after a complete shutdown. Requests may still run after a second SIGINT."""
        if not self.force_exit:
            faulthandler.cancel_dump_traceback_later()
