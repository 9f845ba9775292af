"""`novasim run`: a script with a cloud, a server and an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from novasim.store.record_file import read_entries
from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT

ROOT = Path(__file__).parent.parent.parent
NOVASIM = f"{sys.executable} -m novasim"


def run(folder: Path, script: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script under `novasim run`."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    words = [*novasim_command(), "run", *options, "--", "sh", "-c", script]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOVASIM", "OS_"))}
    env = {**kept, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=TIMEOUT)


def test_commands_and_clients_meet_the_same_new_cloud(tmp_path):
    script = f"""
        {NOVASIM} create web1 --flavor m1.tiny --image cirros -q > /dev/null
        {sys.executable} -c 'from tests.testing.http import list_names; print(list_names())'
    """
    done = run(tmp_path, script, NOVASIM_CLOUD=str(tmp_path / "mine.json"), OS_AUTH_URL="http://192.0.2.1")
    assert (done.returncode, done.stdout) == (0, "['web1']\n"), done.stderr
    assert done.stderr == "novasim: the script ended with 0; requests accepted: 1, refused: 0\n"
    assert list(tmp_path.iterdir()) == []


def test_commands_of_the_script_are_recorded(tmp_path):
    script = f"cd /; {NOVASIM} create web1 --flavor m1.tiny --image cirros -q > /dev/null; {NOVASIM} start web1"
    assert run(tmp_path, script, NOVASIM_RECORD="runs/").returncode == 4
    entries = [entry for file in (tmp_path / "runs").iterdir() for entry in read_entries(str(file))]
    assert {(entry.action, entry.code) for entry in entries if entry.kind == "request"} == {
        ("create", 202),
        ("start", 409),
    }


def test_the_exit_code_and_refusals_are_reported(tmp_path):
    script = f"""
        {NOVASIM} create web1 --flavor m1.tiny --image cirros -q > /dev/null
        {NOVASIM} start web1 2> /dev/null
    """
    done = run(tmp_path, script, "--junit", "report.xml")
    assert done.returncode == 4
    summary, refusal = done.stderr.splitlines()
    assert summary == "novasim: the script ended with 4; requests accepted: 1, refused: 1"
    assert refusal.startswith("  409 start web1: Cannot 'start' instance")
    suite = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    script_case, create, start = suite.findall("testcase")
    assert script_case.find("failure").get("message") == "exit code 4"
    assert [case.get("name") for case in (create, start)] == ["create web1", "start web1"]
    assert "Cannot 'start'" in start.find("skipped").get("message")


def test_failed_build_is_reported(tmp_path):
    script = f"""
        {NOVASIM} fault add spawn -q > failed.txt
        {NOVASIM} create web1 --flavor m1.tiny --image cirros -q > failed.txt
    """
    summary, failure = run(tmp_path, script).stderr.splitlines()
    assert summary == "novasim: the script ended with 0; requests accepted: 1, refused: 0"
    assert failure.startswith("  failed: create web1: Exceeded maximum number of retries.")
    assert failure.endswith("Last exception: The hypervisor could not start the guest.")


def test_options_describe_the_cloud(tmp_path):
    script = f"{NOVASIM} clock show -f value -c mode; {NOVASIM} --as admin host list -q; echo $NOVASIM_AS $OS_USERNAME"
    done = run(tmp_path, script, "--clock", "manual", "--hosts", "1")
    assert done.stdout == "manual\nhost1\ndemo demo\n", done.stderr


def test_a_scenario_describes_the_cloud(tmp_path):
    pytest.importorskip("yaml")
    (tmp_path / "lab.yaml").write_text("servers: [{name: db1}]\n")
    done = run(tmp_path, f"{NOVASIM} list -f value -c Name", "--scenario", "lab.yaml")
    assert done.stdout == "db1\n", done.stderr


def test_the_script_has_what_show_request_needs(tmp_path):
    (tmp_path / "ask.py").write_text(
        "import os, urllib.request as http\n"
        "headers = {'X-Auth-Token': os.environ['TOKEN']}\n"
        "request = http.Request(os.environ['OS_COMPUTE_URL'] + '/flavors/1', headers=headers)\n"
        "print(http.urlopen(request).status)\n"
    )
    assert run(tmp_path, f"{sys.executable} ask.py").stdout == "200\n"


def test_the_script_can_act_as_another_user(tmp_path):
    words = "openstack compute service list -f value -c State"
    script = f"{words} 2>/dev/null; echo $?; OS_USERNAME=admin OS_PROJECT_NAME=admin {words} | head -1"
    assert run(tmp_path, script, "--openstack").stdout == "1\nup\n"


def test_the_shim_replaces_openstack(tmp_path):
    done = run(tmp_path, "openstack flavor show m1.tiny -f value -c ram", "--openstack")
    assert done.stdout == "512\n", done.stderr


@pytest.mark.parametrize(("script", "code"), [("kill -TERM $$", 143), ("exit 7", 7)])
def test_exit_codes_are_those_of_a_shell(tmp_path, script, code):
    assert run(tmp_path, script).returncode == code


def test_a_command_that_cannot_be_run(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    words = [*novasim_command(), "run", "--", "./nothing"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert done.returncode == 127
    assert "novasim: ./nothing: No such file or directory." in done.stderr
    assert "To run" not in done.stderr


def test_script_that_is_not_a_command_is_run_with_sh(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    (tmp_path / "job").write_text("openstack server list")
    words = [*novasim_command(), "run", "--", "job"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert "  To run this file: novasim run -- sh job\n" in done.stderr


def test_missing_client_of_openstack_leads_to_the_shim(tmp_path):
    (tmp_path / "sh").symlink_to("/bin/sh")
    done = run(tmp_path, "openstack server list", PATH=str(tmp_path))
    assert done.stderr.endswith("To run it as 'novasim openstack', add --openstack.\n")


def test_a_report_that_cannot_be_written(tmp_path):
    done = run(tmp_path, "echo not reached", "--junit", "missing/report.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing/report.xml cannot be written" in done.stderr
