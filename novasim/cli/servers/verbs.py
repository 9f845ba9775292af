"""Commands that act on servers. Those without options of their own are built from their rows."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import click

from novasim.cli.lookup import find_id
from novasim.cli.options import (
    LazyCommand,
    output_options,
    pass_session,
    waiting_options,
)
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.requests import ServerRequests, send_to_each
from novasim.cli.servers.server_options import disk_config_option, shared_fields
from novasim.cli.session import Session
from novasim.lifecycle.actions import ACTIONS

REFUSED_TO_MEMBERS = ("inject-network-info", "shelve-offload")  # so that their examples need an administrator


@cache
def plain_verb(name: str) -> click.Command:
    """The command for an action whose request has no arguments. It is built once, since Click looks it up twice."""
    caller = "--as admin " if name in REFUSED_TO_MEMBERS else ""

    @click.command(name, help=f"{ACTIONS[name].summary}\n\nExample: novasim {caller}{name} web1", cls=LazyCommand)
    @servers_argument
    @waiting_options
    @output_options
    @pass_session
    @selection_options(name)
    def verb(session: Session, servers: tuple[str, ...], timeout: float | None) -> None:
        send_to_each(session, servers, name, None, timeout)

    return verb


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--force", is_flag=True, help="Delete at once, even if deleted servers can be restored.")
@waiting_options
@output_options
@pass_session
@selection_options("delete")
def delete(session: Session, servers: tuple[str, ...], force: bool, timeout: float | None) -> None:
    """
    Delete servers. With the option reclaim_instance_interval they can be restored for that time.

    Example: novasim delete web1 web2 --wait
    """
    if force:
        send_to_each(session, servers, "force-delete", None, timeout)
        return
    with ServerRequests(session, "delete") as requests:
        for server in servers:
            with requests.to(server) as request:
                request.response = session.request("DELETE", f"/servers/{request.id}")
        requests.wait(timeout)


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--hard", "kind", flag_value="HARD", help="Cycle the power.")
@click.option("--soft", "kind", flag_value="SOFT", default="SOFT", help="Ask the guest (the default).")
@waiting_options
@output_options
@pass_session
@selection_options("reboot")
def reboot(session: Session, servers: tuple[str, ...], kind: str, timeout: float | None) -> None:
    """
    Reboot servers. A soft reboot needs a running guest; a hard reboot works for one that is stuck, too.

    Example: novasim reboot web1 --hard --wait
    """
    name = "hard-reboot" if kind == "HARD" else "reboot"
    send_to_each(session, servers, name, {"type": kind}, timeout)


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--flavor", required=True, help="Flavor to change to (name or ID).")
@disk_config_option
@waiting_options
@output_options
@pass_session
@selection_options("resize")
def resize(
    session: Session, servers: tuple[str, ...], flavor: str, disk_config: str | None, timeout: float | None
) -> None:
    """
    Change the flavor of servers. They are VERIFY_RESIZE until confirm-resize or revert-resize.

    Example: novasim resize web1 --flavor m1.large --wait
    """
    body = {"flavorRef": find_id(session, "flavor", flavor)} | shared_fields({"disk_config": disk_config})
    send_to_each(session, servers, "resize", body, timeout)


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--availability-zone", help="Availability zone to start in; the server is pinned to it.")
@click.option("--no-availability-zone", is_flag=True, help="Start in any zone; a pinned server is unpinned.")
@click.option("--host", help="Host to start on (administrators).")
@waiting_options
@output_options
@pass_session
@selection_options("unshelve")
def unshelve(
    session: Session,
    servers: tuple[str, ...],
    availability_zone: str | None,
    no_availability_zone: bool,
    host: str | None,
    timeout: float | None,
) -> None:
    """
    Start shelved servers again. For offloaded servers a zone or a host can be given.

    Example: novasim unshelve web1 --wait
    """
    body: dict[str, Any] = {"host": host} if host else {}
    if availability_zone or no_availability_zone:
        body["availability_zone"] = None if no_availability_zone else availability_zone
    send_to_each(session, servers, "unshelve", body or None, timeout)


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--reason", help="Reason, shown to callers that the lock stops.")
@output_options
@pass_session
@selection_options("lock")
def lock(session: Session, servers: tuple[str, ...], reason: str | None) -> None:
    """
    Lock servers: only administrators can change them until they are unlocked.

    Example: novasim lock web1 --reason "backup running"
    """
    body = None if reason is None else {"locked_reason": reason}
    send_to_each(session, servers, "lock", body)


def read_password(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """The password: the option's value, hidden input on a terminal, or the first line of standard input."""
    if value is not None:
        return value
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    if not (line := sys.stdin.readline().rstrip("\n")):
        raise click.MissingParameter(ctx=ctx, param=param)
    return line


@click.command("change-password", cls=LazyCommand)
@servers_argument
@click.option("--password", callback=read_password, help="New password (default: prompt for it).")
@waiting_options
@output_options
@pass_session
@selection_options("change-password")
def change_password(session: Session, servers: tuple[str, ...], password: str, timeout: float | None) -> None:
    """
    Set the administrator password of guests.

    Example: novasim change-password web1 --wait
    """
    send_to_each(session, servers, "change-password", {"adminPass": password}, timeout)
