"""Students who join a class, and use the lesson from their own machine."""

from __future__ import annotations

import json
import os
import shlex
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result

from novasim.classroom.board import BoardReader
from novasim.classroom.users import teacher_password
from novasim.cli.lessons.known import open_library
from novasim.cli.main import cli
from tests.remote.conftest import run_at
from tests.serve.classroom.conftest import Class


class Member:
    """A student with a home folder of their own."""

    def __init__(self, home: Path, url: str) -> None:
        self.url = url
        self.folder = home / "novasim"
        self._env = {"XDG_DATA_HOME": str(home), "HOME": str(home), "SHELL": "/bin/bash"}

    def __call__(self, line: str, code: int = 0, input: str | None = None) -> Result:
        done = CliRunner(env=self._env).invoke(cli, shlex.split(line), input=input)
        assert done.exit_code == code, (line, done.stdout, done.stderr, done.exception)
        return done

    def read_password(self) -> str:
        (joined,) = json.loads((self.folder / "joined.json").read_text()).values()
        return str(joined["password"])

    def connect(self) -> None:
        """What `eval "$(novasim join --env)"` does."""
        for line in self("join --env").stdout.splitlines():
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").rstrip(";").partition("=")
                self._env[name] = shlex.split(value)[0]


@pytest.fixture
def url(served: Class, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    with served.listen() as url:
        yield url


@pytest.mark.parametrize("words", [[], ["--word", "-"]])
def test_without_a_join_word_the_command_says_how_to_give_it(words):
    done = CliRunner().invoke(cli, ["join", "http://192.0.2.7:8774", "ann", *words], input="")
    assert (done.exit_code, "--word WORD" in done.stderr) == (2, True), done.stderr


@pytest.fixture
def ann(served: Class, url: str, tmp_path: Path) -> Member:
    """Ann, who has joined and is connected."""
    member = Member(tmp_path / "ann", url)
    member(f"join {url} 'Ann Lee' --word -", input=served.words["ann-lee"] + "\n")
    member.connect()
    return member


def test_join_writes_private_files_and_says_what_to_do(served: Class, url: str, tmp_path: Path):
    member = Member(tmp_path / "ann", url)
    said = member(f"join {url} ann-lee", input=served.words["ann-lee"] + "\n").stderr
    assert (
        f"Ann Lee has joined the class. Your cloud is {url}/ann-lee" in said and 'eval "$(novasim join --env)"' in said
    )
    assert sorted(path.name for path in member.folder.iterdir()) == ["class.json", "joined.json", "joined.json.lock"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in member.folder.iterdir())
    assert f"auth_url: {url}/ann-lee/identity/v3" in member("join --clouds-yaml").stdout
    assert "used already" in member(f"join {url} ann-lee --word {served.words['ann-lee']}", 5).stderr


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("join {url} ann-lee --word wrong", 5, "is wrong"),
        ("join {url}/ann-lee ann-lee --word x", 9, "There is no class at"),
        ("join http://127.0.0.1:1 ann-lee --word x", 9, "cannot be reached"),
        ("join nonsense ann-lee --word x", 2, "is not the address of a cloud"),
        ("join {url}", 2, "Give the URL and your name"),
        ("join", 2, "Give the URL and your name"),
        ("join --env --leave", 2, "Give the URL and your name"),
        ("join --env", 2, "No class was joined"),
        ("join --leave", 2, "No class was joined"),
    ],
)
def test_bad_input_is_a_clear_line(url: str, tmp_path: Path, line: str, code: int, text: str):
    member = Member(tmp_path / "ann", url)
    assert text in member(line.format(url=url), code).stderr
    assert not member.folder.exists()


def test_lesson_of_the_class_is_taken_over_http(served: Class, ann: Member):
    assert ann("lesson show").stdout.startswith("# Off and on")
    assert "1 of 3 goals done" in ann("lesson").stdout
    assert "Hint 1 of 2" in ann("lesson hint").stdout and "Hint 2 of 2" in ann("lesson hint").stdout
    assert "Next: novasim stop web1" in ann("lesson hint").stdout
    ann("stop web1 --wait")
    ann("stop web1", 4)
    assert [each["state"] for each in json.loads(ann("lesson check -f json", 11).stdout)] == ["open", "open", "done"]
    ann("start web1 --wait")
    assert "Your teacher starts the next lesson." in ann("lesson check").stderr
    found = json.loads(_status(served).stdout)
    assert [(each["done"], each["hints"], each["refusals"]) for each in found] == [(3, 3, 1), (1, 0, 0)]


