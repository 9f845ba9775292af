"""A file that cannot be used: one clear line, never an overwrite, and a way back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from novasim.errors import CloudFileError
from novasim.records import Server, Settings
from novasim.store import open_store
from novasim.store.backup import backup, backups, restore
from novasim.store.check import check
from tests.store.worlds import id_number, server, settings, world_of, write_plain

NOBODY = 65534
WAY_OUT = ("novasim cloud check", "novasim cloud restore")


def fill(path: Path, *records) -> None:
    with open_store(path).write() as tx:
        for record in records:
            tx.put(record)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cloud.json"
    fill(path, *world_of(5))
    return path


def refusals(path: Path) -> list[str]:
    """What reading and writing say, each on one line; both must refuse."""
    found = []
    for enter in (
        open_store(
            path,
        ).read,
        open_store(path).write,
    ):
        with pytest.raises(CloudFileError) as caught, enter() as tx:
            tx.put(server(99))
            tx.query(Server)
        found.append(str(caught.value))
        assert "\n" not in found[-1]
        assert str(path) in found[-1]
        assert caught.value.exit_code == 9
    return found


WRONG_CONTENT = {
    "empty": (b"", "it is empty"),
    "blank": (b" \n\n", "it is empty"),
    "binary": (b"\x7fELF\x02\x01\x01\x00\xff\xfe\xfa", "it is not"),
    "zeros": (b"\0" * 5000, "it is not"),
    "text": (b"once upon a time", "it is not JSON"),
    "half a line": (b'{"settings": {"1": {"id":"cl', "it ends in the middle, in line 1"),
    "a list": (b"[]", "it holds no tables"),
    "a number": (b"17", "it holds no tables"),
    "tables that are lists": (b'{"settings": []}', "table 'settings' holds no documents"),
    "another database": (b'{"_default": {"1": {"char": "x"}}}', "it is not a novasim cloud"),
    "an empty object": (b"{}", "it is not a novasim cloud"),
    "package.json": (b'{"name": {}, "scripts": {"test": "x"}}', "table 'scripts'"),
    "no format": (b'{"settings": {"1": {"id": "cloud", "seed": 0}}}', "do not tell its format"),
    "a wrong format": (b'{"settings": {"1": {"id": "cloud", "format": "1", "seed": 0}}}', "do not tell its format"),
    "true as format": (b'{"settings": {"1": {"id": "cloud", "format": true, "seed": 0}}}', "do not tell its format"),
    "a document without id": (b'{"servers": {"1": {"name": "x"}}}', "document 1 has no id"),
    "a document that is a list": (b'{"servers": {"1": []}}', "document 1 has no id"),
    "an id that is a number": (b'{"servers": {"1": {"id": 5}}}', "document 1 has no id"),
    "the same id twice": (
        b'{"servers": {"1": {"id": "a"}, "2": {"id": "a"}}}',
        "documents 1 and 2 have the same id 'a'",
    ),
    "a document without number": (b'{"servers": {"first": {"id": "a"}}}', "'first' is not the number"),
    "a very deep one": (b'{"a":' * 100000, "it is nested too deeply"),
    "not UTF-8": (b'{"settings": {"1": {"id": "cl\xffud"}}}', "it is not text"),
    "NaN": (b'{"settings": {"1": {"id": "cloud", "format": 1, "seed": NaN}}}', "table 'settings'"),
    "a header only": (b'{"_layout": {"1": {"id":"lines","tables":{"servers":[1,10]}}},\n', "it ends in the middle"),
    "a wrong header": (b'{"_layout": {"1": {"id":"lines","tables":{"a":[1],"b":7,"c":"x"}}},\n}', "it is not JSON"),
    "a header that is a list": (
        b'{"_layout": {"1": {"id":"lines","tables":[1,2]}},\n"x": {\n',
        "it ends in the middle",
    ),
}


@pytest.mark.parametrize("name", WRONG_CONTENT)
def test_wrong_content_is_refused_and_left_as_it_is(tmp_path, name):
    content, fault = WRONG_CONTENT[name]
    path = tmp_path / "cloud.json"
    path.write_bytes(content)
    for said in refusals(path):
        assert fault in said
        assert all(command in said for command in WAY_OUT)
    assert path.read_bytes() == content
    assert check(str(path)), "check is content with what cannot be opened"
    assert not list(tmp_path.glob("cloud.json.[!l]*"))


def test_a_file_cut_off_anywhere_is_refused(path):
    whole = path.read_bytes()
    with open_store(path).read() as tx:
        assert tx.count(Server) == 5
    for length in [*range(200), *range(200, len(whole) - 200, 97), *range(len(whole) - 200, len(whole) - 1)]:
        path.write_bytes(whole[:length])
        with pytest.raises(CloudFileError), open_store(path).read():
            pass
    path.write_bytes(whole[:-1])  # only the last line break: nothing is lost
    with open_store(path).read() as tx:
        assert tx.count(Server) == 5


def test_a_large_file_cut_off_is_refused(tmp_path):
    path = tmp_path / "cloud.json"
    fill(path, *world_of(2000))
    path.write_bytes(path.read_bytes()[:-2_000_000])
    assert "it ends in the middle, in line" in refusals(path)[0]


def test_a_file_with_something_after_its_end_is_refused(path):
    path.write_bytes(path.read_bytes() + b"{}")
    assert "it is not JSON (Extra data in line" in refusals(path)[0]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b'"vm_state":"active"', b'"vm_state":active"x', "in table 'servers'"),
        (b'"name":"web3"', b'"nome":"web3"', f"record '{id_number(3)}' lacks 'name'"),
        (b'"3": {"id":', b'"3": {"no":', "a line does not begin with the number and the id"),
        (id_number(3).encode(), id_number(2).encode(), "5 records were counted, 4 are there"),
    ],
)
def test_damage_that_keeps_the_length_is_met_where_it_is(path, old, new, fault):
    head, table, rest = path.read_bytes().partition(b'"servers": {\n')
    assert len(old) == len(new)
    path.write_bytes(head + table + rest.replace(old, new, 1))
    with open_store(path).read() as tx, pytest.raises(CloudFileError) as caught:
        tx.query(Server)
    assert fault in str(caught.value)
    assert check(str(path))
    with pytest.raises(CloudFileError), open_store(path).write() as tx:
        tx.put(server(99))
        tx.query(Server)
    assert path.read_bytes() == head + table + rest.replace(old, new, 1)


def test_damage_to_one_record_leaves_the_others_usable(path):
    head, table, rest = path.read_bytes().partition(b'"servers": {\n')
    path.write_bytes(head + table + rest.replace(b'"web3"', b'"web3\\', 1))
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(1)) == server(1)
        with pytest.raises(CloudFileError, match="in table 'servers', "):
            tx.get(Server, id_number(3))


def test_a_newer_format_is_not_touched(path):
    content = json.loads(path.read_text())
    content["settings"]["1"]["format"] = 2
    path.write_text(json.dumps(content))
    for said in refusals(path):
        assert said.endswith(
            "has format 2, and this novasim knows formats up to 1. Upgrade novasim, or name another file with --cloud."
        )
    assert check(str(path)) == refusals(path)[:1]


def test_a_folder_is_not_a_cloud_file(tmp_path):
    assert open_store(tmp_path).exists()
    for said in refusals(tmp_path):
        assert "cannot be " in said
        assert "--cloud" in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes as files")
def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "cloud.json"
    os.mkfifo(path)
    assert "It is not a regular file" in refusals(path)[0]


def test_a_path_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    path = tmp_path / "file" / "cloud.json"
    for said in refusals(path):
        assert "Not a directory" in said


def test_a_path_that_goes_in_circles_is_refused(tmp_path):
    (tmp_path / "cloud.json").symlink_to(tmp_path / "cloud.json")
    assert "symbolic links" in refusals(tmp_path / "cloud.json")[0]


def test_a_path_with_a_line_break_makes_no_second_line(tmp_path):
    path = tmp_path / "a\nb.json"
    path.write_text("")
    with pytest.raises(CloudFileError) as caught, open_store(path).read():
        pass
    assert "\n" not in str(caught.value)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Without the power of root, for whom no file is unreadable."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an unprivileged user reaches and owns."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs a system with users")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() == 0:
            os.chown(name, NOBODY, -1)
        yield Path(name)
        os.chmod(name, 0o700)


def test_a_file_of_somebody_else(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings())
        path.chmod(0)
        for said in refusals(path):
            assert "cannot be read: Permission denied. Put that right, or name another file with --cloud." in said


def test_a_folder_that_takes_no_files(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings(), server(1))
        before = path.read_bytes()
        open_folder.joinpath("cloud.json.lock").unlink()
        open_folder.chmod(0o500)
        with open_store(path).read() as tx:
            assert tx.count(Server) == 1
        with pytest.raises(CloudFileError, match=r"cannot be saved: Permission denied\. It is unchanged"):
            fill(path, server(2))
        assert path.read_bytes() == before


def test_a_folder_that_takes_no_files_though_the_lock_is_there(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings(), server(1))
        open_folder.chmod(0o500)
        with pytest.raises(CloudFileError, match="cannot be saved"):
            fill(path, server(2))
        with open_store(path).read() as tx:
            assert tx.count(Server) == 1


FULL_DISK = """
import resource, sys
from novasim.errors import CloudFileError
from novasim.store import open_store
from tests.store.worlds import server
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
try:
    with open_store(sys.argv[1]).write() as tx:
        tx.put(server(99))
