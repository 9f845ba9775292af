"""Servers that a command selects by status, tag, metadata or name instead of by name."""

from __future__ import annotations

import shlex

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from novasim.cli.main import cli
from novasim.control.worlds import open_cloud
from novasim.lifecycle.actions import ACTIONS
from tests.cli.conftest import User

# By hand: the commands that lose data of servers, and those that use options of selections for something else.
DESTRUCTIVE = {"delete", "force-delete", "rebuild"}
OTHER_MEANINGS = {"rebuild": {"--property", "--name"}, "create-image": {"--property"}, "create-backup": {"--property"}}
LISTS = {"watch"}  # shows all servers unless some are named
MISSING = "Missing argument 'SERVER...'. To select servers instead:"
GROUP = {"--all", "--status", "--tag", "--property", "--name", "--all-projects"}


@pytest.fixture
def three(user):
    user.create("web1", "--tag prod --tag web --property role=web")
    user.create("web2", "--tag prod --property role=web --property tier=1")
    user.create("db1", "--tag db --property role=db")
    return user


def test_every_command_for_several_servers_selects_them():
    root = click.Context(cli)
    commands = {name: cli.get_command(root, name) for name in cli.list_commands(root)}
    params = {name: command.get_params(click.Context(command)) for name, command in commands.items()}
    several = {name for name, each in params.items() if any(param.name == "servers" for param in each)}
    several -= LISTS
    assert {*DESTRUCTIVE, "show", "stop", "wait", "migrate", "reset-state"} <= several
    for name in several:
        options = {option for param in params[name] for option in param.opts if param.name != "properties"}
        assert GROUP - OTHER_MEANINGS.get(name, set()) <= options, name
        assert ("--yes" in options) == (name in DESTRUCTIVE), name
    assert {name for name in several & ACTIONS.keys() if ACTIONS[name].destroys_data} == DESTRUCTIVE


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        ("--all", "db1 web2 web1"),
        ("--tag prod", "web2 web1"),
        ("--tag web --tag prod", "web1"),
        ("--property role=web --property tier=1", "web2"),
        ("--name ^web", "web2 web1"),
        ("--status ACTIVE --tag db", "db1"),
        ("--all --tag web", "web1"),
    ],
)
def test_filters_are_combined_by_and(three, selection, names):
    done = three(f"stop {selection}")
    count = len(names.split())
    assert done.stderr == f"novasim: {count} server{'s' * (count > 1)}: {', '.join(names.split())}\n"
    assert set(three.names("list --status SHUTOFF")) == set(names.split())


def test_nothing_selected_has_a_code_of_its_own(three):
    done = three("stop --tag nope --property role=web --status ACTIVE", 3)
    assert done.stderr == "novasim: No server matches --status ACTIVE --tag nope --property role=web.\n"
    three("show --all --tag nope -f json", 3)
    three("wait --tag nope", 3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("stop", f"{MISSING} --all, --status, --tag, --property or --name."),
        ("rebuild", f"{MISSING} --all, --status or --tag."),
        ("stop web1 --tag prod", "Name servers or select them (--tag), not both."),
        ("stop --all-projects", "--all-projects extends a selection; add --all or a filter, such as --status."),
        ("delete --tag '' --yes", "The value of --tag cannot be empty."),
        ("delete --name '' --yes", "The value of --name cannot be empty."),
        ("delete web1 --name '' --yes", "Name servers or select them (--name), not both."),
        ("delete --status '' --yes", "The value of --status cannot be empty."),
        ("--api-version 2.25 delete --tag prod --yes", "Nova ignores the filter tags at this microversion."),
    ],
)
def test_a_selection_that_is_not_clear_changes_nothing(three, line, reason):
    before = three.path.read_bytes()
    assert three(line, 2).stderr.splitlines()[0] == f"novasim: {reason}"
    assert three.path.read_bytes() == before


@pytest.mark.parametrize(
    "line", ["delete --tag prod", "force-delete --tag prod", "delete --force --all", "rebuild --all"]
)
def test_without_a_terminal_a_loss_of_data_needs_yes(three, line):
    before = three.path.read_bytes()
    refused = three(line, 2).stderr.splitlines()
    assert refused[0].endswith("web2, web1") and refused[1].endswith("Add --yes.")
    assert three.path.read_bytes() == before
    three(f"{line} --yes")
    assert three.path.read_bytes() != before


def test_named_servers_need_no_confirmation(three):
    three("rebuild web1")
    three("delete web1 web2")
    assert three.names() == ["db1"]


