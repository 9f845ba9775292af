"""The commands `hypervisor`, `compute service` and `host`."""

from __future__ import annotations

import re

from novasim.cli.openstack.call import ApiError, Call, CommandError, Item
from novasim.cli.openstack.cells import Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.render.output import print_message

HYPERVISORS = "ID, Hypervisor Hostname, Hypervisor Type, Host IP, State"
HYPERVISOR = """
    aggregates cpu_info host_ip host_time hypervisor_hostname hypervisor_type hypervisor_version id load_average
    service_host|service/host service_id|service/id state status uptime users
"""
UPTIME = re.compile(
    r"\s*(?P<host_time>\S+)\s+up\s+(?P<uptime>.+?),\s+(?P<users>\d+) users?,\s+load average: (?P<load>.+)"
)
SERVICES = "ID, Binary, Host, Zone, Status, State, Updated At"
SERVICES_LONG = f"{SERVICES}, Disabled Reason, Forced Down"
HOSTS = "Host Name, Service, Zone"
HOST = "Host, Project, CPU, Memory MB, Disk GB"
STATISTICS = """
    count current_workload disk_available_least free_disk_gb free_ram_mb local_gb local_gb_used memory_mb memory_mb_used
    running_vms vcpus vcpus_used
"""


def list_hypervisors(call: Call) -> Output:
    """List hypervisors."""
    args = call.args
    if args.matching and (args.marker or args.limit):
        raise CommandError("--matching is not compatible with --marker or --limit")
    query = [("hypervisor_hostname_pattern", args.matching), ("limit", args.limit), ("marker", args.marker)]
    return show_items(call.list("hypervisor", query)[: args.max_items], HYPERVISORS)


def show_hypervisor(call: Call) -> Output:
    """Show a hypervisor with the aggregates of its host."""
    id = call.find("hypervisor", call.args.hypervisor)["id"]
    item = call.get("hypervisor", id)
    host = item["service"]["host"]
    item["aggregates"] = [each["name"] for each in call.list("aggregate") if host in each["hosts"]]
    item["cpu_info"] = Cell(item.get("cpu_info") or {}, str(item.get("cpu_info") or None))
    if match := UPTIME.match(item.get("uptime") or ""):
        item |= {**match.groupdict(), "load_average": match["load"]}
    return show_item(item, HYPERVISOR)


def show_statistics(call: Call) -> Output:
    """Show the sums over all hypervisors."""
    print_message("This command is deprecated.")
    return show_item(call.send("GET", "/os-hypervisors/statistics").body["hypervisor_statistics"], STATISTICS)


def list_services(call: Call) -> Output:
    """List the services of compute."""
    query = [("binary", call.args.service), ("host", call.args.host)]
    return show_items(call.list("compute service", query), SERVICES_LONG if call.args.long else SERVICES)


def set_service(call: Call) -> None:
    """Enable or disable a compute service, or force it down."""
    args = call.args
    if args.disable_reason and not args.disable:
        raise CommandError("Cannot specify option --disable-reason without --disable specified.")
    id = _find_service(call)
    if args.enable or args.disable:
        body: Item = {"status": "enabled" if args.enable else "disabled"}
        body |= {"disabled_reason": args.disable_reason} if args.disable_reason else {}
        _change_service(call, id, body, f"Failed to set service status to {body['status']}")
    if args.down or args.up:
        word = "down" if args.down else "up"
        _change_service(call, id, {"forced_down": args.down}, f"Failed to set service state to {word}")
    if call.failures:
        raise CommandError(f"Compute service {args.service} of host {args.host} failed to set.")


def _find_service(call: Call) -> str:
    args = call.args
    services = call.list("compute service", [("binary", args.service), ("host", args.host)])
    if not services:
        raise CommandError(f'Compute service for host "{args.host}" and binary "{args.service}" not found.')
    return str(services[0]["id"])


def _change_service(call: Call, id: str, body: Item, message: str) -> None:
    try:
        call.send("PUT", f"/os-services/{id}", body, minor=69)
    except ApiError:
        call.fail(message)


def delete_services(call: Call) -> None:
    """Delete compute services."""
    for id in call.args.service:
        with call.attempt(f"Failed to delete compute service with ID '{id}'"):
            call.delete("compute service", id)
    call.check_failures(len(call.args.service), "compute services failed to delete")


def list_hosts(call: Call) -> Output:
    """List hosts."""
    print_message("API has been deprecated; consider using 'hypervisor list' instead.")
    hosts = call.send("GET", "/os-hosts").body["hosts"]
    return show_items([host for host in hosts if call.args.zone in (None, host["zone"])], HOSTS)


def show_host(call: Call) -> Output:
    """Show the resources of a host."""
    print_message("API has been deprecated; consider using 'hypervisor show' instead.")
    resources = call.send("GET", f"/os-hosts/{call.args.host}").body["host"]
    return show_items([each["resource"] for each in resources], HOST)


def set_host(call: Call) -> None:
    """Change a host."""
    print_message("API has been deprecated; consider using 'compute service set' instead.")
    args = call.args
    pairs = [("status", args.enable, args.disable)]
    pairs += [("maintenance_mode", args.enable_maintenance, args.disable_maintenance)]
    if body := {key: "enable" if on else "disable" for key, on, off in pairs if on or off}:
        call.send("PUT", f"/os-hosts/{args.host}", body)


ROWS = (
    Row(
        "hypervisor list",
        "[--matching <hostname>] [--limit <#count>] [--marker <hypervisor>] [--max-items <#count>] [--long]",
        "List hypervisors.",
        list_hypervisors,
        LIST,
    ),
    Row("hypervisor show", "<hypervisor>", "Show a hypervisor.", show_hypervisor, OBJECT),
    Row("hypervisor stats show", "", "Show the sums over all hypervisors.", show_statistics, OBJECT),
    Row(
        "compute service list",
        "[--host <host>] [--service <service>] [--long]",
        "List the services of compute.",
        list_services,
        LIST,
    ),
    Row(
        "compute service set",
        "<host> <service> [--enable | --disable] [--disable-reason <reason>] [--up | --down]",
        "Enable or disable a compute service, or force it down.",
        set_service,
    ),
    Row("compute service delete", "<service>...", "Delete compute services.", delete_services),
    Row("host list", "[--zone <zone>]", "List hosts.", list_hosts, LIST),
    Row("host show", "<host>", "Show the resources of a host.", show_host, LIST),
    Row(
        "host set",
        "<host> [--enable | --disable] [--enable-maintenance | --disable-maintenance]",
        "Change a host.",
        set_host,
    ),
)
