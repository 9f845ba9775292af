"""Every command, run as a user would run it: what it answers, how it refuses, in which form it prints."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner

from novasim.cli.catalog import CATALOG
from novasim.cli.main import cli

NOUNS = {
    "clock",
    "cloud",
    "config",
    "flavor",
    "image",
    "keypair",
    "volume",
    "network",
    "port",
    "floating-ip",
    "security-group",
    "server-group",
    "service",
    "quota",
    "subnet",
    "router",
    "security-group-rule",
    "volume-snapshot",
    "availability-zone",
    "limits",
}
EVERYTHING = [name for _, commands in CATALOG for name in commands]


class Shell:
    """A user at a cloud of their own, on which every task ends at once."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, line: str, code: int = 0, input: str | None = None):
        """Run a command line; it must end with *code* and, if that is not 0, without a traceback."""
        done = CliRunner(env={"NOVASIM_CLOUD": self.path}).invoke(cli, line.split(), input=input)
        assert done.exit_code == code, (line, done.output, done.exception)
        assert "Traceback" not in done.output
        return done

    def json(self, line: str):
        """What a command prints in JSON."""
        return json.loads(self(f"{line} -f json").stdout)

    def status(self, server: str = "web1") -> str:
        return self.json(f"show {server}")["status"]


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    monkeypatch.setenv("NOVASIM_SEED", "1")
    return Shell(str(tmp_path / "cloud.json"))


@pytest.fixture
def web1(shell):
    shell("create web1 --flavor m1.tiny --image cirros --wait")
    return shell


# verb: what is done before, the command, the status afterwards; a second line tells how it is refused and where
LIVES = [
    ("", "stop web1", "SHUTOFF"),
    ("stop web1", "start web1", "ACTIVE"),
    ("", "reboot web1", "ACTIVE"),
    ("stop web1", "reboot web1 --hard", "ACTIVE"),
    ("", "pause web1", "PAUSED"),
    ("pause web1", "unpause web1", "ACTIVE"),
    ("", "suspend web1", "SUSPENDED"),
    ("suspend web1", "resume web1", "ACTIVE"),
    ("", "crash-dump web1", "ACTIVE"),
    ("", "resize web1 --flavor m1.small", "VERIFY_RESIZE"),
    ("resize web1 --flavor m1.small", "confirm-resize web1", "ACTIVE"),
    ("resize web1 --flavor m1.small", "revert-resize web1", "ACTIVE"),
    ("", "rebuild web1", "ACTIVE"),
    ("", "rescue web1", "RESCUE"),
    ("rescue web1", "unrescue web1", "ACTIVE"),
    ("", "shelve web1", "SHELVED_OFFLOADED"),
    ("shelve web1", "unshelve web1", "ACTIVE"),
    ("", "lock web1 --reason maintenance", "ACTIVE"),
    ("lock web1", "unlock web1", "ACTIVE"),
    ("", "change-password web1 --password secret", "ACTIVE"),
    ("", "create-image web1 snap", "ACTIVE"),
    ("", "create-backup web1 bak --type daily --rotation 1", "ACTIVE"),
]
REFUSALS = [
    ("", "start web1", "start needs SHUTOFF", "novasim stop web1"),
    ("stop web1", "pause web1", "pause needs ACTIVE", "novasim start web1"),
    ("", "confirm-resize web1", "confirm-resize needs VERIFY_RESIZE", "novasim resize web1"),
    ("", "unrescue web1", "unrescue needs RESCUE", "novasim rescue web1"),
    ("pause web1", "stop web1", "web1 is PAUSED", "novasim unpause web1"),
    ("", "resume web1", "resume needs SUSPENDED", "novasim suspend web1"),
    ("lock web1", "stop web1", "is locked", "novasim unlock web1"),
    ("", "unshelve web1", "SHELVED", "novasim shelve web1"),
]


@pytest.mark.parametrize(("before", "line", "status"), LIVES)
def test_a_verb_does_what_it_says(web1, before, line, status):
    if before:
        web1(f"{before} --wait" if "lock" not in before else before)
    web1(f"{line} --wait" if "lock" not in line else line)
    assert web1.status() == status


