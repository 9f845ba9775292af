"""The commands `quota`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_items
from novasim.cli.openstack.rows import LIST, Row
from novasim.render.output import print_message

COMPUTE = {
    "cores": "cores",
    "injected_file_content_bytes": "injected-file-size",
    "injected_file_path_bytes": "injected-path-size",
    "injected_files": "injected-files",
    "instances": "instances",
    "key_pairs": "key-pairs",
    "metadata_items": "properties",
    "ram": "ram",
    "server_group_members": "server-group-members",
    "server_groups": "server-groups",
}
"""Quotas of compute by the API's name: the client's name."""
VOLUME = {
    "backups": "backups",
    "backup_gigabytes": "backup-gigabytes",
    "gigabytes": "gigabytes",
    "groups": "groups",
    "per_volume_gigabytes": "per-volume-gigabytes",
    "snapshots": "snapshots",
    "volumes": "volumes",
}
NETWORK = {
    "floatingip": "floating-ips",
    "security_group_rule": "secgroup-rules",
    "security_group": "secgroups",
    "network": "networks",
    "subnet": "subnets",
    "port": "ports",
    "router": "routers",
    "router_route": "router-routes",
    "rbac_policy": "rbac-policies",
    "subnetpool": "subnetpools",
}
ATTRIBUTES = {
    "check_limit": "check_limit",
    "floatingip": "floating_ips",
    "healthmonitor": "health_monitors",
    "listener": "listeners",
    "loadbalancer": "load_balancers",
    "l7policy": "l7_policies",
    "network": "networks",
    "pool": "pools",
    "port": "ports",
    "project_id": "project_id",
    "tenant_id": "tenant_id",
    "rbac_policy": "rbac_policies",
    "router_route": "router_routes",
    "router": "routers",
    "subnet": "subnets",
    "subnetpool": "subnet_pools",
    "security_group_rule": "security_group_rules",
    "security_group": "security_groups",
}
"""Quotas of the network by the API's name: openstacksdk's name, in its order."""
OLD_COMPUTE = ("fixed_ips", "floating_ips", "networks", "security_group_rules", "security_groups")
"""Quotas that newer microversions of compute do not have, and openstacksdk shows as None."""
PER_TYPE = ("gigabytes", "snapshots", "volumes")  # that --volume-type limits for one type
LISTS = {
    "compute": "id cores injected_files injected_file_content_bytes injected_file_path_bytes instances key_pairs"
    " metadata_items ram server_groups server_group_members",
    "volume": "id backups backup_gigabytes gigabytes groups per_volume_gigabytes snapshots volumes",
    "network": "id floating_ips networks ports rbac_policies router_routes routers security_groups"
    " security_group_rules subnets subnet_pools",
}
TITLES = {"id": "Project ID", "floating_ips": "Floating IPs", "rbac_policies": "RBAC Policies"}
SERVICES = ("compute", "volume", "network")


def _path(call: Call, service: str, project: str, kind: str = "") -> str:
    roots = {"compute": "/os-quota-sets", "network": "/v2.0/quotas", "volume": f"/v3/{call.project_id}/os-quota-sets"}
    return f"{roots[service]}/{project}{kind}"


def read_quotas(call: Call, service: str, project: str, usage: bool = False, default: bool = False) -> Item:
    """The quotas of a project in a service by openstacksdk's names; with *usage* as mappings."""
    words = {"compute": ("/detail", "/defaults"), "volume": ("", "/defaults"), "network": ("/details", "/default")}
    kind = words[service][1] if default else words[service][0] if usage else ""
    query = [("usage", usage)] if service == "volume" and not default else []
    path = _path(call, service, project, kind)
    body = call.send("GET", path, query=query, service=service, minor=56 if service == "compute" else 1).body
    quotas = {key: value for key, value in next(iter(body.values())).items() if key != "id"}
    if service == "compute":
        return quotas | {name: quotas.get(name) for name in OLD_COMPUTE}
    if service == "volume":
        return quotas
    others = {key: value for key, value in quotas.items() if key not in ATTRIBUTES}
    named = {name: quotas.get(key) for key, name in ATTRIBUTES.items() if not usage or key in quotas}
    return others | named | {name: None for name in ("project_id", "tenant_id") if not usage}


