"""The command completion: print or install the script for a shell."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from novasim.cli.files import write_output
from novasim.errors import UsageError
from novasim.filelock import create_folders
from novasim.render.output import print_line, print_message, print_text

MARK = b"_novasim_completion"  # in each of the scripts
SHELLS = ("bash", "zsh", "fish")
PATHS = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/novasim"),
    "zsh": ("XDG_DATA_HOME", ".local/share", "zsh/site-functions/_novasim"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/novasim.fish"),
}
NEXT_STEPS = {
    "bash": "It works in new shells if bash-completion is installed. Otherwise add to ~/.bashrc:\n  . {path}",
    "zsh": "Unless ~/.zshrc has it already, add this before the call of compinit:\n  fpath=({folder} $fpath)",
    "fish": "It works at once.",
}


@click.group()
def completion() -> None:
    """
    Complete commands, options and names with TAB in bash, zsh and fish.

    Example: novasim completion install
    """


@completion.command("show")
@click.argument("shell", type=click.Choice(SHELLS))
def show_script(shell: str) -> None:
    """
    Print the completion script for a shell.

    Example: novasim completion show bash > novasim.bash
    """
    print_text(_script(shell))


@completion.command()
@click.argument("shell", type=click.Choice(SHELLS), required=False)
def install(shell: str | None) -> None:
    """
    Install the completion script for SHELL (default: $SHELL) and say what else is needed.

    Example: novasim completion install zsh
    """
    shell = shell or _current_shell()
    path = script_path(shell)
    create_folders(str(path.parent))
    if os.path.lexists(path) and not (path.is_file() and MARK in path.read_bytes()):
        raise UsageError(f"{path} exists and is not a completion script of novasim. Move it away.")
    write_output(str(path), _script(shell).encode(), force=True)
    print_line(str(path))
    quoted, folder = shlex.quote(str(path)), shlex.quote(str(path.parent))
    for line in NEXT_STEPS[shell].splitlines():
        print_message(line.format(path=quoted, folder=folder))


def script_path(shell: str) -> Path:
    """The file in which a shell looks for a user's own completions."""
    variable, default, rest = PATHS[shell]
    return Path(os.environ.get(variable) or Path.home() / default) / rest


def _current_shell() -> str:
    name = os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        raise UsageError(f"Your shell ({name or 'unknown'}) is not supported; name one of {', '.join(SHELLS)}.")
    return name


def _script(shell: str) -> str:
    from novasim.cli.shell.scripts import scripts

    return scripts(click.get_current_context().find_root().command)[shell]
