"""The notation of operands and options."""

from __future__ import annotations

import pytest

from novasim.cli.openstack.usage import build_parser

USAGE = (
    "<server>... --flavor <flavor> [--limit~-l <#count>] [--type {ssh,x509}] [--property <key=value>]..."
    " [--tag <tag>]... [--hard | --soft] (--confirm | --revert) [--no-name]"
)


def parse(*words, usage=USAGE):
    return build_parser("openstack server x", usage, "Do it.").parse_args(words)


def test_options_and_operands_are_read():
    line = "a b --flavor f -l 3 --type ssh --property x=1 --property y=2=3 --tag t --tag u --soft --confirm --no-name"
    args = parse(*line.split())
    assert (args.server, args.flavor, args.limit, args.type) == (["a", "b"], "f", 3, "ssh")
    assert (args.property, args.tag) == ({"x": "1", "y": "2=3"}, ["t", "u"])
    assert (args.hard, args.soft, args.confirm, args.revert, args.no_name) == (False, True, True, False, True)


def test_missing_options_are_none_or_false():
    args = parse("a", "--flavor", "f", "--revert")
    assert (args.limit, args.type, args.property, args.tag, args.no_name) == (None, None, None, None, False)


def test_optional_operand():
    assert parse(usage="[<project>]").project is None
    assert parse("a", usage="[<project>]").project == "a"
    assert parse(usage="[<name>]...").name == []


def test_operand_with_a_choice(capsys):
    assert parse("admin", usage="<interface={public,admin}>").interface == "admin"
    with pytest.raises(SystemExit):
        parse("nope", usage="<interface={public,admin}>")
    assert "argument <interface>: invalid choice: 'nope'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--flavor f --confirm", "the following arguments are required: <server>"),
        ("a --confirm", "the following arguments are required: --flavor"),
        ("a --flavor f", "one of the arguments --confirm --revert is required"),
        ("a --flavor f --confirm --hard --soft", "argument --soft: not allowed with argument --hard"),
        ("a --flavor f --confirm --limit x", "argument --limit/-l: invalid int value: 'x'"),
        ("a --flavor f --confirm --type rsa", "argument --type: invalid choice: 'rsa'"),
        ("a --flavor f --confirm --property x", "Expected 'key=value' type, but got: x"),
        ("a --flavor f --confirm --nope", "unrecognized arguments: --nope"),
    ],
)
def test_wrong_usage_exits_with_2(line, message, capsys):
    with pytest.raises(SystemExit) as end:
        parse(*line.split())
    assert end.value.code == 2
    assert message in capsys.readouterr().err
