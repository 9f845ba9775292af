"""Faults: let things go wrong, on purpose and repeatably."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.errors.attempts import Attempts
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import NotFound, UsageError

COLUMNS = {
    "ID": "id",
    "Name": "name",
    "Does": "does",
    "Action": "action",
    "Phase": "phase",
    "Server": "server",
    "Left": "times",
    "Struck": "struck",
}


def parse_moment(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """A time in ISO 8601 as seconds since the epoch."""
    from novasim.api.schemas.formats import parse_time

    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; write 2026-01-31T12:00:00.", ctx, param) from None


@click.group()
def fault() -> None:
    """
    Faults: what shall go wrong, where, when and how often.

    Example: novasim fault add spawn --times 1
    """


@fault.command("add")
@click.argument("name", required=False)
@click.option("--action", help="Only in this action, such as resize.")
@click.option("--phase", help="Only in this phase: a task_state, such as spawning.")
@click.option("--server", help="Only on servers whose names match, such as 'web*'.")
@click.option("--image", help="Only on servers made from this image (name or ID).")
@click.option("--flavor", help="Only on servers of this flavor (name or ID).")
@click.option("--host", help="Only on servers on this host.")
@click.option("--project", help="Only on servers of this project (name or ID).")
@click.option("--times", type=int, help="Strike so often, then no more (default: always).")
@click.option("--probability", type=float, help="How likely it is to strike, by the cloud's seed (default: 1).")
@click.option("--since", metavar="TIME", callback=parse_moment, help="Strike from this time of the cloud on.")
@click.option("--until", metavar="TIME", callback=parse_moment, help="Strike before this time of the cloud only.")
@click.option("--refuse", "code", type=int, help="Refuse the request with this code.")
@click.option("--stuck", "stuck", is_flag=True, help="Let the phase not end until the fault is removed.")
@click.option("--slow", "factor", type=float, help="Let the phase take so many times as long.")
@click.option("--fail", "message", help="Let the phase fail with this message.")
@click.option("--lose", "lose", is_flag=True, help="Accept the request, and let nothing happen.")
@click.option("--host-crash", "crash", is_flag=True, help="Let the server's host die at the end of the phase.")
@output_options
@pass_session
def add(session: Session, /, name: str | None, stuck: bool, lose: bool, crash: bool, **wanted: Any) -> None:
    """
    Let something go wrong from now on.

    NAME alone is a predefined fault: no-valid-host, image-download, spawn, resize-disk-full, live-migration-abort,
    shelve-upload, volume-attach, host-crash. Otherwise say what it does, and give it any NAME.

    Example: novasim fault add --action reboot --server 'web*' --stuck
    """
    from novasim.control.faults import PREDEFINED, add_fault

    chosen = {
        "refuse": wanted["code"] is not None,
        "stuck": stuck,
        "slow": wanted["factor"] is not None,
        "fail": wanted["message"] is not None,
        "lose": lose,
        "host-crash": crash,
    }
    does = [word for word, said in chosen.items() if said]
    if len(does) > 1:
        raise UsageError(f"A fault does one thing, not {' and '.join(does)}.")
    if not does and name is not None and name not in PREDEFINED:
        from novasim.suggestions import did_you_mean

        raise UsageError(f"There is no predefined fault {name!r}.{did_you_mean(name, PREDEFINED)}")
    session.show(add_fault(session.cloud, name=name, does=does[0] if does else None, **wanted))


@fault.command("list")
@output_options
@pass_session
def list_faults(session: Session) -> None:
    """
    List all faults; of several that fit, the first one strikes.

    Example: novasim fault list
    """
    from novasim.control.faults import list_faults

    session.show_list(list_faults(session.cloud), COLUMNS)


@fault.command("show")
@click.argument("name", metavar="FAULT")
@output_options
@pass_session
def show(session: Session, name: str) -> None:
    """
    Show one fault, by ID or name.

    Example: novasim fault show spawn
    """
    from novasim.control.faults import list_faults

    for each in list_faults(session.cloud):
        if name in (each["id"], each["name"]):
            session.show(each)
            return
    raise NotFound(reason=f"There is no fault {name!r}; see: novasim fault list.")


@fault.command("remove")
@click.argument("names", metavar="FAULT...", nargs=-1, required=True)
@output_options
@pass_session
def remove(session: Session, names: tuple[str, ...]) -> None:
    """
    Take faults away, by ID or name; what they held up goes on.

    Example: novasim fault remove spawn
    """
    from novasim.control.faults import remove_faults

    with Attempts(session) as attempts:
        for name in names:
            with attempts.attempt():
                remove_faults(session.cloud, name)


@fault.command("clear")
@pass_session
def clear(session: Session) -> None:
    """
    Take all faults away.

    Example: novasim fault clear
    """
    from novasim.control.faults import clear_faults

    clear_faults(session.cloud)
