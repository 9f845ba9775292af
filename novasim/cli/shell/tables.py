"""The values of command parameters that are known without a cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

import click

SHOWS_RESOURCE = (
    "add",
    "add-host",
    "create",
    "rebuild",
    "remove-host",
    "set",
    "unset",
)  # commands with the columns of show


def command_words(ctx: click.Context) -> list[str]:
    """The words of the command that is being completed, without novasim itself."""
    return [*command_words(ctx.parent), ctx.info_name or ""] if ctx.parent else []


def list_columns(ctx: click.Context) -> list[str]:
    """The columns of the command, for -c: titles first, then further keys. Empty if they are unknown."""
    words = command_words(ctx)
    shown = [*words[:-1], "show"] if words[-1] in SHOWS_RESOURCE else words
    columns = _read_columns()
    return columns.get(" ".join(words)) or columns.get(" ".join(shown), [])


@cache
def _read_columns() -> dict[str, list[str]]:
    lines = files(__package__).joinpath("columns.txt").read_text("utf-8").splitlines()[1:]
    return {command: names.split(", ") for command, _, names in (line.partition(": ") for line in lines)}


def list_statuses(ctx: click.Context) -> list[str]:
    """The statuses of servers."""
    from novasim.lifecycle.status import STATUSES

    return sorted(STATUSES)


def _list_vm_states(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.states import VM_STATES

    return sorted(VM_STATES)


def _list_task_states(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.states import TASK_STATES

    return sorted(TASK_STATES)


def _list_power_states(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.states import POWER_STATES

    return [name.lower() for name in POWER_STATES.values()]


def _list_actions(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.actions import ACTIONS

    return sorted(ACTIONS)


def _list_topics(ctx: click.Context) -> list[str]:
    from novasim.teach.topics import list_words

    return list_words()


def _list_microversions(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.microversions import NEWEST

    return [f"2.{minor}" for minor in range(NEWEST, 0, -1)]


def _list_options(ctx: click.Context) -> list[str]:
    from novasim.control.options import DURATION
    from novasim.lifecycle.actions import ACTIONS
    from novasim.simulation.options import DEFAULTS

    timed = [action for action in ACTIONS.values() if not action.is_instant]
    phases = [f"{action.name}.{task_state}" for action in timed for task_state in action.shown_task_states]
    return [*DEFAULTS, *(DURATION + name for name in sorted({*(action.name for action in timed), *phases}))]


def list_option_values(name: str) -> list[str]:
    """The values of an option of the cloud that has a few of them, or the items of one that is a list."""
    from novasim.simulation.options import DEFAULTS, FILTERS

    default = DEFAULTS.get(name)
    if isinstance(default, bool):
        return ["true", "false"]
    return list(FILTERS) if name == "enabled_filters" else default if isinstance(default, list) else []


def _list_option_values(ctx: click.Context) -> list[str]:
    return list_option_values(str(ctx.params.get("name")))


def _list_predefined_faults(ctx: click.Context) -> list[str]:
    from novasim.control.faults import PREDEFINED

    return list(PREDEFINED)


def _list_fault_codes(ctx: click.Context) -> list[str]:
    from novasim.control.faults import CODES

    return list(map(str, CODES))


def _list_rules(ctx: click.Context) -> list[str]:
    from novasim.api.policy.defaults import DEFAULTS

    return [*_list_actions(ctx), *sorted(DEFAULTS)]


def _list_commands(ctx: click.Context) -> list[str]:
    """The subcommands of the words typed so far."""
    command: click.Command | None = ctx.find_root().command
    for word in ctx.params.get("words") or ():
        command = command.get_command(ctx, word) if isinstance(command, click.Group) else None
    return command.list_commands(ctx) if isinstance(command, click.Group) else []


def _list_metadata_paths(ctx: click.Context) -> list[str]:
    """The names of the documents, and the paths below the root of the metadata service."""
    from novasim.api.metadata.versions import SINCE

    return [*SINCE, *(f"openstack/latest/{name}" for name in SINCE), "latest/meta-data/", "latest/user-data"]


def _list_migration_statuses(ctx: click.Context) -> list[str]:
    return MIGRATION_STATUSES


def _list_volume_statuses(ctx: click.Context) -> Iterable[str]:
    from novasim.api.volume.actions import STATUSES

    return STATUSES


def _list_backup_kinds(ctx: click.Context) -> list[str]:
    return ["daily", "weekly"]


def _list_kinds_of_questions(ctx: click.Context) -> Iterable[str]:
    from novasim.teach.quiz.quiz import KINDS

    return KINDS


def _list_lessons(ctx: click.Context) -> list[str]:
    from novasim.cli.lessons.known import open_library

    return open_library().names()


MIGRATION_STATUSES = """
    accepted cancelled confirmed confirming completed done error failed finished migrating post-migrating
    pre-migrating preparing queued reverted reverting running
""".split()

Table = Callable[[click.Context], Iterable[str]]
TABLES: dict[str | tuple[str, str], Table] = {
    "action": _list_actions,
    "actions": _list_actions,
    "around": list_statuses,
    "columns": list_columns,
    "lesson": _list_lessons,
    "pinned": _list_microversions,
    "power_state": _list_power_states,
    "status": list_statuses,
    "statuses": list_statuses,
    "task_state": _list_task_states,
    "vm_state": _list_vm_states,
    "word": _list_topics,
    ("create-backup", "kind"): _list_backup_kinds,
    ("config get", "name"): _list_options,
    ("metadata", "path"): _list_metadata_paths,
    ("config set", "name"): _list_options,
    ("config set", "value"): _list_option_values,
    ("config unset", "name"): _list_options,
    ("fault add", "code"): _list_fault_codes,
    ("fault add", "name"): _list_predefined_faults,
    ("fault add", "phase"): _list_task_states,
    ("help", "words"): _list_commands,
    ("migration list", "status"): _list_migration_statuses,
    ("policy check", "rule"): _list_rules,
    ("quiz", "names"): _list_kinds_of_questions,
    ("volume set", "state"): _list_volume_statuses,
}  # by the name of a parameter, or by command and parameter
