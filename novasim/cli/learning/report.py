"""The command `report`: the whole story of a cloud as one HTML page."""

from __future__ import annotations

import click

from novasim.cli.files import FORCE, check_is_not_cloud, write_output
from novasim.cli.options import pass_session
from novasim.cli.record.log import read_own_record
from novasim.cli.session import Session
from novasim.errors import UsageError


@click.command()
@click.option("-o", "--output", "file", metavar="FILE", required=True, help="Write to this new file; - is stdout.")
@FORCE
@pass_session
def report(session: Session, file: str, force: bool) -> None:
    """
    Write the whole story of the cloud as one HTML page, which needs neither a script nor the network.

    It has the servers of all projects on the picture of the lifecycle, what happened to each of them over time, hosts
    and quotas. If there is a record ('novasim record'), it also has the refusals with their reasons, and the coverage
    of the lifecycle. The same cloud gives the same bytes.

    Example: novasim report -o report.html
    """
    from novasim.records.entry import drop_earlier_clouds
    from novasim.teach.report.facts import collect_facts
    from novasim.teach.report.page import write_report

    if not file:
        raise UsageError("--output needs the name of a file.")
    check_is_not_cloud(file, session.path)
    record = session.cloud.store.record
    entries = drop_earlier_clouds(read_own_record(session)) if record and record.exists() else None
    with session.cloud.reading() as world:
        page = write_report(collect_facts(world, entries))
    write_output(file, page.encode("utf-8", "backslashreplace"), force=force, like=file)
