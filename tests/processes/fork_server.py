"""A process that has imported novasim, and forks a child for each command line of a client."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import marshal
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any, NoReturn

NOT_PRELOADED = ("novasim.testing", "novasim.devtools", "novasim.__main__")
READY = b"ready\n"


class Server:
    """Waits for clients, their signals, the ends of children, and the end of stdin."""

    def __init__(self, path: str) -> None:
        self.selector = selectors.DefaultSelector()
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.children: dict[int, socket.socket] = {}
        ends, self.wakeup = socket.socketpair()
        ends.setblocking(False)
        self.wakeup.setblocking(False)
        signal.set_wakeup_fd(self.wakeup.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self.selector.register(ends, selectors.EVENT_READ, lambda: self._report_ends(ends))
        self.selector.register(0, selectors.EVENT_READ, self._end)

    def serve(self) -> NoReturn:
        while True:
            for key, _ in self.selector.select():
                key.data()

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        request, streams = _receive(connection)
        if not request:
            connection.close()
            return
        if request[0][:2] == ["-m", "pytest"]:
            preload_pytest()
        pid = os.fork()
        if pid == 0:
            _run(streams, *request)
        for stream in streams:
            os.close(stream)
        self.children[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, lambda: self._pass_signal(pid, connection))

    def _pass_signal(self, pid: int, connection: socket.socket) -> None:
        """Send a signal of the client to the child; if the client has gone, kill the child."""
        try:
            number = connection.recv(1)
        except ConnectionResetError:
            number = b""
        if not number:
            self.selector.unregister(connection)
        if pid in self.children:
            os.kill(pid, int.from_bytes(number, "big") or signal.SIGKILL)

    def _report_ends(self, ends: socket.socket) -> None:
        """Send the exit codes of children that have ended to their clients."""
        ends.recv(1024)
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                connection = self.children.pop(pid)
                with suppress(KeyError):
                    self.selector.unregister(connection)
                with suppress(OSError):
                    connection.send(os.waitstatus_to_exitcode(status).to_bytes(2, "big", signed=True))
                connection.close()

    def _end(self) -> NoReturn:
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        with suppress(OSError):
            os.unlink(self.path)
            os.rmdir(os.path.dirname(self.path))  # its starter may have been killed
        os._exit(0)


def _receive(connection: socket.socket) -> tuple[Any, list[int]]:
    """The request of a client, and its streams; None and no streams if the client has ended before it has sent both."""
    streams: list[int] = []
    try:
        head, streams, _, _ = socket.recv_fds(connection, 4, 3)
        with connection.makefile("rb") as file:
            content = file.read(int.from_bytes(head, "big"))
        if streams and len(content) == int.from_bytes(head, "big"):
            return marshal.loads(content), streams
    except ConnectionResetError:
        pass
    for stream in streams:
        os.close(stream)
    return None, []


def _run(streams: list[int], words: list[str], environment: dict[bytes, bytes], folder: str) -> NoReturn:
    """Run `python` with these words in a new child, with the streams, environment and folder of the client."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell runs the tests in the background
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, max(streams) + 20)
    os.chdir(folder)
    os.environb.clear()
    os.environb.update(environment)
    time.tzset()
    encoding = os.environ.get("PYTHONIOENCODING") or "utf-8"
    sys.stdin = os.fdopen(0, encoding=encoding)
    if os.environ.get("PYTHONUNBUFFERED"):
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", buffering=0), encoding, write_through=True)
    else:
        sys.stdout = os.fdopen(1, "w", encoding=encoding)
    sys.stderr = os.fdopen(2, "w", encoding=encoding, errors="backslashreplace")
    try:
        _interpret(*words)
    except SystemExit as end:
        _exit_quickly(end.code)
        raise
    _exit_quickly(0)
    sys.exit()


def _interpret(option: str, target: str, *words: str) -> None:
    if option == "-m":
        sys.argv = [target, *words]
        runpy.run_module(target, run_name="__main__", alter_sys=True)
    else:
        sys.argv = [option, *words]
        exec(compile(target, "<string>", "exec"), {"__name__": "__main__"})


def _exit_quickly(code: object) -> None:
    """End without the teardown of all modules that the server has imported, unless a thread still needs them."""
    if threading.active_count() == 1 and isinstance(code, int | None):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)


def preload_pytest() -> None:
    """Import pytest and the plugins that belong to it, unless an earlier child needed them."""
    from _pytest.config import default_plugins

    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")


def preload() -> None:
    """Import all modules that commands import."""
    import novasim

    for module in pkgutil.walk_packages(novasim.__path__, "novasim."):
        if not module.name.startswith(NOT_PRELOADED):
            with suppress(ImportError):  # an extra is not installed
                importlib.import_module(module.name)


if __name__ == "__main__":
    preload()
    gc.freeze()  # a collection in a child would copy all pages
    server = Server(sys.argv[1])
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    server.serve()
