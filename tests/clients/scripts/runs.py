"""The scripts that call `openstack`: the clouds in which they run, and what they print."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from novasim.cli.main import cli
from tests.processes import PLAIN, novasim_command

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent.parent
TIMEOUT = 400  # seconds
CALLERS = {who: {"OS_USERNAME": who, "OS_PROJECT_NAME": who} for who in ("demo", "admin")}
SERVERS = """
    create web1 --flavor m1.tiny --image cirros --tag front --tag ci-42
    create web2 --flavor m1.tiny --image cirros --tag front
    create db1 --flavor m1.small --image cirros --property backup=nightly
"""


class Script(NamedTuple):
    """
    Runs of a script, one after the other.

    Args:
        name: The file without its suffix. commands: novasim commands before the first run, one a line.
        runs: The arguments of each run.
        who: The user of the script.
    """

    name: str
    commands: str
    runs: tuple[str, ...]
    who: str = "demo"


SCRIPTS = (
    Script(
        "rolling_resize",
        '--as admin fault add --action resize --server web2 --phase resize_prep --fail "no room" --times 2',
        ("front m1.small", "front m1.small"),
    ),
    Script(
        "evacuate_host",
        """
        create job1 job2 --flavor m1.tiny --image cirros --network none
        stop job1
        --as admin host set host1 --down
        """,
        ("host1", "host2"),
        "admin",
    ),
    Script(
        "nightly_backup",
        """
        volume create data --size 1
        attach-volume db1 data
        """,
        ("2026-01-01 1", "2026-01-02 1"),
    ),
    Script(
        "retry_conflict",
        """
        --as admin fault add --action stop --server web1 --refuse 409 --times 2
        --as admin fault add --action start --server web1 --refuse 409
        --as admin fault add --action start --server web2 --refuse 503
        """,
        ("web1", "web2", "nope"),
    ),
    Script(
        "clean_up",
        """
        lock web1
        openstack port create --network private --tag ci-42 spare
        openstack floating ip create --tag ci-42 public
        openstack volume create scratch --size 1 --property tag=ci-42
        openstack volume create data --size 1 --property tag=ci-42
        volume create other --size 1
        attach-volume db1 data
        """,
        ("ci-42",),
    ),
)


def build_cloud(path: Path, script: Script) -> None:
    """Create the cloud of a script."""
    settings = {"NOVASIM_CLOUD": str(path), "NOVASIM_CLOCK": "instant", "NOVASIM_SEED": "7"}
    for line in ["cloud init", *SERVERS.strip().splitlines(), *script.commands.strip().splitlines()]:
        done = CliRunner(env=settings).invoke(cli, shlex.split(line))
        assert done.exit_code == 0, (line, done.output)


def run_script(script: Script, folder: Path, settings: Mapping[str, str]) -> str:
    """
    Run a script as often as it says.

    Args:
        folder: The one with the executable `openstack`. settings: environment variables.

    Returns:
        Each command line with stdout, stderr and the exit code.
    """
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **settings}
    parts = []
    for arguments in script.runs:
        command = ["bash", FOLDER / f"{script.name}.sh", *shlex.split(arguments)]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False, cwd=FOLDER
        )
        parts.append(f"$ {script.name}.sh {arguments}\n{done.stdout}{done.stderr}exit code {done.returncode}\n")
    return "".join(parts)


def run_with_shim(script: Script, path: Path, folder: Path) -> str:
    """Run a script with the shim; return what it prints."""
    done = CliRunner().invoke(cli, ["--cloud", str(path), "openstack", "--install-shim", str(folder)])
    assert done.exit_code == 0, done.output
    shim, plain = folder / "openstack", shlex.join(PLAIN)
    assert plain in shim.read_text("utf-8")
    shim.write_text(shim.read_text("utf-8").replace(plain, shlex.join(novasim_command())), "utf-8")
    return run_script(script, folder, {"NOVASIM_CLOCK": "instant", "PYTHONPATH": str(ROOT), **CALLERS[script.who]})
