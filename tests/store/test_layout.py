"""The cloud file as text: one document a line, and what other programs do with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from novasim.control.file_check import check
from novasim.errors import CloudFileError
from novasim.records import InstanceAction, Port, Server, Settings, Task, Volume
from novasim.store import open_store
from novasim.store.tiny import CloudStorage
from tests.store.files import fill
from tests.store.worlds import find_problems, id_number, port, server, settings, world_of, write_plain


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cloud.json"


def test_one_document_a_line(path):
    fill(path, port(1), server(1), settings(), server(2))
    lines = path.read_text().splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "{",
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


def test_a_change_changes_one_line(path):
    fill(path, *world_of(5))
    before = path.read_text().splitlines()
    with open_store(path).write() as tx:
        found = tx.get(Server, id_number(3))
        found.name = "other"
        tx.put(found)
    after = path.read_text().splitlines()
    changed = [number for number, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert changed == [5 + 3]


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
    assert_one_document_a_line(path)
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
    assert check(str(path)) == ["Unknown table 'notes'. It is kept; another program or a newer novasim may need it."]


def test_cloud_storage_serves_tinydb(path):
    with TinyDB(str(path), storage=CloudStorage) as db:
        assert db.tables() == set()
        db.table("settings").insert(vars(settings()))
        db.table("servers").insert_multiple([vars(server(1)), vars(server(2))])
        db.table("servers").update({"name": "x"}, where("id") == id_number(1))
        assert db.tables() == {"settings", "servers"}
    assert_one_document_a_line(path)
    with open_store(path).read() as tx:
        assert [found.name for found in tx.query(Server)] == ["x", "web2"]


def test_a_large_plain_file_is_read(path):
    write_plain(path, world_of(2000))
    with open_store(path).read() as tx:
        assert tx.count(InstanceAction) == 2000
        assert tx.get(Server, id_number(1999)) == server(1999)


def assert_one_document_a_line(path: Path) -> None:
    lines = path.read_text().splitlines()
    documents = sum(map(len, json.loads(path.read_text()).values()))
    assert sum(line.startswith('"') and not line.endswith(": {") for line in lines) == documents


def test_a_write_by_tinydb_is_exclusive_and_keeps_a_backup(path):
    fill(path, *world_of(2))
    before = path.read_bytes()
    with TinyDB(path, storage=CloudStorage, timeout=0.1) as db:
        with open_store(path).write(), pytest.raises(CloudFileError, match="is locked"):
            db.table("servers").remove(where("name") == "web1")
        db.table("servers").remove(where("name") == "web1")
    assert Path(f"{path}.bak.1").read_bytes() == before
    with open_store(path).read() as tx:
        assert [found.name for found in tx.query(Server)] == ["web0"]


def test_a_cloud_written_by_tinydb_alone_is_a_cloud(path):
    with TinyDB(path) as db:
        for record in world_of(3):
            db.table(record.table).insert(vars(record))
    assert find_problems(path) == []
    with open_store(path).write() as tx:
        assert [found.name for found in tx.query(Server)] == ["web0", "web1", "web2"]
        tx.put(server(7))
    with TinyDB(path) as db:
        assert [found["name"] for found in db.table("servers")] == ["web0", "web1", "web2", "web7"]


def test_a_file_with_byte_offsets_still_opens(path):
    """A file of the last version that kept them: seed 1, manual clock, three servers and a volume."""
    shutil.copy(Path(__file__).parent / "with_byte_offsets.json", path)
    assert path.read_text().startswith('{"_layout"')
    assert check(str(path)) == []
    store = open_store(path)
    with store.write() as tx:
        assert [found.name for found in tx.query(Server)] == ["web1", "web2", "web3"]
        assert [found.name for found in tx.query(Volume, {"status": "in-use"})] == ["data"]
        assert [task.server_id for task in tx.query(Task)] == [found.id for found in tx.query(Server)[1:]]
        assert tx.get(Settings, "cloud").requests == 6
        tx.put(server(1))
    assert "_layout" not in path.read_text()
    assert_one_document_a_line(path)
    assert json.loads(path.read_text())["servers"]["3"]["name"] == "web3"


def test_a_file_in_our_layout_is_not_confused_with_others(path):
    """Large files are decoded table by table, if nothing in them is different from what a save writes."""
    fill(path, *world_of(200))
    text = path.read_text()
    assert len(text) > 300_000
    for old, new, fault in (
        ('},\n"servers"', '}\n"servers"', "it is not JSON"),
        ('"servers": {\n', '"servers": [\n', "it is not JSON"),
        ('{\n"settings"', '"settings"', "it is not JSON"),
        ('{\n"settings"', '\n"settings"', "it is not JSON"),
        ('{\n"settings"', '{,\n"settings"', "it is not JSON"),
        ('\n"servers": {\n', "\nservers: {\n", "it is not JSON"),
    ):
        assert old in text
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(CloudFileError, match=fault), open_store(path).read():
            pass
    for other in (text.replace("\n}", "\n }"), text.replace('"servers": {', '"servers":{'), text.replace("\n", "")):
        path.write_text(other)
        with open_store(path).read() as tx:
            assert tx.count(Server) == 200
