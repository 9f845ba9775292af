"""Runs a command line of the real client: global options, the command, its output, and exit codes."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from io import StringIO

import click

from novasim.cli.openstack import formats
from novasim.cli.openstack.call import Call, CommandError
from novasim.cli.openstack.rows import LIST, NOTHING, OBJECT, Row
from novasim.cli.openstack.table import find_row
from novasim.cli.openstack.usage import build_parser
from novasim.cli.session import Session
from novasim.render.output import print_line, print_message, print_text

FAILED, WRONG_USAGE = 1, 2
PROGRAM = "openstack"
HELP = ("-h", "--help", "help")
GLOBAL_FLAGS = frozenset("--debug --insecure --verify --timing --quiet -q --verbose -v --os-beta-command".split())
GLOBAL_VALUES = ("--os-", "--log-file", "--cacert")
CLOUDS = ("novasim", "novasim-admin")
READS = ("list", "show")
OUTPUT_FORMATS = {LIST: formats.LIST_FORMATS, OBJECT: formats.OBJECT_FORMATS}
OUTPUT_OPTIONS = ("-f", "--format", "-c", "--column", "--max-width", "--fit-width", "--print-empty", "--noindent")
LIST_OPTIONS = (*OUTPUT_OPTIONS, "--quote", "--sort-column", "--sort-ascending", "--sort-descending")
OBJECT_OPTIONS = (*OUTPUT_OPTIONS, "--variable", "--prefix")


def run(session: Session, words: Sequence[str]) -> int:
    """Run a command line without the word `openstack`; return its exit code."""
    options, rest = split_options(words)
    if rest[:1] == ["help"] and find_row(rest[1:]):
        rest = [*rest[1:], "--help"]
    found = find_row(rest)
    if found is None:
        return _report_unknown(rest)
    row, arguments = found
    try:
        args = make_parser(row).parse_args(arguments)
    except SystemExit as end:  # after an error, or the help, has been printed
        return end.code if isinstance(end.code, int) else WRONG_USAGE
    try:
        identify(session, options)
    except CommandError as error:
        print_message(str(error))
        print_message(f"The clouds of novasim are {' and '.join(CLOUDS)}.")
        return FAILED
    return execute(session, row, args, options)


def execute(session: Session, row: Row, args: Namespace, options: dict[str, str]) -> int:
    """Run a row; return the exit code."""
    call = Call(session, args, _read_minor(options.get("--os-compute-api-version")))
    verb = row.words.split()[-1]
    try:
        with click.Context(click.Command(verb), click.get_current_context(), verb):  # the session asks what it is
            if verb in READS:
                with session.transaction(writes=False):
                    output = row.run(call)
            else:
                output = row.run(call)
        if output is not None and row.shows != NOTHING:
            show(output, args)
    except (CommandError, formats.OutputError) as error:
        print_message(str(error))
        return FAILED
    return 0


def show(output: formats.Output, args: Namespace) -> None:
    """Sort, select and write the output."""
    if output.is_list and args.sort_columns:
        output = formats.sort_rows(output, args.sort_columns, args.sort_descending)
    out = StringIO()
    formats.write(formats.select(output, args.columns), args, out)
    print_text(out.getvalue())  # without control characters if it is a terminal


def split_options(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The global options, which may be anywhere, and the other words."""
    options: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        name, sign, value = word.partition("=")
        if word in GLOBAL_FLAGS:
            options[word] = "true"
        elif name.startswith(GLOBAL_VALUES):
            options[name] = value if sign else next(waiting, "")
        else:
            rest.append(word)
    return options, rest


def identify(session: Session, options: dict[str, str]) -> None:
    """
    Set the caller that options or variables of the real client name, unless novasim's own options name another.

    Raises:
        CommandError: they name a cloud that is not novasim's.
    """
    context = click.get_current_context().find_root()
    source = context.get_parameter_source("who")
    if source in (click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.ENVIRONMENT):
        return
    cloud = options.get("--os-cloud") or os.environ.get("OS_CLOUD", "")
    user = options.get("--os-username") or os.environ.get("OS_USERNAME", "")
    project = options.get("--os-project-name") or os.environ.get("OS_PROJECT_NAME", "")
    if cloud and cloud not in CLOUDS:
        raise CommandError(f"Cloud {cloud} was not found.")
    if cloud and not user:
        user = "admin" if cloud.endswith("-admin") else ""
    if user:
        session.who = f"{user}@{project}" if project else user


def _read_minor(version: str | None) -> int | None:
    """The minor number of `--os-compute-api-version`; None for the real client's default."""
    _, _, minor = (version or "").partition(".")
    return int(minor) if minor.isdigit() else None


def make_parser(row: Row) -> ArgumentParser:
    """The parser of a command, with the output options."""
    parser = build_parser(f"{PROGRAM} {row.words}", row.usage, row.summary)
    if row.shows == NOTHING:
        return parser
    group = parser.add_argument_group("output formatters")
    group.add_argument("-f", "--format", dest="formatter", choices=OUTPUT_FORMATS[row.shows], default="table")
    group.add_argument("-c", "--column", dest="columns", action="append", default=[], metavar="COLUMN")
    group.add_argument("--max-width", type=int, metavar="<integer>", default=_number("CLIFF_MAX_TERM_WIDTH"))
    group.add_argument("--fit-width", action="store_true", default=bool(_number("CLIFF_FIT_WIDTH")))
    group.add_argument("--print-empty", action="store_true")
    group.add_argument("--noindent", action="store_true")
    if row.shows == LIST:
        group.add_argument("--quote", dest="quote_mode", choices=sorted(formats.QUOTING), default="nonnumeric")
        group.add_argument("--sort-column", dest="sort_columns", action="append", default=[], metavar="SORT_COLUMN")
        directions = group.add_mutually_exclusive_group()
        directions.add_argument("--sort-ascending", action="store_true")
        directions.add_argument("--sort-descending", action="store_true")
    else:
        group.add_argument("--variable", dest="variables", action="append", default=[], metavar="VARIABLE")
        group.add_argument("--prefix", default="")
    return parser


def _number(variable: str) -> int:
    text = os.environ.get(variable, "")
    return int(text) if text.isdigit() else 0


def _list_commands(words: Sequence[str]) -> int:
    """List the commands whose words begin with *words*."""
    from novasim.cli.openstack.table import list_rows

    rows = [row for row in list_rows(*words[:1]) if row.words.split()[: len(words)] == list(words)]
    width = max((len(row.words) for row in rows), default=0)
    for row in sorted(rows, key=lambda row: row.words):
        print_line(f"{row.words:{width}}  {row.summary}")
    return 0 if rows else WRONG_USAGE


def _report_unknown(words: Sequence[str]) -> int:
    """Report a command that does not exist, with similar ones."""
    from novasim.cli.openstack.table import list_rows
    from novasim.suggestions import find_similar

    if not words or words[0] in HELP or words[-1] in HELP:
        return _list_commands([word for word in words if word not in HELP])
    text = " ".join(words)
    known = [row.words for row in list_rows()]
    begun = [name for name in known if name.startswith((text, words[0] + " "))]
    print_message(f"{PROGRAM}: '{text}' is not an {PROGRAM} command. See '{PROGRAM} --help'.")
    similar = find_similar(text, known) or begun[:10]
    if similar:
        print_message("Did you mean one of these?")
        for name in similar:
            print_message(f"  {name}")
    return WRONG_USAGE
