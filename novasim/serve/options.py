"""Options of `serve` that say what it reports and where: its requests, that it is ready, settings for clients."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import click

DEFAULT_FILE = "clouds.yaml"


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


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--log, --ready-file, --print-env and --write-clouds-yaml, passed on as one argument: *reports*."""

    @wraps(command)
    def with_reports(*args: Any, **options: Any) -> Any:
        reports = Reports(*(options.pop(name) for name in Reports._fields))
        return command(*args, reports=reports, **options)

    for option in (
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
        click.option(
            "--log",
            is_flag=False,
            flag_value="-",
            metavar="[FILE]",
            help="Append a line for each request to a file, or to stderr; refusals have their reason.",
        ),
    ):
        with_reports = option(with_reports)
    return with_reports