def test_students_with_different_clients_solve_the_lesson(served: Class, ann: Member, url: str, tmp_path: Path):
    """Bob uses the API, as the clients of OpenStack do. `make classroom` has those clients, and thirty students."""
    ticket = call(f"{url}/join", {"name": "bob-b", "word": served.words["bob-b"]})[1]
    token, _ = sign_in(f"{url}/bob-b", ticket["user"], ticket["password"])
    servers = f"{url}/bob-b/compute/v2.1/servers"
    id = call(servers, token=token)[1]["servers"][0]["id"]

    def act(action: str) -> int:
        while call(f"{servers}/{id}", token=token)[1]["server"]["OS-EXT-STS:task_state"]:
            time.sleep(0.05)
        return call(f"{servers}/{id}/action", {action: None}, token)[0]

    CliRunner(env={"NOVASIM_CLASSROOM": str(served.folder)}).invoke(cli, ["classroom", "speed", "100"])
    ann("stop web1 --wait")
    assert [act("os-stop"), act("os-stop"), act("os-start")] == [202, 409, 202]
    ann("stop web1", 4)
    ann("start web1 --wait")
    assert act("os-start") == 409  # it is running again
    assert [each["done"] for each in json.loads(_status(served).stdout)] == [3, 3]
    assert _prove(served, tmp_path / "marks").stderr == ""
    assert CliRunner().invoke(cli, ["lesson", "verify", f"{tmp_path}/marks"]).stdout.count("has done 3 of 3 goals") == 2
    forged = (
        (tmp_path / "marks").read_text().replace('{\\"os-start\\":null}', '{\\"reboot\\":{\\"type\\":\\"HARD\\"}}', 1)
    )
    (tmp_path / "forged").write_text(forged)
    verified = CliRunner().invoke(cli, ["lesson", "verify", f"{tmp_path}/forged"])
    assert verified.exit_code == 11 and "the commands of bob-b lead to another cloud" in verified.stderr


def _prove(served: Class, file: Path) -> Result:
    env = {"NOVASIM_CLASSROOM": str(served.folder)}
    return CliRunner(env=env).invoke(cli, ["classroom", "proof", "-o", str(file)])


def call(url: str, body: Any = None, token: str = "") -> tuple[int, Any, dict[str, str]]:
    """Send a request: a POST if it has a body. Returns the code, the decoded body, and the headers."""
    headers = {"Content-Type": "application/json", "X-Auth-Token": token}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data, headers)) as response:
            content = response.read()
            names = {name.lower(): value for name, value in response.headers.items()}
            return response.status, json.loads(content) if content else None, names
    except HTTPError as error:
        return error.code, None, {}


def test_teacher_uses_commands_on_the_cloud_of_a_student(served: Class, ann: Member, url: str):
    ann("stop web1 --wait")
    teacher = {"OS_USERNAME": "teacher", "OS_PASSWORD": teacher_password(served.room.content.key)}
    assert run_at(f"{url}/ann-lee", "show web1 -f value -c status", **teacher).stdout == "SHUTOFF\n"
    run_at(f"{url}/ann-lee", "undo", **teacher)
    assert ann("show web1 -f value -c status").stdout == "ACTIVE\n"


def test_marks_prove_what_was_done_over_http(served: Class, ann: Member, tmp_path: Path):
    ann("stop web1 --wait")
    ann("stop web1", 4)
    assert _prove(served, tmp_path / "marks").exit_code == 0
    assert (
        "ann-lee has done 1 of 3 goals of power"
        in CliRunner().invoke(cli, ["lesson", "verify", f"{tmp_path}/marks"]).stdout
    )


def test_students_cannot_change_the_clock_while_the_class_is_frozen(served: Class, ann: Member):
    env = {"NOVASIM_CLASSROOM": str(served.folder)}
    ann("cloud save before")
    CliRunner(env=env).invoke(cli, ["classroom", "freeze"])
    for line in ("clock advance 10s", "clock set instant", "clock speed 10", "cloud load before", "undo --all"):
        assert "The teacher has stopped the time. The clock can be changed when it runs again." in ann(line, 2).stderr
    stopping = "web1 is still ACTIVE (powering-off); stop has not finished, and the teacher has stopped the time.\n"
    assert ann("stop web1 --wait", 7).stderr == f"novasim: {stopping}"
    CliRunner(env=env).invoke(cli, ["classroom", "run", "--", "clock", "advance", "10s"])
    assert ann("show web1 -f value -c status").stdout == "SHUTOFF\n"
    CliRunner(env=env).invoke(cli, ["classroom", "thaw"])
    ann("clock speed 10")


