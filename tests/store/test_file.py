"""The cloud file: what it looks like, who can open it, when it is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from novasim.errors import CloudFileError
from novasim.records import TABLES, Image, InstanceAction, Port, Server
from novasim.store import open_store
from novasim.store.check import check
from novasim.store.lines import split
from novasim.store.storage import LineStorage
from tests.store.worlds import NOW, id_number, port, server, settings, world_of, write_plain


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cloud.json"


def fill(path: Path, *records) -> None:
    with open_store(path).write() as tx:
        for record in records:
            tx.put(record)


def test_one_document_a_line(path):
    fill(path, port(1), server(1), settings(), server(2))
    lines = path.read_text().splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        '{"_layout":',
        '"settings":',
        '"1":',
        "},",
        '"servers":',
        '"1":',
        '"2":',
        "},",
        '"ports":',
        '"1":',
        "}",
        "}",
    ]
    assert all(json.loads(line.split(" ", 1)[1].rstrip(",")) for line in lines if line.startswith('"1": '))
    assert lines[5].startswith(f'"1": {{"id":"{id_number(1)}",')
    assert "Größe 日本" in lines[5]


def test_the_first_line_tells_what_follows(path):
    fill(path, *world_of(3))
    data = path.read_bytes()
    told = json.loads(data)["_layout"]["1"]["tables"]
    for name, (count, size) in told.items():
        start = data.index(b'\n"%b": {\n' % name.encode()) + len(name) + 7
        body = data[start : start + size]
        assert body.count(b"\n") + 1 == count
        assert len(json.loads(b"{" + body + b"}")) == count
    assert list(told) == [name for name in TABLES if name in told]


def test_a_change_changes_its_line_and_the_first(path):
    fill(path, *world_of(5))
    before = path.read_text().splitlines()
    with open_store(path).write() as tx:
        found = tx.get(Server, id_number(3))
        found.name = "other"
        tx.put(found)
    after = path.read_text().splitlines()
    changed = [number for number, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert changed == [0, 5 + 3]


def test_tinydb_opens_it_as_it_is(path):
    fill(path, settings(), server(1), server(2, name="x"))
    with TinyDB(path) as db:
        assert {"settings", "servers"} <= db.tables()
        found = db.table("servers").get(where("name") == "x")
        assert dict(found) == vars(server(2, name="x"))
        assert found.doc_id == 2


def test_what_tinydb_wrote_is_read_and_laid_out_again_at_the_next_save(path):
    fill(path, settings(), server(1), server(2))
    with TinyDB(path, ensure_ascii=True) as db:
        db.table("servers").update({"name": "by hand"}, where("id") == id_number(2))
        db.table("servers").remove(where("id") == id_number(1))
        db.table("servers").insert(vars(server(3)))
    assert len(path.read_text().splitlines()) == 1
    before = path.read_bytes()
    with open_store(path).read() as tx:
        assert [found.name for found in tx.query(Server)] == ["by hand", "web3"]
        assert tx.query(Server, {"description": "Größe 日本"}) == tx.query(Server)
    assert path.read_bytes() == before
    fill(path, server(4))
    assert split(path.read_bytes()) is not None
    with TinyDB(path) as db:
        assert [found.doc_id for found in db.table("servers")] == [2, 3, 4]


def test_what_jq_or_an_editor_wrote_is_read(path):
    fill(path, *world_of(3))
    content = json.loads(path.read_text())
    for text in (json.dumps(content, indent=2), path.read_text().replace("\n", "\r\n"), json.dumps(content) + "\n\n"):
        path.write_text(text, newline="")
        with open_store(path).read() as tx:
            assert [found.name for found in tx.query(Server)] == ["web0", "web1", "web2"]
            assert len(tx.query(Port, {"device_id": id_number(1)})) == 1


def test_an_edit_of_one_line_that_changes_its_length_is_seen(path):
    """With spaces as people write them, so that a search of bytes alone would miss it."""
    fill(path, *world_of(3))
    text = path.read_text().replace(f'{{"id":"{id_number(1)}"', f'{{"id": "{id_number(1)}"')
    path.write_text(text.replace('"name":"web1"', '"name": "mine"'))
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(1)).name == "mine"
        assert tx.query(Server, {"name": "mine"}) == [tx.get(Server, id_number(1))]


def test_numbers_of_documents_decide_the_order_and_survive(path):
    plain = {"settings": {"7": vars(settings())}, "servers": {"10": vars(server(1)), "9": vars(server(2))}}
    path.write_text(json.dumps(plain))
    fill(path, server(3))
    tables = json.loads(path.read_text())
    assert [(number, doc["name"]) for number, doc in tables["servers"].items()] == [
        ("9", "web2"),
        ("10", "web1"),
        ("11", "web3"),
    ]
    assert list(tables["settings"]) == ["7"]


def test_tables_of_others_are_kept(path):
    fill(path, settings(), server(1))
    with TinyDB(path) as db:
        db.table("notes").insert({"text": "mine"})
    for number in (2, 3):
        fill(path, server(number))
    with TinyDB(path) as db:
        assert db.table("notes").all() == [{"text": "mine"}]
    assert check(str(path)) == ["Table 'notes' is not one of novasim's."]


def test_line_storage_serves_tinydb(path):
    with TinyDB(str(path), storage=LineStorage) as db:
        assert db.tables() == set()
        db.table("settings").insert(vars(settings()))
        db.table("servers").insert_multiple([vars(server(1)), vars(server(2))])
        db.table("servers").update({"name": "x"}, where("id") == id_number(1))
        assert db.tables() == {"settings", "servers"}
    assert split(path.read_bytes()) is not None
    with open_store(path).read() as tx:
        assert [found.name for found in tx.query(Server)] == ["x", "web2"]


def test_a_large_plain_file_is_read(path):
    write_plain(path, world_of(2000))
    with open_store(path).read() as tx:
        assert tx.count(InstanceAction) == 2000
        assert tx.get(Server, id_number(1999)) == server(1999)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_for_its_owner_only(path):
    old = os.umask(0)
    try:
        fill(path, settings())
        fill(path, server(1))
    finally:
        os.umask(old)
    modes = {name.name: name.stat().st_mode & 0o777 for name in path.parent.iterdir()}
    assert modes == {"cloud.json": 0o600, "cloud.json.bak": 0o600, "cloud.json.lock": 0o600}


def test_folders_are_made_when_the_world_is(tmp_path):
    path = tmp_path / "a" / "b" / "cloud.json"
    store = open_store(path)
    with store.read() as tx:
        assert tx.query(Server) == []
    assert not (tmp_path / "a").exists()
    fill(path, settings())
    assert path.exists()
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_relative_path_stays_the_same_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("cloud.json")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with store.write() as tx:
        tx.put(settings())
    assert (tmp_path / "cloud.json").exists()


def test_symbolic_links_are_followed(tmp_path):
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "cloud.json", tmp_path / "link.json"
    link.symlink_to(real)
    fill(link, settings(), server(1))
    fill(real, server(2))
    fill(link, server(3))
    assert link.is_symlink()
    assert not real.is_symlink()
    assert sorted(name.name for name in tmp_path.iterdir()) == ["link.json", "real"]
    with open_store(link).read() as tx:
        assert tx.count(Server) == 3


def written(path: Path) -> tuple[int, int, int]:
    """What only a write changes; the time of the last look is left out."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def test_nothing_put_is_nothing_written(path):
    fill(path, settings(), server(1))
    before = written(path)
    with open_store(path).write() as tx:
        tx.get(Server, id_number(1)).name = "not put"
        tx.delete(server(2))
    with open_store(path).write() as tx:
        tx.put(server(1))  # as it is already
    assert written(path) == before


