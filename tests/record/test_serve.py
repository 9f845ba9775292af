"""The record of requests over HTTP."""

from __future__ import annotations

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from novasim.cloud import Cloud
from novasim.control.worlds import create_default_world
from novasim.library.cloud import Cloud as Library
from novasim.simulation.time import clock
from novasim.store.memory import MemoryStore
from novasim.store.record_file import read_entries
from novasim.testing.server import Server
from tests.serve.server_process import TIMEOUT, ForkedServer, server_body
from tests.simulation.test_clock_set_back import Wall


def test_requests_over_http(tmp_path):
    served = ForkedServer(tmp_path / "lab.json", "--record", f"{tmp_path}/records/")
    try:
        body = server_body(served)
        id = served.request("POST", "/compute/v2.1/servers", body, {"X-OpenStack-Nova-API-Version": "2.96"}).body[
            "server"
        ]["id"]
        path = f"/compute/v2.1/servers/{id}/action"
        assert served.request("POST", path, {"unpause": None}).code == 409
        with ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda _: served.request("POST", path, {"lock": None}).code, range(40)))
        assert codes == [202] * 40
        assert served.request("GET", f"/compute/v2.1/servers/{id}").code == 200
    finally:
        served.stop()
    (file,) = (tmp_path / "records").iterdir()
    entries = [entry for entry in read_entries(str(file)) if entry.service == "compute"]
    assert [(entry.action, entry.code) for entry in entries] == [
        ("create", 202),
        ("unpause", 409),
        *[("lock", 202)] * 40,
    ]
    assert {entry.interface for entry in entries} == {"http"}
    assert len({entry.step for entry in entries}) == 42
    assert (entries[0].microversion, entries[0].user["user"], entries[0].command) == ("2.96", "demo", "")


def send(url: str, **more: Any) -> Any:
    headers = {"Content-Type": "application/json", **more.pop("headers", {})}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers, **more), timeout=TIMEOUT) as response:
        response.read()
        return response


def test_reads_do_not_wait_for_a_writer_that_events_wait_for(tmp_path, monkeypatch):
    """Only a request that the record has comes after the events; it does not keep others waiting, either."""
    file, wall = tmp_path / "a.record", Wall(clock.wall())
    monkeypatch.setenv("NOVASIM_RECORD", str(file))
    store = MemoryStore()
    create_default_world(store, seed=1)
    cloud = Cloud(store, wall)
    id = Library(cloud).servers.create("web1", "m1.tiny", "cirros").id
    with Server(cloud) as server, ThreadPoolExecutor(1) as pool:
        user = {"name": "admin", "password": "secret", "domain": {"id": "default"}}
        auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
        token = send(server.url + "/identity/v3/auth/tokens", data=json.dumps(auth).encode()).headers["X-Subject-Token"]

        def get(path: str) -> int:
            return send(server.url + path, headers={"X-Auth-Token": token}).status

        with cloud.store._exclusive():
            wall.now += 60
            assert get("/compute/v2.1/servers") == 200
            diagnostics = pool.submit(get, f"/compute/v2.1/servers/{id}/diagnostics")
            assert get(f"/compute/v2.1/servers/{id}") == 200
            assert not diagnostics.done()
        assert diagnostics.result(TIMEOUT) == 200
    entries = [entry for entry in read_entries(str(file)) if entry.server == id]
    assert [entry.action for entry in entries] == [*["create"] * (len(entries) - 1), "diagnostics"]
    assert entries[-2].event == "end"
