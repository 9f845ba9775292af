"""When a cloud file is created: by the first command that changes something, and never by one that only reads."""

from __future__ import annotations

import json
import os

import click
import pytest
from click.testing import CliRunner

from novasim.cli.catalog import READING
from novasim.cli.main import cli
from novasim.control.worlds import open_cloud

CREATE = ["create", "web1", "--flavor", "m1.tiny", "--image", "cirros"]
REFUSED = [
    "lock nosuch",
    "flavor delete nosuch",
    "create web1 --flavor nosuch --image cirros",
    "--as nobody stop web1",
    'request POST /servers/nosuch/action {"lock":null}',
    "openstack server lock nosuch",
    "fault add --action nosuch --refuse 503",
    "clock advance -1s",
    "undo",
]
READS = ["list", "show web1", "flavor list", "quota show demo", "history web1", "cloud check", "request GET /servers"]


def run(*words, **environment):
    return CliRunner(env={"NOVASIM_CLOCK": "instant", **environment}).invoke(cli, list(words))


@pytest.mark.parametrize("line", READS)
@pytest.mark.parametrize("by_variable", [False, True])
def test_reading_a_missing_cloud_creates_nothing(tmp_path, monkeypatch, line, by_variable):
    monkeypatch.chdir(tmp_path)
    name = "my typo/lab.json"
    done = run(*line.split(), NOVASIM_CLOUD=name) if by_variable else run("--cloud", name, *line.split())
    assert (done.exit_code, done.stdout) == (9, "")
    error, *advice = done.stderr.splitlines()
    assert f"--cloud '{tmp_path}/my typo/lab.json' cloud init" in error
    assert advice == ["  NOVASIM_CLOUD names this file; --cloud overrides it."] * by_variable
    assert not list(tmp_path.iterdir())


def test_reading_the_default_cloud_shows_a_new_one_and_writes_nothing(tmp_path):
    done = run("flavor", "list", "-f", "value", "-c", "Name", XDG_DATA_HOME=str(tmp_path))
    assert (done.exit_code, done.stderr) == (0, "") and "m1.tiny" in done.stdout
    assert json.loads(run("list", "-f", "json", XDG_DATA_HOME=str(tmp_path)).stdout) == []
    assert not list(tmp_path.iterdir())


def test_two_files_are_compared_without_a_default_cloud(tmp_path):
    for name in ("a", "b"):
        assert run("--cloud", f"{tmp_path}/{name}.json", "cloud", "init").exit_code == 0
    nowhere = str(tmp_path / "no/where")
    done = run("cloud", "diff", f"{tmp_path}/a.json", f"{tmp_path}/b.json", XDG_DATA_HOME=nowhere)
    assert (done.exit_code, done.stderr) == (0, "") and done.stdout
    done = run("cloud", "diff", f"{tmp_path}/a.json", "nothing", XDG_DATA_HOME=nowhere)
    assert done.exit_code == 2 and "already changed the cloud" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_only_the_process_that_creates_a_cloud_says_so(tmp_path):
    (start, starter), (reports, reporter) = os.pipe(), os.pipe()

    def open_in_child() -> int:
        if pid := os.fork():
            return pid
        try:
            os.read(start, 1)  # all begin at once
            open_cloud(tmp_path / "lab.json", report=lambda _: os.write(reporter, b"."))
        finally:
            os._exit(0)

    children = [open_in_child() for _ in range(5)]
    os.write(starter, b"-" * len(children))
    for pid in children:
        os.waitpid(pid, 0)
    assert os.read(reports, 10) == b"."
    for end in (start, starter, reports, reporter):
        os.close(end)


def test_first_change_creates_the_cloud_and_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = run("--cloud", "lab.json", *CREATE)
    assert (first.exit_code, first.stderr) == (0, f"novasim: created a new cloud: {tmp_path}/lab.json\n")
    assert os.path.exists("lab.json")
    again = run("--cloud", "lab.json", "stop", "web1")
    assert (again.exit_code, again.stderr) == (0, "")


@pytest.mark.parametrize(
    ("address", "line"), [("new.json", line) for line in REFUSED] + [("sqlite:new.db", REFUSED[0])]
)
def test_a_refused_first_change_creates_nothing(tmp_path, monkeypatch, address, line):
    monkeypatch.chdir(tmp_path)
    done = run("--cloud", address, *line.split(" "))
    assert done.exit_code != 0
    assert "created" not in done.stderr and not list(tmp_path.iterdir())


@pytest.mark.parametrize("prefix", ["", "sqlite:"])
def test_the_first_accepted_change_creates_the_cloud_that_it_has_read(tmp_path, monkeypatch, prefix):
    monkeypatch.chdir(tmp_path)
    address = f"{prefix}new.json"
    done = run("--cloud", address, "keypair", "delete", "nosuch")
    assert done.exit_code == 3 and not list(tmp_path.iterdir())
    done = run("--cloud", address, *CREATE, "--wait", "-f", "value", "-c", "status")
    assert (done.exit_code, done.stdout) == (0, "ACTIVE\n")
    assert f"created a new cloud: {prefix}{tmp_path}/new.json" in done.stderr
    server = json.loads(run("--cloud", address, "show", "web1", "-f", "json").stdout)
    images = json.loads(run("--cloud", address, "image", "list", "-f", "json").stdout)
    assert server["image"]["id"] in {image["id"] for image in images}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_commands_that_create_a_cloud_at_the_same_time_all_succeed(tmp_path):
    path, names = tmp_path / "lab.json", ["a", "b", "c", "d"]
    start, starter = os.pipe()

    def run_in_child(name: str) -> int:
        if pid := os.fork():
            return pid
        code = 1
        try:
            os.read(start, 1)
            code = run("--cloud", str(path), "create", name, *CREATE[2:]).exit_code
        finally:
            os._exit(code)

    children = [run_in_child(name) for name in names]
    os.write(starter, b"-" * len(children))
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * len(children)
    found = run("--cloud", str(path), "list", "-f", "json").stdout
    assert sorted(server["name"] for server in json.loads(found)) == names
    for end in (start, starter):
        os.close(end)


@pytest.mark.parametrize(("method", "code"), [("get", 9), ("HEAD", 9), ("post", 0)])
def test_requests_create_a_cloud_by_their_method(tmp_path, method, code):
    path = tmp_path / "lab.json"
    body = ['{"server_group": {"name": "g", "policy": "affinity"}}'] if method == "post" else []
    done = run("--cloud", str(path), "request", method, "/os-server-groups", *body)
    assert (done.exit_code, path.exists()) == (code, code == 0)


def test_completion_creates_no_cloud(tmp_path):
    words = {"_NOVASIM_COMPLETE": "bash_complete", "COMP_WORDS": "novasim --cloud x.json show ", "COMP_CWORD": "4"}
    run(**words, NOVASIM_CLOUD=str(tmp_path / "x.json"))
    assert not list(tmp_path.iterdir())


def test_each_word_of_the_reading_commands_is_a_command():
    assert {*READING} <= set(_words(cli))


def _words(group):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield name
        if isinstance(command, click.Group):
            yield from _words(command)