def test_a_reader_writes_nothing_at_all(path):
    fill(path, settings(), server(1))
    before = {name.name: name.stat().st_mtime_ns for name in path.parent.iterdir()}
    with open_store(path).read() as tx:
        tx.put(server(2))
    assert {name.name: name.stat().st_mtime_ns for name in path.parent.iterdir()} == before


def test_a_kept_store_sees_what_others_saved(path):
    store = open_store(path)
    with store.read() as tx:
        assert tx.count(Server) == 0
    for number in range(5):
        fill(path, server(number))
        with store.read() as tx:
            assert tx.count(Server) == number + 1
        with store.write() as tx:
            tx.put(server(number, name="seen"))
        with open_store(path).read() as tx:
            assert len(tx.query(Server, {"name": "seen"})) == number + 1


def test_a_kept_store_sees_that_the_file_is_gone(path):
    store = open_store(path)
    with store.write() as tx:
        tx.put(server(1))
    path.unlink()
    assert not store.exists()
    with store.read() as tx:
        assert tx.count(Server) == 0


def test_a_second_read_does_not_open_the_file(path):
    """Proven by a file whose content is gone while its inode, size and time are the same."""
    fill(path, settings(), server(1))
    store = open_store(path)
    with store.read() as tx:
        assert tx.count(Server) == 1
    found = path.stat()
    with path.open("r+b") as file:
        file.write(b"\0" * found.st_size)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    with store.read() as tx:
        assert tx.get(Server, id_number(1)) == server(1)
    with pytest.raises(CloudFileError), open_store(path).read():
        pass


