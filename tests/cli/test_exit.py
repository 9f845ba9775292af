"""The end of a command: one line, the exit code, no partial change, no traceback."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from novasim.control.worlds import open_cloud
from novasim.errors import NovaFault
from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT


def started(path, *words, **more):
    """The command as a separate process, with the real clock unless the environment sets another one."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **more.pop("env", {})}
    return subprocess.Popen(
        [*novasim_command(), "--cloud", str(path), *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **more,
    )


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("shwo web1", "Did you mean show?"),
        ("clock shwo", "Did you mean show?"),
        ("clock banana", "There is no command 'clock banana'. Choose from: advance, freeze, run, set, show, speed."),
        ("clock set banana", "There is no mode 'banana'. Choose from: real, manual, instant."),
        ("fault add --action stop --banana", "There is no option '--banana'.\n"),
        ("fault add banana", "Choose from: no-valid-host, "),
        ("wait web1 --for banana", "Choose from: ACTIVE, BUILD, "),
        ("create web1 --flavr m1.tiny", "There is no option '--flavr'. Did you mean --flavor?"),
        ("create --name web1", "There is no option '--name'. It is an argument: cli create [OPTIONS] NAME...\n"),
        ("list --statsu ACTIVE", "There is no option '--statsu'. Did you mean --status?"),
        ("-f json list", "after the command"),
        ("list --cloud x.json", "before the command: novasim --cloud"),
        ("list --api-version 2.1", "before the command"),
        ("show", "Missing argument"),
        ("list -f xml", "--format cannot be 'xml'. Choose from: table, json, "),
        ("create web1 --flavor m1.tiny --property x", "KEY=VALUE"),
        ("create web1 --flavor m1.tiny --image cirros --user-data /no/such/file", "No such file"),
        ("create web1 --flavor m1.tiny --image cirros --count many", "'many' is not a whole number."),
        ("wait web1 --timeout soon", "'soon' is not a number of seconds, or a duration such as 5m."),
        ("serve --port http", "'http' is not a whole number."),
        ("clock advance 999999999d", "must be below 1,000,000,000,000 seconds"),
        ("--cloud= list", "--cloud is empty. Name a cloud, or leave the option out."),
        ("create web1 --flavor m1.tiny --network private=10.0.0.7", "--network does not accept 'private=10.0.0.7'."),
        ("resize web1 --confirm", "There is no option '--confirm'. Use: novasim confirm-resize SERVER\n"),
        ("--os-cloud demo list", "There is no option '--os-cloud'. Use: novasim --as USER[@PROJECT] COMMAND\n"),
        ("wait web1 --for ACTIV", "Did you mean ACTIVE"),
        ("wait web1 --status ACTIVE", "not both. To wait for a status: --for STATUS.\n"),
        ("wait web1 --timeout -1", "-1"),
        ("wait web1 --timeout nan", "nan"),
        ("console-url web1 --type tty", "novnc"),
    ],
)
def test_usage_error_is_one_line_with_advice(new_user, line, hint):
    told = new_user(line, 2).stderr
    assert told.startswith("novasim: ") and hint in told
    assert len(told.splitlines()) <= 2


@pytest.mark.parametrize(
    "line",
    ["shwo web1", "show", "wait web1 --timeout nan", "create web1 --flavor 1 --image cirros --user-data /nonexistent"],
)
def test_usage_error_creates_no_cloud(new_user, line):
    new_user(line, 2)
    assert not new_user.path.exists()


def test_options_without_a_command_are_an_error(user):
    assert "Missing command" in user("--color never", 2).stderr


def test_undecodable_word_is_refused(user):
    assert "not valid text" in user("create web\udcff --flavor m1.tiny --image cirros", 2).stderr


def test_internal_error_is_one_line(user, monkeypatch):
    def broken(*_):
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("novasim.cli.session.handle", broken)
    told = user("list", 1).stderr
    assert told.startswith("novasim: internal error: RuntimeError: first second")
    assert len(told.splitlines()) == 1


