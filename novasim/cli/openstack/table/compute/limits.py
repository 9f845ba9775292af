"""The commands `limits` and `usage`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=RAM)(?=[A-Z])")
SECOND_NAMES = {"max_total_ram_size": "total_ram", "max_total_cores": "total_cores"}
ONLY_NAMES = {"max_personality": "personality", "max_personality_size": "personality_size"}
WITHOUT_SECOND_NAME = ("total_cores_used", "total_ram_used")
PREFIX = re.compile(r"^(max_total|max|total)_")
RATES = "Verb, URI, Value, Remain|remaining, Unit, Next Available|next-available"
USAGE = """
    Project, Servers, RAM MB-Hours|total_memory_mb_usage|hours, CPU Hours|total_vcpus_usage|hours,
    Disk GB-Hours|total_local_gb_usage|hours
"""
SERVER_USAGE = """
    hours flavor instance_id name project_id|tenant_id memory_mb local_gb vcpus started_at ended_at state uptime id|-
    location|-
"""
DATE = "%Y-%m-%d"
MINOR = 75


def show_limits(call: Call) -> Output:
    """Show the limits and the usage of a project."""
    project = call.find_id("project", call.args.project) if call.args.project else None
    query = [("reserved", bool(call.args.reserved)), ("tenant_id", project)]
    compute = call.send("GET", "/limits", query=query).body["limits"]
    path, query = f"/v3/{call.project_id}/limits", [("project_id", project)]
    volume = call.send("GET", path, query=query, service="volume", minor=39).body["limits"]
    if not call.args.absolute:
        rates = [{"uri": rate["uri"], **each} for rate in [*compute["rate"], *volume["rate"]] for each in rate["limit"]]
        return show_items(rates, RATES)
    limits = _name_limits(compute["absolute"]) | {_snake_case(key): value for key, value in volume["absolute"].items()}
    return Output(["Name", "Value"], sorted(limits.items()))


def _snake_case(key: str) -> str:
    return CAPITAL.sub("_", key).lower()


def _name_limits(absolute: Mapping[str, Any]) -> Item:
    """The limits of compute by both of their names in openstacksdk."""
    limits = {}
    for key, value in absolute.items():
        name = _snake_case(key)
        limits[ONLY_NAMES.get(name, name)] = value
        if name not in ONLY_NAMES and name not in WITHOUT_SECOND_NAME:
            limits[SECOND_NAMES.get(name, PREFIX.sub("", name))] = value
    return limits


def _period(call: Call) -> tuple[datetime, datetime]:
    """The first and last moment of the period; by default the last four weeks of the cloud's time, and tomorrow."""
    from novasim.cli.servers.wait_goals import current_time

    now = datetime.fromtimestamp(current_time(call.session), timezone.utc)
    start = _parse_date(call.args.start) if call.args.start else now - timedelta(weeks=4)
    return start, _parse_date(call.args.end) if call.args.end else now + timedelta(days=1)


def _parse_date(text: str) -> datetime:
    try:
        return datetime.strptime(text, DATE).replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _query(start: datetime, end: datetime) -> list[tuple[str, str]]:
    return [("start", start.replace(tzinfo=None).isoformat()), ("end", end.replace(tzinfo=None).isoformat())]


def list_usage(call: Call) -> Output:
    """List the usage of all projects."""
    start, end = _period(call)
    query = [("detailed", True), *_query(start, end)]
    usages = call.send("GET", "/os-simple-tenant-usage", query=query, minor=MINOR).body["tenant_usages"]
    names = {project["id"]: project["name"] for project in call.list("project")}
    if usages and call.args.formatter == "table":
        call.write_line(f"Usage from {start.strftime(DATE)} to {end.strftime(DATE)}: ")
    return show_items([_describe(usage, names) for usage in usages], USAGE)


def show_usage(call: Call) -> Output:
    """Show the usage of a project."""
    start, end = _period(call)
    project = call.find_id("project", call.args.project) if call.args.project else call.project_id
    path = f"/os-simple-tenant-usage/{project}"
    usage = call.send("GET", path, query=_query(start, end), minor=MINOR).body["tenant_usage"]
    if call.args.formatter == "table":
        call.write_line(f"Usage from {start.strftime(DATE)} to {end.strftime(DATE)} on project {project}: ")
    return show_item(_describe(usage, {}), USAGE)


def _describe(usage: Item, names: Mapping[str, str]) -> Item:
    project, servers = usage.get("tenant_id"), usage.get("server_usages")
    output = [show_item(server, SERVER_USAGE) for server in servers or ()]
    known = [dict(zip(each.titles, each.rows[0], strict=True)) for each in output]
    count = Cell(known if servers is not None else None, str(len(known)) if servers is not None else "")
    return {**usage, "project": Cell(project, names.get(str(project), project or "")), "servers": count}


PERIOD = "[--start <date>] [--end <date>]"
PROJECT = "[--project <project>] [--project-domain <project-domain>]"
ROWS = (
    Row(
        "limits show",
        f"(--absolute | --rate) [--reserved] {PROJECT} [--domain <domain>]",
        "Show the limits and usage of a project.",
        show_limits,
        LIST,
    ),
    Row("usage list", PERIOD, "List the usage of all projects.", list_usage, LIST),
    Row("usage show", f"{PROJECT} {PERIOD}", "Show the usage of a project.", show_usage, OBJECT),
)
