"""What a newcomer meets first: `novasim` alone, `novasim help`, and the words of other clients."""

from __future__ import annotations

import re

import pytest

from novasim.cli.errors.option_synonyms import BY_COMMAND
from novasim.cli.errors.synonyms import NO_SSH, SYNONYMS
from novasim.cli.main import cli
from tests import each_case

INSTEAD = {
    "server list": "Use: novasim list",
    "server list --long": "Use: novasim list --long",
    "server show 'my server'": "Use: novasim show 'my server'",
    "server resize web1 --flavor m1.small": "Use: novasim resize web1 --flavor m1.small",
    "server resize confirm web1": "Use: novasim confirm-resize web1",
    "server add volume web1 data": "Use: novasim attach-volume web1 data",
    "server": "Use: novasim list",
    "volume snapshot list": "Use: novasim volume-snapshot",
    "floating ip list": "Use: novasim floating-ip list",
    "boot web1 --flavor m1.tiny": "Use: novasim create web1 --flavor m1.tiny",
    "undelete web1": "Use: novasim restore web1",
    "rename web1": "Use: novasim set web1 --name NAME",
    "rename web1 'my server'": "Use: novasim set web1 --name 'my server'",
    "server add port web1 nic": "Use: novasim attach-port web1 --port nic",
    "host-evacuate host1": "Use: novasim --as admin evacuate $(novasim --as admin list --all-projects --host host1 -q)",
    "nova list --all": "Use: novasim list --all",
    "instance show web1": "Use: novasim show web1",
    "image-list": "Use: novasim image list",
    "delete-server web1": "Use: novasim delete web1",
    "snapshot web1 daily": "Use: novasim create-image web1 daily",
    "status web1": "Use: novasim show web1",
    "flavor-list": "Use: novasim flavor list",
    "ssh web1": f"{NO_SSH} web1",
    "compute service set --down host1 nova-compute": "Use: novasim service set --down host1",
    "lesson skip": "Use: novasim lesson start LESSON",
    "record show": "Use: novasim log",
}


def test_without_a_command_ten_lines_say_what_to_do(new_user):
    lines = new_user("").stdout.splitlines()
    assert len(lines) == 10 and max(map(len, lines)) <= 80
    shown = "\n".join(lines)
    for command in (
        "demo",
        "manual tutorial",
        "lesson next",
        "create web1 --flavor m1.tiny --image cirros",
        "help [COMMAND]",
    ):
        assert f"  novasim {command} " in shown
    assert not new_user.path.exists()


@pytest.mark.parametrize("words", ["", "create", "flavor", "flavor create", "help"])
def test_help_is_that_of_the_command(user, words):
    assert user(f"help {words}").stdout == user(f"{words} --help").stdout


def test_help_of_an_unknown_command_suggests_a_name(user):
    assert "There is no command 'crate'. Did you mean create?" in user("help crate", 2).stderr
    assert "Choose from: create, delete, list, set, show." in user("help flavor banana", 2).stderr


@each_case("line", INSTEAD)
def test_word_of_another_client_leads_to_the_command(user, line):
    error = user(line, 2).stderr
    synonym = error.split("'")[1]
    assert line.startswith(synonym)
    assert error.startswith(f"novasim: There is no command '{synonym}'. {INSTEAD[line]}\n")


@each_case("words", sorted(SYNONYMS))
def test_every_synonym_leads_to_a_command(user, words):
    command = SYNONYMS[words].rpartition("novasim ")[2].removeprefix("--as admin ").rstrip(")")
    options = re.findall(r"--[\w-]+", command)
    shown = user("--help" if command == "--version" else f"{re.split(r' --| [A-Z]', command)[0]} --help").stdout
    assert all(f" {option} " in shown for option in options)


@each_case("command", BY_COMMAND)
def test_every_synonym_of_an_option_leads_to_a_command_with_that_option(user, command):
    own = user(f"{command} --help").stdout
    for option, line in BY_COMMAND[command].items():
        assert f"There is no option '{option}'. Use: {line}\n" in user(f"{command} {option} x", 2).stderr
        assert f"  {option} " not in own
        words = re.sub(r"^novasim (--as admin )?| COMMAND$", "", line)
        shown = user(f"{re.split(r' ?--| [A-Z]', words)[0]} --help").stdout
        assert all(f" {each} " in shown for each in re.findall(r"--[\w-]+", words))


def test_no_synonym_hides_a_command():
    known = set(cli.list_commands(None))
    assert not known & {words for words in SYNONYMS if " " not in words}
