"""The environment of a lesson's shell, as commands of each kind of shell."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable

from novasim.cli.environment import ENVIRONMENT
from novasim.cli.lessons.workplace import LEARNER, LESSON, Workplace, learner_name

Environment = dict[str, str | None]
"""Variables to set; None for one to unset."""

KEPT = frozenset({LEARNER, "NOVASIM_LESSONS", "NOVASIM_PAGER"})  # variables that have no effect on a cloud


def lesson_environment(place: Workplace) -> Environment:
    """
    The variables of a lesson's shell that differ from the present ones.

    All of novasim's are unset, even if they are not set now: the start-up files of a shell may set them.
    """
    names = {*ENVIRONMENT, *os.environ} - KEPT
    unset = [name for name in names if name.startswith(("NOVASIM_", "OS_"))]
    learner = learner_name()  # named, because some shells set USER
    values = {"NOVASIM_CLOUD": place.path, LEARNER: learner, LESSON: place.lesson.name}
    return {**dict.fromkeys(sorted(unset)), **values}


def find_shell() -> str:
    """The name of the user's shell, as SHELLS has it."""
    name = os.path.basename(_own_shell())
    return name if name in SHELLS else "powershell" if os.name == "nt" else "sh"


def find_executable(shell: str) -> str:
    """The path of a shell, if it is the user's own and exists; otherwise its name."""
    own = _own_shell()
    return own if os.path.basename(own) == shell and os.path.exists(own) else shell


def _own_shell() -> str:
    """The path of the user's shell: SHELL, or else that of the account. "" if the account is unknown."""
    if os.environ.get("SHELL") or os.name == "nt":
        return os.environ.get("SHELL", "")
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""


def format_settings(environment: Environment, shell: str) -> str:
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
