"""The record of requests over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from novasim.store.record_file import read_entries
from tests.serve.server_process import ServerProcess, server_body


def test_requests_over_http(tmp_path):
    served = ServerProcess(tmp_path / "lab.json", "--record", f"{tmp_path}/records/")
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
