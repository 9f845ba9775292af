"""Scripts that call `openstack`: the shim and the real client print the same and leave the same cloud."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from tests.clients.conftest import NO_CLIENTS, environment
from tests.clients.scripts.runs import SCRIPTS, build_cloud, run_script, run_with_shim
from tests.serve.server_process import ServerProcess

REAL_CLIENT = Path(sysconfig.get_path("scripts"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_does_the_same_with_the_shim_and_the_real_client(script, tmp_path):
    for module in ("uvicorn", "openstackclient.shell"):
        pytest.importorskip(module, reason=NO_CLIENTS)
    ours, theirs = tmp_path / "shim.json", tmp_path / "real.json"
    build_cloud(ours, script)
    shutil.copy(ours, theirs)
    output = run_with_shim(script, ours, tmp_path / "bin")
    served = ServerProcess(theirs)
    try:
        expected = run_script(script, REAL_CLIENT, environment(served, script.who))
    finally:
        assert served.stop() == (0, "")
    assert output == expected.replace(served.url, "http://127.0.0.1:8774")
    difference = CliRunner().invoke(cli, ["cloud", "diff", str(ours), str(theirs)])
    assert (difference.exit_code, difference.stdout) == (0, "")