except CloudFileError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_file_as_it_is(path):
    before = path.read_bytes()
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True)
    assert "cannot be saved: File too large. It is unchanged; make room" in done.stdout
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp*"))


def test_check_has_nothing_to_say_of_a_good_file(path):
    assert check(str(path)) == []


def test_check_names_each_problem(tmp_path):
    path = tmp_path / "cloud.json"
    good = vars(server(1))
    content = {
        "settings": {"1": vars(settings())},
        "servers": {
            "1": good,
            "2": {**good, "id": "b", "vm_state": 5, "deleted": "no", "flavor": [], "progress": True},
            "3": {"id": "c", "name": "three"},
            "4": good,
            "5": "text",
        },
        "extra": {},
    }
    path.write_text(json.dumps(content).replace('"name": "three"', '"name": "three", "name": "three"'))
    assert check(str(path)) == [
        "'name' stands twice in one object; only the last counts.",
        "Table 'servers', document 2: 'vm_state' should be text.",
        "Table 'servers', document 2: 'flavor' should be an object.",
        "Table 'servers', document 2: 'deleted' should be true or false.",
        "Table 'servers', document 2: 'progress' should be a whole number.",
        "Table 'servers', document 3: 'created_at' is missing.",
        "Table 'servers', document 3: 'project_id' is missing.",
        "Table 'servers', document 3: 'updated_at' is missing.",
        "Table 'servers', document 3: 'user_id' is missing.",
        f"Table 'servers', document 4: has the same id as document 1, '{id_number(1)}'.",
        "Table 'servers', document 5: not an object.",
        "Table 'extra' is not one of novasim's.",
    ]


