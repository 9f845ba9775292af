"""Mistakes that beginners make in the arguments of a command, and the advice that they get."""

from __future__ import annotations

import pytest

from tests import each_case

NEW = "create web1 --flavor m1.tiny"

# A command line that lacks its last word, and the end of the message.
MISSING = {
    "can": "Missing argument 'SERVER'. To see the names: novasim list",
    "why lamp": "Missing argument 'ACTION'. To see the names: novasim explain",
    "plan lamp": "Missing argument 'STATUS'. To see the names: novasim explain",
    "lesson start": "Missing argument 'LESSON'. To see the names: novasim lesson list",
    "host show": "Missing argument 'NAME'. To see the names: novasim host list",
    "cloud load": "Missing argument 'NAME'. To see the names: novasim cloud saves",
    "fault remove": "Missing argument 'FAULT...'. To see the names: novasim fault list",
    "network create": "Missing argument 'NAME'.",
    "guest lamp": "Missing argument 'EVENT'. Choose from: shutdown, crash, reboot.",
    "create-image lamp": "Missing argument 'SERVER...'. 'lamp' is the last word and therefore NAME. "
    "To select servers instead: --all, --status, --tag or --name.",
    "show lamp -c stauts": "There is no column 'stauts'. Did you mean status?",
    "list -c Statsu": "There is no column 'Statsu'. Did you mean Status?",
}

# From the refused command line: words of the advice.
ADVICE = {
    NEW: [
        "A server boots from an image (--image), or from a volume (--volume). "
        "Choose from: cirros, debian-12, ubuntu-24.04.",
        "Try: novasim create web1 --flavor m1.tiny --image cirros",
    ],
    "create web1 --flavor m1.tiny --image debian-12": [
        "Needed: 512 MiB of RAM and a disk of 4 GiB. Flavors that fit: m1.small, m1.medium, m1.large, m1.xlarge."
    ],
    "create web1 --flavor narrow --image debian-12": [
        "Needed: 512 MiB of RAM and a disk of 4 GiB. Flavors that fit: m1.small, m1.medium, m1.large, m1.xlarge."
    ],
    f"{NEW} --image cirros --key-name nope": ["You have no key pair yet. To create one: novasim keypair create NAME"],
    f"{NEW} --image cirros --availability-zone nowhere": [],
    "list --status BANANA": ["Choose from: ACTIVE, BUILD, DELETED, ERROR, "],
    "list --status ACTVE": ["Did you mean ACTIVE?"],
    "list --status actve": ["Did you mean ACTIVE?"],
    "list --sort banana": ["--sort knows created, id, image, name, project, updated, user."],
    "create web1 --flavor m1.tny --image cirros": [],
    "create web\U0001f642 --flavor m1.tiny --image cirros": ["printable characters up to U+FFFF"],
    "console-url lamp --type serial": ["To switch it on: novasim config set serial_console_enabled true"],
    "console-url lamp --type rdp-html5": ["Nova no longer has consoles of the type rdp-html5."],
}


@pytest.fixture
def cloud(user):
    user("--as admin flavor create narrow --vcpus 1 --ram 1024 --disk 1")
    user("create lamp --flavor m1.tiny --image cirros -q")
    return user


@pytest.mark.parametrize("line", ADVICE)
def test_advice_says_what_would_do(cloud, line):
    _, *shown = cloud.run(line).stderr.splitlines()
    for words in ADVICE[line]:
        assert any(words in each for each in shown), shown
    assert len(shown) == len(set(shown))


@each_case("line", MISSING)
def test_missing_word_is_explained(cloud, line):
    assert cloud(line, 2).stderr.splitlines()[0] == f"novasim: {MISSING[line]}"


def test_missing_image_is_supplied_by_the_advice(user):
    advice = user(NEW, 6).stderr.rpartition("Try: novasim ")[2].strip()
    user(advice)
    assert user.status() == "ACTIVE"


def test_key_pairs_are_listed_if_there_are_any(user):
    user("keypair create mine -q")
    assert "Your key pairs: mine." in user(f"{NEW} --image cirros --key-name banana", 6).stderr
    error = user(f"{NEW} --image cirros --key-name mne", 6).stderr
    assert "Did you mean mine?" in error and "Your key pairs" not in error


