"""The commands `server list`, `show`, `delete`, and those that look up servers."""

from __future__ import annotations

from functools import partial
from typing import Any

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.cells import Cell
from novasim.cli.openstack.formats import Output, normalize
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.compute.server_details import FROM_VOLUME, show_server

POWER_STATES = {"pending": 0, "running": 1, "paused": 3, "shutdown": 4, "crashed": 6, "suspended": 7}
EXTRA_COLUMNS = {
    "project_id": "Project ID|tenant_id",
    "user_id": "User ID",
    "created_at": "Created At|created",
    "security_groups": "Security Groups|group_names|list",
    "task_state": "Task State|OS-EXT-STS:task_state",
    "power_state": "Power State|OS-EXT-STS:power_state|power",
    "image_id": "Image ID",
    "flavor_id": "Flavor ID",
    "availability_zone": "Availability Zone|OS-EXT-AZ:availability_zone",
    "pinned_availability_zone": "Pinned Availability Zone",
    "host": "Host|OS-EXT-SRV-ATTR:hypervisor_hostname|empty",
    "properties": "Properties|metadata|dict",
    "scheduler_hints": "Scheduler Hints||lists",
}
"""Columns that `-c` adds to a list of servers."""
FILTERS = {
    "reservation_id": "reservation_id",
    "ip": "ip",
    "ip6": "ip6",
    "name": "name",
    "instance_name": "instance_name",
    "status": "status",
    "host": "host",
    "availability_zone": "availability_zone",
    "key_name": "key_name",
    "progress": "progress",
    "vm_state": "vm_state",
    "task_state": "task_state",
    "changes_before": "changes-before",
    "changes_since": "changes-since",
    "limit": "limit",
}
"""Options of `server list` and the parameters of the API."""


def list_servers(call: Call) -> Output:
    """List servers."""
    servers = call.list("server", list(_filters(call).items()))
    if call.args.max_items is not None:
        servers = servers[: call.args.max_items]
    names = {} if call.args.no_name_lookup else _image_names(call, servers)
    return show_items([_with_names(server, names) for server in servers], _columns(call, servers))


def _filters(call: Call) -> dict[str, Any]:
    args = call.args
    found = {parameter: getattr(args, key) for key, parameter in FILTERS.items()}
    if args.flavor:
        found["flavor"] = call.find_id("flavor", args.flavor)
    if args.image:
        found["image"] = call.find_id("image", args.image)
    if args.project:
        found["project_id"] = call.find_id("project", args.project)
    if args.user:
        found["user_id"] = call.find_id("user", args.user)
    found |= {"all_tenants": True} if args.all_projects or args.project else {}
    found["deleted"] = args.deleted or "False"
    if args.config_drive or args.no_config_drive:
        found["config_drive"] = args.config_drive
    found["power_state"] = POWER_STATES.get(args.power_state)
    found["tags"], found["not-tags"] = (",".join(many) if many else None for many in (args.tags, args.not_tags))
    if args.locked or args.unlocked:
        found["locked"] = args.locked
    found["marker"] = args.marker and ((args.deleted and args.marker) or call.find_id("server", args.marker))
    return found


def _image_names(call: Call, servers: list[Item]) -> dict[str, str]:
    ids = {server["image"]["id"] for server in servers if server.get("image")}
    if not ids:
        return {}
    response = call.try_send("GET", "/v2/images", query=[("id", f"in:{','.join(ids)}")], service="image")
    return {} if response.fault else {image["id"]: image["name"] for image in response.body["images"]}


def _with_names(server: Item, names: dict[str, str]) -> Item:
    id = server["image"]["id"] if server.get("image") else FROM_VOLUME
    groups = [group["name"] for group in server.get("security_groups", ())]
    name = names.get(id) if server.get("image") else FROM_VOLUME
    flavor_name = (server.get("flavor") or {}).get("original_name")
    return {**server, "image_id": id, "image_name": name, "flavor_name": flavor_name, "group_names": groups}