def test_check_of_no_file(tmp_path):
    assert check(str(tmp_path / "x.json")) == [f"There is no cloud file {tmp_path / 'x.json'}."]


def test_restore_brings_back_what_was_before_the_last_save(path):
    before = path.read_bytes()
    fill(path, server(6))
    path.write_bytes(b"ruined")
    assert restore(path) == Path(f"{path}.bak")
    assert path.read_bytes() == before
    assert Path(f"{path}.before-restore").read_bytes() == b"ruined"
    assert path.stat().st_mode & 0o777 == 0o600
    fill(path, server(7))
    with open_store(path).read() as tx:
        assert tx.count(Server) == 6


def test_restore_takes_the_newest_good_one(path):
    first = backup(path)
    fill(path, server(6))
    newest = backup(path)
    content = path.read_bytes()
    assert [name.name for name in (first, newest)] == ["cloud.json.bak1", "cloud.json.bak2"]
    fill(path, server(7))
    Path(f"{path}.bak").write_bytes(b"ruined too")
    path.unlink()
    for number, name in enumerate((newest, first, Path(f"{path}.bak"))):
        os.utime(name, (1000 - number, 1000 - number))
    assert backups(path) == [newest, first, Path(f"{path}.bak")]
    assert restore(path) == newest
    assert path.read_bytes() == content


def test_restore_without_a_backup_says_so(tmp_path):
    path = tmp_path / "cloud.json"
    path.write_bytes(b"ruined")
    with pytest.raises(CloudFileError, match=r"has no backup that can be used\. Move it away and make a new cloud"):
        restore(path)
    assert path.read_bytes() == b"ruined"


def test_a_damaged_file_is_not_backed_up(path):
    path.write_bytes(b"ruined")
    with pytest.raises(CloudFileError, match="is damaged"):
        backup(path)
    path.unlink()
    with pytest.raises(CloudFileError, match="it is not there"):
        backup(path)
    assert not list(path.parent.glob("*.bak1"))


def test_a_backup_is_apart_from_the_file(path):
    name = backup(path)
    before = name.read_bytes()
    with path.open("r+b") as file:
        file.write(b"x")
    assert name.read_bytes() == before


def test_settings_that_cannot_be_read(path):
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format";1'))
    for said in refusals(path):
        assert "its settings cannot be read" in said
    assert check(str(path))


def test_a_kept_store_says_when_it_may_no_longer_look(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings())
        store = open_store(path)
        with store.read():
            pass
        open_folder.chmod(0)
        with pytest.raises(CloudFileError, match="cannot be read: Permission denied"), store.read():
            pass
        open_folder.chmod(0o700)
        with store.read() as tx:
            assert tx.get(Settings, "cloud") == settings()


def test_a_large_file_of_another_program_with_what_orjson_refuses(tmp_path):
    path = tmp_path / "cloud.json"
    write_plain(path, [*world_of(2000), server(5000, name="odd \ud800")])
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(5000)).name == "odd \ud800"
        assert tx.count(Server) == 2001


def test_the_old_content_is_kept_where_there_are_no_links(path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    before = path.read_bytes()
    fill(path, server(6))
    assert Path(f"{path}.bak").read_bytes() == before
    assert Path(f"{path}.bak").stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"ruined")
    restore(path)
    assert path.read_bytes() == before


def test_a_disk_that_fails_at_the_last_moment(path, monkeypatch):
    def fails(_):
        raise OSError(5, "Input/output error")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(CloudFileError, match="cannot be saved: Input/output error"):
        fill(path, server(6))
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp*"))
