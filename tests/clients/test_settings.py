"""With the settings that `novasim serve` prints and writes, the real client connects as the right user."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from tests.clients.conftest import NO_CLIENTS, run_openstack

ISSUE = "token issue -f value -c project_id"


@pytest.fixture
def projects(cli) -> dict[str, str]:
    """IDs of projects by name."""
    projects = cli("project list -f json", who="admin")
    return {each["Name"]: each["ID"] for each in projects}


def novasim(served, *words: str) -> str:
    """Run a novasim command on the served cloud; return its output."""
    command = [sys.executable, "-m", "novasim", "--cloud", str(served.path), *words, "--port", str(served.port)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("options", "project"), [([], "demo"), (["--as", "admin"], "admin")])
def test_print_env_configures_the_client(served, projects, options, project):
    settings = novasim(served, *options, "serve", "--print-env")
    path = os.path.dirname(shlex.quote(sys.executable))
    done = subprocess.run(
        ["/bin/sh", "-c", f"{settings}\nexec openstack {ISSUE}"],
        env={"PATH": f"{path}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, projects[project] + "\n"), done.stderr


@pytest.mark.parametrize(("cloud", "project"), [("novasim", "demo"), ("novasim-admin", "admin")])
def test_clouds_yaml_configures_both_users(served, projects, tmp_path, cloud, project):
    pytest.importorskip("openstackclient.shell", reason=NO_CLIENTS)
    path = tmp_path / "clouds.yaml"
    novasim(served, "serve", "--write-clouds-yaml", str(path))
    settings = {"OS_CLIENT_CONFIG_FILE": str(path), "OS_CLOUD": cloud}
    assert run_openstack(settings, ISSUE.split()) == (0, projects[project] + "\n", "")
    assert path.stat().st_mode & 0o777 == 0o600
