"""The screen of `novasim` without a command, and the command `help`."""

from __future__ import annotations

import click

SENTENCES = (
    "novasim simulates the whole life of OpenStack Nova servers, with no cloud.",
    "No VM ever boots, but every rule is enforced: rights, states, locks, quotas.",
)
COMMANDS = {
    "novasim demo": "watch the life of one server",
    "novasim lesson next": "learn it by doing, in short lessons with hints",
    "novasim manual tutorial": "read about it, step by step (q leaves a page)",
    "novasim create web1 --flavor m1.tiny --image cirros --wait": "create a server in your own cloud",
    "novasim list": "list your servers",
    "novasim help [COMMAND]": "list all commands, or the options of a command",
}


def print_first_screen() -> None:
    """Print what novasim is, and the commands to begin with."""
    from novasim.cli.learning.text import print_pairs
    from novasim.render.output import print_line, print_wrapped

    for sentence in SENTENCES:
        print_wrapped(sentence)
    print_line("")
    print_pairs(COMMANDS, indent=2, left=27)


@click.command("help")
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """
    Show the help of novasim or of a command, as --help does.

    Example: novasim help flavor create
    """
    root = ctx.find_root()
    root.command.main([*words, "--help"], prog_name=root.info_name, standalone_mode=False)
