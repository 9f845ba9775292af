"""The commands migrate, live-migrate, evacuate and reset-state, mostly for administrators."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.options import LazyCommand, output_options, pass_session, waiting_options
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.requests import ServerRequests, send_action, send_to_each
from novasim.cli.servers.views import show_passwords
from novasim.cli.session import Session
from novasim.errors import UsageError

FORCE_UNTIL = 67  # the last microversion in which a target host can bypass the scheduler
OVERCOMMIT_UNTIL = 24  # the last microversion in which a live migration may overcommit the target's disk

force_option = click.option(
    "--force", is_flag=True, help="Use --host without asking the scheduler (only up to microversion 2.67)."
)


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--host", help="Target host (administrators).")
@waiting_options
@output_options
@pass_session
@selection_options("migrate")
def migrate(session: Session, servers: tuple[str, ...], host: str | None, timeout: float | None) -> None:
    """
    Move servers to other hosts. They are shut down during the move; then confirm-resize or revert-resize them.

    Example: novasim --as admin migrate web1 --host host2 --wait
    """
    send_to_each(session, servers, "migrate", {"host": host} if host else None, timeout)


@click.command("live-migrate", cls=LazyCommand)
@servers_argument
@click.option("--host", help="Target host (administrators).")
@click.option(
    "--block-migration",
    type=click.Choice(["auto", "true", "false"]),
    default="auto",
    show_default=True,
    help="Whether to copy the disks.",
)
@click.option(
    "--disk-overcommit",
    is_flag=True,
    help="Allow more disk than the target host has (only up to microversion 2.24, which is then used).",
)
@force_option
@waiting_options
@output_options
@pass_session
@selection_options("live-migrate")
def live_migrate(
    session: Session,
    servers: tuple[str, ...],
    host: str | None,
    block_migration: str,
    disk_overcommit: bool,
    force: bool,
    timeout: float | None,
) -> None:
    """
    Move running servers to another host without stopping them.

    Example: novasim --as admin live-migrate web1 --wait
    """
    block: Any = block_migration if block_migration == "auto" else block_migration == "true"
    body = {"host": host, "block_migration": block}
    until = OVERCOMMIT_UNTIL if disk_overcommit else FORCE_UNTIL if force else None
    if disk_overcommit or (session.pinned is not None and session.pinned <= OVERCOMMIT_UNTIL):
        body |= {"block_migration": block is True, "disk_over_commit": disk_overcommit}
    _send_move(session, servers, "live-migrate", body | ({"force": True} if force else {}), until, timeout)


def _send_move(
    session: Session,
    servers: tuple[str, ...],
    name: str,
    body: dict[str, Any],
    until: int | None,
    timeout: float | None,
) -> None:
    """Send an action, at the microversion *until* if a parameter exists only so far, and show new passwords."""
    with ServerRequests(session, name) as requests:
        for server in servers:
            with requests.to(server) as request:
                request.response = send_action(session, name, request.id, body, until)
        requests.wait(timeout)
        show_passwords(session, requests.responses())


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--host", help="Target host.")
@click.option("--password", help="New administrator password (before 2.14 generated and printed).")
@force_option
@waiting_options
@output_options
@pass_session
@selection_options("evacuate", is_required=False)
def evacuate(
    session: Session,
    servers: tuple[str, ...],
    host: str | None,
    password: str | None,
    force: bool,
    timeout: float | None,
) -> None:
    """
    Rebuild the servers of a failed host on other hosts. They end SHUTOFF; before microversion 2.95, ACTIVE.

    Example: novasim --as admin evacuate web1 --wait
    """
    if not servers:
        raise UsageError(_explain_no_servers(session, host))
    body: dict[str, Any] = {name: value for name, value in (("host", host), ("adminPass", password)) if value}
    if session.pinned is not None and session.pinned < 14:
        body["onSharedStorage"] = "False"
    until = FORCE_UNTIL if force else None
    _send_move(session, servers, "evacuate", body | ({"force": True} if force else {}), until, timeout)


def _explain_no_servers(session: Session, host: str | None) -> str:
    """Explain that servers must be named, and how to name all servers of a host."""
    if (
        host
        and session.caller.is_admin
        and not session.get("/servers", [("all_tenants", "1"), ("host", host)])["servers"]
    ):
        return f"There is nothing to evacuate: {host} has no servers."
    listing = session.command_line("list", "--all-projects", "--host", host or "HOST", "-q", who="admin")
    evacuate = session.command_line("evacuate", who="admin")
    return f"Name the servers to evacuate. All servers of {host or 'a host'}: {evacuate} $({listing})"


@click.command("reset-state", cls=LazyCommand)
@servers_argument
@click.option("--state", type=click.Choice(["active", "error"]), default="error", show_default=True, help="New state.")
@output_options
@pass_session
@selection_options("reset-state")
def reset_state(session: Session, servers: tuple[str, ...], state: str) -> None:
    """
    Set the recorded state of servers without changing their guests (administrators).

    Example: novasim --as admin reset-state web1 --state active
    """
    send_to_each(session, servers, "reset-state", {"state": state})
