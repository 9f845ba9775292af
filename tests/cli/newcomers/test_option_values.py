"""An option whose value is missing does not take the next option for it."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from novasim.cli.main import cli


def run(words):
    return CliRunner().invoke(cli, words, prog_name="novasim")


def list_commands(command, ctx, path=()):
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            yield from list_commands(found, click.Context(found, parent=ctx, info_name=name), (*path, name))
    else:
        yield path, command


def test_each_command_refuses_an_option_in_place_of_a_value():
    wrong = []
    for path, command in list_commands(cli, click.Context(cli)):
        options = [each for each in command.get_params(click.Context(command)) if isinstance(each, click.Option)]
        needing = [each for each in options if not each.is_flag and not each.count and each.nargs == 1]
        needing = [each for each in needing if not isinstance(each.flag_value, str)]
        if needing and path[0] != "openstack":  # which has the usage errors of the real client
            option, other = needing[-1].opts[0], options[0].opts[0]
            done = run([*path, option, other])
            if done.exit_code != 2 or f"Option {option} needs a value, but {other} is an option." not in done.stderr:
                wrong.append((path, done.stderr))
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("fault add --fail --times 1", "If that is the value, write --fail=--times."),
        ("list -c -f json", "Option -c needs a value, but -f is an option.\n"),
        ("--as --cloud x list", "Option --as needs a value, but --cloud is an option."),
        ("--color", "Option --color needs a value. Choose from: auto, always, never.\n  See: novasim --help\n"),
        (
            "live-migrate web1 --block-migration",
            "Option --block-migration needs a value. Choose from: auto, true, false.\n"
            "  See: novasim live-migrate --help\n",
        ),
        ("create web1 --flavor", "Option --flavor needs a value. To see the names: novasim flavor list\n"),
        ("volume create data --size", "Option --size needs a value.\n  See: novasim volume create --help\n"),
    ],
)
def test_refusal_says_what_to_write(line, text):
    done = run(line.split())
    assert (done.exit_code, text in done.stderr) == (2, True)


def test_value_that_looks_like_an_option_is_possible(user):
    for words in ("--fail=--times", "--fail --other"):
        added = user.json(f"--as admin fault add {words} --action reboot")
        assert added["message"] == words[7:]
