"""A classroom over HTTP: joining, the board, and what students may see."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import zipfile
from typing import Any

import pytest
from click.testing import CliRunner

from novasim.classroom import limiter
from novasim.classroom.users import teacher_password
from novasim.cli.main import cli
from tests.serve.classroom.conftest import Class
from tests.serve.clouds.client import URL
from tests.serve.server_process import TIMEOUT


def play(served: Class, student: str, *lines: str) -> None:
    env = {"NOVASIM_CLOUD": str(served.folder / f"clouds/{student}.json"), "NOVASIM_CLOCK": "instant"}
    for line in lines:
        CliRunner(env=env).invoke(cli, line.split())


def test_join_word_works_once(served: Class):
    async def check() -> None:
        async with served:
            wrong = await served.join("ann-lee", "abcd-efgh-jkmn")
            joined = await served.join("Ann Lee", served.words["ann-lee"].upper())
            again = await served.join("ann-lee", served.words["ann-lee"])
            assert (wrong.code, joined.code, again.code) == (401, 200, 401)
            assert wrong.body == again.body == (await served.join("nobody", "abcd-efgh-jkmn")).body
            ticket = joined.body
            assert (ticket["cloud"], ticket["user"], ticket["owner"]) == ("ann-lee", "demo", "admin")
            for user in ("demo", "admin"):
                assert (await served.sign_in("ann-lee", user, ticket["password"])).code == 201
                assert (await served.sign_in("bob-b", user, ticket["password"])).code == 401
                assert (await served.sign_in("ann-lee", user, "secret")).code == 401
        served.room.refresh()
        assert served.room.content.students["ann-lee"].joined and not served.room.content.students["bob-b"].joined

    asyncio.run(check())


def test_two_requests_with_one_word_are_one_student(served: Class):
    async def check() -> None:
        async with served:
            answers = await asyncio.gather(*(served.join("ann-lee", served.words["ann-lee"]) for _ in range(5)))
            assert sorted(answer.code for answer in answers) == [200, 401, 401, 401, 401]

    asyncio.run(check())


def test_wrong_words_are_slowed_down_for_one_student_only(served: Class):
    async def check() -> None:
        async with served:
            codes = [(await served.join("ann-lee", "wrong")).code for _ in range(limiter.FREE + 1)]
            assert codes == [401] * limiter.FREE + [429]
            slow = await served.join("ann-lee", served.words["ann-lee"])
            assert slow.code == 429 and int(slow.headers["retry-after"]) >= 1
            assert (await served.join("bob-b", served.words["bob-b"])).code == 200

    asyncio.run(check())


def test_pause_doubles_and_ends():
    found = limiter.Limiter()
    for count in range(12):
        found.note_wrong("ann", "192.0.2.1", float(count))
    assert found.find_pause("ann", "192.0.2.1", 11.0) == limiter.LONGEST
    assert found.find_pause("ann", "192.0.2.2", 11.0) == found.find_pause("bob", "192.0.2.1", 11.0) == 0
    assert found.find_pause("ann", "192.0.2.1", 11.0 + limiter.LONGEST) == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/join", b"nonsense", 400),
        ("POST", "/join", b"\xff", 400),
        ("POST", "/join", {"name": "ann-lee"}, 400),
        ("POST", "/join", {"name": "ann-lee", "word": 1}, 400),
        ("POST", "/join", {"name": "x" * 1000, "word": "y"}, 401),
        ("POST", "/join", b'{"name": "' + b"x" * 200_000 + b'"}', 413),
        ("DELETE", "/join", None, 405),
        ("POST", "/", None, 405),
        ("GET", "/ann-lee/novasim/classroom", None, 401),
        ("GET", "/nobody/novasim/classroom", None, 404),
        ("GET", "/..%2Fann-lee/novasim/classroom", None, 404),
        ("POST", "/ann-lee/novasim/classroom/nix", None, 404),
        ("GET", "/identity/v3", None, 404),
        ("GET", "/ann-lee/compute/v2.1/servers", None, 401),
        ("GET", "/nobody/identity/v3", None, 404),
    ],
)
def test_bad_requests_are_refused(served: Class, method, path, body, code):
    async def check() -> None:
        async with served:
            assert (await served.request(method, path, body)).code == code

    asyncio.run(check())


def test_student_reads_the_own_lesson_only(served: Class):
    async def check() -> None:
        async with served:
            tokens = {}
            for name in ("ann-lee", "bob-b"):
                ticket = (await served.join(name, served.words[name])).body
                for user in ("demo", "admin"):
                    signed_in = await served.sign_in(name, user, ticket["password"])
                    tokens[name, user] = {"x-auth-token": signed_in.headers["x-subject-token"]}
            path = "/ann-lee/novasim/classroom"
            found = await served.request("GET", path, headers=tokens["ann-lee", "admin"])
            assert found.body["file"] == "02-power.md" and found.body["text"].startswith("# Off and on")
            assert (await served.request("GET", path, headers=tokens["ann-lee", "demo"])).code == 403
            assert (await served.request("GET", path, headers=tokens["bob-b", "admin"])).code == 401
            for hints in range(2):
                answer = await served.request("POST", f"{path}/hint", headers=tokens["ann-lee", "admin"])
                assert answer.body == {"hints": hints}

    asyncio.run(check())


def test_teacher_can_enter_every_cloud(served: Class):
    async def check() -> None:
        async with served:
            password = teacher_password(served.room.content.key)
            for name in ("ann-lee", "bob-b"):
                signed_in = await served.sign_in(name, "teacher", password)
                headers = {"x-auth-token": signed_in.headers["x-subject-token"]}
                assert (
                    await served.request("GET", f"/{name}/compute/v2.1/servers?all_tenants=1", headers=headers)
                ).code == 200

    asyncio.run(check())


def test_token_stays_valid_when_the_cloud_is_built_again(served: Class):
    async def check() -> None:
        async with served:
            password = (await served.join("ann-lee", served.words["ann-lee"])).body["password"]
            signed_in = await served.sign_in("ann-lee", "demo", password)
            headers = {"x-auth-token": signed_in.headers["x-subject-token"]}
            env = {"NOVASIM_CLASSROOM": str(served.folder)}
            reset = await asyncio.to_thread(CliRunner(env=env).invoke, cli, ["classroom", "reset", "ann-lee"])
            assert reset.exit_code == 0, reset.output
            found = await served.request("GET", "/ann-lee/compute/v2.1/servers", headers=headers)
            assert [server["name"] for server in found.body["servers"]] == ["web1"]
            assert (await served.request("GET", "/bob-b/compute/v2.1/servers", headers=headers)).code == 401

    asyncio.run(check())


def test_board_counts_goals_and_names_nobody(served: Class):
    play(served, "ann-lee", "stop web1 --wait", "stop web1", "stop web1")

    async def check() -> None:
        async with served:
            page = await served.page("/")
            assert "<h1>Off and on</h1>" in page and "0 of 2 students have joined" in page
            assert 'aria-label="1 of 2"' in page
            assert "409 stop in SHUTOFF</span> (2 times)" in page
            assert f"{URL}/join" in page
            assert "Ann" not in page
            board = (await served.request("GET", "/")).body["board"]
            assert [goal["done"] for goal in board["goals"]] == [1, 0, 1] and "rows" not in board

    asyncio.run(check())


def test_board_with_names_escapes_them(served: Class):
    named = Class(served.folder, served.words, has_names=True)

    async def check() -> None:
        async with named:
            page = await named.page("/")
            assert '<a href="ann-lee/live">Ann Lee</a>' in page and "Bob &lt;b&gt;</a>" in page

    asyncio.run(check())


def test_stream_tells_when_the_class_has_moved_on(served: Class):
    messages: asyncio.Queue[dict[str, Any]]

    async def check() -> None:
        nonlocal messages
        messages, is_over = asyncio.Queue(), asyncio.Event()

        async def receive() -> dict[str, Any]:
            await is_over.wait()
            return {"type": "http.disconnect"}

        scope = {"type": "http", "method": "GET", "path": "/board/events", "query_string": b"", "scheme": "http"}
        async with served:
            task = asyncio.create_task(served.app({**scope, "headers": [(b"host", b"x")]}, receive, messages.put))
            assert (await messages.get())["status"] == 200
            assert "Refused" not in (await messages.get())["body"].decode()
            await asyncio.to_thread(play, served, "bob-b", "start web1")
            assert "409 start in ACTIVE" in (await messages.get())["body"].decode()
            is_over.set()
            await task

    asyncio.run(asyncio.wait_for(check(), TIMEOUT))


def test_archive_runs_without_other_packages(served: Class, tmp_path):
    async def download() -> bytes:
        async with served:
            return (await served.request("GET", "/novasim.pyz")).content

    content = asyncio.run(download())
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "novasim/teach/lessons/02-power.md" in names
    assert not [name for name in names if name.endswith((".so", ".pyd")) or name.startswith("orjson")]
    (tmp_path / "novasim.pyz").write_bytes(content)
    line = [sys.executable, "-I", "-S", "novasim.pyz", "flavor", "list", "-f", "value", "-c", "name"]
    env = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": ""}
    done = subprocess.run(line, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=TIMEOUT, check=True)
    assert done.stdout.split()[0] == "m1.tiny"
    assert len(list((tmp_path / "cache/novasim").iterdir())) == 1
