"""A change is executed once, even if its answer is lost."""

from __future__ import annotations

import asyncio
import signal

import pytest

from novasim.api.routes import REMOTE_MOUNT
from novasim.control.worlds import preview_cloud
from novasim.serve.app import App
from tests.remote.conftest import run_at
from tests.remote.proxy import Proxy
from tests.serve.server_process import ServerProcess

CREATE = "create web1 --flavor m1.tiny --image cirros"


@pytest.fixture
def own(tmp_path):
    """A server that has ended when its process has; a forked one ends a moment after its client."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ServerProcess(tmp_path / "cloud.json")
    yield server
    server.stop(signal.SIGKILL)


@pytest.fixture
def lossy(served):
    """The address of a proxy that loses the answer to the first request for a server."""
    lost = []

    def loses(request: bytes) -> bool:
        is_first = b'"POST","path":"/servers"' in request and not lost
        lost.extend([request] * is_first)
        return is_first

    proxy = Proxy(served.port, loses)
    yield proxy.url
    proxy.close()
    assert len(lost) == 1


def test_a_lost_answer_is_asked_for_again(served, lossy):
    run_at(lossy, CREATE)
    assert run_at(served.url, "list -f value -c name").stdout == "web1\n"


def test_the_outcome_is_unknown_if_the_server_ends_after_the_commit(own):
    def loses(request: bytes) -> bool:
        is_change = b'"POST","path":"/servers"' in request
        if is_change:
            own.stop(signal.SIGKILL)
        return is_change

    proxy = Proxy(own.port, loses)
    done = run_at(proxy.url, CREATE, 9)
    proxy.close()
    assert done.stderr == (
        f"novasim: The cloud {proxy.url} closed the connection before it answered. Whether the change was saved is "
        "unknown: look before you repeat it, as with 'novasim list'.\n"
    )
    assert run_at(str(own.path), "list -f value -c name").stdout == "web1\n"


def test_another_process_does_not_execute_a_repeated_change(served):
    headers = {"novasim-key": "k", "novasim-server": "another"}
    found = served.request("POST", "/novasim/remote/requests", {}, headers, "admin")
    assert (found.code, "novasim-server" in found.headers) == (412, True)


def test_a_command_that_ends_while_it_sends_is_no_error_of_the_server(capsys):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "scheme": "http", "path": f"{REMOTE_MOUNT}/session", "query_string": b""}
    asyncio.run(App(preview_cloud(), has_open_control=True)({**scope, "headers": []}, receive, send))
    assert (sent, capsys.readouterr().err) == ([], "")
