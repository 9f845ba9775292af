"""Every parameter and filter of Nova's documents has an option, and the option sends it."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any
from urllib.parse import parse_qsl

import pytest

NEW = "create web1 --flavor m1.small --image cirros -q"
# By hand from the documents: a command with every parameter of its request, and the parameters.
COMMANDS = {
    "create w --flavor m1.small --image cirros --nic net-name=private,v4-fixed-ip=10.0.0.9,tag=front "
    "--port {port} --access-ipv4 192.0.2.9 --access-ipv6 2001:db8::9 --password x --availability-zone nova "
    "--block-device uuid={volume},source_type=volume,destination_type=volume,boot_index=-1,delete_on_termination=true,"
    "device_name=vdb,device_type=disk,disk_bus=virtio,tag=data "
    "--block-device source_type=blank,destination_type=volume,volume_size=1,volume_type=standard,boot_index=-1,"
    "guest_format=ext4 --block-device device_name=vdc,no_device=true,source_type=blank,destination_type=volume "
    "--config-drive --key-name mine --property role=web --disk-config AUTO --security-group default "
    "--user-data {file} --description d --hostname h --tag blue --trusted-image-cert c --host host1 "
    "--hypervisor-hostname host1 --hint group=11111111-1111-4111-8111-111111111111 --hint different_host=a "
    "--hint same_host=b --hint cidr=/24 --hint build_near_host_ip=192.0.2.1 --hint query=[] --hint different_cell=c "
    "--hint target_cell=d --min 1 --max 2 --return-reservation-id": """
        flavorRef name networks uuid port fixed_ip tag accessIPv4 accessIPv6 adminPass availability_zone
        block_device_mapping_v2 boot_index delete_on_termination destination_type device_name device_type disk_bus
        guest_format no_device source_type volume_size volume_type config_drive imageRef key_name metadata
        OS-DCF:diskConfig security_groups user_data description hostname tags trusted_image_certificates host
        hypervisor_hostname os:scheduler_hints build_near_host_ip cidr different_cell different_host group query
        same_host target_cell min_count max_count return_reservation_id""",
    "create w --flavor m1.small --image cirros --file /a={file}": "personality path contents",
    "set web1 --access-ipv4 192.0.2.9 --access-ipv6 2001:db8::9 --name n --hostname h --disk-config AUTO "
    "--description d": "accessIPv4 accessIPv6 name hostname OS-DCF:diskConfig description",
    "rebuild web1 --image cirros --access-ipv4 192.0.2.9 --access-ipv6 2001:db8::9 --password x --property a=b "
    "--name n --disk-config AUTO --preserve-ephemeral --description d --key-name mine --user-data {file} "
    "--trusted-image-cert c --hostname h": """
        imageRef accessIPv4 accessIPv6 adminPass metadata name OS-DCF:diskConfig preserve_ephemeral description
        key_name user_data trusted_image_certificates hostname""",
    "rebuild web1 --image cirros --file /a={file}": "personality path contents",
    "change-password web1 --password x": "changePassword adminPass",
    "create-backup web1 b --type daily --rotation 1 --property a=b": "name backup_type rotation metadata",
    "create-image web1 i --property a=b": "createImage name metadata",
    "lock web1 --reason r": "lock locked_reason",
    "reboot web1 --hard": "reboot type",
    "rescue web1 --password x --image cirros": "rescue adminPass rescue_image_ref",
    "resize web1 --flavor m1.medium --disk-config AUTO": "resize flavorRef OS-DCF:diskConfig",
    "add-security-group web1 default": "addSecurityGroup name",
    "remove-security-group web1 default": "removeSecurityGroup name",
    "add-floating-ip web1 {floating} --fixed-ip 10.0.0.5": "addFloatingIp address fixed_address",
    "remove-floating-ip web1 {floating}": "removeFloatingIp address",
    "--as admin migrate web1 --host host2": "migrate host",
    "--as admin live-migrate web1 --host host2 --block-migration false --disk-overcommit": "host block_migration "
    "disk_over_commit",
    "--as admin live-migrate web1 --host host2 --force": "os-migrateLive force",
    "--as admin reset-state web1 --state error": "os-resetState state",
    "--as admin inject-network-info web1": "injectNetworkInfo",
    "--as admin reset-network web1": "resetNetwork",
}
FILTERS = """
    access_ip_v4 access_ip_v6 all_tenants auto_disk_config availability_zone changes-since config_drive created_at
    deleted description flavor host hostname image ip ip6 kernel_id key_name launch_index launched_at limit locked_by
    marker name node power_state progress project_id ramdisk_id reservation_id root_device_name soft_deleted sort_dir
    sort_key status task_state terminated_at user_id uuid vm_state not-tags not-tags-any tags tags-any changes-before
    locked
""".split()
LIST = """
    --as admin list --access-ip-v4 x --access-ip-v6 x --all-projects --auto-disk-config 1 --availability-zone nova
    --changes-since 2026-01-01T00:00:00 --config-drive True --created-at x --deleted --description x --flavor m1.small
    --host host1 --hostname x --image cirros --ip x --ip6 x --kernel-id x --key-name x --launch-index 0
    --launched-at x --limit 1 --locked-by owner --marker web1 --name x --node x --power-state running --progress 0
    --project demo --ramdisk-id x --reservation-id x --root-device-name x --soft-deleted x --sort name:asc
    --status ACTIVE --task-state spawning --terminated-at x --user demo --uuid x --vm-state active --not-tags a
    --not-tags-any a --tags a --tags-any a --changes-before 2026-01-01T00:00:00 --locked
"""


def find_requests(told: str) -> list[str]:
    """The curl commands on stderr."""
    return [line for line in told.splitlines() if line.startswith("curl ")]


def list_keys(body: Any) -> set[str]:
    """The keys of an object, and of those inside it."""
    if isinstance(body, dict):
        return set(body).union(*map(list_keys, body.values()))
    return set().union(*map(list_keys, body)) if isinstance(body, list) else set()


@pytest.fixture
def resources(user, tmp_path):
    """A server web1, and the names and files that the commands need."""
    (tmp_path / "file").write_text("x")
    user("keypair create mine --private-key " + str(tmp_path / "key"))
    user(NEW)
    return {
        "file": tmp_path / "file",
        "port": user("port create one --network private -f value -c id").stdout.strip(),
        "volume": user("volume create data --size 1 -f value -c id").stdout.strip(),
        "floating": user("floating-ip create public -f value -c floating_ip_address").stdout.strip(),
    }


def list_sent_keys(told: str) -> set[str]:
    words = [shlex.split(request) for request in find_requests(told)]
    return set().union(*(list_keys(json.loads(each[each.index("-d") + 1])) for each in words if "-d" in each))


def test_every_parameter_is_sent(user, resources):
    kept = user.path.read_bytes()
    for line, parameters in COMMANDS.items():
        user.path.write_bytes(kept)
        told = user.run("--show-request " + line.format(**resources)).stderr
        assert set(parameters.split()) - list_sent_keys(told) == set(), (line, told)


def test_every_filter_is_sent(user):
    user(NEW)
    sent = find_requests(user.run("--show-request " + LIST).stderr)
    query = {name for request in sent for name, _ in parse_qsl(re.sub(r'.*\?|"$', "", request))}
    assert set(FILTERS) <= query


def test_no_filter_is_left_out():
    assert len(FILTERS) == 46