@pytest.mark.parametrize(("before", "line", "state", "remedy"), REFUSALS)
def test_a_refusal_says_what_is_what_is_needed_and_what_helps(web1, before, line, state, remedy):
    if before:
        web1(before)
    with open(web1.path, "rb") as file:
        kept = file.read()
    told = web1(line, 4).stderr
    assert told.startswith("novasim: ")
    assert state in told and remedy in told
    with open(web1.path, "rb") as file:
        assert file.read() == kept


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("migrate web1", "VERIFY_RESIZE"),
        ("live-migrate web1", "ACTIVE"),
        ("reset-state web1 --state error", "ERROR"),
        ("inject-network-info web1", "ACTIVE"),
        ("diagnostics web1", "ACTIVE"),
    ],
)
def test_what_administrators_do_is_refused_to_others(web1, line, status):
    web1(line, 5)
    web1(f"--as admin {line}")
    assert web1.status() == status


def test_evacuation_and_the_services(web1):
    web1("--as admin evacuate web1", 6)
    web1("--as admin service set host1 --down")
    web1("--as admin evacuate web1 --wait")
    assert web1.status() == "SHUTOFF"
    assert web1.json("--as admin show web1")["OS-EXT-SRV-ATTR:host"] != "host1"
    assert "host1" in web1("--as admin service list").stdout


def test_what_is_gone_from_nova_says_so(web1):
    web1("reset-network web1", 10)


def test_deleting_restoring_and_deleting_for_good(web1):
    web1("config set reclaim_instance_interval 3600")
    id = web1.json("show web1")["id"]
    web1("delete web1 --wait")
    web1(f"restore {id} --wait")
    web1("delete web1")
    web1(f"force-delete {id} --wait")
    web1(f"show {id}", 3)
    web1("shelve-offload web1", 3)


def test_consoles_and_log(web1):
    assert "login" in web1("console-log web1 --lines 2").stdout
    assert web1.json("console-url web1")["type"] == "novnc"
    assert [entry["action"] for entry in web1.json("history web1")] == ["create"]


def test_devices_and_addresses(web1):
    web1("volume create data --size 1")
    web1("attach-volume web1 data")
    web1("attach-volume web1 data", 6)
    web1("detach-volume web1 data")
    web1("attach-port web1 --network private")
    port = web1.json("port list")[-1]["id"]
    web1(f"detach-port web1 {port}")
    address = web1.json("floating-ip create public")["floating_ip_address"]
    web1(f"add-floating-ip web1 {address}")
    web1(f"remove-floating-ip web1 {address}")
    web1("add-fixed-ip web1 private")
    web1("remove-fixed-ip web1 10.0.0.99")
    web1("security-group create web")
    web1("add-security-group web1 web")
    web1("remove-security-group web1 web")
    web1("remove-security-group web1 web", 3)


def test_set_and_unset(web1):
    web1("set web1 --name web2 --description hello --property role=web --tag prod")
    server = web1.json("show web2")
    assert (server["metadata"], server["tags"], server["description"]) == ({"role": "web"}, ["prod"], "hello")
    web1("unset web2 --property role --tag prod --description")
    server = web1.json("show web2")
    assert (server["metadata"], server["tags"], server["description"]) == ({}, [], None)


def test_the_formats(web1):
    server = web1.json("show web1")
    assert yaml.safe_load(web1("show web1 -f yaml").stdout) == server
    assert web1("show web1 -f value -c status -c name").stdout == "ACTIVE\nweb1\n"
    assert web1("list -q").stdout == server["id"] + "\n"
    rows = list(csv.DictReader(io.StringIO(web1("list -f csv -c Name -c Status").stdout)))
    assert rows == [{"Name": "web1", "Status": "ACTIVE"}]
    table = web1("show web1").stdout
    assert server["id"] in table and "\x1b" not in table and "…" not in table
    assert web1.json("list")[0]["id"] == server["id"]


def test_an_error_in_json_is_novas_own(web1):
    done = web1("start web1 -f json", 4)
    assert json.loads(done.stderr)["conflictingRequest"]["code"] == 409


def test_several_servers_are_all_tried_and_the_first_failure_counts(web1):
    web1("create web2 --flavor m1.tiny --image cirros")
    done = web1("stop web1 missing web2 --wait", 3)
    assert done.stderr.count("novasim: ") == 1
    assert [web1.status("web1"), web1.status("web2")] == ["SHUTOFF", "SHUTOFF"]


