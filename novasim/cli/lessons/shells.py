"""The shell of a lesson: its environment, and its prompt."""

from __future__ import annotations

import os
import shlex
import subprocess  # nosec B404 # it runs shells
from collections.abc import Callable

from novasim.cli.lessons.workplace import LEARNER, LESSON, PROMPT, Workplace
from novasim.fileutils import write_file

KEPT = frozenset({LEARNER, "NOVASIM_LESSONS", "NOVASIM_PAGER"})  # variables that have no effect on a cloud


def lesson_environment(place: Workplace) -> dict[str, str | None]:
    """The variables of a lesson's shell that differ from the present ones; None for one to unset."""
    unset = [name for name in os.environ if name.startswith(("NOVASIM_", "OS_")) and name not in KEPT]
    return {**dict.fromkeys(sorted(unset)), "NOVASIM_CLOUD": place.path, LESSON: place.lesson.name}


def find_shell() -> str:
    """The name of the user's shell, as SHELLS has it."""
    name = os.path.basename(os.environ.get("SHELL", ""))
    return name if name in SHELLS else "powershell" if os.name == "nt" else "sh"


def format_settings(environment: dict[str, str | None], shell: str) -> str:
    """Commands of a shell that set the variables."""
    return "\n".join(SHELLS[shell](name, value) for name, value in environment.items())


def _for_sh(name: str, value: str | None) -> str:
    return f"unset {name};" if value is None else f"export {name}={shlex.quote(value)};"


def _for_fish(name: str, value: str | None) -> str:
    return f"set -e {name};" if value is None else f"set -gx {name} {shlex.quote(value)};"


def _for_powershell(name: str, value: str | None) -> str:
    if value is None:
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue"
    quoted = value.replace("'", "''")
    return f"$env:{name} = '{quoted}'"


SHELLS: dict[str, Callable[[str, str | None], str]] = {
    "bash": _for_sh,
    "zsh": _for_sh,
    "sh": _for_sh,
    "fish": _for_fish,
    "powershell": _for_powershell,
}


def run_shell(environment: dict[str, str | None], shell: str, place: Workplace) -> None:
    """Run a shell until the learner leaves it."""
    changed = {**os.environ, **{name: value or "" for name, value in environment.items()}}
    variables = {name: value for name, value in changed.items() if environment.get(name, value) is not None}
    prompt = os.path.join(place.folder, PROMPT)
    words, more = _BUILDERS.get(shell, _plain)(shell, prompt, place.folder)
    subprocess.run(words, env={**variables, **more}, check=False)  # nosec B603 # the user's own shell


def _bash(shell: str, prompt: str, folder: str) -> tuple[list[str], dict[str, str]]:
    file = os.path.join(folder, "bashrc")
    write_file(file, f"[ -f ~/.bashrc ] && . ~/.bashrc\nPS1='$(cat {shlex.quote(prompt)}) $ '\n".encode(), replace=True)
    return [shell, "--rcfile", file, "-i"], {}


def _zsh(shell: str, prompt: str, folder: str) -> tuple[list[str], dict[str, str]]:
    own = os.environ.get("ZDOTDIR", os.path.expanduser("~"))
    lines = f'ZDOTDIR={shlex.quote(own)}\n[ -f "$ZDOTDIR/.zshrc" ] && . "$ZDOTDIR/.zshrc"\nsetopt PROMPT_SUBST\n'
    write_file(os.path.join(folder, ".zshrc"), f"{lines}PS1='$(cat {shlex.quote(prompt)}) $ '\n".encode(), replace=True)
    return [shell, "-i"], {"ZDOTDIR": folder}


def _fish(shell: str, prompt: str, folder: str) -> tuple[list[str], dict[str, str]]:
    function = f"function fish_prompt; cat {shlex.quote(prompt)}; echo -n ' > '; end"
    return [shell, "-i", "-C", function], {}


def _plain(shell: str, prompt: str, folder: str) -> tuple[list[str], dict[str, str]]:
    """A shell whose prompt has only the name of the lesson."""
    return (["powershell", "-NoLogo"] if shell == "powershell" else [shell, "-i"]), {
        "PS1": f"({os.path.basename(folder)}) $ "
    }


_BUILDERS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
