"""The stream of the live page: who may read it, what it says, and how it ends."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import novasim_command
from tests.serve.live.streams import Stream, create, novasim
from tests.serve.server_process import ForkedServer, PatientServer, ServerProcess, becomes_true

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[ServerProcess]:
    server = ForkedServer(tmp_path / "cloud.json", "--live", "open")
    yield server
    server.stop(signal.SIGKILL)


def test_full_state_then_only_changes(live):
    create(live, "web1", "web2")
    stream = Stream(live)
    event, state, _ = stream.read()
    assert event == "state"
    assert sorted(server["name"] for server in state["servers"].values()) == ["web1", "web2"]
    assert set(state["hosts"]) == {"host1", "host2", "host3"}
    novasim(live, "stop", "web1")
    changed = stream.read_until("servers")
    assert changed.event == "change"
    assert [(each["name"], each["status"]) for each in changed.data["servers"].values()] == [("web1", "SHUTOFF")]
    assert changed.size < 2048
    novasim(live, "delete", "web1")
    (gone,) = stream.read_until("gone").data["gone"]["servers"]
    assert state["servers"][gone]["name"] == "web1"
    stream.close()


def test_a_refusal_of_another_process_comes_with_the_sentence_of_why(live):
    create(live, "web1")
    stream = Stream(live)
    stream.read()
    assert becomes_true((live.path.parent / "cloud.json.record").exists)
    novasim(live, "pause", "web1")
    novasim(live, "suspend", "web1", code=4)
    while (item := stream.read_until("feed").data["feed"][-1]).get("code") != 409:
        pass
    assert item["text"] == "web1 is PAUSED; suspend needs ACTIVE."
    assert (item["user"], item["action"], item["from"]) == ("demo", "suspend", "PAUSED")
    stream.close()


def test_the_record_is_kept_only_while_a_page_is_open(live):
    create(live, "web1")
    record = live.path.parent / "cloud.json.record"
    assert not record.exists()
    stream = Stream(live)
    stream.read()
    assert becomes_true(record.exists)
    stream.close()
    assert live.stop() == (0, "")
    assert json.loads(novasim(live, "record", "status", "-f", "json"))["recording"] is False


def test_the_page_works_if_the_record_cannot_be_kept(live):
    create(live, "web1")
    record = live.path.parent / "cloud.json.record"
    record.write_text("not a record")
    record.chmod(0o400)
    stream = Stream(live)
    stream.read()
    novasim(live, "stop", "web1")
    assert [each["status"] for each in stream.read_until("servers").data["servers"].values()] == ["SHUTOFF"]
    stream.close()
    assert live.stop() == (0, "")
    assert record.read_text() == "not a record"


def test_who_may_watch(tmp_path):
    server = ForkedServer(tmp_path / "cloud.json")
    try:
        create(server, "mine")
        create(server, "other", who="admin")
        assert server.request("GET", "/live/events", who=None).code == 401
        assert server.request("GET", "/live", who=None).code == 200
        seen = {}
        for who in ("demo", "admin"):
            stream = Stream(server, who)
            state = stream.read().data
            seen[who] = sorted(each["name"] for each in state["servers"].values()), bool(state["hosts"])
            stream.close()
        assert seen == {"demo": (["mine"], False), "admin": (["mine", "other"], True)}
        id = novasim(server, "--as", "admin", "list", "-q").strip()
        assert server.request("GET", f"/live/servers/{id}").code == 404
        assert server.request("GET", f"/live/servers/{id}", who="admin").code == 200
    finally:
        server.stop(signal.SIGKILL)


def test_a_project_does_not_see_what_others_do(tmp_path):
    server = ForkedServer(tmp_path / "cloud.json")
    try:
        create(server, "mine")
        create(server, "secret", who="admin")
        stream = Stream(server, "demo")
        stream.read()
        novasim(server, "--as", "admin", "stop", "secret")
        novasim(server, "stop", "mine")
        assert "secret" not in str(stream.read_until("servers"))
        stream.close()
    finally:
        server.stop(signal.SIGKILL)


def test_a_revoked_token_ends_the_stream(tmp_path):
    server = ForkedServer(tmp_path / "cloud.json")
    try:
        create(server, "web1")
        stream = Stream(server, "demo")
        stream.read()
        token = server.token("demo")
        headers = {"X-Auth-Token": token, "X-Subject-Token": token}
        assert server.request("DELETE", "/identity/v3/auth/tokens", headers=headers, who=None).code == 204
        novasim(server, "stop", "web1")
        assert stream.read() is None
        stream.close()
    finally:
        server.stop(signal.SIGKILL)


def test_actions_come_with_the_command_to_type(live):
    create(live, "it's")
    id = novasim(live, "list", "-q").strip()
    found = {each["action"]: each["command"] for each in live.request("GET", f"/live/servers/{id}", who=None).body}
    assert found["stop"] == """novasim stop 'it'"'"'s'"""
    assert "start" not in found


def test_the_page_only_reads(live):
    for path in ("/live", "/live/events", "/live/servers/x"):
        assert live.request("POST", path, {}).code == 405
    assert live.request("GET", "/live/nothing").code == 404
    assert "choices" in live.request("GET", "/livery").body  # the versions, as for every unknown path


def test_the_policy_allows_exactly_the_styles_and_the_script_of_the_page(live):
    page = live.request("GET", "/live", who=None)
    policy, text = page.headers["Content-Security-Policy"], page.content.decode()
    for name in ("style", "script"):
        for content in re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; connect-src 'self'; img-src data:;")
    assert not re.search(r"\sstyle=|\son\w+=|(src|href)=\"(?!data:,)", text)


def test_open_streams_do_not_delay_the_end(tmp_path):
    server = PatientServer(tmp_path / "cloud.json", "--live", "open")
    create(server, "web1")
    streams = [Stream(server) for _ in range(40)]
    for stream in streams:
        stream.read()
    assert server.stop() == (0, "")
    for stream in streams:
        assert stream.read() is None
        stream.close()


def test_open_needs_a_loopback_address(tmp_path):
    command = ["--cloud", str(tmp_path / "cloud.json"), "serve", "--host", "0.0.0.0", "--port", "0", "--live", "open"]
    done = subprocess.run([*novasim_command(), *command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--live open needs a loopback address such as 127.0.0.1, not 0.0.0.0." in done.stderr
