"""Commands print the same for a cloud behind a server as for the same cloud in a file."""

from __future__ import annotations

import shlex

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from tests import extent
from tests.remote.clouds import Clouds

LINES = """
    create web1 --flavor m1.tiny --image cirros --wait
    create web2 web3 --flavor m1.tiny --image cirros --property tier=front
    list
    list --long -f json
    show web1
    stop web1 web2
    stop web1
    show web1 -f json
    show nothing
    start web1 --wait
    pause web1
    why web1 resize
    why web1
    can resize
    plan web1 RESIZE
    plan web1 VERIFY_RESIZE --run
    confirm-resize web1
    resize web1 --flavor m1.nothing
    resize web1 --flavor m1.nano
    create web4 --flavor m1.tiny --image debian-12
    set web2 --description x --property a=b
    unset web2 --property a
    lock web2 --reason maintenance
    --as admin stop web2
    reboot web2
    unlock web2
    history web1
    graph --server web1
    --as admin flavor create m1.nano --vcpus 1 --ram 64 --disk 1 --property hw:cpu_policy=dedicated
    flavor create m1.pico --vcpus 1 --ram 64 --disk 1
    flavor show m1.nano
    volume create data --size 1
    attach-volume web1 data
    volume list
    keypair create mine
    network create inner
    --as admin quota set demo --cores 3 --instances 5
    quota show
    create web5 web6 web7 web8 --flavor m1.tiny --image cirros
    --as admin host list
    --as admin host set host1 --vcpus 8
    --as admin host create host9
    --as admin host explain web1
    fault add --name busy --action stop --refuse 503
    fault list
    stop web1
    fault remove busy
    config set shelved_offload_time 60
    config get shelved_offload_time
    clock show
    clock set manual
    delete web3
    clock advance 1m
    wait web3 --for DELETED
    record start -q
    request GET /servers
    request POST /servers {"x":1}
    openstack server list -f value -c Name
    --api-version 2.1 show web1 -f yaml
    --as nobody list
    cloud save one
    cloud load two
    cloud purge
    nonsense
    list -c nothing
""".strip().splitlines()


@pytest.fixture(scope="module")
def clouds():
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    clouds = Clouds()
    yield clouds
    clouds.stop()


@pytest.mark.parametrize("clock", extent(["instant"], ["instant", "manual"]))
def test_commands_print_the_same_as_with_a_file(clouds, tmp_path, monkeypatch, clock):
    monkeypatch.setenv("NOVASIM_SEED", "1")
    monkeypatch.setenv("NOVASIM_CLOCK", clock)
    paths = [tmp_path / name / "cloud.json" for name in ("file", "server")]
    for path in paths:
        path.parent.mkdir()
    run(str(paths[0]), "cloud init")
    paths[1].write_bytes(paths[0].read_bytes())
    url = clouds.serve(paths[1])
    for line in (line.strip() for line in LINES):
        local, remote = run(str(paths[0]), line), run(url.replace("//", "//admin:secret@"), line)
        remote = tuple(str(each).replace(url, str(paths[0])).replace(str(paths[1]), str(paths[0])) for each in remote)
        assert remote == tuple(map(str, local)), line


def run(cloud: str, line: str) -> tuple[str, str, int]:
    done = CliRunner(env={"NOVASIM_CLOUD": cloud}).invoke(cli, shlex.split(line.replace('{"x":1}', """'{"x":1}'""")))
    return done.stdout, done.stderr, done.exit_code


@pytest.mark.parametrize(("line", "part"), [("run true", "has a new cloud"), ("serve --port 0", "behind a server")])
def test_what_has_or_needs_a_cloud_of_this_machine_is_refused_in_one_line(line, part):
    done = CliRunner(env={"NOVASIM_CLOUD": "http://127.0.0.1:1"}).invoke(cli, line.split())
    assert done.exit_code == 2
    assert part in done.stderr and done.stderr.count("\n") == 1
