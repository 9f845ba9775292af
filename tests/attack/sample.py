"""A cloud file with a document in every table, and the commands that attacks run on it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from novasim.cli.main import cli
from novasim.records import (
    TABLES,
    AddressScope,
    CatalogService,
    ConsoleToken,
    Credential,
    Domain,
    Endpoint,
    Group,
    GroupSnapshot,
    GroupType,
    ImageData,
    Limit,
    MetadefNamespace,
    MetadefResourceType,
    QosSpecs,
    Record,
    Region,
    RegisteredLimit,
    SubnetPool,
    Trust,
    User,
    Volume,
    VolumeBackup,
    VolumeGroup,
    VolumeTransfer,
    VolumeType,
)
from novasim.simulation.keys.passwords import hash_password
from novasim.store import open_store
from tests.store.worlds import NOW

BUILD = """
    clock set instant
    --as admin config set reclaim_instance_interval 3600
    --as admin config set reboot_timeout 90
    keypair create key1
    server-group create group1 --policy anti-affinity
    volume create vol1 --size 1
    volume-snapshot create snap1 --volume vol1
    security-group create sg1
    security-group-rule create sg1 --protocol tcp --dst-port 22
    create web1 --flavor m1.small --image cirros --key-name key1 --property a=b --wait
    create web2 --flavor m1.tiny --image cirros --wait
    create web3 --flavor m1.tiny --image cirros --wait
    attach-volume web1 vol1
    floating-ip create public
    port create port1 --network private
    resize web2 --flavor m1.small --wait
    create-image web3 image1
    lock web1 --reason audit
    --as admin aggregate create agg1 --zone zone1
    --as admin fault add --action stop --stuck
    --as admin quota set demo --instances 20
    network create net1
    subnet create sub1 --network net1 --range 198.51.100.0/24
    router create router1
    clock set manual
    create web4 --flavor m1.tiny --image cirros --network private
    pause web3
    unlock web1
    stop web1
"""
READS = """
    list
    list --long -f json
    show web1
    show web1 -f json
    --as admin show web2 -f json
    history web1
    why web1 resize
    volume list
    volume-snapshot list
    network list
    subnet list
    router list
    port list
    floating-ip list
    security-group list
    security-group show sg1
    image list
    flavor list
    flavor show m1.small
    keypair list
    server-group list
    --as admin host list
    --as admin service list
    --as admin aggregate list
    availability-zone list
    --as admin migration list
    quota show
    --as admin project list
    --as admin user list
    --as admin fault list
    clock show
    --as admin config list
"""
WRITES = """
    create web9 --flavor m1.tiny --image cirros --network private
    start web1
    rebuild web2 --image cirros
    confirm-resize web2
    delete web1
    volume create vol9 --size 1
    floating-ip create public
    clock advance 30s
    clock set instant
"""


def build_sample(path: Path) -> None:
    """Create a cloud that has a document in every table."""
    for line in _lines(BUILD):
        done = run(path, line)
        assert done.exit_code == 0, (line, done.stderr, done.exception)
    with open_store(path).write() as tx:
        for record in _rare_records(tx.query(User)[0].id, tx.query(Volume)[0].id):
            tx.put(record)
    with open_store(path).read() as tx:
        empty = [name for name, kind in TABLES.items() if not tx.count(kind)]
        assert empty == []


def list_commands() -> list[str]:
    """Commands that read every table, and then some that write."""
    return [*_lines(READS), *_lines(WRITES)]


def run(path: Path, line: str) -> Result:
    """Run a command on the cloud in a file."""
    runner = CliRunner(env={"NOVASIM_CLOUD": str(path), "NOVASIM_SEED": "1"})
    return runner.invoke(cli, shlex.split(line))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _rare_records(user_id: str, volume_id: str) -> list[Record]:
    """Records that only requests over HTTP create."""
    user: dict[str, Any] = {"trustor_user_id": "demo", "trustee_user_id": "admin"}
    return [
        Domain(id="0" * 31 + "1", name="lab"),
        Group(id="0" * 31 + "9", name="staff", roles={"0" * 32: ["reader"]}),
        CatalogService(id="0" * 31 + "2", type="dns", name="designate"),
        Endpoint(id="0" * 31 + "3", service_id="0" * 31 + "2", interface="public", url="http://192.0.2.1:9001"),
        Region(id="RegionTwo", description="Another one"),
        Credential(id="credential1", user_id=user_id, type="totp", blob="secret"),
        Trust(id="0" * 31 + "4", **user, impersonation=True, roles=["member"]),
        ImageData(id="00000000-0000-4000-8000-000000000005", base64="aGVsbG8="),
        MetadefNamespace(id="My::Space", created_at=NOW, updated_at=NOW),
        MetadefResourceType(id="My::Type", created_at=NOW),
        VolumeType(id="00000000-0000-4000-8000-000000000006", name="fast"),
        QosSpecs(id="00000000-0000-4000-8000-000000000007", name="slow", specs={"total_iops_sec": "100"}),
        *_groups(volume_id),
        *_pools(),
        *_limits(),
        ConsoleToken(id="0" * 64, server_id=NOW, console_type="novnc", host="192.0.2.1", port=5900, expires_at=2e9),
    ]


def _pools() -> list[Record]:
    """An address scope, and a subnet pool in it."""
    scope_id, pool_id = (f"00000000-0000-4000-8000-00000000000{number}" for number in "de")
    fields: dict[str, Any] = {"project_id": "demo", "ip_version": 4, "created_at": NOW, "updated_at": NOW}
    lengths = {"min_prefixlen": 8, "max_prefixlen": 32, "default_prefixlen": 24}
    return [
        AddressScope(id=scope_id, name="scope", **fields),
        SubnetPool(id=pool_id, name="pool", prefixes=["10.0.0.0/8"], address_scope_id=scope_id, **lengths, **fields),
    ]


def _limits() -> list[Record]:
    """The default of a limit, and the limit of a project."""
    registered = RegisteredLimit(id="0" * 31 + "f", service_id="0" * 31 + "2", resource_name="zones", default_limit=9)
    return [
        registered,
        Limit(id="0" * 30 + "10", registered_limit_id=registered.id, project_id="demo", resource_limit=5),
    ]


def _groups(volume_id: str) -> list[Record]:
    """A type of groups of volumes, a group and its snapshot, a transfer and a backup."""
    type_id, group_id, snapshot_id = (f"00000000-0000-4000-8000-00000000000{number}" for number in (8, 9, "a"))
    fields: dict[str, Any] = {"project_id": "demo", "group_type_id": type_id, "created_at": NOW, "updated_at": NOW}
    return [
        GroupType(id=type_id, name="together", group_specs={"consistent_group_snapshot_enabled": "<is> True"}),
        VolumeGroup(id=group_id, name="g", volume_type_ids=["00000000-0000-4000-8000-000000000006"], **fields),
        GroupSnapshot(id=snapshot_id, name="s", group_id=group_id, **fields),
        VolumeTransfer(
            id="00000000-0000-4000-8000-00000000000b",
            volume_id=volume_id,
            auth_key_hash=hash_password("key", "k", "b"),
            source_project_id="demo",
            created_at=NOW,
        ),
        VolumeBackup(
            id="00000000-0000-4000-8000-00000000000c",
            project_id="demo",
            size=1,
            volume_id=group_id,
            **dict.fromkeys(("data_timestamp", "created_at", "updated_at"), NOW),
        ),
    ]