def test_servers_by_prefix_and_ambiguous_names(web1):
    id = web1.json("show web1")["id"]
    assert web1.status(id[:8]) == web1.status(id) == "ACTIVE"
    web1("create web1 --flavor m1.tiny --image cirros")
    told = web1("show web1", 4).stderr
    assert id in told


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("show missing", 3),
        ("show 00000000-0000-4000-8000-000000000000", 3),
        ("create x --flavor missing --image cirros", 3),
        ("create x --flavor m1.tiny --image missing", 3),
        ("create x --flavor m1.tiny", 6),
        (f"create {'x' * 256} --flavor m1.tiny --image cirros", 6),
        ("list --status NONSENSE", 6),
        ("list --limit -1", 6),
        ("wait web1 --for NONSENSE", 2),
        ("config set nonsense 1", 2),
        ("config set vnc_enabled maybe", 2),
        ("clock advance 10s", 2),
        ("clock advance -5", 2),
        ("clock advance nonsense", 2),
        ("nonsense", 2),
        ("--as nobody list", 3),
        ("--as demo@admin list", 5),
        ("--api-version 2.999 list", 6),
        ("--api-version nonsense list", 6),
        ("cloud init", 2),
        ("show web1 -c nonsense", 2),
    ],
)
def test_bad_input_ends_in_one_clear_line(web1, line, code):
    with open(web1.path, "rb") as file:
        kept = file.read()
    told = web1(line, code).stderr
    assert told.strip()
    with open(web1.path, "rb") as file:
        assert file.read() == kept


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\xff", b"[]", b'{"servers": 1}'])
def test_a_damaged_cloud_file_is_refused_and_kept(shell, content):
    with open(shell.path, "wb") as file:
        file.write(content)
    told = shell("list", 9).stderr
    assert shell.path in told
    with open(shell.path, "rb") as file:
        assert file.read() == content


def test_a_folder_is_no_cloud_file(shell, tmp_path):
    shell.path = str(tmp_path)
    shell("list", 9)


def test_microversions(web1):
    assert "locked" not in web1.json("--api-version 2.8 show web1")
    assert "locked" in web1.json("--api-version 2.9 show web1")
    web1("--api-version 2.16 crash-dump web1", 3)


def test_the_request_is_shown_as_curl(web1):
    told = web1("--show-request stop web1").stderr
    assert "curl" in told and '{"os-stop": null}' in told and "$OS_COMPUTE_URL/servers/" in told


