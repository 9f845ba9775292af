"""The pytest plugin, in a test suite that is not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def run(folder: Path, suite: str) -> subprocess.CompletedProcess[str]:
    """Pytest on a suite, with the plugin as if it had been installed."""
    (folder / "test_suite.py").write_text(suite)
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "novasim.testing.plugin", "-p", "no:cacheprovider", "."]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=known)


def test_fixtures(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    done = run(tmp_path, SUITE)
    assert "3 passed" in done.stdout, done.stdout


def test_unused_plugin_imports_nothing():
    code = (
        "import sys, pytest; before = set(sys.modules); import novasim.testing.plugin;"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('_')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert eval(done.stdout) == ["novasim", "novasim.testing", "novasim.testing.plugin"]
