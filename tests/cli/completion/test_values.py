"""What is completed for each kind of parameter, through Click's completion."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from novasim.cli.main import cli
from novasim.cli.shell.scripts import Bash
from novasim.cli.shell.tables import command_words, list_columns
from novasim.devtools.columns import PATH, render_columns
from tests import each_case
from tests.cli.conftest import User

ROOT = Path(__file__).parents[3]


def complete(line: str) -> list[str]:
    """What TAB offers at the end of a command line."""
    *words, typed = line.split(" ")
    return [item.value for item in Bash(cli, {}, "novasim", "_NOVASIM_COMPLETE").get_completions(words, typed)]


@pytest.fixture
def no_cloud(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOUD", str(tmp_path / "cloud.json"))
    for name in ("Cloud", "open_new_cloud", "preview_cloud"):
        monkeypatch.setattr(f"novasim.cli.session.{name}", None)  # nothing may open a cloud
    yield
    assert os.listdir(tmp_path) == []


WITHOUT_CLOUD = {
    "list -c Sta": ["Status"],
    "list -c sta": ["Status"],
    "list -c OS-EXT-STS:t": ["OS-EXT-STS:task_state"],
    "list --column Ima": ["Image"],
    "list -c Name,Sta": ["Name,Status"],
    "list -c Name,Status,N": ["Name,Status,Networks"],
    "show web1 -c addr": ["addresses"],
    "create web1 -c loc": ["locked", "locked_reason"],
    "flavor list -c RAM": ["RAM (MiB)"],
    "flavor create big -c vc": ["vcpus"],
    "router list -c ext": ["external_gateway_info"],
    "config list -c resize": ["resize_confirm_window"],
    "usage show -c total_h": ["total_hours"],
    "start web1 -c ": [],
    "wait web1 --for VER": ["VERIFY_RESIZE"],
    "wait web1 --for acti": ["ACTIVE"],
    "wait web1 --for d": ["deleted"],
    "wait web1 --for i": ["idle"],
    "clock advance --until web1=SHU": ["web1=SHUTOFF"],
    "clock advance --until web1=i": ["web1=idle"],
    "fault add no": ["no-valid-host"],
    "fault add --phase spaw": ["spawning"],
    "fault add --refuse 50": ["500", "501", "503"],
    "config set recl": ["reclaim_instance_interval"],
    "config get recl": ["reclaim_instance_interval"],
    "metadata web1 user": ["user_data"],
    "metadata web1 latest/": ["latest/meta-data/", "latest/user-data"],
    "config unset recl": ["reclaim_instance_interval"],
    "config set duration.stop": ["duration.stop", "duration.stop.powering-off"],
    "config set vnc_enabled t": ["true"],
    "config set enabled_filters ComputeF": ["ComputeFilter"],
    "config set enabled_filters ComputeFilter,Same": ["ComputeFilter,SameHostFilter"],
    "explain 40": ["400", "401", "403", "404", "405", "406", "408", "409"],
    "explain filt": ["filters"],
    "explain confirm": ["confirm-resize"],
    "graph --actions confirm": ["confirm-resize"],
    "graph --actions stop,st": ["stop,start"],
    "list --sort creat": ["created", "created_at"],
    "list --sort created:": ["created:asc", "created:desc"],
    "stop --status SHUT": ["SHUTOFF"],
    "list --vm-state res": ["rescued", "resized"],
    "list --task-state spaw": ["spawning"],
    "list --power-state p": ["pending", "paused"],
    "migration list --status fin": ["finished"],
    "create web1 --block-device source": ["source_type="],
    "create web1 --block-device source_type=v": ["source_type=volume"],
    "create web1 --block-device uuid=1,source_type=image,dest": ["uuid=1,source_type=image,destination_type="],
    "create web1 --nic net-id=1,v4": ["net-id=1,v4-fixed-ip="],
    "policy check os_compute_api:os-resc": ["os_compute_api:os-rescue"],
    "help cloud sa": ["save", "saves"],
    "help resu": ["resume"],
    "lesson start resi": ["resize"],
    "lesson hint pow": ["power"],
    "quiz --kind acc": ["accepted"],
    "create-backup web1 nightly --type d": ["daily"],
    "volume set data --state in": ["in-use"],
    "coverage report --fail-under moves=80,moves": ["moves=80,moves.used="],
}


@pytest.mark.usefixtures("no_cloud")
@each_case("line", WITHOUT_CLOUD)
def test_values_of_tables_open_no_cloud(line):
    assert complete(line) == WITHOUT_CLOUD[line]


@pytest.mark.usefixtures("no_cloud")
@pytest.mark.parametrize("line", ["fault show ", "cloud load ", "cloud restore ", "clock advance --until ", "--as "])
def test_names_without_a_cloud(line):
    assert complete(line) == []


@pytest.fixture
def cloud(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOUD", str(user.path))
    user("create web1 web2 --flavor m1.tiny --image cirros --tag blue --tag green --property role=web")
    user("fault add spawn")
    user("fault add --stuck --action reboot")
    user("cloud save before")
    user("cloud save after")
    return user


WITH_CLOUD = {
    "clock advance --until web": ["web1=", "web2="],
    "wait web1 --for ACTIVE,err": ["ACTIVE,ERROR"],
    "add-security-group web1 def": ["default"],
    "add-security-group we": ["web1", "web2"],
    "stop --tag b": ["blue"],
    "list --tag g": ["green"],
    "watch --property role=": ["role=web"],
    "delete --property r": ["role=web"],
    "delete --y": ["--yes"],
    "stop --a": ["--all", "--all-projects"],
    "fault remove s": ["spawn"],
    "fault remove spawn 2": ["2"],
    "fault show s": ["spawn"],
    "cloud load b": ["before"],
    "cloud restore cloud.json.bak": ["cloud.json.bak.1"],
    "--as dem": ["demo"],
    "--as demo@ad": ["demo@admin"],
    "create web3 --nic priv": ["private"],
    "create web3 --security-group de": ["default"],
    "list --tags gr": ["green"],
    "list --not-tags-any green,": ["green,blue"],
    "create web3 --nic net-name=pub": ["net-name=public"],
}


def test_values_of_the_cloud_write_nothing(cloud):
    kept = {path.name: path.read_bytes() for path in cloud.path.parent.iterdir()}
    for line, values in WITH_CLOUD.items():
        assert complete(line) == values, line
    assert {path.name: path.read_bytes() for path in cloud.path.parent.iterdir()} == kept


def test_columns_are_those_of_the_commands(update):
    """The file of columns is generated: pytest --update."""
    (path, text), *others = render_columns().items()
    assert path == PATH and not others
    if update:
        (ROOT / path).write_text(text, "utf-8")
    assert (ROOT / path).read_text("utf-8") == text


# By hand: the commands that print nothing, or what no other command prints.
WITHOUT_COLUMNS = set(
    """
    delete force-delete restore start stop reboot pause unpause suspend resume crash-dump resize confirm-resize
    revert-resize unrescue shelve shelve-offload unshelve lock unlock change-password detach-volume detach-port
    add-floating-ip remove-floating-ip add-fixed-ip remove-fixed-ip add-security-group remove-security-group migrate
    live-migrate evacuate reset-state inject-network-info reset-network wait
    """.split()
) | {
    *("fault remove", "router join", "migration show", "lesson check", "coverage diff"),
    *("classroom init", "classroom add"),
}


def list_contexts(command: click.Command, ctx: click.Context) -> Iterator[click.Context]:
    """A context for each command that has columns."""
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            each = command.get_command(ctx, name)
            yield from list_contexts(each, click.Context(each, parent=ctx, info_name=name))
    elif any("--column" in param.opts for param in command.params):
        yield ctx


def test_every_command_that_prints_a_table_has_columns():
    contexts = list_contexts(cli, click.Context(cli, info_name="novasim"))
    empty = {" ".join(command_words(ctx)) for ctx in contexts if not any(list_columns(ctx))}
    unknown = {command for command in empty if not command.endswith(" delete")}
    assert unknown == WITHOUT_COLUMNS, (
        "add the command to COMMANDS in novasim/devtools/columns.py, then pytest --update"
    )


def test_columns_may_be_a_comma_list(web1: User):
    assert web1("list -c Name,Status -f csv").stdout == '"Name","Status"\n"web1","ACTIVE"\n'
    assert web1("list -c Name -c Status,Task -f csv").stdout.startswith('"Name","Status","Task"')
    assert web1("show web1 -c status,name -f value").stdout == "ACTIVE\nweb1\n"
    assert "'Nam'" in web1("list -c Nam,Status", 2).stderr
