"""The pytest plugin, in a test suite that is not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import forked_python

ROOT = Path(__file__).parent.parent.parent
SUITE = """
import json
import urllib.request


def test_cloud_fixture(novasim_cloud):
    assert novasim_cloud.servers.create("web1", flavor="m1.tiny", image="cirros").status == "ACTIVE"


def test_each_test_has_a_new_cloud(novasim_cloud):
    assert novasim_cloud.servers.list() == []


def test_server_fixture_uses_the_same_cloud(novasim_server, novasim_cloud):
    novasim_cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    settings = novasim_server.settings("demo")
    user = {"name": settings["username"], "password": settings["password"], "domain": {"name": "Default"}}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    headers = {"Content-Type": "application/json"}
    url = settings["auth_url"] + "/auth/tokens"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(auth).encode(), headers)) as answer:
        token = answer.headers["X-Subject-Token"]
    url = novasim_server.url + "/compute/v2.1/servers"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"X-Auth-Token": token})) as answer:
        assert [each["name"] for each in json.load(answer)["servers"]] == ["web1"]
"""

MARKED = """
import os
import pytest
from tests.testing.http import list_names


@pytest.fixture
def names(novasim_cloud):
    return lambda: [server.name for server in novasim_cloud.servers.list()]


def test_code_connects_by_itself(novasim_environment):
    novasim_environment.servers.create("web1", flavor="m1.tiny", image="cirros")
    assert list_names() == ["web1"]


@pytest.mark.novasim(clock="manual", hosts=1, seed=5, quota={"instances": 1}, user="admin")
class TestMarked:
    def test_options(self, novasim_cloud, novasim_environment):
        cloud = novasim_cloud
        assert cloud.clock.mode == "manual"
        assert os.environ["OS_USERNAME"] == cloud.who == "admin"
        assert len(cloud.get("/os-hypervisors")["hypervisors"]) == 1
        cloud.servers.create("a", flavor="m1.tiny", image="cirros")
        with pytest.raises(Exception, match="Quota exceeded for instances"):
            cloud.servers.create("b", flavor="m1.tiny", image="cirros")

    @pytest.mark.novasim(clock="stepping", quota="unlimited")
    def test_the_closest_marker_counts(self, novasim_cloud):
        assert novasim_cloud.clock.mode == "stepping"
        assert novasim_cloud.who == "admin"


@pytest.mark.novasim(scenario="lab.yaml")
def test_scenario(novasim_cloud, names):
    assert names() == ["db1"]
    assert novasim_cloud.clock.mode == "manual"


@pytest.mark.novasim(colour="red")
def test_unknown_option(novasim_cloud):
    raise AssertionError("not reached")
"""
LAB = """
clock: manual
projects: [{name: demo}]
users: [{name: demo, project: demo, roles: {demo: [member]}}]
hosts: [{name: host1}]
flavors: [{name: m1.tiny, vcpus: 1, ram: 512, disk: 1}]
images: [{name: cirros}]
servers: [{name: db1, project: demo, flavor: m1.tiny, image: cirros}]
"""


def run(folder: Path, suite: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Pytest on a suite, with the plugin as if it had been installed."""
    (folder / "test_suite.py").write_text(suite)
    known = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # other plugins take 0.4 s to import
    words = [
        *forked_python(),
        "-m",
        "pytest",
        "-q",
        "-p",
        "novasim.testing.plugin",
        "-p",
        "no:cacheprovider",
        *options,
        ".",
    ]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=known)


def test_fixtures(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    done = run(tmp_path, SUITE)
    assert "3 passed" in done.stdout, done.stdout


def test_marker(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    (tmp_path / "lab.yaml").write_text(LAB)
    done = run(tmp_path, MARKED, "--strict-markers", "-W", "error")
    assert "4 passed, 1 error" in done.stdout, done.stdout
    assert "pytest.mark.novasim" in done.stdout and "colour" in done.stdout


def test_unused_plugin_imports_nothing():
    code = (
        "import sys, pytest; before = set(sys.modules); import novasim.testing.plugin;"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('_')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert eval(done.stdout) == ["novasim", "novasim.testing", "novasim.testing.plugin"]


def test_unknown_argument_of_the_marker_is_named(tmp_path):
    marked = "@pytest.mark.novasim({})\ndef test_{}(novasim_cloud):\n    pass\n"
    suite = "import pytest\n\n\n" + marked.format("typo=3", "typo") + marked.format("'manual'", "position")
    done = run(tmp_path, suite)
    assert "@pytest.mark.novasim: there is no argument 'typo'; the arguments are clock, hosts, seed, " in done.stdout
    assert "@pytest.mark.novasim: name the argument, as in clock='manual'." in done.stdout
