"""The shell of a lesson: its start-up files, its prompt, and the switch to another lesson."""

from __future__ import annotations

import os
import shlex
import subprocess  # nosec B404 # it runs the user's own shell
import tempfile
from collections.abc import Callable

from novasim.cli.lessons.shells import Environment, find_executable, format_settings
from novasim.cli.lessons.workplace import PROMPT, SHELL
from novasim.errors import UsageError
from novasim.fileutils import write_file

SETTINGS, SWITCH, PID, DIALECT = "settings", "switch", "pid", "dialect"  # files in the folder of a shell

BASH = """\
[ -f ~/.bashrc ] && . ~/.bashrc
. {settings}
__novasim_prompt() {{
    [ -f {switch} ] && . {switch} && rm -f {switch}
    PS1='$(cat "${{NOVASIM_CLOUD%/*}}/{prompt}" 2>/dev/null) $ '
}}
PROMPT_COMMAND="${{PROMPT_COMMAND:-}}"$'\\n__novasim_prompt'
echo $$ > {pid}
"""
ZSH_ENV = """\
ZDOTDIR={own}
[ -f "$ZDOTDIR/.zshenv" ] && . "$ZDOTDIR/.zshenv"
__novasim_own=$ZDOTDIR
ZDOTDIR={folder}
"""
ZSH = """\
ZDOTDIR=$__novasim_own
unset __novasim_own
[ "${{HISTFILE:-}}" = {folder}/.zsh_history ] && HISTFILE=$ZDOTDIR/.zsh_history
[ -f "$ZDOTDIR/.zshrc" ] && . "$ZDOTDIR/.zshrc"
. {settings}
setopt PROMPT_SUBST
__novasim_prompt() {{
    [ -f {switch} ] && . {switch} && rm -f {switch}
    PS1='$(cat "${{NOVASIM_CLOUD%/*}}/{prompt}" 2>/dev/null) $ '
    RPS1=
}}
precmd_functions+=(__novasim_prompt)
echo $$ > {pid}
"""
# A shell without a hook before its prompt changes to another lesson after the command that asks for it.
SH = """\
{own_env}
[ -f "${{ENV:-}}" ] && . "$ENV"
. {settings}
novasim() {{
    command novasim "$@"
    set -- $?
    [ -f {switch} ] && . {switch} && rm -f {switch}
    return "$1"
}}
PS1='$(cat "${{NOVASIM_CLOUD%/*}}/{prompt}" 2>/dev/null) $ '
echo $$ > {pid}
"""
FISH = """\
source {settings}
function fish_prompt
    test -f {switch}; and source {switch}; and rm -f {switch}
    printf '%s > ' (cat (dirname "$NOVASIM_CLOUD")/{prompt} 2>/dev/null)
end
function fish_right_prompt; end
echo $fish_pid > {pid}
"""


def run_shell(environment: Environment, shell: str) -> None:
    """
    Run a shell until the learner leaves it.

    Raises:
        UsageError: The shell cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="novasim-") as folder:
        environment = {**environment, SHELL: folder}
        _write(folder, SETTINGS, format_settings(environment, shell))
        _write(folder, DIALECT, shell)
        words, more = _BUILDERS[shell](find_executable(shell), folder)
        kept = {name: value for name, value in os.environ.items() if name not in environment}
        variables = {**kept, **{name: value for name, value in environment.items() if value is not None}, **more}
        try:
            subprocess.run(words, env=variables, check=False)  # nosec B603 # the user's own shell
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"The shell {words[0]} cannot be started: {reason}. Another one: --shell bash") from None


def switch_shell(environment: Environment) -> bool:
    """
    Let the shell of a lesson that this command was typed in change to another lesson, before its next prompt.

    Returns:
        Whether there is such a shell.
    """
    folder = os.environ.get(SHELL, "")
    try:
        with open(os.path.join(folder, PID), encoding="ascii") as file:
            pid = int(file.read())
        with open(os.path.join(folder, DIALECT), encoding="ascii") as file:
            dialect = file.read()
    except (OSError, ValueError):
        return False
    if pid != os.getppid():
        return False
    _write(folder, SWITCH, format_settings({**environment, SHELL: folder}, dialect))
    return True


def _write(folder: str, name: str, text: str) -> None:
    write_file(os.path.join(folder, name), text.encode("utf-8", "surrogateescape"), replace=True)


def _fill(template: str, folder: str) -> str:
    """A start-up file that names the files of a shell."""
    names = {name: shlex.quote(os.path.join(folder, name)) for name in (SETTINGS, SWITCH, PID)}
    own = shlex.quote(os.environ.get("ZDOTDIR") or os.path.expanduser("~"))
    env = os.environ.get("ENV")
    own_env = "unset ENV" if env is None else f"ENV={shlex.quote(env)}"
    return template.format(**names, prompt=PROMPT, folder=shlex.quote(folder), own=own, own_env=own_env)


def _bash(executable: str, folder: str) -> tuple[list[str], dict[str, str]]:
    _write(folder, "bashrc", _fill(BASH, folder))
    return [executable, "--rcfile", os.path.join(folder, "bashrc"), "-i"], {}


def _zsh(executable: str, folder: str) -> tuple[list[str], dict[str, str]]:
    _write(folder, ".zshenv", _fill(ZSH_ENV, folder))
    _write(folder, ".zshrc", _fill(ZSH, folder))
    return [executable, "-i"], {"ZDOTDIR": folder}


def _fish(executable: str, folder: str) -> tuple[list[str], dict[str, str]]:
    return [executable, "-i", "-C", _fill(FISH, folder)], {}


def _sh(executable: str, folder: str) -> tuple[list[str], dict[str, str]]:
    _write(folder, "shrc", _fill(SH, folder))
    return [executable, "-i"], {"ENV": os.path.join(folder, "shrc")}


def _powershell(executable: str, _: str) -> tuple[list[str], dict[str, str]]:
    """A shell with the prompt of its own, which stays in the lesson."""
    return [executable, "-NoLogo"], {}


_BUILDERS: dict[str, Callable[[str, str], tuple[list[str], dict[str, str]]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "sh": _sh,
    "powershell": _powershell,
}
