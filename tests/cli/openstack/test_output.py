"""What `novasim openstack` prints: formats, columns, order, messages and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def web(user):
    """A user with two servers."""
    for name in ("web1", "web2"):
        user(f"openstack server create --flavor m1.tiny --image cirros --network private --wait {name}")
    return user


def test_table(web):
    lines = web("openstack server list -c Name -c Status").stdout.splitlines()
    assert lines == [
        "+------+--------+",
        "| Name | Status |",
        "+------+--------+",
        "| web2 | ACTIVE |",
        "| web1 | ACTIVE |",
        "+------+--------+",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("-f value -c Name", "web2\nweb1\n"),
        ("-f value -c name -c Networks --limit 1", "web2 {'private': ['10.0.0.3', '2001:db8::3']}\n"),
        ("-f csv -c Name -c Status", '"Name","Status"\n"web2","ACTIVE"\n"web1","ACTIVE"\n'),
        ("-f csv -c Name --quote minimal", "Name\nweb2\nweb1\n"),
        ("-f json -c Name --noindent", '[{"Name": "web2"}, {"Name": "web1"}]\n'),
        ("-f yaml -c Name", "- Name: web2\n- Name: web1\n"),
        ("-f value -c Name --sort-column Name", "web1\nweb2\n"),
        ("-f value -c Name --sort-column name --sort-descending", "web2\nweb1\n"),
        ("-f value -c Name --name web1", "web1\n"),
        ("-f value -c Name --status SHUTOFF", ""),
    ],
)
def test_list_formats(web, options, expected):
    assert web(f"openstack server list {options}").stdout == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("-f value -c status -c name", "web1\nACTIVE\n"),
        ("-f shell -c name -c OS-EXT-STS:vm_state --prefix s_", 's_os_ext_sts_vm_state="active"\ns_name="web1"\n'),
        ("-f shell --variable name", 'name="web1"\n'),
        ("-f yaml -c name -c tags", "name: web1\ntags: []\n"),
        (
            "-f json -c addresses",
            '{\n  "addresses": {\n    "private": [\n      "10.0.0.2",\n      "2001:db8::2"\n    ]\n  }\n}\n',
        ),
        ("-c key_name -f value", "None\n"),
    ],
)
def test_object_formats(web, options, expected):
    assert web(f"openstack server show web1 {options}").stdout == expected


def test_long_values_are_broken_to_the_width(web):
    lines = web("openstack server show web1 -c id -c name --max-width 40").stdout.splitlines()
    assert {len(line) for line in lines} == {40}


def test_additional_columns(web):
    (row, *_) = json.loads(web("openstack server list -f json -c Name -c task_state -c created_at").stdout)
    assert list(row) == ["Name", "Task State", "Created At"]


def test_unknown_columns(web):
    assert web("openstack server list -c Nope", code=1).stderr.startswith("No recognized column names in ['Nope'].")


def test_empty_list(user):
    assert user("openstack server list").stdout == "\n"
    assert user("openstack server list --print-empty").stdout.splitlines()[1].split()[1] == "ID"


def test_refusals_have_the_words_of_the_real_client(web):
    done = web("openstack server start web1", code=1)
    assert done.stderr.startswith("ConflictException: 409: Client Error for url: http://127.0.0.1:8774/compute/v2.1/")
    assert "Cannot 'start' instance" in done.stderr
    assert web("openstack server stop nope", code=1).stderr == "No Server found for nope\n"
    web("openstack server set --name web1 web2")
    assert web("openstack server stop web1", code=1).stderr == "More than one Server exists with the name 'web1'.\n"


def test_each_failure_of_a_deletion_is_reported(web):
    done = web("openstack server delete nope web1 gone", code=1)
    assert done.stderr.splitlines() == [
        "Failed to delete server with name or ID 'nope': No Server found for nope",
        "Failed to delete server with name or ID 'gone': No Server found for gone",
        "2 of 3 servers failed to delete.",
    ]
    assert web("openstack server list -f value -c Name").stdout == "web2\n"


def test_unknown_command_suggests_others(user):
    done = user("openstack server lst", code=2)
    assert "'server lst' is not an openstack command" in done.stderr
    assert "  server list\n" in done.stderr


def test_help_of_a_command(user):
    assert "--no-name-lookup" in user("openstack server list --help").stdout


def test_global_options_name_the_caller(web, monkeypatch):
    line = "server list --all-projects -f value -c Name"
    assert "Policy doesn't allow" in web(f"openstack {line}", code=1).stderr
    assert web(f"openstack --os-username admin --os-project-name=admin {line}").stdout == "web2\nweb1\n"
    assert web(f"openstack --os-cloud novasim-admin {line}").stdout == "web2\nweb1\n"
    assert web(f"--as admin openstack {line}").stdout == "web2\nweb1\n"
    monkeypatch.setenv("OS_USERNAME", "admin")
    assert web(f"openstack {line} --debug").stdout == "web2\nweb1\n"
    assert "Policy doesn't allow" in web(f"--as demo openstack {line}", code=1).stderr


def test_microversion_of_compute(web):
    assert "tags" in web("openstack server show web1 -f json").stdout
    line = "openstack --os-compute-api-version 2.25 server show web1 -c tags -f value"
    assert web(line).stdout == "[]\n"


def test_waiting_with_a_manual_clock_says_how_to_advance_it(web, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    done = web("openstack server reboot --wait web1", code=1)
    assert "novasim clock advance" in done.stderr


@pytest.mark.parametrize(("version", "code", "status"), [("", 1, "SHUTOFF"), ("2.94", 0, "ACTIVE")])
def test_evacuation_waits_for_active_only(web, version, code, status):
    server = web.json(f"--as admin show {web.json('show web1')['id']}")
    web(f"--as admin host set {server['OS-EXT-SRV-ATTR:host']} --down")
    options = f"--os-compute-api-version {version}" if version else ""
    done = web(f"--as admin openstack {options} server evacuate --wait {server['id']}", code)
    assert done.stderr.startswith("Error evacuating server: " if code else "")
    assert web.status("web1") == status


def test_errors_of_placement_are_those_of_its_plugin(user):
    done = user("--as admin openstack allocation candidate list --resource FOO=1", 1)
    assert done.stderr == "Invalid resource class in resources parameter: No such resource class FOO. (HTTP 400)\n"


def test_a_token_needs_the_password(user, monkeypatch):
    project = user.json("--as admin project show demo")["id"]
    assert user("openstack token issue -f value -c project_id").stdout == f"{project}\n"
    monkeypatch.setenv("OS_PASSWORD", "wrong")
    assert user("openstack token issue", 1).stderr == "The request you have made requires authentication. (HTTP 401)\n"


def test_a_snapshot_is_forced_as_by_the_real_client(web):
    web("volume create data --size 1")
    web("attach-volume web1 data")
    create = "volume snapshot create --force --volume data"
    assert "status must be available" in web(f"openstack {create} s1", 1).stderr  # it does not send force
    web(f"openstack --os-volume-api-version 3.60 {create} s2")
    web(f"openstack --os-volume-api-version 3.66 {create} s3")


def test_reading_creates_no_cloud(new_user):
    new_user("openstack server list", code=9)
    assert not new_user.path.exists()


def test_shim_runs_the_same(web, tmp_path):
    done = web(f"openstack --install-shim {tmp_path}/bin")
    assert done.stdout == f"export PATH={tmp_path}/bin:$PATH\n"
    web(f"openstack --install-shim {tmp_path}/bin")
    shim = [f"{tmp_path}/bin/openstack", "server", "list", "-f", "value", "-c", "Name"]
    environment = {"NOVASIM_CLOUD": str(web.path), "PYTHONPATH": ":".join(sys.path)}
    run = subprocess.run(shim, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "web2\nweb1\n", "")


def test_shim_stays_executable_while_it_is_replaced(web, tmp_path, monkeypatch):
    path, modes = tmp_path / "bin" / "openstack", list[int]()
    web(f"openstack --install-shim {tmp_path}/bin")
    replace = os.replace

    def replace_and_look(*arguments) -> None:
        replace(*arguments)
        modes.append(path.stat().st_mode & 0o777)

    monkeypatch.setattr(os, "replace", replace_and_look)
    web(f"openstack --install-shim {tmp_path}/bin")
    assert modes == [0o755]


def test_shim_replaces_no_other_file(web, tmp_path):
    (tmp_path / "openstack").write_text("#!/bin/sh\n")
    assert "was not written by novasim" in web(f"openstack --install-shim {tmp_path}", code=2).stderr
    assert (tmp_path / "openstack").read_text() == "#!/bin/sh\n"


@pytest.mark.parametrize("cloud", ["foo", "foo-admin"])
def test_unknown_cloud_is_not_found(user, monkeypatch, cloud):
    expected = f"Cloud {cloud} was not found.\nThe clouds of novasim are novasim and novasim-admin.\n"
    assert user(f"openstack --os-cloud {cloud} server list", 1).stderr == expected
    monkeypatch.setenv("OS_CLOUD", cloud)
    assert user("openstack server list", 1).stderr == expected
    user("openstack --os-cloud novasim server list")
    user("--as admin openstack server list")


def test_list_has_all_pages(web):
    web("config set max_limit 1")
    assert web("openstack server list -f value -c Name").stdout == "web2\nweb1\n"
    assert web("openstack server list -f value -c Name --limit 1").stdout == "web2\n"


@pytest.mark.parametrize("line", ["keypair create k --private-key", "image save cirros --file"])
def test_no_command_overwrites_the_cloud(web, line):
    before = web.path.read_bytes()
    assert "belongs to this cloud" in web(f"openstack {line} {web.path}", 2).stderr
    assert web.path.read_bytes() == before


@pytest.mark.parametrize(("options", "count"), [("--limit 1", 2), ("--limit 1 --max-items 1", 1), ("", 2)])
def test_a_limit_is_the_size_of_a_page(user, options, count):
    listed = user(f"--as admin openstack project list -f value -c Name {options}").stdout.split()
    assert set(listed) <= {"admin", "demo"} and len(listed) == count