def test_lesson_reset_builds_the_own_cloud_only(served: Class, ann: Member):
    ann("stop web1 --wait")
    other = (served.folder / "clouds/bob-b.json").read_bytes()
    assert "begins again" in ann("lesson reset").stderr
    assert "ACTIVE" in ann("show web1 -f value -c status").stdout
    assert (served.folder / "clouds/bob-b.json").read_bytes() == other
    assert (served.folder / "old/ann-lee.1.json").exists()


def test_student_who_leaves_has_no_credentials(ann: Member):
    assert "This shell still has the settings of the class" in ann("join --leave").stderr
    assert "ann-lee" not in (ann.folder / "joined.json").read_text()
    ann("join --env", 2)


def test_lesson_works_on_the_folder_of_the_classroom_too(served: Class):
    env = {"NOVASIM_CLOUD": str(served.folder / "clouds/bob-b.json")}
    assert "Hint 1 of 2" in CliRunner(env=env).invoke(cli, ["lesson", "hint"]).stdout
    assert json.loads(_status(served).stdout)[1]["hints"] == 1


def _status(served: Class) -> Result:
    return CliRunner(env={"NOVASIM_CLASSROOM": str(served.folder)}).invoke(cli, ["classroom", "status", "-f", "json"])


@pytest.fixture
def shared(tmp_path: Path) -> Class:
    """A class with a shared cloud, and the lesson "power"."""
    (tmp_path / "roster.txt").write_text("Ann Lee\nBob\n", "utf-8")
    line = f"classroom init {tmp_path}/room --students {tmp_path}/roster.txt --lesson power --shared -f json"
    done = CliRunner().invoke(cli, line.split())
    assert CliRunner().invoke(cli, f"classroom speed 0.001 --room {tmp_path}/room".split()).exit_code == 0
    return Class(tmp_path / "room", {each["name"]: each["word"] for each in json.loads(done.stdout)})


def test_lesson_in_a_shared_cloud_is_taken_with_an_openstack_client(shared: Class, tmp_path: Path):
    with shared.listen() as url:
        member = Member(tmp_path / "ann", url)
        said = member(f"join {url} ann-lee --word {shared.words['ann-lee']}").stderr
        assert "openstack server list" in said and "novasim lesson show" in said
        member.connect()
        ticket = call(f"{url}/join", {"name": "bob", "word": shared.words["bob"]})[1]
        assert member("lesson show").stdout.startswith("# Off and on")
        assert "1 of 3 goals done" in member("lesson").stdout
        token, project = sign_in(f"{url}/class", "ann-lee", member.read_password())
        found = call(f"{url}/class/novasim/classroom", token=token)[1]
        assert "bob" not in json.dumps(found["tables"]) and project in json.dumps(found["tables"])
        servers = f"{url}/class/compute/v2.1/servers"
        id = call(servers, token=token)[1]["servers"][0]["id"]
        assert [call(f"{servers}/{id}/action", {"os-stop": None}, token)[0] for _ in range(2)] == [202, 409]
        assert "Hint 1 of 2" in member("lesson hint").stdout
        assert [each["done"] for each in json.loads(_status(shared).stdout)] == [1, 1]
        assert [each["refusals"] for each in json.loads(_status(shared).stdout)] == [1, 0]
        bob, _ = sign_in(f"{url}/class", "bob", ticket["password"])
        assert call(f"{servers}/{id}", token=bob)[0] == 404
        assert "begins again" in member("lesson reset").stderr and "1 of 3 goals done" in member("lesson").stdout
        assert call(f"{servers}/{id}", token=token)[0] == 404
        assert "Other users use the clients of OpenStack." in member("list", 5).stderr
        teacher = sign_in(f"{url}/class", "teacher", teacher_password(shared.room.content.key))[0]
        assert call(f"{url}/class/novasim/classroom", token=teacher)[0] == 404
    named = BoardReader(shared.room, open_library()).read()
    assert [row.page for row in named.rows] == ["class/live?follow=ann-lee", "class/live?follow=bob"]
    assert [each["hints"] for each in json.loads(_status(shared).stdout)] == [0, 0]


def sign_in(cloud: str, user: str, password: str) -> tuple[str, str]:
    """A token, and the ID of its project."""
    identity = {"name": user, "password": password, "domain": {"id": "default"}}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": identity}}}}
    _, body, headers = call(f"{cloud}/identity/v3/auth/tokens", auth)
    return headers["x-subject-token"], body["token"]["project"]["id"]
