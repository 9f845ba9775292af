"""Compute services on hosts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from novasim.cli.errors.attempts import Attempts
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import NotFound, UsageError

COLUMNS = {
    "ID": "id",
    "Binary": "binary",
    "Host": "host",
    "Zone": "zone",
    "Status": "status",
    "State": "state",
    "Forced down": "forced_down",
    "Disabled because": "disabled_reason",
}


def find_service(session: Session, host: str) -> dict[str, Any]:
    """
    The compute service of a host.

    Raises:
        NotFound: no such host.
    """
    for each in session.get("/os-services", [("host", host)])["services"]:
        if each["host"] == host:
            service: dict[str, Any] = each
            return service
    raise NotFound(reason=f"There is no host {host!r}; see: novasim --as admin host list.")


def change_service(
    session: Session, service: dict[str, Any], enabled: bool | None, reason: str | None, forced_down: bool | None
) -> dict[str, Any]:
    """Change the service where an argument is not None; without a change no request is sent."""
    body: dict[str, Any] = {"status": "enabled" if enabled else "disabled"} if enabled is not None else {}
    body |= {"disabled_reason": reason} if reason else {}
    body |= {"forced_down": forced_down} if forced_down is not None else {}
    if not body:
        return service
    changed: dict[str, Any] = session.request("PUT", f"/os-services/{service['id']}", body).body["service"]
    return changed


@click.group()
def service() -> None:
    """
    Compute services: the part of Nova that runs on each host (administrators).

    Example: novasim --as admin service list
    """


@service.command("list")
@click.option("--host", help="Only services on this host.")
@output_options
@pass_session
def list_services(session: Session, host: str | None) -> None:
    """
    List all services.

    Example: novasim --as admin service list --host host1
    """
    query = [("host", host)] if host else []
    session.show_list(session.get("/os-services", query)["services"], COLUMNS)


@service.command("set")
@click.argument("host")
@click.option("--enable/--disable", "enabled", default=None, help="Whether new servers may be scheduled to the host.")
@click.option("--disable-reason", help="Reason for --disable.")
@click.option("--up/--down", "up", default=None, help="Force the service down, or clear that.")
@output_options
@pass_session
def set_service(session: Session, host: str, enabled: bool | None, disable_reason: str | None, up: bool | None) -> None:
    """
    Enable or disable the service of a host, or force it down. To switch the host off: novasim host set --down.

    Example: novasim --as admin service set host1 --down
    """
    if (enabled, disable_reason, up) == (None, None, None):
        raise UsageError("Nothing to set; see: novasim service set --help")
    session.show(
        change_service(session, find_service(session, host), enabled, disable_reason, None if up is None else not up)
    )


@service.command("delete")
@click.argument("hosts", metavar="HOST...", nargs=-1, required=True)
@output_options
@pass_session
def delete(session: Session, hosts: tuple[str, ...]) -> None:
    """
    Delete the services of hosts that have no servers, and the hosts.

    Example: novasim --as admin service delete host9
    """
    delete_services(session, hosts)


def delete_services(session: Session, hosts: Sequence[str]) -> None:
    """Delete the compute services of hosts, and the hosts."""
    with Attempts(session) as attempts:
        for host in hosts:
            with attempts.attempt():
                session.request("DELETE", f"/os-services/{find_service(session, host)['id']}")
