"""Clients that misbehave, ends in the middle of work, and files that change or break under the server."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.records import Server
from novasim.serve import http_limits, requests
from novasim.store import open_store
from tests import worlds
from tests.serve.served import START, Served, drained

SERVERS = "/compute/v2.1/servers"
LATEST = {"OpenStack-API-Version": "compute latest"}
ALIVE = b"GET /compute HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture
def own(tmp_path):
    """A server of the test's own."""
    server = Served(tmp_path / "cloud.json")
    yield server
    server.stop(signal.SIGKILL)


def wanted(served: Served) -> dict[str, object]:
    images = served.ask("GET", "/image/v2/images").body["images"]
    image = next(each["id"] for each in images if each["name"] == "cirros")
    return {"server": {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "none"}}


def posting(served: Served, body: object, **headers: str) -> bytes:
    """The bytes of a request for a new server."""
    content = json.dumps(body).encode()
    told = {"X-Auth-Token": served.token("demo"), "Content-Type": "application/json", "Content-Length": len(content)}
    lines = [f"{name}: {value}" for name, value in {**told, **LATEST, **headers}.items()]
    return "\r\n".join([f"POST {SERVERS} HTTP/1.1", "Host: x", *lines, "", ""]).encode() + content


def novasim(path: Path, *words: str, clock: str = "instant") -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "novasim", "--cloud", str(path), *words],
        capture_output=True,
        text=True,
        check=False,
        env={"NOVASIM_CLOCK": clock, "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- clients -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        b"GET /compute HTTP/1.1\r\nHost: x\r\nBig: " + b"x" * 200_000 + b"\r\n\r\n",
        b"GET /compute HTTP/1.1\r\nHost: x\r\n" + b"Many: x\r\n" * 50_000 + b"\r\n",
        b"GET /compute HTTP/1.1\r\nHost: x\r\nEndless: " + b"x" * 300_000,
    ],
)
def test_headers_without_end(served, head):
    with served.connection() as link:
        with suppress(BrokenPipeError, ConnectionResetError):  # it need not even listen to the end
            link.sendall(head)
        answer = drained(link)
    assert not answer or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 200"))
    assert served.raw(ALIVE).startswith(b"HTTP/1.1 200")


def test_headers_of_a_reasonable_size_are_taken(served):
    assert served.ask("GET", "/compute", headers={"X-Long": "x" * 20_000}).code == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /compute/v2.1/servers HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /compute/v2.1/servers HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /compute/v2.1/servers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http(served, nonsense):
    with served.connection() as link:
        link.sendall(nonsense)
        link.settimeout(2)
        answer = drained(link)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 401", b"HTTP/1.1 404"))


def test_a_slow_client_holds_up_nobody(served):
    with served.connection() as slow:
        slow.sendall(posting(served, wanted(served))[:-5])
        assert served.ask("GET", SERVERS).code == 200
        assert served.ask("POST", SERVERS, wanted(served), LATEST).code == 202
        slow.sendall(b"")


@contextmanager
def impatient(monkeypatch):
    """A connection to a server that waits for hardly a moment, and ends before the connection does."""
    from novasim.testing.server import Server

    monkeypatch.setattr(requests, "BODY_TIMEOUT", 0.05)
    monkeypatch.setattr(http_limits, "HEAD_TIMEOUT", 0.05)
    with ExitStack() as after, Server(worlds.memory_cloud()) as server:
        host, port = server.url.removeprefix("http://").split(":")
        link = after.enter_context(socket.create_connection((host, int(port)), timeout=START))
        yield link


def test_who_is_in_time_keeps_the_connection(monkeypatch):
    with impatient(monkeypatch) as link:
        for _ in range(3):
            link.sendall(b"GET /compute HTTP/1.1\r\nHost: x\r\n\r\n")
            assert link.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.06)


def test_a_body_that_stops_coming_is_408(monkeypatch):
    with impatient(monkeypatch) as link:
        link.sendall(b"POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        assert drained(link).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("head", [b"G", b"GET /compute HTTP/1.1\r\nHost: x\r\nSlow"])
def test_headers_that_stop_coming_are_408(monkeypatch, head):
    with impatient(monkeypatch) as link:
        link.sendall(head)
        assert drained(link).startswith(b"HTTP/1.1 408")


def test_a_client_that_goes_away_in_the_middle_of_its_request_changed_nothing(served):
    before = len(served.ask("GET", SERVERS).body["servers"])
    body = wanted(served)
    with served.connection() as link:
        link.sendall(posting(served, body)[:-5])
    assert len(served.ask("GET", SERVERS).body["servers"]) == before


def test_a_client_that_reads_nothing_holds_up_nobody_and_not_the_end(monkeypatch, capfd):
    monkeypatch.setattr(http_limits, "CLOSE_TIMEOUT", 0.1)
    with impatient(monkeypatch) as link:
        link.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 50)  # more than any buffer between us holds
        with socket.create_connection(link.getpeername(), timeout=START) as other:
            other.sendall(ALIVE)
            assert drained(other).startswith(b"HTTP/1.1 200")
    assert capfd.readouterr() == ("", "")


def test_a_client_that_does_not_wait_for_the_answer_is_served(own):
    with own.connection() as link:
        link.sendall(posting(own, wanted(own)))
    assert eventually(lambda: len(own.ask("GET", SERVERS).body["servers"]) == 1)


