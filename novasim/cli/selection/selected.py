"""Servers that a command selects by their attributes: finds them, reports them, and asks before they lose data."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click

from novasim.cli.lookup import MAX_LISTED, NamedServer
from novasim.cli.selection.filters import FILTERS, shared_filter_pairs
from novasim.cli.servers.views import Server, list_all
from novasim.cli.session import Session
from novasim.errors import NovasimError, UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.render.output import print_message

Query = list[tuple[str, str]]


class NothingSelected(NovasimError):
    """A selection that no server matches."""

    exit_code = 3


def select_servers(
    session: Session, names: Sequence[str], selectors: Mapping[str, Any], action: str
) -> tuple[str, ...]:
    """
    The servers that a list with the same filters has, in its order. Their number and names are printed on stderr.

    Args:
        names: The servers that the user names.
        selectors: The values of the selectors that the user gives, by parameter.
        action: The name of the action, for which a confirmation may be needed; "" if none is.

    Raises:
        UsageError: names and selectors, no selector, an empty value, a filter that Nova ignores, or no confirmation.
        NothingSelected: no server has these attributes. NovaFault: the list is refused.
    """
    _check_usage(names, selectors)
    query = [("all_tenants", "1")] if "all_projects" in selectors else []
    query += shared_filter_pairs(selectors)
    if ignored := find_ignored_filters(session, query):
        raise UsageError(f"Nova ignores the filter {' and '.join(ignored)} at this microversion.")
    servers = list_all(session, query, path="/servers", items=selectors.get("items"))
    if not servers:
        raise NothingSelected(f"No server matches {_join_options(selectors)}.")
    selected = _name_servers(servers)
    print_message(f"novasim: {_count(selected)}: {_join_names(selected)}")
    if action and ACTIONS[action].destroys_data:
        _ask(action, selected)
    return tuple(selected)


def _check_usage(names: Sequence[str], selectors: Mapping[str, Any]) -> None:
    if not selectors:
        raise _report_missing(click.get_current_context())
    if names:
        waits = "statuses" in selectors and click.get_current_context().info_name == "wait"
        hint = " To wait for a status: --for STATUS." if waits else ""
        raise UsageError(f"Name servers or select them ({' and '.join(map(_option_of, selectors))}), not both.{hint}")
    if selectors.keys() == {"all_projects"}:
        raise UsageError("--all-projects extends a selection; add --all or a filter, such as --status.")
    for name, value in selectors.items():
        if "" in (value if isinstance(value, tuple) else (value,)):
            raise UsageError(f"The value of {_option_of(name)} cannot be empty.")


def _report_missing(ctx: click.Context) -> click.MissingParameter:
    params = {param.name: param for param in ctx.command.get_params(ctx)}
    options = ["--all", *(option for name, (option, *_) in FILTERS.items() if name in params)]
    hint = f"To select servers instead: {', '.join(options[:-1])} or {options[-1]}."
    operands = [param for param in ctx.command.params if isinstance(param, click.Argument) and param.name != "servers"]
    for operand in operands:
        hint = f"{ctx.params[operand.name or '']!r} is the last word and therefore {operand.make_metavar(ctx)}. {hint}"
    return click.MissingParameter(hint, ctx, params["servers"])


def _option_of(name: str) -> str:
    return FILTERS[name][0] if name in FILTERS else "--all" if name == "all_servers" else "--all-projects"


def _join_options(selectors: Mapping[str, Any]) -> str:
    """The options as they are typed."""
    words = []
    for name, value in selectors.items():
        values = [f"{key}={item}" for key, item in value.items()] if isinstance(value, dict) else value
        for each in values if isinstance(values, (list, tuple)) else [values]:
            words += [_option_of(name)] if each is True else [_option_of(name), str(each)]
    return shlex.join(words)


def find_ignored_filters(session: Session, query: Query) -> list[str]:
    """The filters that Nova ignores, because the caller or the microversion does not allow them. Nova says nothing."""
    from novasim.api.compute.servers.listing.filters import list_ignored
    from novasim.api.context import Context
    from novasim.api.request import Request

    minor = NEWEST if session.pinned is None else session.pinned
    with session.cloud.reading() as world:
        return list_ignored(Context(Request(session.caller, "GET", "/servers", minor), world), tuple(query))


def _name_servers(servers: Sequence[Server]) -> list[NamedServer]:
    """The servers by name, or by id if several have the same name or a cell that cannot be reached hides it."""
    count = Counter(server.get("name") for server in servers)
    return [
        NamedServer(server["name"] if "name" in server and count[server["name"]] == 1 else server["id"], server["id"])
        for server in servers
    ]


def _count(servers: Sequence[str]) -> str:
    return f"{len(servers)} server{'s' if len(servers) != 1 else ''}"


def _join_names(names: Sequence[str]) -> str:
    more = len(names) - MAX_LISTED
    return ", ".join(names[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")


def _ask(action: str, servers: Sequence[str]) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"{action} of selected servers asks first, and there is no terminal to ask on. Add --yes.")
    if not click.confirm(f"{action.capitalize()} {_count(servers)}?", err=True):
        raise UsageError("Nothing was changed.")
