"""A signal ends the server within its time limit, whatever a request does."""

from __future__ import annotations

import signal
import socket
import subprocess

import pytest

from tests.processes import forked_python
from tests.serve.server_process import TIMEOUT

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

SERVER = """
import asyncio, re, socket, sys, threading, time
from novasim.serve import deadline, listener

deadline.SHUTDOWN_TIMEOUT, deadline.EXIT_TIMEOUT = 0.2, 0.3

def sleep():
    while True:
        time.sleep(1000)

async def respond(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            if event == "lifespan.shutdown" and KIND == "shutdown":
                await asyncio.sleep(1000)
            await send({"type": event + ".complete"})
    print("busy", flush=True)
    if KIND == "loop":
        sleep()
    elif KIND == "pattern":
        re.search("^(a+)+$", "a" * 100 + "!")
    elif KIND == "thread":
        await asyncio.get_running_loop().run_in_executor(None, sleep)
    elif KIND == "stubborn":
        while True:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                pass

KIND = sys.argv[1]
sock = listener.open_socket("127.0.0.1", 0)
listener.run(respond, sock, lambda: print(sock.getsockname()[1], flush=True))
"""


KINDS = ["loop", "pattern", "thread", "stubborn", "shutdown"]


@pytest.mark.parametrize(("kind", "number"), [*((kind, signal.SIGTERM) for kind in KINDS), ("loop", signal.SIGINT)])
def test_signal_ends_a_busy_server(kind, number):
    process = subprocess.Popen([*forked_python(), "-c", SERVER, kind], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        with socket.create_connection(("127.0.0.1", int(process.stdout.readline()))) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert process.stdout.readline() == b"busy\n"
            process.send_signal(number)
            assert process.wait(timeout=TIMEOUT) == 1  # the request takes much longer
    finally:
        process.kill()
        process.communicate()
