"""Runs a command line of the real client: global options, the command, its output, and exit codes."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import click

from novasim.cli.openstack import formats
from novasim.cli.openstack.call import Call, CommandError
from novasim.cli.openstack.rows import LIST, NOTHING, OBJECT, Row
from novasim.cli.openstack.table import find_row
from novasim.cli.openstack.usage import build_parser, read_option_help
from novasim.cli.session import Session
from novasim.render.output import print_line, print_message, print_text

FAILED, WRONG_USAGE = 1, 2
PROGRAM = "openstack"
HELP_OPTIONS = frozenset(("-h", "--help"))
HELP = (*HELP_OPTIONS, "help")
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
        args = make_parser(row, not HELP_OPTIONS.isdisjoint(arguments)).parse_args(arguments)
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
    call = Call(session, args, _read_minors(options))
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
    Set the caller that options or variables of the real client name.

    Its options win over NOVASIM_AS, which wins over its variables. `--as` wins over all.

    Raises:
        CommandError: they name a cloud that is not novasim's.
    """
    context = click.get_current_context().find_root()
    source = context.get_parameter_source("who")
    if source == click.core.ParameterSource.COMMANDLINE:
        return
    names = ("--os-cloud", "--os-username", "--os-project-name")
    variables = {} if source == click.core.ParameterSource.ENVIRONMENT else os.environ
    cloud, user, project = (
        options.get(name) or variables.get(name.strip("-").replace("-", "_").upper(), "") for name in names
    )
    if cloud and cloud not in CLOUDS:
        raise CommandError(f"Cloud {cloud} was not found.")
    if cloud and not user:
        user = "admin" if cloud.endswith("-admin") else ""
    if user:
        session.who = f"{user}@{project}" if project else user


def _read_minors(options: dict[str, str]) -> dict[str, int]:
    """The minor numbers of the options such as `--os-compute-api-version`, by service."""
    minors = {}
    for service in ("compute", "volume"):
        version = options.get(f"--os-{service}-api-version") or os.environ.get(f"OS_{service.upper()}_API_VERSION", "")
        minor = version.partition(".")[2]
        if minor.isdigit():
            minors[service] = int(minor)
    return minors


def make_parser(row: Row, needs_help: bool = False) -> ArgumentParser:
    """The parser of a command, with the output options. Texts for its help are only read if they are needed."""
    texts = read_option_help() if needs_help else {}
    parser = build_parser(f"{PROGRAM} {row.words}", row.usage, row.summary, texts)
    if row.shows == NOTHING:
        return parser
    _add_output_options(parser.add_argument_group("output formatters"), row.shows, texts)
    return parser


def _add_output_options(group: Any, shows: str, texts: Mapping[str, str]) -> None:
    def add(*names: str, target: Any = group, **options: Any) -> None:
        help = texts.get(names[0] if options.get("action") == "store_true" else f"{names[0]}=")
        target.add_argument(*names, help=help, **options)

    add("-f", "--format", dest="formatter", choices=OUTPUT_FORMATS[shows], default="table")
    add("-c", "--column", dest="columns", action="append", default=[], metavar="COLUMN")
    add("--max-width", type=int, metavar="<integer>", default=_number("CLIFF_MAX_TERM_WIDTH"))
    add("--fit-width", action="store_true", default=bool(_number("CLIFF_FIT_WIDTH")))
    add("--print-empty", action="store_true")
    add("--noindent", action="store_true")
    if shows == LIST:
        add("--quote", dest="quote_mode", choices=sorted(formats.QUOTING), default="nonnumeric")
        add("--sort-column", dest="sort_columns", action="append", default=[], metavar="SORT_COLUMN")
        directions = group.add_mutually_exclusive_group()
        add("--sort-ascending", target=directions, action="store_true")
        add("--sort-descending", target=directions, action="store_true")
    else:
        add("--variable", dest="variables", action="append", default=[], metavar="VARIABLE")
        add("--prefix", default="")


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