def show(call: Call) -> Output:
    """Show the quotas of a project."""
    args = call.args
    project = call.find_id("project", args.project) if args.project else call.project_id
    chosen = [name for name in SERVICES if getattr(args, name)] or SERVICES
    quotas: Item = {}
    for service in chosen:
        quotas |= read_quotas(call, service, project, args.usage, args.default)
    for key, name in {**COMPUTE, **VOLUME}.items():
        if key != name and quotas.get(key) is not None:
            quotas[name] = quotas.pop(key)
    if not args.usage:
        return Output(["Resource", "Limit"], list(quotas.items()))
    titles = ["Resource", "Limit", "In Use", "Reserved"]
    return Output(titles, [_usage_row(name, quota) for name, quota in quotas.items()])


def _usage_row(name: str, quota: Any) -> list[Any]:
    if not isinstance(quota, Mapping):
        return [name, quota or 0, 0, 0]
    in_use = quota.get("in_use", quota.get("used", 0))
    return [name, quota.get("limit") or 0, "N/A" if name == "key-pairs" else in_use, quota.get("reserved", 0)]


def list_quotas(call: Call) -> Output:
    """List the quotas of projects that differ from the defaults."""
    service = next(name for name in SERVICES if getattr(call.args, name))
    keys = LISTS[service].split()
    found = []
    for project in call.list("project"):
        quotas, defaults = (read_quotas(call, service, project["id"], default=default) for default in (False, True))
        if any(quotas.get(key) != defaults.get(key) for key in keys):
            found.append({**quotas, "id": project["id"]})
    columns = ", ".join(f"{TITLES.get(key, key.replace('_', ' ').title())}|{key}" for key in keys)
    return show_items(found, columns)


def set_quotas(call: Call) -> None:
    """Change the quotas of a project, or with --default those of all."""
    args = call.args
    if (args.class_ or args.default) and args.force:
        raise CommandError("--force cannot be used with --class or --default")
    compute, volume, network = (_read_values(call, names) for names in (COMPUTE, VOLUME, NETWORK))
    if args.volume_type:
        volume = {f"{key}_{args.volume_type}" if key in PER_TYPE else key: value for key, value in volume.items()}
    if args.class_ or args.default:
        return _set_defaults(call, compute, volume, network)
    project = call.find_id("project", args.project) if args.project else call.project_id
    if compute:
        body = compute | ({"force": True} if args.force else {})
        call.send("PUT", _path(call, "compute", project), {"quota_set": body}, minor=56)
    if volume:
        call.send("PUT", _path(call, "volume", project), {"quota_set": volume}, service="volume")
    if network:
        body = network | ({"force": True} if args.force else {"check_limit": True})
        call.send("PUT", _path(call, "network", project), {"quota": body}, service="network")
    return None


def _read_values(call: Call, names: Mapping[str, str]) -> Item:
    values = {key: getattr(call.args, name.replace("-", "_")) for key, name in names.items()}
    return {key: value for key, value in values.items() if value is not None}


def _set_defaults(call: Call, compute: Item, volume: Item, network: Item) -> None:
    name = call.args.project or "default"
    if compute:
        call.send("PUT", f"/os-quota-class-sets/{name}", {"quota_class_set": compute}, minor=56)
    if volume:
        path = f"/v3/{call.project_id}/os-quota-class-sets/{name}"
        call.send("PUT", path, {"quota_class_set": volume}, service="volume")
    if network:
        print_message("Network quotas are ignored since quota classes are not supported.")


def delete(call: Call) -> None:
    """Reset the quotas of a project to the defaults."""
    project = call.find_id("project", call.args.project)
    for service in [name for name in SERVICES if getattr(call.args, name)] or SERVICES:
        call.delete_if_found(_path(call, service, project), service)


NUMBERS = " ".join(f"[--{name} <#{name}>]" for name in {**COMPUTE, **VOLUME, **NETWORK}.values())
SERVICE = "[--all | --compute | --volume | --network]"
ROWS = (
    Row("quota show", f"[<project>] [--default | --usage] {SERVICE}", "Show quotas.", show, LIST),
    Row("quota list", "(--compute | --volume | --network)", "List quotas that were changed.", list_quotas, LIST),
    Row(
        "quota set",
        f"[<project>] [--class | --default] {NUMBERS} [--volume-type <volume-type>]"
        " [--force | --no-force | --check-limit]",
        "Change quotas.",
        set_quotas,
    ),
    Row("quota delete", f"<project> {SERVICE}", "Reset quotas to the defaults.", delete),
)
