"""The screen of `novasim` without a command, and the command `help`."""

from __future__ import annotations

import click

FIRST_SCREEN = """\
novasim simulates the whole life of OpenStack Nova servers, with no cloud.
No VM ever boots, but every rule is enforced: rights, states, locks, quotas.

  novasim demo               watch the life of one server
  novasim manual tutorial    do it yourself, step by step
  novasim create web1 --flavor m1.tiny --image cirros --wait
                             create a server in your own cloud
  novasim list               list your servers
  novasim help               list all commands
  novasim help COMMAND       show the options of a command, with an example"""


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
