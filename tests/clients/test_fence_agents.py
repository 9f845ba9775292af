"""The fence agent of Debian that switches servers off and on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import environment
from tests.clients.programs import run_program

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

AGENT = Path("/usr/sbin/fence_openstack")
DIST_PACKAGES = "/usr/lib/python3/dist-packages"  # its other requirements; the clients come from this environment
PREPARE = f"import runpy, sys; sys.path.append({DIST_PACKAGES!r}); del sys.argv[0]; "
RUN = PREPARE + "runpy.run_path(sys.argv[0], run_name='__main__')"


@pytest.fixture
def fence(served):
    """A function that runs an action of the agent on a server."""
    values = environment(served)
    options = [f"--auth-url={values['OS_AUTH_URL']}", "--username=demo", "--password=secret", "--project-name=demo"]

    def run(action: str, server: str, code: int = 0) -> str:
        command = [sys.executable, "-c", RUN, AGENT, *options, f"--action={action}", f"--plug={server}"]
        return run_program(command, {}, code)

    probe = [sys.executable, "-c", PREPARE + "import pexpect, pycurl"]
    if not AGENT.exists() or subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("not installed for this Python version: fence-agents")
    return run


def test_fence_openstack(fence, connect):
    cloud = connect()
    server = cloud.create_server("node5", image="cirros", flavor="m1.tiny", network="private", wait=True)
    assert f"{server.id},node5" in fence("list", server.id)
    assert "ON" in fence("status", server.id)
    assert "Powered OFF" in fence("off", server.id)
    assert cloud.get_server(server.id).status == "SHUTOFF"
    assert "OFF" in fence("status", server.id, code=2)
    assert "Powered ON" in fence("on", server.id)
    assert "Rebooted" in fence("reboot", server.id)
    cloud.compute.pause_server(server.id)
    assert "Unable to obtain correct plug status" in fence("off", server.id, code=1)
    cloud.delete_server(server.id, wait=True)
    assert "could not be found" in fence("status", server.id, code=1)
