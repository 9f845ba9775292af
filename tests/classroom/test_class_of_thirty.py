"""
Thirty students solve one lesson at once: ten with commands of novasim, ten with `openstack`, ten with openstacksdk.

`make classroom` runs it; it takes minutes of processor time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from tests import IS_FULL
from tests.clients.conftest import NO_CLIENTS
from tests.serve.server_process import ServerProcess as ClassroomProcess

LESSON, GOALS, EACH = "rescue", 5, 10
JOIN = 'novasim join "$URL" "$NAME" --word "$WORD" && eval "$(novasim join --env --shell sh)"\n'
COMMANDS = """
set -e
novasim rescue web1 web2 --wait
novasim reboot web1 && exit 1
novasim unrescue web1 web2 --wait
novasim lesson check
"""
OPENSTACK = """
set -e
wait_for() { until [ "$(openstack server list --status "$1" -f value -c Name | wc -l)" = 2 ]; do sleep 1; done; }
openstack server rescue web1
openstack server rescue web2
wait_for RESCUE
openstack server reboot web1 && exit 1
openstack server unrescue web1
openstack server unrescue web2
wait_for ACTIVE
"""
SDK = """
import openstack
cloud = openstack.connect(load_yaml_config=False)
servers = [cloud.compute.find_server(name) for name in ("web1", "web2")]
for server in servers:
    cloud.compute.rescue_server(server)
for server in servers:
    cloud.compute.wait_for_server(server, "RESCUE", interval=0.5)
try:
    cloud.compute.reboot_server(servers[0], "SOFT")
    raise SystemExit("the reboot was accepted")
except openstack.exceptions.ConflictException:
    pass
for server in servers:
    cloud.compute.unrescue_server(server)
for server in servers:
    cloud.compute.wait_for_server(server, "ACTIVE", interval=0.5)
"""
SCRIPTS = [COMMANDS, OPENSTACK, f"exec {sys.executable} -W ignore -c '{SDK}'"]

pytestmark = pytest.mark.skipif(not IS_FULL, reason="make classroom runs it")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    names = "".join(f"Student {number}\n" for number in range(3 * EACH))
    (tmp_path / "roster.txt").write_text(names, "utf-8")
    return tmp_path / "room"


def teach(room: Path, *words: str) -> str:
    """Run a command of the teacher."""
    done = CliRunner(env={"NOVASIM_CLASSROOM": str(room)}).invoke(cli, ["classroom", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def served(room: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The URL of the class, and the join words."""
    pytest.importorskip("openstackclient", reason=NO_CLIENTS)
    roster = str(room.parent / "roster.txt")
    found = json.loads(teach(room, "init", str(room), "--students", roster, "--lesson", LESSON, "-f", "json"))
    teach(room, "speed", "5")
    server = ClassroomProcess(room.parent / "none.json", "--classroom", str(room), NOVASIM_CLOCK="")
    yield server.url, {each["name"]: each["word"] for each in found}
    server.stop()


def start(script: str, home: Path, url: str, name: str, word: str) -> subprocess.Popen[str]:
    home.mkdir()
    path = f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(home), "URL": url, "NAME": name, "WORD": word, "LANG": "C.UTF-8"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(["sh", "-c", JOIN + script], env=env, text=True, **pipes)  # type: ignore[call-overload]


def test_thirty_students_solve_all_goals(room: Path, served: tuple[str, dict[str, str]], tmp_path: Path):
    url, words = served
    running = [
        start(SCRIPTS[number % 3], tmp_path / name, url, name, word)
        for number, (name, word) in enumerate(words.items())
    ]
    outputs = [process.communicate(timeout=900)[0] for process in running]
    assert not [out for process, out in zip(running, outputs, strict=True) if process.returncode]
    status = json.loads(teach(room, "status", "-f", "json"))
    assert sum(each["done"] for each in status) == 3 * EACH * GOALS
    assert [each["refusals"] for each in status] == [1] * 3 * EACH
    marks = tmp_path / "marks.json"
    teach(room, "proof", "-o", str(marks))
    verified = CliRunner().invoke(cli, ["lesson", "verify", str(marks)])
    assert verified.stdout.count(f"has done {GOALS} of {GOALS} goals of {LESSON}") == 3 * EACH, verified.output


def test_reset_changes_no_byte_of_other_clouds(room: Path, served: object):
    first, *others = [f"student-{number}" for number in range(3 * EACH)]
    before = {name: read_files(room, name) for name in others}
    teach(room, "reset", first)
    assert {name: read_files(room, name) for name in others} == before


def read_files(room: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (room / "clouds").glob(f"{name}.json*")}
