"""The option group that selects servers by their attributes, for every command that takes several servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, TypeVar, cast

import click

from novasim.cli.options import rare_options
from novasim.cli.session import Session

F = TypeVar("F", bound=Callable[..., Any])

SELECTORS = ("all_servers", "statuses", "tag_names", "items", "name_pattern", "all_projects")

servers_argument = click.argument("servers", metavar="SERVER...", nargs=-1)


def selection_options(action: str = "", without: Sequence[str] = (), is_required: bool = True) -> Callable[[F], F]:
    """
    Pass on, as *servers*, the servers that the user names or that --all or filters select.

    Filters are combined by AND. If *action* destroys data, the command asks before it acts on selected servers. The
    command is a LazyCommand.

    Args:
        action: The name of the action; "" if the command changes nothing.
        without: The filters whose option has another meaning in this command.
        is_required: Whether it is an error if there are neither names nor a selection.

    Raises:
        UsageError: names and selectors, or neither (exit code 2). Others as for `select_servers`.
    """

    def decorate(command: F) -> F:
        @wraps(command)
        def with_servers(session: Session, /, servers: tuple[str, ...], **options: Any) -> Any:
            selectors = {name: options.pop(name, None) for name in SELECTORS if name not in without}
            selectors = {name: value for name, value in selectors.items() if value or value == ""}
            is_confirmed = options.pop("is_confirmed", False)
            if selectors or (is_required and not servers):
                from novasim.cli.selection.selected import select_servers

                servers = select_servers(session, servers, selectors, "" if is_confirmed else action)
            return command(session, servers=servers, **options)

        return rare_options(partial(_build_selectors, action, without))(cast(F, with_servers))

    return decorate


def _build_selectors(action: str, without: Sequence[str]) -> list[click.Option]:
    from novasim.cli.selection.filters import build_filters
    from novasim.lifecycle.actions import ACTIONS

    words = "Select all servers instead of naming them.", "Select servers of all projects (administrators)."
    select_all = click.Option(["--all", "all_servers"], is_flag=True, help=words[0])
    all_projects = click.Option(["--all-projects"], is_flag=True, help=words[1])
    yes = click.Option(["--yes", "is_confirmed"], is_flag=True, help="Do not ask before acting on selected servers.")
    asks = action and ACTIONS[action].destroys_data
    return [select_all, *build_filters("Select", without), all_projects, *([yes] if asks else [])]