def test_flavors_that_fit_are_accepted(user):
    for flavor in ("m1.small", "m1.medium"):
        user(f"create of-{flavor} --flavor {flavor} --image debian-12")


def test_flavors_for_a_resize_fit_the_server(user):
    user("--as admin flavor create small-disk --vcpus 1 --ram 4096 --disk 1")
    user("create web1 --flavor m1.small --image debian-12")
    error = user("resize web1 --flavor small-disk", 6).stderr
    assert "Flavors that fit: " in error and "small-disk" not in error.partition("fit:")[2]
    assert "A resize cannot shrink the disk of a server." in error


def test_resize_to_less_ram_is_not_about_the_disk(user):
    user("--as admin flavor create little-ram --vcpus 1 --ram 64 --disk 40")
    user("create web1 --flavor m1.small --image debian-12")
    error = user("resize web1 --flavor little-ram", 6).stderr
    assert "Flavors that fit: " in error and "shrink" not in error


def test_rebuild_with_an_image_that_is_too_large(user):
    user(f"{NEW} --image cirros")
    assert "Resize the server first, or choose another image" in user("rebuild web1 --image debian-12", 6).stderr


def test_missing_flavor_says_how_to_list_flavors(user):
    assert "Missing option '--flavor'. To see the names: novasim flavor list" in user("create web1", 2).stderr
    assert "To see" not in user("stop", 2).stderr


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("list -f jsn", "--format cannot be 'jsn'. Did you mean json?"),
        ("reset-state web1 --state gone", "--state cannot be 'gone'. Choose from: active, error."),
        ("demo foo", "There is no chapter 'foo'. Choose from: life, resize, evacuate, shelve, faults."),
        ("clock set reel", "There is no mode 'reel'. Did you mean real?"),
    ],
)
def test_an_unknown_choice_names_the_choices_once(user, line, error):
    assert user(line, 2).stderr.startswith(f"novasim: {error}\n")


def test_evacuation_of_a_whole_host(user):
    user(f"{NEW} --image cirros")
    host = user.json("--as admin show web1")["OS-EXT-SRV-ATTR:host"]
    every = (
        f"All servers of {host}: novasim --as admin evacuate $(novasim --as admin list --all-projects --host {host} -q)"
    )
    assert every in user(f"--as admin evacuate --host {host}", 2).stderr
    empty = "host1" if host != "host1" else "host2"
    assert f"{empty} has no servers." in user(f"--as admin evacuate --host {empty}", 2).stderr


def test_no_advice_to_do_as_administrator_what_is_refused_then(user):
    kept = user.path.read_bytes()
    error = user("flavor create m1.tiny", 5).stderr
    assert error.endswith("An administrator would be refused, too: Flavor with name m1.tiny already exists.\n")
    assert "An administrator would be refused, too: Unable to" in user("network delete public", 5).stderr
    assert "As administrator: novasim --as admin flavor create m1.huge" in user("flavor create m1.huge", 5).stderr
    assert user.path.read_bytes() == kept


@pytest.mark.parametrize("line", ["flavor delete m1.tiny", "image delete cirros", "user list", "project create class1"])
def test_advice_for_administrators_repeats_the_command(user, line):
    assert user(line, 5).stderr.endswith(f"As administrator: novasim --as admin {line}\n")
    user(f"--as admin {line}")


def test_advice_names_the_cloud_of_the_command(user, tmp_path):
    option = f"--cloud {tmp_path / 'lab.json'}"
    user(f"{option} cloud init")
    user(f"{option} create web1 --flavor m1.tiny --image cirros -q")
    for line, advice in {
        "show absent-server": "list",
        "create web2 --flavor m1.tiny": "create web2 --flavor m1.tiny --image cirros",
        "create web2 --flavor m1.tiny --image cirros --count 99": "quota show",
        "rebuild web1 --image debian-12": "image list",
        "console-url web1 --type serial": "config set serial_console_enabled true",
    }.items():
        assert f": novasim {option} {advice}" in user.run(f"{option} {line}").stderr, line
