"""Options of `serve` that belong together: where it listens, which clouds it serves, and what it reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import click

DEFAULT_FILE = "clouds.yaml"
Command = Callable[..., Any]


class Address(NamedTuple):
    """
    Where requests are answered.

    Args:
        host, port: The address; port 0 is any free one. allowed: further host names, for a loopback address.
        workers: The number of processes that answer requests.
    """

    host: str
    port: int
    allowed: tuple[str, ...]
    workers: int


class CloudChoice(NamedTuple):
    """
    Which clouds are served.

    Args:
        path: The address of one cloud, or None for that of the session.
        clouds: The address of a collection of clouds, or None.
        create: Names of clouds in the collection that are created if they do not exist.
        create_on_use: Whether the first request for a cloud creates it.
        classroom: The folder of a classroom, or None. names: Whether its board shows each student.
    """

    path: str | None
    clouds: str | None
    create: list[str]
    create_on_use: bool
    classroom: str | None
    names: bool


class Reports(NamedTuple):
    """
    What the server reports and where.

    Args:
        log: The file of the log of requests, "-" for stderr, or None. ready_file: the file with its URL, or None.
        print_env: Whether to print variables for clients. clouds_yaml: the file with settings for clients, or None.
    """

    log: str | None
    ready_file: str | None
    print_env: bool
    clouds_yaml: str | None


log_option = click.option(
    "--log",
    is_flag=False,
    flag_value="-",
    metavar="[FILE]",
    help="Append a line for each request to a file, or to stderr; refusals have their reason.",
)
live_option = click.option(
    "--live",
    type=click.Choice(["token", "open"]),
    default="token",
    show_default=True,
    help="Who may watch the page /live: users who sign in, or (open) every program on this machine.",
)


def _split_names(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",")]


def address_options(command: Command) -> Command:
    """--host, --port, --allow-host and --workers, passed on as one argument: *address*."""
    return _pass_as_one(
        command,
        "address",
        Address,
        click.option(
            "--workers",
            metavar="N",
            default=1,
            show_default=True,
            type=click.IntRange(1, 64),
            help="Number of processes that answer requests.",
        ),
        click.option(
            "--allow-host",
            "allowed",
            metavar="NAME",
            multiple=True,
            help="Also answer requests for this host name, if the address is a loopback address. Can be repeated.",
        ),
        click.option(
            "--port",
            default=8774,
            show_default=True,
            type=click.IntRange(0, 65535),
            help="Port; 0 takes any free port.",
        ),
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    )


def cloud_options(command: Command) -> Command:
    """--cloud, --clouds, --create, --create-on-use, --classroom and --names, passed on as one argument: *choice*."""
    return _pass_as_one(
        command,
        "choice",
        CloudChoice,
        click.option("--names", is_flag=True, help="With --classroom: show each student on the board."),
        click.option(
            "--classroom",
            metavar="ROOM",
            help="Serve a classroom: the clouds of its students, a board, and novasim in one file. See classroom.",
        ),
        click.option("--create-on-use", is_flag=True, help="With --clouds: create a cloud when it is first used."),
        click.option(
            "--create",
            metavar="NAME,...",
            multiple=True,
            callback=_split_names,
            help="With --clouds: create these clouds if they do not exist. Can be repeated.",
        ),
        click.option(
            "--clouds",
            metavar="ADDRESS",
            help="Serve many clouds, with paths that begin with /NAME: each file NAME.json in a folder, or those in a "
            "database (sqlite:PATH, postgresql://...).",
        ),
        click.option("--cloud", "path", metavar="PATH", help="Cloud file; the same as --cloud before the command."),
    )


def report_options(command: Command) -> Command:
    """--log, --ready-file, --print-env and --write-clouds-yaml, passed on as one argument: *reports*."""
    return _pass_as_one(
        command,
        "reports",
        Reports,
        click.option(
            "--write-clouds-yaml",
            "clouds_yaml",
            is_flag=False,
            flag_value=DEFAULT_FILE,
            metavar="[PATH]",
            help="Write a clouds.yaml for clients, and exit.",
        ),
        click.option(
            "--print-env",
            is_flag=True,
            help="Print the variables for clients and exit; with --port 0, also start the server.",
        ),
        click.option(
            "--ready-file", metavar="FILE", help="Write the URL to this file when the server accepts requests."
        ),
        log_option,
    )


def _pass_as_one(command: Command, name: str, kind: Any, *options: Callable[[Command], Command]) -> Command:
    """Add options, whose values the command gets as one argument: a named tuple of this kind. The last comes first."""

    @wraps(command)
    def with_options(*args: Any, **values: Any) -> Any:
        own = kind(*(values.pop(field) for field in kind._fields))
        return command(*args, **{name: own}, **values)

    decorated: Command = with_options
    for option in options:
        decorated = option(decorated)
    return decorated
