"""The output formats: complete, equivalent and without control characters."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import pytest
import yaml

from novasim.render.formats import FORMATS, ORJSON_ITEMS
from novasim.render.selection import select_columns
from novasim.render.view import format_cell, view_list, view_object

AWKWARD = [
    "plain",
    "",
    " ",
    "é",
    "日本",
    "🙂",
    "null",
    "yes",
    "1",
    "1.5",
    "-",
    "- a",
    "a: b",
    "#x",
    "{a}",
    "[a]",
    "'",
    '"',
    "\\",
    "a\nb",
    "\t",
    "\x1b[31mred",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "%",
    "@",
    "`",
    "!tag",
    "&a",
    "*a",
    "|",
    ">",
]
THING = {
    "id": "1",
    "name": "web1",
    "none": None,
    "yes": True,
    "number": 1.5,
    "empty": [],
    "nothing": {},
    "tags": ["a", "b"],
    "deep": {"list": [{"a": 1, "b": [[1], []]}, "x"], "yes": "no", "1": 2, "a b": "c"},
    **{f"text{number}": text for number, text in enumerate(AWKWARD)},
    **dict.fromkeys(AWKWARD, "key"),
}


def printed(fmt, view, encoding="utf-8"):
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace", newline="\n")
    FORMATS[fmt](view, out)
    out.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize(("fmt", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_json_and_yaml_can_be_read_back(fmt, read, encoding):
    assert read(printed(fmt, view_object(THING), encoding)) == THING
    assert read(printed(fmt, view_list([THING, {}], {}), encoding)) == [THING, {}]


@pytest.mark.parametrize("fmt", ["json", "yaml"])
def test_empty_list_is_printed_as_a_list(fmt):
    assert yaml.safe_load(printed(fmt, view_list([], {"ID": "id"}))) == []


def test_orjson_prints_the_same_as_json():
    things = [THING | {"id": str(number)} for number in range(ORJSON_ITEMS + 1)]
    assert printed("json", view_list(things, {})) == json.dumps(things, indent=2, ensure_ascii=False) + "\n"


def test_csv_keeps_every_character_but_line_breaks():
    view = view_list([{"a": text, "b": 1} for text in AWKWARD], {"A": "a", "B": "b"})
    rows = list(csv.reader(io.StringIO(printed("csv", view), newline="")))
    escaped = {"a\nb": r"a\nb", "\x85": r"\x85", "\u2028": r"\u2028"}
    assert rows == [["A", "B"], *([escaped.get(text, text), "1"] for text in AWKWARD)]


@pytest.mark.parametrize("text", ["=1+2", "+1", "-rf", "@SUM(A1)"])
def test_csv_keeps_cells_that_a_spreadsheet_takes_for_formulas(text):
    assert printed("csv", view_list([{"a": text}], {"A": "a"})) == f'"A"\n"{text}"\n'


def test_value_format_has_only_values():
    assert printed("value", select_columns(view_object(THING), ["name", "tags", "none"])) == "web1\na, b\n\n"
    assert printed("value", view_list([{"a": 1, "b": None, "c": True}], {"A": "a", "B": "b", "C": "c"})) == "1  True\n"


def test_piped_table_is_plain_with_one_line_per_row():
    long = "x" * 3000
    text = printed("table", view_list([{"a": value, "b": long} for value in AWKWARD], {"A": "a", "B": "b"}))
    lines = text.splitlines()
    assert len(lines) == len(AWKWARD) + 4
    assert all(long in line for line in lines[3:-1])
    assert "\x1b" not in text and "…" not in text
    assert r"a\nb" in text and r"\x1b[31mred" in text


def test_cell_is_one_line():
    assert format_cell({"a": 1, "b": "x", "links": []}) == "a=1, b='x'"
    assert format_cell([{"name": "default"}, {"name": "web"}]) == "name='default', name='web'"
    assert format_cell(None) == ""


def test_columns_ignore_case_and_accept_api_names():
    view = view_list([{"name": "web1", "OS-EXT-STS:vm_state": "active"}], {"Name": "name"})
    picked = select_columns(view, ["os-ext-sts:vm_state", "NAME"])
    assert picked.data == [{"OS-EXT-STS:vm_state": "active", "name": "web1"}]
    assert list(picked.columns) == ["OS-EXT-STS:vm_state", "Name"]
    assert [list(row) for row in picked.rows] == [["active", "web1"]]
    assert select_columns(view, ["vm_state"]).data == [{"OS-EXT-STS:vm_state": "active"}]
    with pytest.raises(KeyError):
        select_columns(view, ["nonsense"])
    with pytest.raises(KeyError):
        select_columns(view_object(THING), ["nonsense"])
    assert select_columns(view_list([], {"Name": "name"}), ["id", "name"]).rows == []


def test_table_has_names_instead_of_ids(user):
    server = user.create("web1", "--property a=b")
    fields = dict(line.split(" ", 1) for line in user("list --long -f value -c name -c power").stdout.splitlines())
    assert fields == {"web1": "running"}
    shown = dict(csv.reader(io.StringIO(user("show web1 -f csv").stdout)))
    assert shown["addresses"] == "private=10.0.0.2, 2001:db8::2"
    assert shown["image"] == f"cirros ({server['image']['id']})"
    assert shown["metadata"] == "a='b'"


def test_several_servers_are_one_json_list(user):
    user.create("web1")
    user.create("web2")
    assert [server["name"] for server in json.loads(user("show web1 web2 -f json").stdout)] == ["web1", "web2"]
    assert json.loads(user("show web1 -f json").stdout)["name"] == "web1"
    passwords = json.loads(user("rescue web1 web2 -f json").stdout)
    assert [(row["server"], len(row["adminPass"])) for row in passwords] == [("web1", 12), ("web2", 12)]


def test_password_is_shown_in_spite_of_an_unknown_column(user):
    done = user("create web1 --flavor m1.tiny --image cirros --password told -c nonsense")
    assert "told" in done.stdout and "nonsense" in done.stderr
    user("show web1 -c nonsense", 2)


def test_unknown_column_keeps_its_letters(web1):
    error = web1("show web1 -c Nonsense", 2).stderr
    assert "There is no column 'Nonsense'. Columns: " in error and "administrator" not in error


@pytest.mark.parametrize("command", ["show web1", "list"])
@pytest.mark.parametrize("column", ["OS-EXT-SRV-ATTR:host", "host_status"])
def test_column_for_administrators_is_named_as_such(web1, command, column):
    error = web1(f"{command} -c {column}", 2).stderr
    assert f"There is no column '{column}' for demo; administrators see it: novasim --as admin" in error
    assert web1(f"--as admin {command} -c {column}").stdout


def test_short_name_of_a_column_for_administrators_is_named_as_such(web1):
    assert "There is no column 'host' for demo; administrators see it: " in web1("show web1 -c host", 2).stderr
    assert "administrators" not in web1("flavor list -c host", 2).stderr


@pytest.mark.parametrize(("options", "coloured"), [("--color always", True), ("--color never", False), ("", False)])
def test_color_option_decides(user, options, coloured):
    user.create("web1")
    assert ("\x1b[32mACTIVE" in user(f"{options} list").stdout) == coloured


def test_formats_of_show_and_list(web1):
    server = web1.json("show web1")
    assert yaml.safe_load(web1("show web1 -f yaml").stdout) == server
    assert web1("show web1 -f value -c status -c name").stdout == "ACTIVE\nweb1\n"
    assert web1("list -q").stdout == server["id"] + "\n"
    rows = list(csv.DictReader(io.StringIO(web1("list -f csv -c Name -c Status").stdout)))
    assert rows == [{"Name": "web1", "Status": "ACTIVE"}]
    table = web1("show web1").stdout
    assert server["id"] in table and "\x1b" not in table and "…" not in table
    assert web1.json("list")[0]["id"] == server["id"]


def test_shell_takes_values_literally(user):
    user.create("web1", "--description '$(id) `id` it''s \"x\"'")
    text = user("show web1 -f shell -c name -c description").stdout
    script = f'{text}\nprintf \'%s|%s\' "$name" "$description"'
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == 'web1|$(id) `id` its "x"'


def test_shell_numbers_the_rows_of_a_list(user):
    user.create("web1")
    assert user("list -f shell -c name -c OS-EXT-STS:vm_state").stdout == "name_1=web1\nos_ext_sts_vm_state_1=active\n"


@pytest.mark.parametrize("command", ["list", "flavor list", "volume list", "user list", "migration list", "fault list"])
def test_column_of_an_empty_list_is_checked(admin, command):
    for id in admin("flavor list -q").stdout.split() if command == "flavor list" else ():
        admin(f"flavor delete {id}")
    assert "There is no column 'nope'. Columns: " in admin(f"{command} -c nope", 2).stderr
    assert admin(f"{command} -c id -f csv").stdout


def test_empty_list_accepts_the_keys_of_the_api(user):
    assert user("list --long -c Host -c OS-EXT-STS:vm_state -c NAME -f csv").stdout
