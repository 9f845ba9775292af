"""Completion and help of `novasim openstack`, which read the table when they are asked."""

from __future__ import annotations

import pytest

from novasim.cli.main import cli
from novasim.cli.shell.scripts import Bash


def complete(path, line):
    """What TAB offers at the end of a command line."""
    *words, typed = f"--cloud {path} openstack {line}".split(" ")
    return [item.value for item in Bash(cli, {}, "novasim", "_NOVASIM_COMPLETE").get_completions(words, typed)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ser", ["server", "service"]),
        ("server sh", ["show", "shelve", "share"]),
        ("server resize ", ["confirm", "revert", "web1"]),
        ("server show w", ["web1"]),
        ("server create --flavor m1.t", ["m1.tiny"]),
        ("server create --image ", ["cirros", "debian-12", "ubuntu-24.04"]),
        ("server show web1 --d", ["--diagnostics"]),
        ("server list --so", ["--sort-column", "--sort-ascending", "--sort-descending"]),
        ("server list -f ", ["csv", "json", "table", "value", "yaml"]),
        ("server show web1 -f s", ["shell"]),
        ("server set --state ", ["active", "error"]),
        ("network show p", ["private", "public"]),
        ("floating ip ", ["list", "show", "create", "set", "unset", "delete"]),
        ("nope ", []),
    ],
)
def test_next_words(user, line, expected):
    user.create("web1")
    assert sorted(complete(user.path, line)) == sorted(expected)


def test_help_lists_commands(user):
    assert "server migration show  " in user("openstack help").stdout
    lines = user("openstack floating ip --help").stdout.splitlines()
    assert [line.split()[2] for line in lines] == ["create", "delete", "list", "set", "show", "unset"]
    assert "--no-name-lookup" in user("openstack help server list").stdout
    assert user("openstack", code=0).stdout == user("openstack help").stdout
