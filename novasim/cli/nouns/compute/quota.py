"""Quotas of projects, of users in them, and of classes: of servers, volumes and networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import click

from novasim.cli.lookup import project_id, user_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.lifecycle.microversions import NEWEST

Limits = dict[str, int]


class Quota(NamedTuple):
    """
    An option of `quota set`.

    Args:
        service: The service that keeps the limit. name: its name there.
    """

    service: str
    name: str
    help: str


OPTIONS = {  # by the option names of OpenStack's client
    "instances": Quota("compute", "instances", "Servers."),
    "cores": Quota("compute", "cores", "Virtual CPUs."),
    "ram": Quota("compute", "ram", "Memory in MiB."),
    "properties": Quota("compute", "metadata_items", "Metadata items of a server."),
    "key-pairs": Quota("compute", "key_pairs", "Key pairs of each user."),
    "server-groups": Quota("compute", "server_groups", "Server groups."),
    "server-group-members": Quota("compute", "server_group_members", "Servers in a server group."),
    "injected-files": Quota("compute", "injected_files", "Injected files (until 2.56)."),
    "injected-file-size": Quota("compute", "injected_file_content_bytes", "Bytes in an injected file (until 2.56)."),
    "injected-path-size": Quota("compute", "injected_file_path_bytes", "Bytes in its path (until 2.56)."),
    "volumes": Quota("volume", "volumes", "Volumes."),
    "gigabytes": Quota("volume", "gigabytes", "Size of all volumes and snapshots in GiB."),
    "per-volume-gigabytes": Quota("volume", "per_volume_gigabytes", "Size of one volume in GiB."),
    "snapshots": Quota("volume", "snapshots", "Volume snapshots."),
    "volume-groups": Quota("volume", "groups", "Groups of volumes."),
    "backups": Quota("volume", "backups", "Volume backups."),
    "backup-gigabytes": Quota("volume", "backup_gigabytes", "Size of all volume backups in GiB."),
    "networks": Quota("network", "network", "Networks."),
    "subnets": Quota("network", "subnet", "Subnets."),
    "ports": Quota("network", "port", "Ports."),
    "routers": Quota("network", "router", "Routers."),
    "floating-ips": Quota("network", "floatingip", "Floating IPs."),
    "secgroups": Quota("network", "security_group", "Security groups."),
    "secgroup-rules": Quota("network", "security_group_rule", "Security group rules."),
    "subnetpools": Quota("network", "subnetpool", "Subnet pools."),
    "rbac-policies": Quota("network", "rbac_policy", "Role-based access policies of networks."),
    "trunks": Quota("network", "trunk", "Trunks."),
}

OF_VOLUME_TYPES = ("volumes", "gigabytes", "snapshots")


@click.group()
def quota() -> None:
    """
    Quotas: limits of projects, of users in them, and of classes.

    Example: novasim quota show
    """


@quota.command("show")
@click.argument("project", required=False)
@click.option("--user", help="Show the limits of a user in the project.")
@output_options
@pass_session
def show_quota(session: Session, project: str | None, user: str | None) -> None:
    """
    Show the limits and usage of a project (default: your own).

    Example: novasim quota show
    """
    id = project_id(session, project) if project else session.caller.project_id
    query = [("user_id", user_id(session, user))] if user else []
    figures = session.get(f"/os-quota-sets/{id}/detail", query)["quota_set"]
    figures |= _volume_figures(session, id) | _network_figures(session, id) if not user else {}
    flat = {name: f"{value['in_use']} of {value['limit']}" for name, value in figures.items() if name != "id"}
    session.show(flat if session.fmt == "table" else figures)


def _volume_figures(session: Session, id: str) -> dict[str, Any]:
    path = f"/v3/{session.caller.project_id}/os-quota-sets/{id}"
    figures: dict[str, Any] = session.get(path, [("usage", "True")], service="volume")["quota_set"]
    return figures


def _network_figures(session: Session, id: str) -> dict[str, Any]:
    figures = session.get(f"/v2.0/quotas/{id}/details", service="network")["quota"]
    return {name: {"in_use": value["used"], **value} for name, value in figures.items()}


def _limit_options(function: Callable[..., None]) -> Callable[..., None]:
    for option, each in reversed(OPTIONS.items()):
        function = click.option(f"--{option}", type=int, help=each.help)(function)
    return function


@quota.command("set")
@click.argument("project")
@_limit_options
@click.option("--user", help="Set the limits of a user in the project (servers only).")
@click.option("--volume-type", help="Set --volumes, --gigabytes and --snapshots for volumes of this type.")
@click.option("--class", "is_class", is_flag=True, help="PROJECT is a class; the class default is for all projects.")
@click.option("--force", is_flag=True, help="Allow limits below the usage.")
@output_options
@pass_session
def set_quota(
    session: Session,
    /,
    project: str,
    user: str | None,
    volume_type: str | None,
    is_class: bool,
    force: bool,
    **limits: Any,
) -> None:
    """
    Set limits of a project (administrators); -1 is unlimited.

    Example: novasim --as admin quota set demo --instances 50 --volumes 20
    """
    given = {name.replace("_", "-"): value for name, value in limits.items() if value is not None}
    bodies = _by_service(given, volume_type)
    if user and bodies.keys() - {"compute"}:
        raise UsageError("Limits of volumes and networks cannot be set for a user.")
    if is_class and "network" in bodies:
        raise UsageError("Limits of networks cannot be set for a class.")
    with session.transaction(writes=True):
        if is_class:
            _set_class(session, project, bodies)
        else:
            _set_project(session, project_id(session, project), user, bodies, force)
    if is_class:
        path = f"/v3/{session.caller.project_id}/os-quota-class-sets/{project}"
        volume = session.get(path, service="volume")["quota_class_set"]
        session.show({**volume, **session.get(f"/os-quota-class-sets/{project}")["quota_class_set"]})
    else:
        _show_project_limits(session, project_id(session, project), user)


def _show_project_limits(session: Session, id: str, user: str | None) -> None:
    """Show the limits of a project in all services; with *user*, those of the user in it."""
    if user:
        query = [("user_id", user_id(session, user))]
        return session.show(session.get(f"/os-quota-sets/{id}", query)["quota_set"])
    volume = session.get(f"/v3/{session.caller.project_id}/os-quota-sets/{id}", service="volume")["quota_set"]
    network = session.get(f"/v2.0/quotas/{id}", service="network")["quota"]
    return session.show({**volume, **network, **session.get(f"/os-quota-sets/{id}")["quota_set"]})


def _by_service(limits: Limits, volume_type: str | None) -> dict[str, Limits]:
    bodies: dict[str, Limits] = {}
    for option, value in limits.items():
        service, name, _ = OPTIONS[option]
        if volume_type and option in OF_VOLUME_TYPES:
            name = f"{name}_{volume_type}"
        bodies.setdefault(service, {})[name] = value
    return bodies


def _set_class(session: Session, name: str, bodies: dict[str, Limits]) -> None:
    if "volume" in bodies:
        path = f"/v3/{session.caller.project_id}/os-quota-class-sets/{name}"
        session.request("PUT", path, {"quota_class_set": bodies["volume"]}, service="volume")
    if "compute" in bodies or not bodies:
        session.request("PUT", f"/os-quota-class-sets/{name}", {"quota_class_set": bodies.get("compute", {})})


def _set_project(session: Session, id: str, user: str | None, bodies: dict[str, Limits], force: bool) -> None:
    forced = {"force": True} if force else {}
    if "compute" in bodies:
        minor = 56 if any(name.startswith("injected") for name in bodies["compute"]) else NEWEST
        query = [("user_id", user_id(session, user))] if user else []
        body = {"quota_set": {**bodies["compute"], **forced}}
        session.request("PUT", f"/os-quota-sets/{id}", body, query, minor)
    if "volume" in bodies:
        path = f"/v3/{session.caller.project_id}/os-quota-sets/{id}"
        session.request("PUT", path, {"quota_set": bodies["volume"]}, service="volume")
    if "network" in bodies:
        session.request("PUT", f"/v2.0/quotas/{id}", {"quota": {**bodies["network"], **forced}}, service="network")
