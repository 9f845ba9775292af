"""The commands `cloud diff` and `cloud fork`, and the cloud of the global option --at."""

from __future__ import annotations

import os

import click

from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.remote import is_remote
from novasim.render.output import escape_line, print_line
from novasim.store.addresses import hide_passwords, parse_address
from novasim.store.cloud_names import check_cloud_name

COLUMNS = {"Kind": "table", "Name": "name", "ID": "id", "Difference": "kind"}


@click.command()
@click.argument("before", required=False)
@click.argument("after", required=False)
@output_options
@pass_session
def diff(session: Session, before: str | None, after: str | None) -> None:
    """
    Compare two states of the cloud: BEFORE and AFTER are an entry of the record, a saved state or a cloud file.

    Without AFTER, it is the present state; without BEFORE, too, the last step is shown. An entry stands for the state
    after it. -f json has every field that differs.

    Example: novasim cloud diff before-upgrade
    """
    import sys

    found = session.states.compare(session.cloud.store, before, after)
    if session.has_default_output:
        from novasim.cli.record.difference_words import describe_differences

        for line in describe_differences(found):
            print_line(escape_line(line, sys.stdout))
        return
    items = [each._asdict() | {"name": each.name, "kind": each.kind, "fields": each.list_fields()} for each in found]
    for item in items:
        del item["before"], item["after"]
    session.show_list(items, COLUMNS)


@click.command()
@click.argument("name")
@pass_session
def fork(session: Session, name: str) -> None:
    """
    Copy the cloud to a new file NAME.json in the same folder, and print its path. In a database, it is a new cloud.

    With --at N before the command, it is a copy of the cloud as it was after entry N of the record.

    Example: novasim cloud fork experiment
    """
    from novasim.control.kept.states import check_state_name
    from novasim.control.past import fork_cloud

    check_state_name(name)
    if is_remote(session.path):
        raise UsageError("The cloud is behind a server. To copy it: novasim cloud export FILE")
    if address := parse_address(session.path):
        check_cloud_name(name)
        path = address._replace(cloud=name).text
    else:
        path = os.path.join(os.path.dirname(session.path), f"{name.removesuffix('.json')}.json")
    fork_cloud(session.cloud, path, like=session.path)
    print_line(hide_passwords(path))