def eventually(check) -> bool:
    """Whether something becomes true soon."""
    for _ in range(200):
        if check():
            return True
        time.sleep(0.02)
    return False


def test_many_requests_on_one_connection(served):
    one = b"GET /compute HTTP/1.1\r\nHost: x\r\n\r\n"
    assert served.raw(one * 50 + ALIVE).count(b"HTTP/1.1 200 OK") == 51


# --- the end -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)])
def test_what_was_answered_is_kept_when_it_ends_in_the_middle_of_a_load(own, number, code):
    body, told, many = wanted(own), [], threading.Event()

    def load() -> None:
        with suppress(OSError, http.client.HTTPException):
            while (answer := own.ask("POST", SERVERS, body, LATEST)).code == 202:
                told.append(answer.body["server"]["id"])
                if len(told) > 40:
                    many.set()

    # the quota of ten would end the load at once
    novasim(own.path, "--as", "admin", "quota", "set", "demo", "--instances", "-1", "--cores", "-1", "--ram", "-1")
    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert many.wait(START)
    ended, err = own.stop(number)
    for thread in threads:
        thread.join(START)
    assert (ended, err) == (code, "")
    with open_store(own.path).read() as tx:
        kept = {server.id for server in tx.query(Server)}
    assert len(told) > 40 and set(told) <= kept
    assert "sound" in novasim(own.path, "cloud", "check")


def test_idle_connections_do_not_hold_up_the_end(own):
    with own.connection() as link:
        link.sendall(b"GET /compute HTTP/1.1\r\nHost: x\r\n\r\n")
        assert link.recv(65536)
        begun = time.monotonic()
        assert own.stop() == (0, "")
        assert time.monotonic() - begun < 4


# --- the file ------------------------------------------------------------------------------------------------------


def test_commands_and_server_see_each_other(own):
    id = own.ask("POST", SERVERS, wanted(own), LATEST).body["server"]["id"]
    assert json.loads(novasim(own.path, "show", "s", "-f", "json"))["id"] == id
    for _ in range(3):
        novasim(own.path, "stop", id)
        assert own.ask("GET", f"{SERVERS}/{id}").body["server"]["status"] == "SHUTOFF"
        assert own.ask("POST", f"{SERVERS}/{id}/action", {"os-start": None}).code == 202
        assert json.loads(novasim(own.path, "show", id, "-f", "json"))["status"] == "ACTIVE"
    novasim(own.path, "delete", id)
    assert own.ask("GET", f"{SERVERS}/{id}").code == 404


def test_time_passes_without_any_request(tmp_path):
    """The clock is real, and a thousand times as fast: a build takes a few milliseconds."""
    path = tmp_path / "cloud.json"
    novasim(path, "clock", "set", "real", "--speed", "1000", clock="real")
    server = Served(path, NOVASIM_CLOCK="real")
    try:
        id = server.ask("POST", SERVERS, wanted(server), LATEST).body["server"]["id"]
        assert eventually(lambda: server.ask("GET", f"{SERVERS}/{id}").body["server"]["status"] == "ACTIVE")
        assert server.ask("POST", f"{SERVERS}/{id}/action", {"os-stop": None}).code == 202
        assert eventually(lambda: server.ask("GET", f"{SERVERS}/{id}").body["server"]["status"] == "SHUTOFF")
    finally:
        assert server.stop() == (0, "")


def test_a_file_that_breaks_is_503_until_it_is_mended(own):
    body, sound = wanted(own), own.path.read_bytes()
    own.path.write_bytes(sound[:100])
    for answer in (own.ask("GET", SERVERS), own.ask("POST", SERVERS, body, LATEST)):
        assert (answer.code, list(answer.body)) == (503, ["serviceUnavailable"])
        assert str(own.path) in answer.body["serviceUnavailable"]["message"]
    own.path.write_bytes(sound)
    assert own.ask("POST", SERVERS, body, LATEST).code == 202


# --- the command ---------------------------------------------------------------------------------------------------


def refused(*words: str, code: str = "from novasim.__main__ import main; main()") -> tuple[int, str]:
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=START)
    return done.returncode, done.stderr


def test_a_port_that_is_taken(served, tmp_path):
    code, err = refused("--cloud", str(tmp_path / "c.json"), "serve", "--port", str(served.port))
    assert code == 2 and len(err.splitlines()) == 1 and str(served.port) in err


@pytest.mark.parametrize("host", ["no.such.host.invalid", "300.1.1.1", "x" * 300, "192.0.2.1"])
def test_a_host_that_is_not_here(tmp_path, host):
    code, err = refused("--cloud", str(tmp_path / "c.json"), "serve", "--port", "0", "--host", host)
    assert code == 2 and len(err.splitlines()) == 1


def test_without_the_http_stack_it_says_what_to_install(tmp_path):
    without = "import sys; sys.modules['uvicorn'] = None; from novasim.__main__ import main; main()"
    code, err = refused("--cloud", str(tmp_path / "c.json"), "serve", code=without)
    assert code == 2 and "pip install 'novasim[serve]'" in err and len(err.splitlines()) == 1


def test_who_listens_everywhere_is_warned(tmp_path):
    server = Served(tmp_path / "cloud.json", "--host", "0.0.0.0")
    code, err = server.stop()
    assert code == 0 and err.startswith("novasim: warning: ") and len(err.splitlines()) == 1
