"""
YAML files of users, read with limits: on size, depth and aliases, and with the line of each value.

PyYAML alone follows aliases until the memory is full, takes the last of equal keys, and raises a dozen different
exceptions for values that only look like a date or number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from novasim.errors import UsageError
from novasim.fileutils import read_input
from novasim.strutils import shorten

MAX_BYTES = 2 * 2**20
MAX_DEPTH = 30  # levels; a scenario has five
MAX_VALUES = 200_000  # keys and values; PyYAML parses some 20,000 in a second
MAX_REPEATED = 10_000  # values that aliases repeat
MAX_INTEGER = 2**63 - 1  # what JSON readers and databases can store

Place = tuple[Any, ...]

_TAGS = ("null", "bool", "int", "float", "str", "timestamp", "map", "seq", "merge", "value")
_PREFIX = "tag:yaml.org,2002:"


class YamlFile(NamedTuple):
    """
    The content of a YAML file.

    Args:
        data: JSON values; times are texts.
        lines: The line number of each place. A place is a path of keys and indexes, such as ("servers", 0).
    """

    path: str
    data: Any
    lines: Mapping[Place, int]

    def error(self, place: Place, message: str) -> UsageError:
        """A refusal that names the file and the line of a place, or of the closest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return UsageError(f"{self.path}, line {self.lines.get(place, 1)}: {shorten(message)}")


def read_text(path: str) -> str:
    """
    Read a file of users as text.

    Raises:
        UsageError: the file cannot be read, is too large, or is not UTF-8 text.
    """
    try:
        content = read_input(path, MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path}, line 1: The file is larger than {MAX_BYTES // 2**20} MiB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}, line {line}: The file is not UTF-8 text.") from None


def parse_yaml(path: str, text: str) -> YamlFile:
    """
    Parse the text of a YAML file. An empty file is an empty mapping.

    Raises:
        UsageError: the text is not YAML or breaks a limit, or PyYAML is missing. The message names file and line.
    """
    try:
        import yaml
    except ImportError:
        from novasim.extras import install_command

        raise UsageError(f"{path}: Reading YAML needs PyYAML: {install_command('yaml')}") from None
    try:
        node = _loader_class()(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _error(path, error.problem_mark or error.context_mark, _describe(error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UsageError(f"{path}, line {line}: The character {chr(error.character)!r} is not allowed here.") from None
    except (RecursionError, ValueError, yaml.YAMLError):
        raise UsageError(f"{path}, line 1: This is not YAML.") from None
    builder = _Builder(path)
    data = {} if node is None else builder.build(node, ())
    return YamlFile(path, {} if data is None else data, builder.lines)


@lru_cache(1)
def _loader_class() -> Any:
    import yaml

    class LimitedLoader(yaml.SafeLoader):
        """Stops at nodes that are too many or nested too deep."""

        depth = values = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth += 1
            self.values += 1
            if self.depth > MAX_DEPTH or self.values > MAX_VALUES:
                limit = f"{MAX_DEPTH} levels" if self.depth > MAX_DEPTH else f"{MAX_VALUES:,} values"
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.composer.ComposerError(None, None, f"The file has more than {limit}", mark)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    return LimitedLoader


def _describe(error: Any) -> str:
    problem = str(error.problem or "This is not YAML")
    return f"{error.context}, {problem}" if problem.startswith("but ") and error.context else problem


def _error(path: str, mark: Any, message: str) -> UsageError:
    position = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "line 1"
    return UsageError(f"{path}, {position}: {message}.")


class _Builder:
    """Converts the nodes of a file to JSON values, and collects the lines of their places."""

    def __init__(self, path: str) -> None:
        self.lines: dict[Place, int] = {}
        self._path = path
        self._repeated = 0
        self._built: set[int] = set()
        self._open: set[int] = set()
        from yaml.constructor import SafeConstructor

        self._constructor = SafeConstructor()

    def build(self, node: Any, place: Place) -> Any:
        """The value of a node. Raises UsageError if it is not a JSON value or breaks a limit."""
        self._repeated += id(node) in self._built
        self._built.add(id(node))
        self.lines.setdefault(place, node.start_mark.line + 1)
        if self._repeated > MAX_REPEATED:
            raise self._refuse(node, f"aliases repeat more than {MAX_REPEATED:,} values")
        if not node.tag.startswith(_PREFIX) or node.tag.removeprefix(_PREFIX) not in _TAGS:
            raise self._refuse(node, f"the tag {node.tag!r} is not known")
        if node.id == "scalar":
            return self._build_scalar(node)
        if id(node) in self._open:
            raise self._refuse(node, "the value contains itself by an alias")
        self._open.add(id(node))
        value = self._build_mapping(node, place) if node.id == "mapping" else self._build_list(node, place)
        self._open.remove(id(node))
        return value

    def _build_list(self, node: Any, place: Place) -> list[Any]:
        return [self.build(item, (*place, number)) for number, item in enumerate(node.value)]

    def _build_mapping(self, node: Any, place: Place) -> dict[Any, Any]:
        own: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _PREFIX + "merge":
                for each in self._list_merged(value_node):
                    merged = {**self.build(each, place), **merged}
                continue
            key = self._build_key(key_node)
            if key in own:
                raise self._refuse(key_node, f"the key {key!r} occurs twice")
            inner = (*place, key)
            self.lines[inner] = key_node.start_mark.line + 1
            own[key] = self.build(value_node, inner)
        return {**merged, **own}

    def _list_merged(self, node: Any) -> Iterator[Any]:
        for each in node.value if node.id == "sequence" else [node]:
            if each.id != "mapping":
                raise self._refuse(each, "only mappings can be merged with <<")
            yield each

    def _build_key(self, node: Any) -> Any:
        key = self._build_scalar(node) if node.id == "scalar" else None
        if key is None or isinstance(key, float):
            raise self._refuse(node, "a key must be text")
        return key

    def _build_scalar(self, node: Any) -> Any:
        if node.tag in (_PREFIX + "timestamp", _PREFIX + "value", _PREFIX + "merge"):
            return node.value
        try:
            value = node.value if node.tag == _PREFIX + "str" else self._constructor.construct_object(node)
        except (ValueError, KeyError, IndexError, ArithmeticError):
            raise self._refuse(node, f"{node.value[:50]!r} is not a valid value; put text in quotes") from None
        if isinstance(value, float) and not math.isfinite(value):
            raise self._refuse(node, "a number must be finite")
        if isinstance(value, int) and abs(value) > MAX_INTEGER:
            raise self._refuse(node, f"a number must be between -{MAX_INTEGER} and {MAX_INTEGER}")
        if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise self._refuse(node, "the text contains half of a surrogate pair")
        return value

    def _refuse(self, node: Any, message: str) -> UsageError:
        return _error(self._path, node.start_mark, message)
