"""Usage of projects over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from novasim.cli.lookup import project_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.simulation.time import clock

FOUR_WEEKS = 28 * 86400
PROJECTS = {
    "Project": "tenant_id",
    "Server hours": "total_hours",
    "vCPU hours": "total_vcpus_usage",
    "RAM (MiB hours)": "total_memory_mb_usage",
    "Disk (GiB hours)": "total_local_gb_usage",
}

start_option = click.option("--start", help="Start, such as 2026-01-31T00:00:00 (default: four weeks ago).")
end_option = click.option("--end", help="End (default: now).")


@click.group()
def usage() -> None:
    """
    Usage of projects: hours of servers, vCPUs, memory and disk.

    Example: novasim usage show
    """


@usage.command("list")
@start_option
@end_option
@output_options
@pass_session
def list_usage(session: Session, start: str | None, end: str | None) -> None:
    """
    List the usage of all projects (administrators).

    Example: novasim --as admin usage list
    """
    found = session.get("/os-simple-tenant-usage", _period(session, start, end))["tenant_usages"]
    session.show_list(found, PROJECTS, "tenant_id", list(map(_round, found)) if session.fmt == "table" else ())


@usage.command("show")
@click.argument("project", required=False)
@start_option
@end_option
@output_options
@pass_session
def show_usage(session: Session, project: str | None, start: str | None, end: str | None) -> None:
    """
    Show the usage of a project (default: yours), per server in JSON.

    Example: novasim usage show -f json
    """
    id = project_id(session, project) if project else session.caller.project_id
    found = session.get(f"/os-simple-tenant-usage/{id}", _period(session, start, end))["tenant_usage"]
    if session.is_human_readable:
        shown = _round(found) if session.fmt == "table" else found
        found = {**dict.fromkeys(PROJECTS.values(), 0), **shown, "tenant_id": id}
    session.show(found, PROJECTS)


def _round(usage: Mapping[str, Any]) -> dict[str, Any]:
    """The hours as people read them."""
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in usage.items()}


def _period(session: Session, start: str | None, end: str | None) -> list[tuple[str, str]]:
    with session.cloud.reading() as world:
        now = world.now
    return [
        ("start", start or clock.format_time(now - FOUR_WEEKS)[:19]),
        ("end", end or clock.format_time(now + 1)[:19]),
    ]
