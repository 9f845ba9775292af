"""`watch -f json` and `wait -f json`: a line whenever a server changes."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest

from novasim.simulation.time import clock
from tests.cli.test_waiting import manual, real
from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT

__all__ = ["manual", "real"]  # fixtures

COLUMNS = "-c name -c status -c OS-EXT-STS:task_state"


@pytest.fixture
def script(manual, monkeypatch):
    """Runs the next command line whenever a command sleeps between two looks at the cloud."""
    manual("create web1 --flavor m1.tiny --image cirros -q")
    manual("clock advance 1m")
    lines: list[str] = []
    monkeypatch.setattr(clock, "sleep", lambda seconds: manual(lines.pop(0)) if lines else None)
    return manual, lines


def events(text: str) -> list[tuple[str, ...]]:
    return [tuple(json.loads(line).values()) for line in text.splitlines()]


def test_watch_prints_a_line_for_each_change(script):
    user, lines = script
    lines += [
        "stop web1",
        "list",
        "clock advance 1m",
        "set web1 --tag unseen",
        "delete web1",
        "clock advance 1m",
        "list",
    ]
    assert events(user(f"watch -f json --times 8 {COLUMNS}").stdout) == [
        ("web1", "ACTIVE", None),
        ("web1", "ACTIVE", "powering-off"),
        ("web1", "SHUTOFF", None),
        ("web1", "SHUTOFF", "deleting"),
        ("web1", "DELETED", None),
    ]


def test_a_server_that_no_filter_selects_any_more_is_printed_a_last_time(script):
    user, lines = script
    lines += ["stop web1", "clock advance 1m", "set web1 --name web2", "start web2", "clock advance 1m"]
    assert events(user(f"watch -f json --status ACTIVE --times 6 {COLUMNS}").stdout) == [
        ("web1", "ACTIVE", None),
        ("web1", "ACTIVE", "powering-off"),
        ("web1", "SHUTOFF", None),
        ("web2", "ACTIVE", None),
    ]


def test_a_line_is_the_server_as_the_api_shows_it(script):
    user, _ = script
    (line,) = user("watch -f json --times 3").stdout.splitlines()
    assert [json.loads(line)] == user.json("list")
    assert "There is no column 'Nam'" in user("watch -f json --times 1 -c Nam", 2).stderr
    assert user("watch -q --times 1").stdout.split() == user.ids()


def test_wait_prints_the_changes_until_the_goal(real, monkeypatch):
    real("create web1 --flavor m1.tiny --image cirros --wait -q")
    lines, sleep = ["stop web1"], clock.sleep
    monkeypatch.setattr(clock, "sleep", lambda seconds: real(lines.pop(0)) if lines else sleep(0.01))
    shown = events(real(f"wait web1 --for SHUTOFF,ERROR -f json {COLUMNS}").stdout)
    assert (shown[0], shown[-1]) == (("web1", "ACTIVE", None), ("web1", "SHUTOFF", None))
    assert len(shown) == len(set(shown))
    assert real("wait web1 --for SHUTOFF -q").stdout == ""


@pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX systems")
@pytest.mark.parametrize(("end", "code"), [("pipe", 0), ("interrupt", 130)])
def test_the_stream_ends_with_its_reader_and_with_ctrl_c(user, end, code):
    user.create("web1")
    words = ["--cloud", str(user.path), "watch", "-f", "json", "--interval", "0.05"]
    command = [*novasim_command(), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert json.loads(process.stdout.readline())["name"] == "web1"  # it is flushed
        if end == "pipe":
            process.stdout.close()
        else:
            process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) == code
        assert "Traceback" not in process.stderr.read()
