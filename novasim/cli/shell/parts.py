"""Words with several parts: comma lists, SERVER=STATUS, KEY:DIRECTION, USER@PROJECT and KEY=VALUE,..."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from novasim.cli.shell.candidates import list_candidates, list_names, list_projects, list_servers, list_tags
from novasim.cli.shell.tables import command_words, list_option_values, list_statuses

DISK_VALUES = {
    "source_type": ("blank", "image", "snapshot", "volume"),
    "destination_type": ("local", "volume"),
    "device_type": ("cdrom", "disk", "floppy", "lun"),
    "delete_on_termination": ("true", "false"),
}
COMMA_LISTS = ("actions", "columns")


def list_words(ctx: click.Context, param: click.Parameter, typed: str) -> Iterable[str] | None:
    """
    The words that a parameter may have and that may begin with *typed*; None to use Click's own completion.

    Raises:
        NovasimError: as for `list_candidates`.
    """
    name = param.name or ""
    if name in COMMA_LISTS:
        return _join_items(list_candidates(ctx, param) or (), typed)
    path = " ".join(command_words(ctx))
    complete = _COMPLETERS.get((path, name)) or _COMPLETERS.get(name)
    return complete(ctx, param, typed) if complete else list_candidates(ctx, param)


def _join_items(items: Iterable[str], typed: str) -> list[str]:
    """The items behind those of a comma list that are complete, without these."""
    head, comma, _ = typed.rpartition(",")
    return [f"{head}{comma}{item}" for item in items if item not in head.split(",")]


def _list_goals(ctx: click.Context) -> list[str]:
    """What a command can wait for."""
    from novasim.cli.servers.wait_goals import GOALS

    return [*list_statuses(ctx), *GOALS]


def _complete_goal(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    return _join_items(_list_goals(ctx), typed)


def _complete_servers(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """Servers, and the values of the argument that may follow them."""
    later = [each for each in ctx.command.params if isinstance(each, click.Argument) and each is not param]
    return [*list_servers(ctx), *(value for each in later for value in list_candidates(ctx, each) or ())]


def _complete_target(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """SERVER=STATUS."""
    server, sign, _ = typed.partition("=")
    return [f"{server}={goal}" for goal in _list_goals(ctx)] if sign else [f"{name}=" for name in list_servers(ctx)]


def _complete_order(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """KEY or KEY:DIRECTION."""
    from novasim.api.schemas.servers import SORT_KEYS as API_KEYS
    from novasim.cli.servers.list import SORT_KEYS

    key, sign, _ = typed.partition(":")
    return [f"{key}:asc", f"{key}:desc"] if sign else [*SORT_KEYS, *API_KEYS]


def _complete_caller(ctx: click.Context, param: click.Parameter, typed: str) -> Iterable[str] | None:
    """USER or USER@PROJECT."""
    user, sign, _ = typed.partition("@")
    return [f"{user}@{project}" for project in list_projects(ctx)] if sign else list_candidates(ctx, param)


def _complete_tags(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    return _join_items(list_tags(ctx), typed)


def _complete_thresholds(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """FIGURE=PERCENT,..."""
    from novasim.teach.coverage.summary import list_figures

    return _complete_pairs(list_figures(), lambda figure: (), typed)


def _complete_option_value(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    return _join_items(list_option_values(str(ctx.params.get("name"))), typed)


def _complete_openstack(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The next word of a command line of OpenStack's client."""
    from novasim.api.resources import RESOURCES
    from novasim.cli.openstack.completion import list_next_words

    def read_names(noun: str) -> Iterable[str]:
        if noun == "server":
            return list_servers(ctx)
        return list_names(ctx, noun) if noun in RESOURCES else ()

    return list_next_words(ctx.params.get("words") or (), typed, read_names)


def _complete_networks(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    from novasim.cli.servers.new_server import NIC_KEYS

    nouns = {"net-id": "network", "net-name": "network", "port-id": "port"}
    words = _complete_pairs(NIC_KEYS, lambda key: list_names(ctx, nouns[key]) if key in nouns else (), typed)
    return words if "=" in typed else ["auto", "none", *list_names(ctx, "network"), *words]


def _complete_devices(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    from novasim.cli.servers.new_server import DEVICE_KEYS

    return _complete_pairs(DEVICE_KEYS, lambda key: DISK_VALUES.get(key, ()), typed)


def _complete_pairs(keys: Iterable[str], list_values: Callable[[str], Iterable[str]], typed: str) -> list[str]:
    """KEY=VALUE,...: the keys that are not used yet, or the values of the last key."""
    head, comma, last = typed.rpartition(",")
    key, sign, _ = last.partition("=")
    if sign:
        return [f"{head}{comma}{key}={value}" for value in list_values(key)]
    used = [pair.partition("=")[0] for pair in head.split(",")]
    return [f"{head}{comma}{key}=" for key in keys if key not in used]


Completer = Callable[[click.Context, click.Parameter, str], Iterable[str] | None]
_COMPLETERS: dict[str | tuple[str, str], Completer] = {
    "devices": _complete_devices,
    "goal": _complete_goal,
    "networks": _complete_networks,
    "orders": _complete_order,
    "servers": _complete_servers,
    "fail_under": _complete_thresholds,
    "not_tags": _complete_tags,
    "not_tags_any": _complete_tags,
    "tags": _complete_tags,
    "tags_any": _complete_tags,
    "target": _complete_target,
    "who": _complete_caller,
    ("config set", "value"): _complete_option_value,
    ("openstack", "words"): _complete_openstack,
}  # by the name of a parameter, or by command and parameter
