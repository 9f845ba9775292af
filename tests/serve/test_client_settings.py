"""The settings for clients that novasim writes."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request

import yaml

from novasim.serve.client_settings import clouds_yaml


def test_clouds_yaml_names_the_versions_of_the_services():
    clouds = yaml.safe_load(clouds_yaml("http://192.0.2.1:8774"))["clouds"]
    assert {name: cloud["auth"]["username"] for name, cloud in clouds.items()} == {
        "novasim": "demo",
        "novasim-admin": "admin",
    }
    for cloud in clouds.values():
        # without it, clients in Go look for version 2 of the volume service, which no cloud has
        assert (cloud["identity_api_version"], cloud["volume_api_version"]) == (3, 3)


def test_environment_names_the_free_port(tmp_path):
    options = ["--cloud", str(tmp_path / "c.json"), "serve", "--port", "0", "--print-env"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-m", "novasim", *options], **pipes) as process:
        try:
            settings = "".join(process.stdout.readline() for _ in range(9))
            url = re.search(r"OS_AUTH_URL=(http://127.0.0.1:[1-9]\d*)/identity/v3\n", settings)[1]
            assert "created a new cloud" in process.stderr.readline()
            assert f"at {url} " in process.stderr.readline()
            with urllib.request.urlopen(f"{url}/identity/v3", timeout=30) as response:
                assert response.status == 200
        finally:
            process.terminate()
        assert process.wait(30) == 0
