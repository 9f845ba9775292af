"""Every schema loads, and a check imports only the modules that it needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

from novasim.api import schemas
from novasim.lifecycle.actions import ACTIONS
from tests.api.schemas.cases import NEWEST


def test_every_action_that_has_a_key_has_a_schema():
    keys = {action.api_key for action in ACTIONS.values() if action.api_key}
    assert len(keys) > 30
    assert not {key for key in keys if f"action.{key}" not in import_module("novasim.api.schemas.actions").BODIES}


def list_schemas() -> list[tuple[str, str]]:
    modules = {module: import_module(f"novasim.api.schemas.{module}") for module in schemas.SUBJECTS}
    return [
        (which, name)
        for module in modules.values()
        for which in ("BODIES", "QUERIES")
        for name in getattr(module, which, ())
    ]


def test_every_schema_exists_at_every_microversion():
    for which, name in list_schemas():
        for minor in (1, 36, 60, 75, NEWEST):
            schema = (schemas.body_schema if which == "BODIES" else schemas.query_schema)(name, minor)
            assert isinstance(schema, dict), name


def test_every_subject_has_a_module():
    assert len(list_schemas()) > 130
    assert {name.partition(".")[0] for _, name in list_schemas()} == set(schemas.MODULES)


def test_a_check_imports_only_the_module_of_its_subject():
    code = (
        "import sys; from novasim.api import schemas; schemas.check_query('limits.show', 96, ());"
        "print(*sorted(m.rpartition('.')[2] for m in sys.modules if m.startswith('novasim.api.schemas.')),"
        "*{'jsonschema', 'dataclasses', 'ipaddress', 'datetime', 'uuid'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["formats", "projects", "types", "validator", "versioned"]