def test_waiting_on_a_clock_that_stands(shell, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    shell("clock set manual")
    shell("create web1 --flavor m1.tiny --image cirros")
    assert shell.status() == "BUILD"
    shell("wait web1 --timeout 5", 7)
    shell("clock advance --until web1=ACTIVE")
    assert shell.status() == "ACTIVE"
    shell("stop web1")
    shell("clock advance 30s")
    assert shell.status() == "SHUTOFF"
    assert shell.json("clock show")["mode"] == "manual"


def test_a_build_that_fails_while_waiting(shell):
    for host in ("host1", "host2", "host3"):
        shell(f"--as admin service set {host} --down")
    told = shell("create web1 --flavor m1.tiny --image cirros --wait", 8).stderr
    assert "No valid host" in told


def test_two_runs_of_one_script_print_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    outputs = []
    for run in ("a", "b"):
        shell = Shell(str(tmp_path / f"{run}.json"))
        shell("cloud init --seed 7")
        lines = (
            "create web1 --flavor m1.tiny --image cirros",
            "clock advance 1m",
            "stop web1",
            "clock advance 1m",
            "history web1",
            "show web1 -f json",
            "list --long",
        )
        outputs.append([shell(line).stdout for line in lines])
    assert outputs[0] == outputs[1]


def test_the_nouns(shell):
    shell("--as admin flavor create tiny2 --ram 64 --disk 1")
    assert "tiny2" in shell("flavor list").stdout
    shell("flavor create tiny3", 5)
    shell("image create mine")
    shell("keypair create key")
    shell("network create own --subnet 10.5.0.0/24")
    shell("subnet create more --network own --range 10.6.0.0/24")
    shell("port create p1 --network own")
    shell("router create r1 --external public")
    shell("security-group create web")
    shell("security-group-rule create web --protocol tcp --dst-port 80:81")
    shell("server-group create group --policy affinity")
    shell("volume create data --size 2")
    shell("volume-snapshot create snap --volume data")
    for noun in sorted(NOUNS - {"clock", "cloud", "config", "quota", "service", "limits"}):
        shell(f"{noun} list")
        yaml.safe_load(shell(f"{noun} list -f yaml").stdout)
    for noun, name in (
        ("flavor", "m1.tiny"),
        ("image", "mine"),
        ("network", "own"),
        ("volume", "data"),
        ("port", "p1"),
        ("router", "r1"),
        ("subnet", "more"),
        ("keypair", "key"),
        ("security-group", "web"),
        ("server-group", "group"),
    ):
        assert shell(f"{noun} show {name}").stdout
    shell("--as admin flavor set tiny2 --property hw:cpu_policy=shared --description small")
    assert shell.json("flavor show tiny2")["extra_specs"] == {"hw:cpu_policy": "shared"}
    shell("image set mine --protected --property os_distro=debian")
    shell("image delete mine", 5)
    shell("image set mine --unprotected --min-ram 64")
    for noun, name in (
        ("volume", "data"),
        ("network", "own"),
        ("port", "p1"),
        ("router", "r1"),
        ("subnet", "more"),
        ("security-group", "web"),
        ("volume-snapshot", "snap"),
    ):
        assert shell.json(f"{noun} set {name} --description changed")["description"] == "changed"
    shell("volume delete data", 6)
    shell("volume-snapshot delete snap")
    shell("volume delete data missing", 3)
    shell("quota show")
    shell("--as admin quota set demo --instances 3")
    assert shell.json("limits show")["maxTotalInstances"] == 3


def test_the_cloud_file_is_kept_checked_and_brought_back(web1, tmp_path):
    web1("cloud check")
    web1("cloud save one")
    web1("delete web1 --wait")
    web1("show web1", 3)
    web1("cloud load one")
    assert web1.status() == "ACTIVE"
    web1("cloud load missing", 2)
    web1(f"cloud export {tmp_path}/copy.json")
    web1("delete web1")
    web1(f"cloud import {tmp_path}/copy.json")
    assert web1.status() == "ACTIVE"
    (tmp_path / "bad.json").write_text("{", "ascii")
    web1(f"cloud import {tmp_path}/bad.json", 9)
    assert web1.status() == "ACTIVE"
    web1("cloud restore")
    web1("cloud path")


def test_the_demo_runs(shell):
    told = shell("demo").stdout
    assert "VERIFY_RESIZE" in told and "SHELVED_OFFLOADED" in told and "exit code 4" in told
    assert not os.path.exists(shell.path)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_command_has_help(shell, name):
    assert "Usage: " in shell(f"{name} --help").stdout


def test_a_command_in_json_starts_light(tmp_path):
    path = str(tmp_path / "cloud.json")
    environment = {**os.environ, "NOVASIM_CLOCK": "instant"}
    run = [sys.executable, "-m", "novasim", "--cloud", path]
    subprocess.run(
        [*run, "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"],
        env=environment,
        check=True,
        capture_output=True,
    )
    code = (
        "import sys\nfrom novasim.cli.main import cli\n"
        f"cli.main(['--cloud', {path!r}, 'show', 'web1', '-f', 'json'], standalone_mode=False)\n"
        "heavy = {'rich', 'yaml', 'orjson', 'platformdirs', 'dataclasses', 'ipaddress', 'asyncio', 'tinydb'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "[]"


def test_two_writers_at_once_lose_nothing(tmp_path):
    path = str(tmp_path / "cloud.json")
    environment = {**os.environ, "NOVASIM_CLOCK": "instant"}
    run = [sys.executable, "-m", "novasim", "--cloud", path, "create", "--flavor", "m1.tiny", "--image", "cirros"]
    writers = [
        subprocess.Popen([*run, f"{who}1", f"{who}2"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for who in "ab"
    ]
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    names = subprocess.run(
        [sys.executable, "-m", "novasim", "--cloud", path, "list", "-f", "value", "-c", "Name"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert sorted(names.split()) == ["a1", "a2", "b1", "b2"]
