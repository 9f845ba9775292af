"""Control of the simulation over HTTP."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.processes import novasim_command
from tests.serve.server_process import ForkedServer, server_body

LATEST = {"OpenStack-API-Version": "compute latest"}
SERVERS = "/compute/v2.1/servers"


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ForkedServer(tmp_path_factory.mktemp("control") / "cloud.json", "--control", "open", NOVASIM_CLOCK="")
    yield server
    assert server.stop() == (0, "")


@pytest.fixture
def control(process):
    """A function that sends a control request without a token, to a cloud that is as it was at the start."""

    def send(method, path, body=None, code=200, **more):
        response = process.request(method, f"/novasim/{path}", body, who=None, **more)
        assert response.code == code, response
        return response.body if response.content else None

    send("POST", "reset")
    return send


def create(process):
    response = process.request("POST", SERVERS, server_body(process), LATEST)
    assert response.code == 202, response
    return response.body["server"]["id"]


def status(process, id):
    return process.request("GET", f"{SERVERS}/{id}").body["server"]["status"]


def list_ids(process):
    return [server["id"] for server in process.request("GET", SERVERS).body["servers"]]


def test_a_refusal_says_what_the_request_needs(process, control):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    error = process.request("POST", "/novasim/clock", {"mode": "manual"}, form, who=None).body
    assert "needs the header Content-Type: application/json" in error["badMediaType"]["message"]
    assert "The paths are /novasim/reset, " in control("POST", "clocks", {}, 404)["itemNotFound"]["message"]


def test_the_clock_is_set_and_advanced(process, control):
    assert control("POST", "clock", {"mode": "manual"})["mode"] == "manual"
    id = create(process)
    assert status(process, id) == "BUILD"
    before = control("GET", "clock")["now"]
    after = control("POST", "clock", {"advance": "1m"})["now"]
    assert before < after == control("GET", "clock")["now"]
    assert status(process, id) == "ACTIVE"
    assert control("POST", "clock", {"mode": "stepping", "speed": 2})["speed"] == 2
    process.request("POST", f"{SERVERS}/{id}/action", {"os-stop": None})
    assert status(process, id) == "SHUTOFF"


def test_a_reset_brings_the_first_state_back(process, control):
    control("POST", "clock", {"mode": "instant"})
    first = create(process)
    control("POST", "reset")
    assert list_ids(process) == []
    control("POST", "clock", {"mode": "instant"})
    assert create(process) == first


def test_a_reset_with_options_creates_another_world(process, control):
    state = control("POST", "reset", {"hosts": 1, "seed": 1, "clock": "manual", "quota": {"instances": 1}})
    assert state["mode"] == "manual"
    hosts = process.request("GET", "/compute/v2.1/os-hypervisors", who="admin").body["hypervisors"]
    assert len(hosts) == 1
    create(process)
    assert process.request("POST", SERVERS, server_body(process), LATEST).code == 403
    control("POST", "reset", {"quota": "unlimited"})
    limits = process.request("GET", "/compute/v2.1/limits").body["limits"]["absolute"]
    assert limits["maxTotalInstances"] == -1


def test_a_seed_repeats_ids(process, control):
    ids = []
    for seed in (5, 5, 6):
        control("POST", "reset")
        assert control("POST", "seed", {"seed": seed}) == {"seed": seed}
        ids.append(create(process))
    assert ids[0] == ids[1] != ids[2]


def test_faults_are_injected_listed_and_removed(process, control):
    control("POST", "clock", {"mode": "instant"})
    id = create(process)
    fault = control("POST", "fault", {"does": "refuse", "action": "stop", "code": 503, "times": 1}, code=201)
    stop = f"{SERVERS}/{id}/action", {"os-stop": None}
    assert process.request("POST", *stop).code == 503
    assert [each["triggered"] for each in control("GET", "fault")["faults"]] == [1]
    control("DELETE", f"fault/{fault['id']}", code=204)
    control("POST", "fault", {"name": "spawn"}, code=201)
    control("DELETE", "fault", code=204)
    assert control("GET", "fault") == {"faults": []}
    assert process.request("POST", *stop).code == 202


def test_states_are_saved_and_loaded(process, control):
    control("POST", "clock", {"mode": "instant"})
    id = create(process)
    assert control("POST", "save", {"name": "one server"}) == {"name": "one server"}
    assert control("GET", "save") == {"names": ["first", "one server"]}
    process.request("DELETE", f"{SERVERS}/{id}")
    assert list_ids(process) == []
    control("POST", "load", {"name": "one server"})
    assert list_ids(process) == [id]


def test_commands_see_the_change(process, control):
    control("POST", "clock", {"mode": "manual"})
    words = [
        sys.executable,
        "-m",
        "novasim",
        "--cloud",
        str(process.path),
        "clock",
        "show",
        "-f",
        "value",
        "-c",
        "mode",
    ]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "manual\n"


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "reset", {"hosts": -1}, 400),
        ("POST", "reset", {"colour": "red"}, 400),
        ("POST", "reset", [], 400),
        ("POST", "seed", {"seed": "x"}, 400),
        ("POST", "seed", {}, 400),
        ("POST", "clock", {"mode": "fast"}, 400),
        ("POST", "clock", {"speed": 0}, 400),
        ("POST", "clock", {"advance": 5}, 400),  # the clock is not manual
        ("POST", "clock", {"advance": "soon"}, 400),
        ("POST", "clock", {"mode": "manual", "advance": "1.2.3"}, 400),
        ("POST", "clock", {"speed": 2, "advance": 5}, 400),
        ("POST", "fault", {"does": "explode"}, 400),
        ("POST", "fault", {"action": "stop"}, 400),
        ("POST", "fault", {"name": "spawn", "host": "nowhere"}, 404),
        ("DELETE", "fault/99", None, 404),
        ("POST", "load", {"name": "nothing"}, 404),
        ("GET", "nothing", None, 404),
        ("PUT", "seed", {"seed": 1}, 405),
    ],
)
def test_invalid_requests_change_nothing(process, control, method, path, body, code):
    before = process.path.read_bytes()
    control(method, path, body, code=code)
    assert process.path.read_bytes() == before


def test_the_metadata_of_a_guest_needs_no_token_with_open_control(process, control):
    id = create(process)
    path = f"/novasim/metadata/{id}/openstack/latest/meta_data.json"
    assert process.request("GET", path, who=None).body["uuid"] == id
    assert process.request("GET", path.replace(id, "nothing"), who=None).code == 404
    assert process.request("GET", path, who=None, headers={"Origin": "http://evil.example.com"}).code == 403
    assert process.request("GET", "/openstack/latest/meta_data.json", who=None).code == 404  # without signed headers


@pytest.mark.parametrize("header", [{"Origin": "http://evil.example.com"}, {"Sec-Fetch-Site": "cross-site"}])
def test_pages_in_a_browser_are_refused(control, header):
    control("POST", "reset", headers=header, code=403)


def test_other_requests_still_need_a_token(process):
    assert process.request("GET", SERVERS, who=None).code == 401


def test_without_open_control_only_administrators_are_allowed(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ForkedServer(tmp_path / "cloud.json")
    codes = [server.request("POST", "/novasim/reset", who=who).code for who in (None, "demo", "admin")]
    overridden = server.request("POST", "/novasim/clock", {"mode": "manual"}, who="admin")
    assert server.stop() == (0, "")
    assert codes == [401, 403, 200]
    assert overridden.code == 400 and b"NOVASIM_CLOCK=instant" in overridden.content


def test_open_control_needs_a_loopback_address(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    words = [*novasim_command(), "--cloud", str(tmp_path / "cloud.json"), "serve", "--port", "0"]
    words += ["--host", "0.0.0.0", "--control", "open"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "--control open needs a loopback address" in done.stderr
    assert not (tmp_path / "cloud.json").exists()
