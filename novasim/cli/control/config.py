"""Options of the cloud, named as in nova.conf."""

from __future__ import annotations

import click

from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.control import options
from novasim.errors import UsageError
from novasim.render.output import print_json
from novasim.render.view import View
from novasim.suggestions import suggest_names


@click.group()
def config() -> None:
    """
    Options of this cloud: those of nova.conf, and the durations of actions.

    Example: novasim config list
    """


@config.command("list")
@output_options
@pass_session
def list_options(session: Session) -> None:
    """
    List all options and their values.

    Example: novasim config list
    """
    values = options.list_options(session.cloud)
    rows = list(values.items())
    session.write(View(("Option", "Value"), rows, values))


@config.command("get")
@click.argument("name")
@pass_session
def get_option(session: Session, name: str) -> None:
    """
    Print the value of one option.

    Example: novasim config get reclaim_instance_interval
    """
    values = options.list_options(session.cloud)
    if name not in values:
        raise UsageError(f"There is no option {name!r}.{suggest_names(name, values)}")
    import json

    print_json(json.dumps(values[name]))


@config.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("value")
@pass_session
def set_option(session: Session, name: str, value: str) -> None:
    """
    Set an option.

    Example: novasim config set shelved_offload_time 3600
    """
    session.control(options.set_option, name, value)


@config.command("unset")
@click.argument("name")
@pass_session
def unset_option(session: Session, name: str) -> None:
    """
    Reset an option to its default.

    Example: novasim config unset shelved_offload_time
    """
    session.control(options.unset_option, name)