def test_message_of_several_lines_is_printed_in_one(user, monkeypatch):
    def refusing(*_):
        raise NovaFault(reason="one<br />\n\n two")

    monkeypatch.setattr("novasim.cli.session.handle", refusing)
    assert user("list", 1).stderr == "novasim: one two\n"


@pytest.mark.parametrize("line", [["list"], ["list", "-f", "json"], ["list", "-f", "value"], ["--help"]])
def test_broken_pipe_is_no_error(tmp_path, line):
    path = tmp_path / "cloud.json"
    open_cloud(path)
    created = started(
        path,
        "create",
        "w",
        "--flavor",
        "m1.tiny",
        "--image",
        "cirros",
        "--count",
        "9",
        env={"NOVASIM_CLOCK": "instant"},
    )
    assert created.communicate(timeout=TIMEOUT)[1] == ""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*novasim_command(), "--cloud", str(path), *line],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("line", ["list", "list -f json", "--help", "explain", "cloud check"])
def test_write_error_is_reported(tmp_path, unbuffered, line):
    if not os.path.exists("/dev/full"):
        pytest.skip("needs a full device")
    open_cloud(tmp_path / "c.json")
    settings = os.environ | {"PYTHONUNBUFFERED": unbuffered, "NOVASIM_CLOUD": str(tmp_path / "c.json")}
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [*novasim_command(), *line.split()],
            env=settings,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("novasim: ") and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("fmt", ["table", "json", "yaml", "csv", "value"])
def test_unencodable_characters_are_escaped(tmp_path, fmt):
    path = tmp_path / "cloud.json"
    open_cloud(path)
    environment = {"NOVASIM_CLOCK": "instant", "PYTHONIOENCODING": "ascii"}
    made = started(path, "create", "é", "--flavor", "m1.tiny", "--image", "cirros", "-f", fmt, env=environment)
    out, err = made.communicate(timeout=TIMEOUT)
    assert (made.returncode, err) == (0, "")
    assert "\\u00e9" in out or "\\xe9" in out


def test_interrupted_prompt_changes_nothing(user):
    user.create("web1")
    before = user.path.read_bytes()
    assert "Replace" in user("cloud reset", 2, input="n\n").stdout
    user("cloud reset", 130, input="")
    user("change-password web1", 2, input="")
    assert user.path.read_bytes() == before
    user("change-password web1", input="secret\n")


def test_command_of_several_requests_is_atomic(user):
    user.create("web1")
    before = user.path.read_bytes()
    user("set web1 --name web2 --property role=web --tag good --tag not,good", 6)
    user("unset web1 --description --tag missing", 3)
    user("set web1", 2)
    user("unset web1", 2)
    assert user.path.read_bytes() == before


def test_empty_name_is_refused(user):
    user.create("web1", "--tag a --tag b --property k=v")
    user("unset web1 --tag ''", 2)
    user("unset web1 --property ''", 2)
    user("delete ''", 2)
    for noun in ("port", "volume", "image", "keypair", "flavor", "network"):
        user(f"{noun} delete ''", 2)
    server = json.loads(user("show web1 -f json").stdout)
    assert (sorted(server["tags"]), server["metadata"]) == (["a", "b"], {"k": "v"})


def test_shown_request_is_quoted_for_the_shell(user):
    user.create("web1")
    told = user("--show-request unset web1 --tag '$(reboot)`x`\"'", 3).stderr
    assert "/tags/%24%28reboot%29%60x%60%22" in told


def test_demo_ignores_the_environment(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_AS", "nobody")
    monkeypatch.setenv("NOVASIM_API_VERSION", "2.1")
    told = user("demo").stdout
    assert "novasim: Instance" in told and "Try: novasim confirm-resize web1 --wait" in told
    assert os.environ["NOVASIM_AS"] == "nobody"
    assert "\x1b[" not in user("--color never demo").stdout
    assert "\x1b[" in user("--color always demo").stdout
