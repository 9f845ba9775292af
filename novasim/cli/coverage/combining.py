"""The commands `coverage combine` and `coverage diff`."""

from __future__ import annotations

import click

from novasim.cli.coverage.records import find_records, list_files
from novasim.cli.files import FORCE, check_is_not_cloud, write_output
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.render.view import View


@click.command()
@click.argument("records", metavar="RECORD...", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--output", "file", metavar="FILE", required=True, help="Write to this new file.")
@FORCE
@pass_session
def combine(session: Session, records: tuple[str, ...], file: str, force: bool) -> None:
    """
    Combine records into one, which other commands of coverage read.

    RECORD is a file, or a folder of files that NOVASIM_RECORD has filled.

    Example: novasim coverage combine cloud.json.record -o monday.record
    """
    from novasim.teach.coverage.combined import combine_records

    if not file:
        raise UsageError("--output needs the name of a file.")
    check_is_not_cloud(file, session.path)
    files = [each for path in records for each in list_files(path)]
    write_output(file, combine_records(find_records(session, files)), force=force, like=file)


@click.command()
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@output_options
@pass_session
def diff(session: Session, old: str, new: str) -> None:
    """
    Show what only one of two records has met.

    OLD and NEW are files, or folders of files that NOVASIM_RECORD has filled.

    Example: novasim coverage diff monday.record tuesday.record
    """
    from novasim.teach.coverage.summary import Coverage, list_differences

    before, after = (Coverage(find_records(session, [path])) for path in (old, new))
    found = list_differences(before, after)
    rows = [[change, item.dimension, str(item)] for change, item in found]
    data = [{"change": change, **item._asdict()} for change, item in found]
    session.write(View(["Change", "Figure", "Item"], rows, data, [row[2] for row in rows]))
