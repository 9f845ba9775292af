"""Content that cannot be used: one clear line with the file, the problem and the remedy, and never an overwrite."""

from __future__ import annotations

import json

import pytest

from novasim.control.file_check import check
from novasim.errors import CellDown, CloudFileError
from novasim.records import Server
from novasim.records.cloud import FORMAT
from novasim.store import open_store
from tests.store.files import fill, refusals
from tests.store.worlds import id_number, server, world_of, write_plain

COMMANDS = ("cloud check", "cloud restore")


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
    "no format": (b'{"settings": {"1": {"id": "cloud", "seed": 0}}}', "have no format number"),
    "a wrong format": (b'{"settings": {"1": {"id": "cloud", "format": "1", "seed": 0}}}', "have no format number"),
    "true as format": (b'{"settings": {"1": {"id": "cloud", "format": true, "seed": 0}}}', "have no format number"),
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
    "NaN": (b'{"settings": {"1": {"id": "cloud", "format": 1, "seed": NaN}}}', "NaN is not JSON"),
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
        assert all(f"novasim --cloud {path} {command}" in said for command in COMMANDS)
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


def test_a_newer_format_is_not_touched(path):
    content = json.loads(path.read_text())
    content["settings"]["1"]["format"] = FORMAT + 1
    path.write_text(json.dumps(content))
    for said in refusals(path):
        assert said.endswith(
            f"has format {FORMAT + 1}, and this novasim knows formats up to {FORMAT}. Upgrade novasim, or name another "
            "file with --cloud."
        )
    assert check(str(path)) == refusals(path)[:1]


def test_settings_that_cannot_be_read(path):
    path.write_bytes(path.read_bytes().replace(b'"format":', b'"format";'))
    for said in refusals(path):
        assert "it is not JSON (Expecting ':' delimiter in line 3)" in said
    assert check(str(path))


def test_a_large_file_of_another_program_with_what_orjson_refuses(tmp_path):
    path = tmp_path / "cloud.json"
    write_plain(path, [*world_of(2000), server(5000, name="odd \ud800")])
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(5000)).name == "odd \ud800"
        assert tx.count(Server) == 2001


def test_a_path_with_a_line_break_makes_no_second_line(tmp_path):
    path = tmp_path / "a\nb.json"
    path.write_text("")
    with pytest.raises(CloudFileError) as caught, open_store(path).read():
        pass
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b'"vm_state":"active"', b'"vm_state":active"x', "it is not JSON (Expecting value in line 6)"),
        (b'"name":"web3"', b'"name":"web3\\', "it is not JSON"),
        (b'"3": {"id":', b'"3": {"no":', "in table 'servers', document 3 has no id"),
        (
            id_number(3).encode(),
            id_number(2).encode(),
            f"in table 'servers', documents 3 and 4 have the same id {id_number(2)!r}",
        ),
    ],
)
def test_damage_that_keeps_the_length_is_named(path, old, new, fault):
    head, table, rest = path.read_bytes().partition(b'"servers": {\n')
    assert len(old) == len(new)
    path.write_bytes(head + table + rest.replace(old, new, 1))
    for said in refusals(path):
        assert fault in said
    assert check(str(path))
    assert path.read_bytes() == head + table + rest.replace(old, new, 1)


def test_a_document_that_is_no_record_is_named_when_it_is_met(path):
    path.write_bytes(path.read_bytes().replace(b'"name":"web3"', b'"nome":"web3"'))
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(1)) == server(1)
        for look in (lambda: tx.get(Server, id_number(3)), lambda: tx.query(Server)):
            with pytest.raises(CloudFileError, match=f"in table 'servers', record '{id_number(3)}' lacks 'name'"):
                look()
    assert "lacks 'name'" in refusals(path)[0]


@pytest.mark.parametrize("ends", ['"soon"', "[]", '["soon"]', "[null]"])
def test_a_task_without_an_end_is_named(path, ends):
    task = f'{{"id":"a","server_id":"a","action":"stop","request_id":"r","ends":{ends}}}'
    path.write_text(path.read_text().rstrip().removesuffix("}") + f',"tasks": {{"1": {task}}}}}')
    with (
        open_store(path).read() as tx,
        pytest.raises(CloudFileError, match="in table 'tasks', a task does not say when"),
    ):
        tx.due_before(1.0)


@pytest.mark.parametrize("method", ["read", "write"])
def test_refusal_for_a_cell_that_is_down_does_not_validate_the_cloud(path, method):
    """Only the settings can be the reason of such a refusal. They are frequent, and other documents are many."""
    path.write_bytes(path.read_bytes().replace(b'"name":"web3"', b'"nome":"web3"'))
    with pytest.raises(CellDown), getattr(open_store(path), method)():
        raise CellDown(host="host1")
    with pytest.raises(CloudFileError, match="'name' is missing"), getattr(open_store(path), method)():
        raise TypeError("as if the damage had caused it")
