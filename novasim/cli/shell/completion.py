"""Completion in the shell: the script for it, printed or put where the shell looks."""

from __future__ import annotations

import os
from pathlib import Path

import click

from novasim.errors import UsageError

SHELLS = ("bash", "zsh", "fish")
PLACES = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/novasim"),
    "zsh": ("XDG_DATA_HOME", ".local/share", "zsh/site-functions/_novasim"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/novasim.fish"),
}
AFTERWARDS = {
    "bash": "It counts in new shells, if the package bash-completion is there; if not, add to ~/.bashrc:\n  . {path}",
    "zsh": "Unless ~/.zshrc has it already, add before compinit is called:\n  fpath=({folder} $fpath)",
    "fish": "It counts at once.",
}


@click.group()
def completion() -> None:
    """
    Completion of commands, options and names with TAB, for bash, zsh and fish.

    Example: novasim completion install
    """


@completion.command("show")
@click.argument("shell", type=click.Choice(SHELLS))
def show_script(shell: str) -> None:
    """
    Print the script for a shell.

    Example: novasim completion show bash > novasim.bash
    """
    click.echo(_script(shell), nl=False)


@completion.command()
@click.argument("shell", type=click.Choice(SHELLS), required=False)
def install(shell: str | None) -> None:
    """
    Put the script where SHELL (default: yours, by $SHELL) looks for it, and say what else is needed.

    Example: novasim completion install zsh
    """
    shell = shell or _own_shell()
    path = place(shell)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_script(shell), encoding="utf-8")
    click.echo(path)
    click.echo(AFTERWARDS[shell].format(path=path, folder=path.parent), err=True)


def place(shell: str) -> Path:
    """Where a shell looks for a user's own completions."""
    variable, default, rest = PLACES[shell]
    return Path(os.environ.get(variable) or Path.home() / default) / rest


def _own_shell() -> str:
    name = os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        raise UsageError(f"Your shell ({name or 'unknown'}) is none of {', '.join(SHELLS)}; name one of them.")
    return name


def _script(shell: str) -> str:
    from novasim.cli.shell.scripts import scripts

    return scripts(click.get_current_context().find_root().command)[shell]
