"""The table of the commands of OpenStack's client."""

from __future__ import annotations

from novasim.cli.openstack.shell import make_parser
from novasim.cli.openstack.table import MODULES, find_row, list_rows
from novasim.cli.openstack.usage import build_parser, parse_usage, read_option_help
from tests import each_case


@each_case("row", list_rows())
def test_row_is_found_by_its_words_and_documented(row):
    assert find_row([*row.words.split(), "x"]) == (row, ["x"])
    assert row.summary.endswith(".") and row.summary[0].isupper()
    names = [name for argument in parse_usage(row.usage) for name in argument.names]
    help = build_parser(row.words, row.usage, row.summary).format_help()
    assert all(name in help for name in names)
    assert len(set(names)) == len(names)


def test_rows_have_different_words():
    words = [row.words for row in list_rows()]
    assert len(set(words)) == len(words)


@each_case("word", MODULES)
def test_rows_of_a_word_are_those_of_the_table(word):
    expected = {row.words: row for row in list_rows() if row.words.split()[0] == word}
    assert expected
    assert {row.words: row for row in list_rows(word) if row.words.split()[0] == word} == expected


def test_each_option_is_explained():
    used = set()
    for row in list_rows():
        for action in make_parser(row, needs_help=True)._actions:
            if action.option_strings and action.dest != "help":
                assert action.help and action.help.endswith("."), (row.words, action.option_strings)
                used.add(action.option_strings[0] + ("=" if action.nargs != 0 else ""))
    assert set(read_option_help()) == used


def test_help_explains_options(user):
    assert "--wait             Wait until the task has finished." in user("openstack server resize --help").stdout
