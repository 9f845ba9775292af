"""The command `coverage suggest`."""

from __future__ import annotations

import click

from novasim.cli.coverage.records import find_records
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.render.output import print_line, print_message, print_text
from novasim.suggestions import suggest_names


@click.command()
@click.argument("records", metavar="[RECORD]...", nargs=-1, type=click.Path())
@click.option("--commands", "kind", flag_value="commands", default=True, help="Write a shell script (default).")
@click.option("--pytest", "kind", flag_value="pytest", help="Write tests for the plugin of pytest.")
@click.option(
    "--figures",
    default="actions,moves",
    show_default=True,
    metavar="FIGURE,...",
    help="What to suggest: figures of 'novasim coverage report'.",
)
@pass_session
def suggest(session: Session, records: tuple[str, ...], kind: str, figures: str) -> None:
    """
    Write requests that meet what is missing.

    RECORD is as for 'novasim coverage report'. Each suggestion begins with a new cloud and a new server; the planner
    finds the path to the status.

    Example: novasim coverage suggest --pytest --figures moves,refusals.state
    """
    from novasim.teach.coverage.pytest_module import write_tests
    from novasim.teach.coverage.shell import write_commands
    from novasim.teach.coverage.suggest import list_scripts, list_unknown
    from novasim.teach.coverage.summary import MET, Coverage

    names = _parse_figures(figures)
    coverage = Coverage(find_records(session, records))
    missing = [each.item for each in coverage.results if each.state != MET and each.item.dimension in names]
    if not missing:
        print_line("# Nothing is missing.")
        return
    write = write_tests if kind == "pytest" else write_commands
    print_text("\n".join(write(list_scripts(missing))) + "\n")
    if unknown := list_unknown(missing):
        words = "; ".join(map(str, unknown))
        print_message(f"novasim: there is no suggestion for {len(unknown)} of {len(missing)}: {words}")


def _parse_figures(text: str) -> list[str]:
    from novasim.teach.coverage.summary import find_dimensions, list_figures

    names = [name.strip() for name in text.split(",")]
    for name in names:
        if not find_dimensions(name):
            known = [figure for figure in list_figures() if find_dimensions(figure)]
            raise UsageError(f"There is no figure {name!r}.{suggest_names(name, known)}")
    return [dimension for name in names for dimension in find_dimensions(name)]
