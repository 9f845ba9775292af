"""Injected faults."""

from __future__ import annotations

from collections.abc import Callable
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
    "Requests": "path",
    "Left": "times",
    "Triggered": "triggered",
}


def parse_moment(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """A time in ISO 8601 as seconds since the epoch."""
    from novasim.api.schemas.formats import parse_time

    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a time such as 2026-01-31T12:00:00.", ctx, param) from None


def network_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of faults of the network."""
    options = (
        click.option("--service", help="Only requests to this service, such as compute."),
        click.option("--method", help="Only requests with this method, such as GET."),
        click.option("--path", help="Only requests to paths below the service that match, such as '/servers*'."),
        click.option("--answer", type=int, metavar="CODE", help="Answer requests with 429, 500, 502, 503 or 504."),
        click.option("--retry-after", type=float, metavar="SECONDS", help="When the client may try again (--answer)."),
        click.option("--delay", type=float, metavar="SECONDS", help="Delay answers by so many seconds of real time."),
        _kind_option("drop", "Close the connection instead of executing requests."),
        _kind_option("drop-answer", "Execute requests, and close the connection instead of answering."),
        _kind_option("expire-token", "Let the tokens of requests expire."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _kind_option(kind: str, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(f"--{kind}", "kinds", flag_value=kind, multiple=True, help=text)


@click.group()
def fault() -> None:
    """
    Inject faults: what fails, where, when and how often.

    Example: novasim fault add spawn --times 1
    """


@fault.command("add")
@click.argument("name", required=False)
@click.option("--action", help="Only in this action, such as resize.")
@click.option("--phase", help="Only in this phase: a task_state, such as spawning.")
@click.option("--server", help="Only on servers whose names match, such as 'web*'.")
@click.option("--image", help="Only on servers of this image (name or ID).")
@click.option("--flavor", help="Only on servers of this flavor (name or ID).")
@click.option("--host", help="Only on servers on this host.")
@click.option("--project", help="Only on servers of this project (name or ID).")
@click.option("--times", type=int, help="Trigger at most this many times (default: no limit).")
@click.option("--probability", type=float, help="Probability of a trigger, from the cloud's seed (default: 1).")
@click.option("--since", metavar="TIME", callback=parse_moment, help="Active from this simulated time.")
@click.option("--until", metavar="TIME", callback=parse_moment, help="Active until this simulated time.")
@click.option("--refuse", "code", type=int, help="Refuse the request with this code.")
@click.option("--stuck", "stuck", is_flag=True, help="Block the phase until the fault is removed.")
@click.option("--slow", "factor", type=float, help="Multiply the duration of the phase by this factor.")
@click.option("--fail", "message", help="Fail the phase with this message.")
@click.option("--lose", "lose", is_flag=True, help="Accept the request and do nothing.")
@click.option("--host-crash", "crash", is_flag=True, help="Crash the server's host at the end of the phase.")
@network_options
@output_options
@pass_session
def add(session: Session, /, name: str | None, **fields: Any) -> None:
    """
    Add a fault.

    NAME alone is a predefined fault: no-valid-host, image-download, spawn, resize-disk-full, live-migration-abort,
    shelve-upload, volume-attach, image-service, host-crash. Any other fault needs an option that sets its effect, such
    as --stuck.

    Like Nova, novasim tries other hosts after a failed build: spawn with --times 1 only delays it, and --times 3 makes
    it fail.

    Faults of the network affect requests over HTTP, which tests and clients send: rate-limit, bad-gateway,
    gateway-timeout, slow-answer, dropped-connection, lost-answer, expired-token; or one with an option such as --drop.

    Example: novasim fault add --action reboot --server 'web*' --stuck
    """
    from novasim.control.faults import PREDEFINED, add_fault

    does = _take_effect(fields)
    if not does and name is not None and name not in PREDEFINED:
        from novasim.suggestions import suggest_names

        raise UsageError(f"There is no predefined fault {name!r}.{suggest_names(name, PREDEFINED)}")
    session.show(session.control(add_fault, name=name, does=does, **fields))


def _take_effect(fields: dict[str, Any]) -> str | None:
    """
    What the fault does; None if no option says so. Options that are no fields of a fault are replaced by such fields.

    Raises:
        UsageError: the options name more than one effect.
    """
    answer, delay, retry_after = fields.pop("answer"), fields.pop("delay"), fields.pop("retry_after")
    effects = {
        "refuse": fields["code"] is not None,
        "stuck": fields.pop("stuck"),
        "slow": fields["factor"] is not None,
        "fail": fields["message"] is not None,
        "lose": fields.pop("lose"),
        "host-crash": fields.pop("crash"),
        "answer": answer is not None,
        "delay": delay is not None,
        **dict.fromkeys(fields.pop("kinds"), True),
    }
    does = [word for word, is_given in effects.items() if is_given]
    if len(does) > 1:
        raise UsageError(f"A fault can only do one thing, not {' and '.join(does)}.")
    fields["code"] = fields["code"] if answer is None else answer
    fields["seconds"] = retry_after if delay is None else delay
    return does[0] if does else None


@fault.command("list")
@output_options
@pass_session
def list_faults(session: Session) -> None:
    """
    List all faults. If several match, the first in the list is triggered.

    Example: novasim fault list
    """
    from novasim.control.faults import list_faults

    faults = list_faults(session.cloud)
    session.show_list(faults, COLUMNS, texts=[_write_texts(fault) for fault in faults])


def _write_texts(fault: dict[str, Any]) -> dict[str, str]:
    """The effect of a fault with its code, factor or seconds, and the requests that a fault of the network affects."""
    amounts = {"slow": f"x {fault['factor']:g}", "delay": f"{fault['seconds']:g} s"}
    amount = str(fault["code"] or amounts.get(fault["does"], ""))
    request = f"{fault['method']} {fault['path']}"
    return {"does": f"{fault['does']} {amount}".strip(), "path": request.strip()}


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
    Remove faults by ID or name. Blocked tasks continue.

    Example: novasim fault remove spawn
    """
    from novasim.control.faults import remove_faults

    with Attempts(session) as attempts:
        for name in names:
            with attempts.attempt():
                session.control(remove_faults, name)


@fault.command("clear")
@pass_session
def clear(session: Session) -> None:
    """
    Remove all faults.

    Example: novasim fault clear
    """
    from novasim.control.faults import clear_faults

    session.control(clear_faults)