def _columns(call: Call, servers: list[Item]) -> str:
    columns = "ID, Name, Status"
    if call.args.long:
        columns += ", Task State|OS-EXT-STS:task_state, Power State|OS-EXT-STS:power_state|power"
    columns += ", Networks|addresses|addresses"
    if call.args.long:
        columns += ", Image Name, Image ID"
    else:
        columns += ", Image|image_id" if call.args.no_name_lookup else ", Image|image_name"
    columns += ", Flavor|flavor_name"
    if call.args.long:
        wanted = ("availability_zone", "host", "properties", "pinned_availability_zone", "scheduler_hints")
        columns += "".join(f", {EXTRA_COLUMNS[name]}" for name in wanted)
    if call.args.all_projects or call.args.project:
        columns += ", Project ID|tenant_id"
    titles = [part.partition("|")[0] for part in columns.split(", ")]
    for name in dict.fromkeys(map(normalize, call.args.columns)):
        if name in EXTRA_COLUMNS and EXTRA_COLUMNS[name].partition("|")[0] not in titles:
            columns += f", {EXTRA_COLUMNS[name]}"
    if call.args.long and any("host_status" in server for server in servers):
        columns += ", Host Status"
    return columns


def show(call: Call) -> Output:
    """Show a server, its diagnostics or its topology."""
    server = call.find("server", call.args.server)
    if call.args.diagnostics:
        return show_diagnostics(call, server["id"])
    if call.args.topology:
        body = call.send("GET", f"/servers/{server['id']}/topology", minor=78).body
        return show_server(call, server, topology=Cell(body, str(body)))
    return show_server(call, server)


def show_diagnostics(call: Call, id: str) -> Output:
    """Show what the hypervisor says of a guest."""
    body = call.send("GET", f"/servers/{id}/diagnostics", minor=48).body
    fields = """
        cpu_details disk_details driver has_config_drive|config_drive hypervisor hypervisor_os id|- location|-
        memory_details name|- nic_details num_cpus num_disks num_nics server_id state uptime
    """
    return show_item({**body, "server_id": id}, fields)


def delete(call: Call) -> None:
    """Delete servers."""
    deleted = []
    everywhere = [("all_tenants", "True")] if call.args.all_projects else ()
    for name in call.args.server:
        with call.attempt(f"Failed to delete server with name or ID '{name}'"):
            id = call.find("server", name, everywhere)["id"]
            call.act(id, "forceDelete") if call.args.force else call.delete("server", id)
            deleted.append(id)
    for id in deleted if call.args.wait else ():
        call.wait(partial(call.is_gone, "server", id), f"Error deleting server: {id}")
    call.check_failures(len(call.args.server), "servers failed to delete")


STATUSES = """
    ACTIVE,BUILD,DELETED,ERROR,HARD_REBOOT,MIGRATING,PASSWORD,PAUSED,REBOOT,REBUILD,RESCUE,RESIZE,REVERT_RESIZE,SHELVED,
    SHELVED_OFFLOADED,SHUTOFF,SOFT_DELETED,SUSPENDED,VERIFY_RESIZE
"""

ROWS = (
    Row(
        "server list",
        "[--reservation-id <reservation-id>] [--ip <ip-address-regex>] [--ip6 <ip-address-regex>] [--name <name-regex>]"
        f" [--instance-name <server-name>] [--status {{{''.join(STATUSES.split())}}}] [--flavor <flavor>]"
        " [--image <image>] [--host <hostname>] [--all-projects] [--project <project>]"
        " [--project-domain <project-domain>] [--user <user>] [--user-domain <user-domain>] [--deleted]"
        " [--availability-zone <availability-zone>] [--key-name <key-name>] [--config-drive | --no-config-drive]"
        " [--progress <progress>] [--vm-state <state>] [--task-state <state>]"
        f" [--power-state {{{','.join(POWER_STATES)}}}] [--long~-l] [--no-name-lookup~-n | --name-lookup-one-by-one]"
        " [--limit <#limit>] [--marker <server>] [--max-items <#count>] [--changes-before <time>]"
        " [--changes-since <time>] [--locked | --unlocked] [--tags <tag>]... [--not-tags <tag>]...",
        "List servers.",
        list_servers,
        LIST,
    ),
    Row("server show", "<server> [--diagnostics | --topology]", "Show a server.", show, OBJECT),
    Row("server delete", "<server>... [--force] [--all-projects] [--wait]", "Delete servers.", delete),
)
