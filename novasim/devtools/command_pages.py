"""The manual pages of the commands, generated from the Click commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from novasim.cli.catalog import CATALOG
from novasim.cli.environment import ENVIRONMENT
from novasim.cli.main import cli
from novasim.devtools import mdoc

DATE = "November 21, 2026"
EXAMPLE = "Example: "
EXIT_CODES = {
    "0": "Done.",
    "1": "The service failed: an injected fault, a cell that cannot be reached, or a bug in novasim (500).",
    "2": "Wrong usage.",
    "3": "Not found (404), or no server matches a selection.",
    "4": "Conflict: the state of the server, a lock, or a name that several resources have (409).",
    "5": "Not allowed, or over quota (401, 403, 413).",
    "6": "Bad request (400, 405, 406, 415).",
    "7": "Timed out while waiting.",
    "8": "The server went to ERROR while the command waited.",
    "9": "The cloud file is unusable, or a service does not answer (502, 503, 504).",
    "10": "Not simulated, or removed from Nova (410, 501).",
    "11": "A goal is not met, or a proof has failed.",
}


def render_command_pages() -> dict[str, str]:
    """Return the file names and contents of novasim(1) and one page per command."""
    pages = {"novasim.1": _main_page()}
    for name, command in _list_commands():
        pages[f"novasim-{name}.1"] = _page(name, command)
    return pages


def _list_commands() -> Iterator[tuple[str, click.Command]]:
    ctx = click.Context(cli, info_name="novasim")
    for _, entries in CATALOG:
        for name in entries:
            command = cli.get_command(ctx, name)
            assert command is not None
            yield name, command


def _main_page() -> str:
    lists = "\n".join(
        f".Ss {title}\n" + mdoc.tag_list((f"Xr novasim-{name} 1", entry.help) for name, entry in entries.items())
        for title, entries in CATALOG
    )
    summary, examples = _split_help(cli)
    return mdoc.page(
        "novasim",
        1,
        DATE,
        "simulate the whole life of an OpenStack Nova server",
        [
            ("SYNOPSIS", ".Nm\n.Op Ar options\n.Ar command\n.Op Ar arguments"),
            ("DESCRIPTION", summary + "\n.Pp\nThese options go before the command:\n" + _options(cli)),
            ("COMMANDS", lists),
            ("ENVIRONMENT", mdoc.tag_list((f"Ev {name}", text) for name, text in ENVIRONMENT.items())),
            ("FILES", mdoc.tag_list([("Pa ~/.local/share/novasim/cloud.json", "The default cloud.")])),
            ("EXIT STATUS", mdoc.tag_list((f"Er {code}", text) for code, text in EXIT_CODES.items())),
            ("EXAMPLES", mdoc.literal_block(examples)),
            ("SEE ALSO", ".Xr novasim-scenario 5 ,\n.Xr novasim-lifecycle 7"),
        ],
    )


def _page(name: str, command: click.Command) -> str:
    summary, examples = _split_help(command)
    parts = [
        ("SYNOPSIS", _synopsis(name, command)),
        ("DESCRIPTION", summary),
        ("OPTIONS", "" if isinstance(command, click.Group) else _options(command)),
        ("COMMANDS", _subcommands(name, command)),
        ("EXAMPLES", mdoc.literal_block(examples) if examples else ""),
        ("SEE ALSO", ".Xr novasim 1 ,\n.Xr novasim-lifecycle 7"),
    ]
    return mdoc.page(f"novasim-{name}", 1, DATE, command.get_short_help_str(80), parts)


def _synopsis(name: str, command: click.Command) -> str:
    ctx = click.Context(command, info_name=name)
    words = "\n".join(f".Ar {mdoc.quote(word)}" for word in command.collect_usage_pieces(ctx) if word != "[OPTIONS]")
    return f".Nm novasim {name}\n.Op Ar options\n{words}"


def _split_help(command: click.Command) -> tuple[str, list[str]]:
    """Return the help text as mdoc paragraphs, and the examples in it."""
    paragraphs = inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n")
    examples = [part.removeprefix(EXAMPLE) for part in paragraphs if part.startswith(EXAMPLE)]
    rest = [mdoc.text(part) for part in paragraphs if not part.startswith(EXAMPLE)]
    return "\n.Pp\n".join(rest), [line.strip() for part in examples for line in part.splitlines()]


def _options(command: click.Command) -> str:
    return mdoc.tag_list(_option_rows(command))


def _option_rows(command: click.Command) -> Iterator[tuple[str, str]]:
    ctx = click.Context(command, info_name=command.name)
    for param in command.get_params(ctx):
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx)):
            yield _term(param, ctx), record[1].replace("\n", " ")


def _term(option: click.Option, ctx: click.Context) -> str:
    names = " , ".join(f"Fl {mdoc.quote(name[1:])}" for name in (*option.opts, *option.secondary_opts))
    has_value = not option.is_flag and not option.count
    return f"{names} Ar {mdoc.quote(option.make_metavar(ctx))}" if has_value else names


def _subcommands(name: str, command: click.Command) -> str:
    if not isinstance(command, click.Group):
        return ""
    ctx = click.Context(command, info_name=name)
    found = {each: command.get_command(ctx, each) for each in sorted(command.list_commands(ctx))}
    return "\n".join(_subcommand(name, each, subcommand) for each, subcommand in found.items() if subcommand)


def _subcommand(name: str, own_name: str, command: click.Command) -> str:
    summary, examples = _split_help(command)
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=own_name)))
    head = [
        f".Ss {name} {own_name}",
        mdoc.literal_block([f"novasim {name} {own_name} {usage}"]),
        summary,
        _options(command),
    ]
    return "\n".join(filter(None, [*head, mdoc.literal_block(examples) if examples else ""]))
