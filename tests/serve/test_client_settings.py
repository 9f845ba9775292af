"""The settings for clients that novasim writes."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request

import pytest
import yaml

from novasim.errors import UsageError
from novasim.serve.client_settings import clouds_yaml, write_clouds_yaml
from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT


def test_clouds_yaml_names_the_versions_of_the_services():
    clouds = yaml.safe_load(clouds_yaml("http://192.0.2.1:8774"))["clouds"]
    assert {name: cloud["auth"]["username"] for name, cloud in clouds.items()} == {
        "novasim": "demo",
        "novasim-admin": "admin",
    }
    for cloud in clouds.values():
        # without it, clients in Go look for version 2 of the volume service, which no cloud has
        assert (cloud["identity_api_version"], cloud["volume_api_version"]) == (3, 3)


def _with_token(url, token):
    return urllib.request.Request(url, headers={"X-Auth-Token": token})


def test_environment_names_the_free_port(tmp_path):
    options = ["--cloud", str(tmp_path / "c.json"), "serve", "--port", "0", "--print-env"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*novasim_command(), *options], **pipes) as process:
        try:
            settings = "".join(process.stdout.readline() for _ in range(16))
            url = re.search(r"OS_AUTH_URL=(http://127.0.0.1:[1-9]\d*)/identity/v3\n", settings)[1]
            assert "created a new cloud" in process.stderr.readline()
            assert f"at {url} " in process.stderr.readline()
            assert f"OS_COMPUTE_URL={url}/compute/v2.1\n" in settings
            token = re.search(r"export TOKEN=(\S+)\n", settings)[1]
            with urllib.request.urlopen(_with_token(f"{url}/compute/v2.1/servers", token), timeout=TIMEOUT) as response:
                assert response.status == 200
            with urllib.request.urlopen(f"{url}/identity/v3", timeout=TIMEOUT) as response:
                assert response.status == 200
        finally:
            process.terminate()
        assert process.wait(TIMEOUT) == 0


def test_written_file_is_private_and_replaces_only_its_predecessor(tmp_path):
    path = tmp_path / "clouds.yaml"
    for port in (1, 2):
        write_clouds_yaml(str(path), clouds_yaml(f"http://192.0.2.1:{port}"))
        assert f"http://192.0.2.1:{port}/" in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("clouds: {}\n")
    with pytest.raises(UsageError, match="exists and was not written by novasim"):
        write_clouds_yaml(str(path), clouds_yaml("http://192.0.2.1:3"))
    assert path.read_text() == "clouds: {}\n"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/null", path)])
def test_what_is_no_file_stays(tmp_path, make):
    path = tmp_path / "clouds.yaml"
    make(path)
    with pytest.raises(UsageError, match="exists and was not written by novasim"):
        write_clouds_yaml(str(path), clouds_yaml("http://192.0.2.1:1"))
    assert not path.is_file()
