"""The pages of a classroom in a real browser: the board, and the live page of a student's cloud."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.classroom.room import Room
from novasim.classroom.users import teacher_password
from novasim.cli.main import cli
from tests.browser.measures import MEASURE_CONTRAST
from tests.serve.server_process import ServerProcess

ROSTER = "Ann Lee\nBob <b>\n"


def run(*words: str, cloud: Path | None = None) -> None:
    """Run a command in the process of the test."""
    env = {"NOVASIM_CLOCK": "instant", "NOVASIM_SEED": "1", **({"NOVASIM_CLOUD": str(cloud)} if cloud else {})}
    done = CliRunner(env=env).invoke(cli, [*words])
    assert done.exit_code in (0, 4), done.stderr


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "roster.txt").write_text(ROSTER, "utf-8")
    run("classroom", "init", f"{tmp_path}/room", "--students", f"{tmp_path}/roster.txt", "--lesson", "power")
    return tmp_path / "room"


@pytest.fixture
def classroom(browser, room: Path, tmp_path: Path) -> Iterator[ServerProcess]:
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ServerProcess(tmp_path / "own.json", "--classroom", str(room), "--names", "--live", "open")
    yield server
    server.stop(signal.SIGKILL)


def test_the_board_follows_the_class(classroom, room, watched):
    page = watched.page
    page.goto(classroom.url)
    page.get_by_text("0 of 2 students have joined").wait_for()
    stopped, refused = (page.get_by_role("listitem").nth(place) for place in (1, 2))
    assert stopped.get_by_text("0 of 2").is_visible()
    assert page.get_by_role("link", name="Bob <b>").is_visible()
    for action in ("stop", "stop", "start"):
        run(action, "web1", cloud=room / "clouds/ann-lee.json")
    for goal in (stopped, refused):
        goal.get_by_text("1 of 2").wait_for()
    assert page.get_by_text("Refused most often:").is_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(MEASURE_CONTRAST) == []


def test_the_board_says_that_the_server_is_gone(classroom, watched):
    watched.page.goto(classroom.url)
    watched.page.get_by_text("0 of 2 students have joined").wait_for()
    classroom.stop(signal.SIGKILL)
    watched.page.get_by_text("The server does not answer. This page tries again.").wait_for()
    watched.complaints.clear()  # the browser's about the lost connection


def test_the_live_page_of_a_student(classroom, room, watched):
    page = watched.page
    page.goto(classroom.url)
    page.get_by_role("link", name="Ann Lee").click()
    page.get_by_text("connected", exact=True).wait_for()
    assert re.fullmatch(re.escape(classroom.url) + "/ann-lee/live", page.url)
    page.get_by_role("button", name="web1 of demo: ACTIVE").wait_for()
    run("stop", "web1", cloud=room / "clouds/ann-lee.json")
    page.get_by_role("button", name="web1 of demo: SHUTOFF").wait_for()
    assert watched.requests[-1] == f"{classroom.url}/ann-lee/live/events"


def test_the_teacher_signs_in_and_sees_that_the_record_is_off(browser, room, watched, tmp_path):
    server, cloud = ServerProcess(tmp_path / "own.json", "--classroom", str(room)), room / "clouds/ann-lee.json"
    try:
        page = watched.page
        page.goto(f"{server.url}/ann-lee/live")
        page.get_by_label("User").fill("teacher")
        page.get_by_label("Password").fill(teacher_password(Room(str(room)).content.key))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="web1 of demo: ACTIVE").wait_for()
        run("record", "stop", cloud=cloud)
        page.get_by_text("The record is off, so nothing new is shown here.").wait_for()
        run("stop", "web1", cloud=cloud)
        page.get_by_role("button", name="web1 of demo: SHUTOFF").wait_for()
        run("record", "start", cloud=cloud)
        page.get_by_text("The record is off").wait_for(state="hidden")
        page.goto("about:blank")
    finally:
        server.stop(signal.SIGKILL)
    assert all("401" in text for text in watched.complaints)  # before the teacher has signed in
    watched.complaints.clear()
