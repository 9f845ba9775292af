"""The command `join`: a student joins a class."""

from __future__ import annotations

import os
import shlex
import sys

import click

from novasim.cli.default_cloud import default_path
from novasim.cli.lessons import shells
from novasim.errors import UsageError
from novasim.remote.clients import REGION, client_variables, format_auth
from novasim.remote.joining import Membership, join_class, leave_class, read_membership, save_membership
from novasim.render.output import print_message, print_text

ARCHIVE = ".pyz"
MAX_WORD = 200  # characters
NO_WORD = "There is no join word. Give it with --word WORD, or write it to stdin with --word -."


@click.command()
@click.argument("url", required=False)
@click.argument("name", required=False)
@click.option("--word", help="The join word; - reads it from stdin. Without it, the command asks for it.")
@click.option("--env", is_flag=True, help="Print settings for the shell, for the class that was joined.")
@click.option("--clouds-yaml", is_flag=True, help="Print an entry of clouds.yaml for the class that was joined.")
@click.option("--leave", is_flag=True, help="Remove the credentials of the class from this machine.")
@click.option(
    "--shell", type=click.Choice(list(shells.SHELLS)), help="The shell that --env prints for (default: yours)."
)
def join(
    url: str | None,
    name: str | None,
    word: str | None,
    env: bool,
    clouds_yaml: bool,
    leave: bool,
    shell: str | None,
) -> None:
    """
    Join a class with the join word from your teacher.

    URL is that of the server, and NAME your name there, such as ann-lee. A join word works once: to join again, on
    another machine too, ask for a new one. Afterwards, --env connects a shell with your cloud, for the commands of
    novasim and for the clients of OpenStack.

    Example: novasim join http://192.0.2.7:8774 ann-lee

    Example: eval "$(novasim join --env)"
    """
    if url and name and not (env or clouds_yaml or leave):
        _join(url, name, word if word is not None else _ask())
        return
    if url or word is not None or env + clouds_yaml + leave != 1:
        raise UsageError("Give the URL and your name, or one of --env, --clouds-yaml and --leave.")
    found = read_membership(_folder())
    if found is None:
        raise UsageError("No class was joined on this machine. To join one: novasim join URL NAME")
    if leave:
        leave_class(_folder(), found)
        print_message(f"{found.full_name} has left the class at {found.url}. Joining again needs a new join word.")
        if os.environ.get("OS_AUTH_URL", "").startswith(found.url):
            print_message("This shell still has the settings of the class; a new shell does not have them.")
    elif env:
        print_text(_format_environment(found, shell or shells.find_shell()) + "\n")
    else:
        print_text(_format_entry(found))


def _folder() -> str:
    return os.path.dirname(default_path())


def _ask() -> str:
    """Ask for the join word. Raises UsageError if stdin has ended."""
    try:
        return str(click.prompt("Join word", err=True))
    except click.Abort as error:
        if isinstance(error.__context__, EOFError):
            print_message("")  # ends the line of the question
            raise UsageError(NO_WORD) from None
        raise


def _join(url: str, name: str, word: str) -> None:
    if word == "-":
        word = sys.stdin.readline(MAX_WORD).strip()
    if not word:
        raise UsageError(NO_WORD)
    found = join_class(url, name, word, _folder())
    path = save_membership(_folder(), found)
    print_message(f"{found.full_name} has joined the class. Your cloud is {found.url}")
    print_message(f"Your password is in {path}")
    for line in _next_steps(found):
        print_message(line)


def _next_steps(found: Membership) -> list[str]:
    command = _command(_find_words())
    connect = {"powershell": f"{command} join --env | Out-String | iex", "fish": f"{command} join --env | source"}
    lines = ["", "Connect this shell with your cloud:", f"  {connect.get(shells.find_shell(), _for_sh(command))}"]
    if found.owner:
        lines += ["Then read the lesson, and see your goals:", "  novasim lesson show", "  novasim lesson"]
    else:
        lines += ["Then use the clients of OpenStack, such as:", "  openstack server list"]
        lines += ["If your teacher has started a lesson, read it, and see your goals:"]
        lines += ["  novasim lesson show", "  novasim lesson"]
    return lines


def _for_sh(command: str) -> str:
    return f'eval "$({command} join --env)"'


def _find_words() -> tuple[str, ...]:
    """The words that run this novasim: the interpreter and the archive if it is novasim.pyz."""
    if sys.argv[0].endswith(ARCHIVE):
        return ("python" if os.name == "nt" else "python3"), os.path.abspath(sys.argv[0])
    return ("novasim",)


def _command(words: tuple[str, ...]) -> str:
    return shlex.join(words)


def _format_environment(found: Membership, shell: str) -> str:
    """Commands of a shell that set the variables and, for novasim.pyz, define the command novasim."""
    variables: shells.Environment = {
        **dict.fromkeys(("NOVASIM_AS", "NOVASIM_CLOCK", "NOVASIM_LESSON", "OS_CLOUD", "OS_TOKEN")),
        "NOVASIM_CLOUD": found.url,
        **client_variables(found.url, found.user, found.project, found.password),
    }
    settings = shells.format_settings(variables, shell)
    words = _find_words()
    return f"{settings}\n{_FUNCTIONS[shell](words)}" if len(words) > 1 else settings


def _function_for_sh(words: tuple[str, ...]) -> str:
    return f'novasim() {{ {_command(words)} "$@"; }}'


def _function_for_fish(words: tuple[str, ...]) -> str:
    return f"function novasim; {_command(words)} $argv; end"


def _function_for_powershell(words: tuple[str, ...]) -> str:
    return f"function novasim {{ {words[0]} '{words[1]}' @args }}"


_FUNCTIONS = {
    **dict.fromkeys(("bash", "zsh", "sh"), _function_for_sh),
    "fish": _function_for_fish,
    "powershell": _function_for_powershell,
}


def _format_entry(found: Membership) -> str:
    """A clouds.yaml with one cloud, which has the name of the student."""
    return f"""\
clouds:
  {found.student}:
    auth:
{format_auth(found.url, found.user, found.project, found.password)}    region_name: {REGION}
    identity_api_version: 3
"""
