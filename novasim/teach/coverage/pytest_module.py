"""Suggestions as a module for pytest, with the fixtures of the plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from novasim.teach.coverage.forms import find_form
from novasim.teach.coverage.items import MOVE, Item
from novasim.teach.coverage.scripts import SERVER, Request, Script

HEADER = '''"""Tests that meet what was missing of the lifecycle, written by `novasim coverage suggest --pytest`."""

import pytest

from novasim.errors import NovaFault
from novasim.library.server import Server


@pytest.fixture
def cloud(novasim_cloud):
    return novasim_cloud


@pytest.fixture
def admin(cloud):
    return cloud.as_("admin")


@pytest.fixture
def as_role(cloud, admin):
    """Creates a user with a role in the project of the cloud's caller."""

    def create_user(role):
        body = {"user": {"name": role, "password": "secret2"}}
        user = admin.request("POST", "/v3/users", body, service="identity").body["user"]["id"]
        path = f"/v3/projects/{cloud.caller.project_id}/users/{user}/roles/{admin.id_of('role', role)}"
        admin.request("PUT", path, service="identity")
        return cloud.as_(f"{role}@demo")

    return create_user
'''


def write_tests(scripts: Iterable[Script]) -> Iterator[str]:
    """Lines of a module with a test for each suggestion."""
    yield from HEADER.splitlines()
    for script in scripts:
        yield from ("", "", f"def {_name_test(script.item)}(cloud, admin, as_role):", f'    """{script.item}."""')
        yield from (f"    {line}" for line in _list_lines(script))


def _name_test(item: Item) -> str:
    words = f"{item.dimension}_{item}".lower()
    return "test_" + "_".join("".join(char if char.isalnum() else " " for char in words).split())


def _list_lines(script: Script) -> Iterator[str]:
    """The lines of a test. What a refused request names is created while the server is ACTIVE."""
    yield from (f'cloud.config.set("{name}", "{value}")' for name, value in script.options)
    yield from script.before_server.python
    yield f'server = cloud.servers.create("{SERVER}", "m1.tiny", "cirros")'
    if script.is_prepared_first and script.last:
        yield from find_form(script.last.name).before
    for step in script.path:
        yield from (*find_form(step.name).before, _write_call(step))
    if script.last and not script.refused:
        yield from find_form(script.last.name).before
    yield from script.preparation.python
    if script.blocker:
        yield from ('cloud.clock.set("manual")', _write_call(script.blocker))
    calls = [*([_write_call(script.last)] if script.last else ()), *script.request.python]
    yield from ["with pytest.raises(NovaFault):", *(f"    {call}" for call in calls)] if script.refused else calls
    yield from _list_assertions(script)


def _write_call(step: Request) -> str:
    who = f"Server({step.caller}, server.id)" if step.caller else "server"
    return (
        f"{who}.{step.name.replace('-', '_')}('{step.end}')" if step.names_end else f"{who}.{find_form(step.name).call}"
    )


def _list_assertions(script: Script) -> Iterator[str]:
    target = script.item.target
    if script.item.dimension == MOVE and script.last:
        yield f'assert "{target}" in repr(server)'
    elif script.last is None and not script.before_server.python and not script.refused:
        yield 'assert server.status == "ACTIVE"'
