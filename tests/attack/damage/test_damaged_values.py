"""One wrong value inside a valid file: the exit code is 9, and every HTTP request is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.records import Caller, Server
from novasim.serve.writer import Writer
from novasim.store import open_store
from tests.attack.sample import run

ADMIN = Caller("admin", "admin", ("admin", "member", "reader"), "admin", "admin")
BUILD = """
    cloud init --seed 7
    clock set instant
    create web1 --flavor m1.tiny --image cirros
    create web2 --flavor m1.tiny --image cirros
    volume create v1 --size 1
    attach-volume web1 v1
    resize web2 --flavor m1.small
"""
CREATE = "create x --flavor m1.tiny --image cirros"

Edit = Callable[[Any], object]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cloud file with a volume, and a resize that is not confirmed."""
    path = tmp_path_factory.mktemp("built") / "cloud.json"
    for line in BUILD.strip().splitlines():
        assert run(path, line.strip()).exit_code == 0, line
    return path.read_text()


@pytest.fixture
def damage(content, tmp_path):
    """Returns a function that writes the cloud file with an edit of its tables."""

    def write(edit: Edit):
        tables = json.loads(content)
        edit(tables)
        path = tmp_path / "cloud.json"
        path.write_text(json.dumps(tables))
        return path

    return write


def in_error(fault: dict[str, Any]) -> Edit:
    return lambda all: all["servers"]["1"].update(fault=fault, vm_state="error")


CREATED = {"created": "2026-01-01T00:00:00Z"}
FOUND: list[tuple[str, str, Edit]] = [
    ("volume list", "volumes", lambda all: all["volumes"]["1"]["attachments"][0].update(attached_at=-1)),
    ("stop web1", "hosts", lambda all: all["hosts"]["1"].update(used_vcpus=10**400)),
    ("stop web1", "hosts", lambda all: [host.update(used_vcpus=10**400) for host in all["hosts"].values()]),
    ("--as admin list --all-projects --long", "servers", in_error(CREATED | {"code": 500})),
    ("show web1", "servers", in_error(CREATED | {"message": "No valid host"})),
    ("--as admin host list", "settings", lambda all: all["settings"]["1"].update(down_cells=[[]])),
]


@pytest.mark.parametrize(("line", "table", "edit"), FOUND)
def test_damage_is_named_and_nothing_changes(damage, line, table, edit):
    path = damage(edit)
    before = path.read_bytes()
    done = run(path, line)
    assert done.exit_code == 9, done.stderr
    assert f"is damaged: in table '{table}'" in done.stderr
    assert "saved" not in done.stderr
    assert path.read_bytes() == before
    assert run(path, "cloud check").exit_code == 9


@pytest.mark.parametrize("value", [None, 1e308, []])
@pytest.mark.parametrize("line", [CREATE, "confirm-resize web2", "--as admin migrate web1"])
@pytest.mark.parametrize("place", [("security_groups", "2", "rules", -1), ("instance_actions", "4", "events", 0)])
def test_wrong_item_of_a_list_is_no_internal_error(damage, line, place, value):
    table, number, field, index = place
    path = damage(lambda all: all[table][number][field].__setitem__(index, value))
    done = run(path, line)
    assert done.exit_code in (0, 9), done.stderr
    assert isinstance(done.exception, SystemExit | None)
    assert run(path, "cloud check").exit_code == 9


@pytest.mark.parametrize("change", [{"attachment_id": ""}, {"attachment_id": "banana"}])
def test_migration_with_a_wrong_attachment_is_no_internal_error(damage, change):
    done = run(damage(lambda all: all["attachments"]["1"].update(change)), "--as admin migrate web1")
    assert done.exit_code != 1, done.stderr


def test_damage_found_after_a_save_says_that_the_change_is_saved(damage):
    path = damage(lambda all: all["attachments"]["1"].update(tag=-1))
    done = run(path, CREATE)
    assert done.exit_code == 9
    assert "The command has already changed the cloud: what it did before this error is saved." in done.stderr
    with open_store(path).read() as tx:
        assert tx.query(Server, {"name": "x"})


def stop_web1(cloud: Cloud) -> int:
    """The code of the response to os-stop through the writer of a server."""
    with cloud.store.read() as tx:
        (server,) = tx.query(Server, {"name": "web1"})
    request = Request(ADMIN, "POST", f"/servers/{server.id}/action", 96, body={"os-stop": None})

    async def submit() -> int:
        writer = Writer(cloud)
        response = await asyncio.wait_for(writer.submit(request), 30)
        await writer.close()
        return response.code

    return asyncio.run(submit())


@pytest.mark.parametrize("value", [None, 1e308])
def test_writer_answers_with_a_damaged_file(damage, value):
    path = damage(lambda all: all["instance_actions"]["4"]["events"].__setitem__(0, value))
    assert stop_web1(Cloud(open_store(path))) in (202, 503)


def test_writer_answers_after_an_unexpected_exception(damage, capsys):
    def broken_clock() -> float:
        raise ZeroDivisionError

    assert stop_web1(Cloud(open_store(damage(lambda all: None)), broken_clock)) == 500
    assert "internal error: ZeroDivisionError" in capsys.readouterr().err
