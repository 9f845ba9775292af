"""Limits of a project."""

from __future__ import annotations

import click

from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session


@click.group("limits")
def limits() -> None:
    """
    Limits and usage of your project.

    Example: novasim limits show
    """


@limits.command("show")
@output_options
@pass_session
def show_limits(session: Session) -> None:
    """
    Show the limits and the usage of your project.

    Example: novasim limits show
    """
    session.show(session.get("/limits")["limits"]["absolute"])
