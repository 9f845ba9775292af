"""Command lines in remedies, messages, help, explanations and pages: each names a command and options that exist."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from novasim.cli.catalog import CATALOG
from novasim.cli.main import cli
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.action_pages import describe_command

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "novasim"
PAGES = [ROOT / "README.md", *(PACKAGE / "manual").glob("*.md")]
UNKNOWN = "§"  # in the place of a value that only the running program knows
COMMANDS = {name for _, commands in CATALOG for name in commands}
# What precedes a command line in a sentence. Otherwise "novasim WORD" is a command line only if the command exists.
MARKS = ("`", "'", "(", ": ", "$ ", "Run ", "Try ")
# A command line ends where a quotation, a parenthesis, a sentence or a shell command ends.
COMMAND_LINE = re.compile(
    r"(?<![\w./~*-])(?<!from )novasim ((?:--?[a-z]|[a-z§]).*?)(?=[`)|;&<>#\n]|(?<=[\w-])'(?!\w)|[.,:]?$|[.,:]\s)"
)


def literals(path: Path) -> Iterator[str]:
    """Every string of a module that users can see; the values of an f-string are unknown."""
    hidden = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        is_internal = isinstance(node, ast.FunctionDef) and not node.decorator_list
        if (is_internal or isinstance(node, ast.Module | ast.ClassDef)) and node.body:
            hidden.add(id(getattr(node.body[0], "value", None)))
        if isinstance(node, ast.JoinedStr):
            hidden.update(id(part) for part in ast.walk(node) if isinstance(part, ast.Constant))
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else UNKNOWN for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            yield node.value


def unwrap(text: str) -> str:
    """Join the lines of each paragraph, so that no command line is cut. A second column begins after several spaces."""
    text = re.sub(r"(?<=\S) {2,}(?=\S)", " | ", text)
    return "\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n|\n(?=[>-] )", text))


def texts() -> Iterator[tuple[str, str]]:
    """The texts that users read, by file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        found = (text for text in literals(path) if "novasim" in text or "{admin}" in text)
        yield from ((path.relative_to(ROOT).as_posix(), unwrap(text)) for text in found)
    for path in sorted(PACKAGE.rglob("words/*.txt")):
        yield path.relative_to(ROOT).as_posix(), unwrap(path.read_text("utf-8"))
    for path in PAGES:
        blocks = re.split(r"^```.*$", path.read_text("utf-8"), flags=re.MULTILINE)
        text = "\n".join(block if number % 2 else unwrap(block) for number, block in enumerate(blocks))
        yield path.relative_to(ROOT).as_posix(), text
    yield from ((f"action {action.name}", describe_command(action) or "") for action in ACTIONS.values())


def command_lines() -> Iterator[tuple[str, str]]:
    for source, text in texts():
        commanded = text.replace("{novasim}", "`novasim").replace("{admin}", "`novasim --as admin")
        commanded = re.sub(r"\{\w+\}", UNKNOWN, commanded)
        for match in COMMAND_LINE.finditer(commanded):
            is_marked = commanded[: match.start()].endswith(MARKS) and not match[1].startswith("does not ")
            if is_marked or match[1].startswith("-") or match[1].split()[0] in COMMANDS:
                yield source, match[1]


def split(line: str) -> list[str]:
    """The words of a line, which may end inside a quotation or a command substitution."""
    try:
        return shlex.split(line.partition("$(")[0])
    except ValueError:
        return line.partition("$(")[0].split()


def parse(line: str) -> None:
    """Raise UsageError if a command or an option of the line does not exist. Other words may follow."""
    ctx, words = click.Context(cli), split(line)
    while True:
        is_group = isinstance(ctx.command, click.Group)
        ctx.allow_interspersed_args = ctx.allow_interspersed_args and not is_group
        _, words, _ = ctx.command.make_parser(ctx).parse_args(words)
        if not is_group or not words or words[0].isupper() or set(words[0]) & {UNKNOWN, "."}:
            return
        name, command, words = ctx.command.resolve_command(ctx, words)
        ctx = click.Context(command, parent=ctx, info_name=name, **command.context_settings)


def find_error(line: str) -> str:
    try:
        parse(line)
    except click.UsageError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, str]]:
    return sorted(set(command_lines()))


def test_every_command_line_names_a_command_and_options_that_exist(lines):
    errors = [f"{source}: novasim {line}: {error}" for source, line in lines if (error := find_error(line))]
    assert errors == []


@pytest.mark.parametrize(
    "line", ["volume snapshot list", "--as admin hots list", "list --statsu ACTIVE", "quota shwo", "list --limit"]
)
def test_wrong_command_line_is_detected(line):
    assert find_error(line)


def test_command_lines_are_found_in_every_kind_of_text(lines):
    sources = {source for source, _ in lines}
    assert {"novasim/lifecycle/checks.py", "novasim/teach/words/actions.txt", "novasim/manual/tutorial.md"} <= sources
    assert {"novasim/cli/errors/advice.py", "novasim/store/errors.py", "README.md", "action resize"} <= sources
