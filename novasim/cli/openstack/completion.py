"""The words that may follow on a command line of OpenStack's client, read from the table when TAB is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from novasim.cli.openstack.rows import LIST, NOTHING, Row
from novasim.cli.openstack.shell import LIST_OPTIONS, OBJECT_OPTIONS, OUTPUT_FORMATS, split_options
from novasim.cli.openstack.table import find_row, list_rows
from novasim.cli.openstack.usage import Argument, parse_usage

NOUNS = {
    "servers": "server",
    "group": "security-group",
    "key": "keypair",
    "key-name": "keypair",
    "snapshot": "volume-snapshot",
    "hypervisor": "host",
    "hostname": "host",
    "ip-address": "floating-ip",
    "zone": "availability-zone",
}
"""Nouns of novasim for values that the client names otherwise."""
ReadNames = Callable[[str], Iterable[str]]


def list_next_words(words: Sequence[str], typed: str, read_names: ReadNames) -> list[str]:
    """
    The words that may follow.

    Args:
        typed: The beginning of the word. read_names: gives the names of the resources of a noun.
    """
    _, rest = split_options(words)
    parts = [row.words.split() for row in list_rows(*rest[:1])]
    following = [each[len(rest)] for each in parts if len(each) > len(rest) and each[: len(rest)] == rest]
    found = find_row(rest)
    more = _list_arguments(*found, typed, read_names) if found else []
    return [*dict.fromkeys([*following, *more])]


def _list_arguments(row: Row, arguments: list[str], typed: str, read_names: ReadNames) -> list[str]:
    known = parse_usage(row.usage)
    output = () if row.shows == NOTHING else LIST_OPTIONS if row.shows == LIST else OBJECT_OPTIONS
    last = arguments[-1] if arguments else ""
    if last in ("-f", "--format") and output:
        return list(OUTPUT_FORMATS[row.shows])
    for argument in known:
        if last in argument.names and argument.value:
            return _list_values(argument, read_names)
    if typed.startswith("-"):
        return [*(name for argument in known for name in argument.names), *output]
    operands = [argument for argument in known if not argument.names]
    return [value for argument in operands[:1] for value in _list_values(argument, read_names)]


def _list_values(argument: Argument, read_names: ReadNames) -> list[str]:
    if argument.value.startswith("{"):
        return argument.value.strip("{}").split(",")
    name = argument.value or argument.key
    noun = argument.key.replace("_", "-") if not argument.names else name
    return list(read_names(NOUNS.get(noun, noun)))
