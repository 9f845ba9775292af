"""Compute services on hosts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from novasim.cli.errors.attempts import Attempts
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import CellDown, NotFound, UsageError
from novasim.render.view import view_list

COMPUTE = "nova-compute"
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
HIDE_FIRST = ("ID", "Disabled because", "Forced down", "Zone")  # commands name a service by its host


def find_service(session: Session, host: str, binary: str = COMPUTE) -> dict[str, Any]:
    """
    The service of a host.

    Raises:
        NotFound: no such host, or no such service on it.
    """
    for each in session.get("/os-services", [("host", host), ("binary", binary)])["services"]:
        service: dict[str, Any] = each
        return service
    if binary == COMPUTE:
        raise NotFound(reason=f"There is no host {host!r}; see: novasim --as admin host list.")
    raise NotFound(reason=f"There is no service {binary!r} on host {host!r}; see: novasim --as admin service list.")


def change_service(
    session: Session, service: dict[str, Any], enabled: bool | None, reason: str | None, forced_down: bool | None
) -> dict[str, Any]:
    """
    Change the service where an argument is not None; without a change no request is sent.

    Raises:
        CellDown: the service's cell cannot be reached, so its id is unknown.
    """
    body: dict[str, Any] = {"status": "enabled" if enabled else "disabled"} if enabled is not None else {}
    body |= {"disabled_reason": reason} if reason else {}
    body |= {"forced_down": forced_down} if forced_down is not None else {}
    if not body:
        return service
    changed: dict[str, Any] = session.request("PUT", _service_path(service), body).body["service"]
    return changed


binary_option = click.option("--binary", default=COMPUTE, show_default=True, help="The service on the host.")


@click.group()
def service() -> None:
    """
    Services of Nova: nova-compute on each host, and the conductor and the scheduler (administrators).

    Example: novasim --as admin service list
    """


@service.command("list")
@click.option("--host", help="Only services on this host.")
@click.option("--binary", help="Only services with this binary, such as nova-compute.")
@output_options
@pass_session
def list_services(session: Session, host: str | None, binary: str | None) -> None:
    """
    List all services.

    Example: novasim --as admin service list --host host1
    """
    query = [(name, value) for name, value in (("host", host), ("binary", binary)) if value]
    services = session.get("/os-services", query)["services"]
    session.write(view_list(services, COLUMNS)._replace(hide_first=HIDE_FIRST))


@service.command("set")
@click.argument("host")
@click.option("--enable/--disable", "enabled", default=None, help="Whether new servers may be scheduled to the host.")
@click.option("--disable-reason", help="Reason for --disable.")
@click.option("--up/--down", "up", default=None, help="Force the service down, or clear that.")
@binary_option
@output_options
@pass_session
def set_service(
    session: Session, host: str, enabled: bool | None, disable_reason: str | None, up: bool | None, binary: str
) -> None:
    """
    Enable or disable the service of a host, or force it down. To switch the host off: novasim host set --down.

    Example: novasim --as admin service set host1 --down
    """
    if (enabled, disable_reason, up) == (None, None, None):
        raise UsageError("Nothing to set; see: novasim service set --help")
    service = find_service(session, host, binary)
    session.show(change_service(session, service, enabled, disable_reason, None if up is None else not up))


@service.command("delete")
@click.argument("hosts", metavar="HOST...", nargs=-1, required=True)
@binary_option
@output_options
@pass_session
def delete(session: Session, hosts: tuple[str, ...], binary: str) -> None:
    """
    Delete the services of hosts that have no servers, and the hosts.

    Example: novasim --as admin service delete host9
    """
    delete_services(session, hosts, binary)


def delete_services(session: Session, hosts: Sequence[str], binary: str = COMPUTE) -> None:
    """Delete a service of each host; a host goes with its compute service."""
    with Attempts(session) as attempts:
        for host in hosts:
            with attempts.attempt():
                session.request("DELETE", _service_path(find_service(session, host, binary)))


def _service_path(service: dict[str, Any]) -> str:
    """The path of a service. CellDown if its cell cannot be reached, so that its id is unknown."""
    if "id" not in service:
        raise CellDown(host=service["host"])
    return f"/os-services/{service['id']}"