def test_a_kept_store_stays_right_through_many_saves(path):
    """Long enough for raw bytes to become lines, fields to be indexed and the indexes to be made anew."""
    fill(path, *world_of(50))
    store = open_store(path)
    for number in range(400):
        with store.write() as tx:
            found = tx.query(Port, {"device_id": id_number(number)})[0]
            found.device_id = id_number(number + 50)
            tx.put(found)
        with store.read() as tx:
            assert tx.query(Port, {"device_id": id_number(number)}) == []
            assert [kept.id for kept in tx.query(Port, {"device_id": id_number(number + 50)})] == [found.id]
    assert store.dump() == path.read_bytes() == open_store(path).dump()
    assert check(str(path)) == []


def test_a_snapshot_taken_before_an_index_was_made_stays_right(path):
    fill(path, *(port(number, status="DOWN") for number in range(20)))
    store = open_store(path)
    with store.read() as tx:
        for number in range(20):
            assert tx.query(Port, {"device_id": id_number(number)})
    with store.read() as old:
        with store.write() as tx:
            tx.put(port(3, device_id="moved"))
        with store.read() as new:
            assert [found.id for found in new.query(Port, {"status": "DOWN", "device_id": "moved"})] == [port(3).id]
            assert new.query(Port, {"device_id": id_number(3)}) == []
        assert [found.id for found in old.query(Port, {"device_id": id_number(3)})] == [port(3).id]
        assert old.query(Port, {"device_id": "moved"}) == []


def test_reading_a_small_file_imports_nothing_heavy(path):
    fill(path, *world_of(3))
    code = f"""
import sys
from novasim.store import open_store
from novasim.records import Server
store = open_store({str(path)!r})
with store.write() as tx:
    tx.put(tx.query(Server)[0])
print(*sorted({{"tinydb", "orjson", "dataclasses", "asyncio", "pathlib", "shutil", "tempfile"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_images_of_one_owner(path):
    """A field that not every record holds, in a file."""
    fill(
        path,
        settings(),
        *(Image(id=str(n), name="i", owner="x" * (n % 2), created_at=NOW, updated_at=NOW) for n in range(9)),
    )
    with open_store(path).read() as tx:
        assert [found.id for found in tx.query(Image, {"owner": "x"})] == ["1", "3", "5", "7"]
