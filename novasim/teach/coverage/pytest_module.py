"""Suggestions as a module for pytest, with the fixtures of the plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from novasim.teach.coverage.forms import SERVER, find_form
from novasim.teach.coverage.items import MOVE, Item
from novasim.teach.coverage.suggest import Request, Script

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
'''


def write_tests(scripts: Iterable[Script]) -> Iterator[str]:
    """Lines of a module with a test for each suggestion."""
    yield from HEADER.splitlines()
    for script in scripts:
        yield from ("", "", f"def {_name_test(script.item)}(cloud, admin):", f'    """{script.item}."""')
        yield from (f'    cloud.config.set("{name}", "{value}")' for name, value in script.options)
        yield f'    server = cloud.servers.create("{SERVER}", "m1.tiny", "cirros")'
        yield from (f"    {line}" for line in _list_requests(script))
        yield from (f"    {line}" for line in _list_assertions(script))


def _name_test(item: Item) -> str:
    words = f"{item.dimension}_{item}".lower()
    return "test_" + "_".join("".join(char if char.isalnum() else " " for char in words).split())


def _list_requests(script: Script) -> Iterator[str]:
    """The lines that send the requests. What a refused request names is created while the server is ACTIVE."""
    if script.is_prepared_first and script.last:
        yield from find_form(script.last.name).before
    for step in script.path:
        yield from (*find_form(step.name).before, _write_call(step))
    if script.last and script.refused:
        yield from ("with pytest.raises(NovaFault):", f"    {_write_call(script.last)}")
    elif script.last:
        yield from (*find_form(script.last.name).before, _write_call(script.last))


def _write_call(step: Request) -> str:
    who = "Server(admin, server.id)" if step.is_privileged else "server"
    return (
        f"{who}.{step.name.replace('-', '_')}('{step.end}')" if step.names_end else f"{who}.{find_form(step.name).call}"
    )


def _list_assertions(script: Script) -> Iterator[str]:
    target = script.item.target
    if script.item.dimension == MOVE and script.last:
        yield f'assert "{target}" in repr(server)'
    elif script.last is None:
        yield 'assert server.status == "ACTIVE"'
