"""Large uploads and large values: they need little memory, and are refused early."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from novasim.api.image.uploads import MAX_KEPT, Upload
from novasim.records import Server
from tests.attack import extent
from tests.attack.memory import MIB, measure
from tests.play import Play

NUMBERS = ["1e999", "-1e999", "NaN", "Infinity", "-Infinity"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_uploads_at_the_same_time_need_little_memory():
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    codes, growth = measure(extent(3, 6), extent(16, 200) * MIB)
    assert set(codes) == {204}
    assert growth < 16 * MIB


@pytest.mark.parametrize("size", [0, 1, MAX_KEPT, MAX_KEPT + 1, 1_000_000])
@pytest.mark.parametrize("part", [1_000, 65_536])
def test_hashes_do_not_depend_on_the_parts(size, part):
    data = bytes(number % 251 for number in range(size))
    upload = Upload()
    for start in range(0, size, part):
        upload.add(data[start : start + part])
    assert (upload.size, upload.md5) == (size, hashlib.md5(data, usedforsecurity=False).hexdigest())
    assert upload.sha512 == hashlib.sha512(data).hexdigest()
    assert upload.data == (data if size <= MAX_KEPT else b"")


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_that_are_not_finite_are_refused_in_every_body(served, number):
    project = served.request("GET", "/identity/v3/auth/tokens", headers={"X-Subject-Token": served.token("demo")})
    volumes = f"/volume/v3/{project.body['token']['project']['id']}/volumes"
    for path, body in [
        ("/compute/v2.1/servers", '{"server": {}, "os:scheduler_hints": {"a": %s}}'),
        ("/network/v2.0/ports", '{"port": {"network_id": "x", "binding:profile": {"a": [%s]}}}'),
        ("/image/v2/images", '{"name": "x", "a": %s}'),
        (volumes, '{"volume": {"size": 1, "scheduler_hints": {"a": %s}}}'),
        ("/identity/v3/projects", '{"project": {"name": "x", "extra": %s}}'),
        ("/placement/resource_providers", '{"name": "x", "extra": %s}'),
    ]:
        response = served.request("POST", path, (body % number).encode(), who="admin")
        assert response.code == 400 and b"Malformed request body" in response.content, (path, response)


def test_a_query_in_a_hint_that_is_nested_too_deep_matches_no_host():
    play = Play(enabled_filters=["JsonFilter"])
    body = {"name": "s", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    for query in ("[" * 50_000, '["and", ' * 600 + "[]" + "]" * 600, '["=", 1e999, 1]'):
        hints = {"server": body, "os:scheduler_hints": {"query": query}}
        assert play.ask("POST", "/servers", hints).code == 202
        assert play.state(play.all(Server)[-1].id)[0] == "ERROR"


def test_long_user_data_is_refused_before_it_is_encoded(tmp_path):

    file = tmp_path / "user-data"
    with open(file, "wb") as out:
        out.truncate(300 * MIB)
    code = (
        "import resource, sys; from novasim.__main__ import main\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20,) * 2)\nmain()"
    )
    words = ["create", "web1", "--flavor", "m1.tiny", "--image", "cirros", "--user-data", str(file)]
    done = subprocess.run(
        [sys.executable, "-c", code, "--cloud", str(tmp_path / "cloud.json"), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "is larger than 16 MiB" in done.stderr and len(done.stderr) < 5_000
