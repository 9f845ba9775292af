"""Raw HTTP: malformed heads, request smuggling, invalid chunks, hostile bodies. Nothing is answered twice."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest

pytest.importorskip("httptools", reason="the extra novasim[serve] is not installed")

from tests import each_case
from tests.attack.raw_requests import ATTACKS, RawRequest
from tests.serve.server_process import read_all
from tests.serve.test_bad_clients import impatient_server

ALIVE = b"GET /compute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@each_case("attack", ATTACKS)
def test_hostile_request_is_refused(served, attack: RawRequest):
    with served.connect() as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # the server may close early
            connection.sendall(attack.data)
        response = read_all(connection)
    codes = [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3})", response)]
    assert (codes or [0]) in [[code] for code in attack.codes], response[:500]
    assert b"Traceback" not in response
    assert served.send_raw(ALIVE).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("pause", [0.01, 0.04])
def test_headers_sent_byte_by_byte_are_408(monkeypatch, pause):
    with impatient_server(monkeypatch) as connection, suppress(BrokenPipeError, ConnectionResetError):
        for byte in b"GET /compute HTTP/1.1\r\n" + b"X-Slow: x\r\n" * 30:  # at least sixty times the limit
            connection.sendall(bytes([byte]))
            time.sleep(pause)
        pytest.fail("the server has read all headers")


def test_there_are_enough_attacks():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 73
