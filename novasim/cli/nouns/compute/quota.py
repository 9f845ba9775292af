"""Quotas of projects."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lookup import project_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session


@click.group()
def quota() -> None:
    """
    Quotas: how much a project may have.

    Example: novasim quota show
    """


@quota.command("show")
@click.argument("project", required=False)
@output_options
@pass_session
def show_quota(session: Session, project: str | None) -> None:
    """
    Show how much a project (default: one's own) may have and how much of it is used.

    Example: novasim quota show
    """
    id = project or session.caller.project_id
    figures = session.get(f"/os-quota-sets/{id}/detail")["quota_set"]
    flat = {name: f"{value['in_use']} of {value['limit']}" for name, value in figures.items() if name != "id"}
    session.show(flat if session.fmt == "table" else figures)


@quota.command("set")
@click.argument("project")
@click.option("--instances", type=int, help="Servers.")
@click.option("--cores", type=int, help="Virtual CPUs.")
@click.option("--ram", type=int, help="Memory in MiB.")
@click.option("--key-pairs", type=int, help="Key pairs of each user.")
@click.option("--server-groups", type=int, help="Server groups.")
@click.option("--force", is_flag=True, help="Even below what is used.")
@output_options
@pass_session
def set_quota(session: Session, /, project: str, force: bool, **limits: int | None) -> None:
    """
    Set how much a project may have (administrators); -1 is unlimited.

    Example: novasim --as admin quota set demo --instances 50 --cores 100
    """
    body: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    body |= {"force": True} if force else {}
    path = f"/os-quota-sets/{project_id(session, project)}"
    session.show(session.request("PUT", path, {"quota_set": body}).body["quota_set"])
