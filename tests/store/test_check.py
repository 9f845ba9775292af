"""`novasim cloud check`: everything that is wrong with a file."""

from __future__ import annotations

import json

import pytest

from novasim.control.file_check import check
from novasim.errors import CloudFileError
from tests.store.worlds import id_number, server, settings


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
        "'name' is repeated in one object; only the last one is used.",
        "Table 'servers', document 2: 'vm_state' should be text.",
        "Table 'servers', document 2: 'flavor' should be an object.",
        "Table 'servers', document 2: 'deleted' should be true or false.",
        "Table 'servers', document 2: 'progress' should be a whole number.",
        "Table 'servers', document 3: 'created_at' is missing.",
        "Table 'servers', document 3: 'project_id' is missing.",
        "Table 'servers', document 3: 'updated_at' is missing.",
        "Table 'servers', document 3: 'user_id' is missing.",
        "Table 'servers', document 3: 'flavor' is missing.",
        f"Table 'servers', document 4: has the same id as document 1, '{id_number(1)}'.",
        "Table 'servers', document 5: not an object.",
        "Unknown table 'extra'.",
    ]


def test_check_of_no_file(tmp_path):
    with pytest.raises(CloudFileError, match="does not exist"):
        check(str(tmp_path / "x.json"))