def test_long_selections_are_shortened(user):
    user("--as admin quota set demo --instances 20")
    user("create web --count 12 --flavor m1.tiny --image cirros -q")
    (line,) = user("lock --all").stderr.splitlines()
    assert line.startswith("novasim: 12 servers: web-") and line.endswith(" and 4 more") and line.count("web-") == 8


def test_servers_with_the_same_name_are_both_selected(user):
    ids = [user.create("twin")["id"] for _ in range(2)]
    assert user("stop --all").stderr == f"novasim: 2 servers: {ids[1]}, {ids[0]}\n"
    assert user.names("list --status SHUTOFF") == ["twin", "twin"]


def test_administrators_select_in_all_projects(three):
    three("--as admin create mine --flavor m1.tiny --image cirros -q")
    for options in ("", " --all-projects"):
        assert three.ids(f"--as admin show --all{options}") == three.ids(f"--as admin list{options}")
    three("show --all --all-projects", 5)


def test_a_selected_server_is_not_looked_up_by_its_name_again(three):
    three("--as admin create web1 --flavor m1.tiny --image cirros -q")
    three("--as admin stop web1", 4)  # the name of two servers
    assert three("--as admin stop --all").stderr == "novasim: 1 server: web1\n"
    assert three.names("--as admin list --status SHUTOFF") == ["web1"]


def test_an_operand_follows_the_selection(three):
    three("create-backup --tag prod nightly")
    assert three.names("image list").count("nightly") == 2
    shown = three("create-image web1 db1 kept -f csv -c Server").stdout
    assert shown.splitlines()[1:] == ['"web1"', '"db1"']
    three("security-group create web")
    three("add-security-group --name ^web web")
    groups = {each["name"]: each["security_groups"] for each in three.json("list")}
    assert [len(groups[name]) for name in ("web1", "web2", "db1")] == [2, 2, 1]
    assert "Missing argument 'SERVER...'" in three("create-image web1", 2).stderr
    three("change-password --all --password new")


def test_failures_keep_their_exit_code_and_the_others_go_on(three):
    three("lock web2")
    refused = three("stop --all --wait", 4)
    assert "web2 is locked" in refused.stderr
    assert three.names("list --status SHUTOFF --sort name:asc") == ["db1", "web1"]


def test_a_selection_is_one_step(three):
    three("record start")
    three("stop --tag prod")
    three("undo")
    assert three.names("list --status SHUTOFF") == []
    three("redo")
    assert set(three.names("list --status SHUTOFF")) == {"web1", "web2"}


TAGS, ITEMS = ("a", "b", "c"), ("k=1", "k=2", "l=1")
WORDS = st.lists(
    st.one_of(
        st.sampled_from(TAGS).map(lambda tag: ["--tag", tag]),
        st.sampled_from(ITEMS).map(lambda item: ["--property", item]),
        st.sampled_from(("ACTIVE", "SHUTOFF", "ERROR")).map(lambda status: ["--status", status]),
        st.sampled_from(("1", "^s[135]", "s2$|s4", "none")).map(lambda pattern: ["--name", pattern]),
    ),
    max_size=4,
).map(lambda parts: [word for part in parts for word in part])


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    """Servers of two projects with many combinations of status, tags and metadata."""
    path = tmp_path_factory.mktemp("selection") / "cloud.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "instant")
        patch.setenv("NOVASIM_SEED", "1")
        open_cloud(path)
        user = User(path)
        for number in range(8):
            tags = [f"--tag {tag}" for bit, tag in enumerate(TAGS) if number >> bit & 1]
            item = f"--property {ITEMS[number % 3]}"
            who = "--as admin " if number % 4 == 3 else ""
            user(f"{who}create s{number} --flavor m1.tiny --image cirros -q {' '.join(tags)} {item}")
        user("stop s1 s2 s4")
        user("--as admin reset-state s5")
        yield user


@settings(max_examples=40, deadline=None)
@given(words=WORDS, who=st.sampled_from(("demo", "admin")), everywhere=st.booleans())
def test_the_selection_is_what_a_list_with_the_same_filters_has(varied, words, who, everywhere):
    where = ["--all-projects"] if everywhere and who == "admin" else []

    def run(*line: str) -> Result:
        return CliRunner(env={"NOVASIM_CLOUD": str(varied.path)}).invoke(cli, ["--as", who, *line, *words, *where])

    listed, selected = run("list", "-q"), run("show", "--all", "-q")
    assert (selected.stdout, selected.exit_code) == (listed.stdout, 0 if listed.stdout else 3), shlex.join(words)
