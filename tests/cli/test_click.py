"""The private functions of click that novasim and its tests use have not changed."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import version
from pathlib import Path

import click
from click import shell_completion

ROOT = Path(__file__).parents[2]
PRIVATE_NAMES = {
    ("novasim/cli/shell/click_internals.py", "_resolve_context"),
    ("novasim/cli/shell/click_internals.py", "_resolve_incomplete"),
    ("tests/cli/test_help.py", "_protected_args"),
}
CLASSES = (click.Context, click.Command, click.Group, click.Option, shell_completion.ShellComplete)
PRIVATE_ATTRIBUTES = {name for each in CLASSES for name in vars(each) if re.match(r"_[a-z]", name)} | {
    "_protected_args"
}


def find_private_names(path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    if not re.search(r"^ *(?:import|from) click\b", source, re.MULTILINE):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "click":
            yield from (alias.name for alias in node.names if alias.name.startswith("_"))
        elif isinstance(node, ast.Attribute) and node.attr in PRIVATE_ATTRIBUTES:
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                yield node.attr
        elif isinstance(node, ast.FunctionDef) and node.name in PRIVATE_ATTRIBUTES:
            yield node.name


def test_private_names_are_used_only_where_they_are_listed():
    paths = [*(ROOT / "novasim").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    used = {(path.relative_to(ROOT).as_posix(), name) for path in paths for name in find_private_names(path)}
    assert used == PRIVATE_NAMES


def test_the_private_functions_have_not_changed():
    signatures = {
        name: list(inspect.signature(getattr(shell_completion, name)).parameters)
        for name in ("_resolve_context", "_resolve_incomplete")
    }
    assert signatures == {
        "_resolve_context": ["cli", "ctx_args", "prog_name", "args"],
        "_resolve_incomplete": ["ctx", "args", "incomplete"],
    }
    command = click.Command("c", params=[click.Option(["--size"])])
    ctx = shell_completion._resolve_context(command, {}, "c", ["--size"])
    option, incomplete = shell_completion._resolve_incomplete(ctx, ["--size"], "1")
    assert (option.name, incomplete) == ("size", "1")


def test_the_installed_click_is_within_the_bounds():
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    bounds = re.search(r"click >= 8\.(\d+), < 8\.(\d+)", settings["options"]["install_requires"])
    low, high = map(int, bounds.groups())
    assert low <= int(version("click").split(".")[1]) < high
