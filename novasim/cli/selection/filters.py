"""The filters that lists of servers and selections of servers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from novasim.cli.options import parse_key_values

FILTERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "statuses": ("--status", "in this status (may be repeated).", {"multiple": True}),
    "tag_names": ("--tag", "with this tag (may be repeated).", {"multiple": True}),
    "items": (
        "--property",
        "with this metadata item (may be repeated).",
        {"multiple": True, "metavar": "KEY=VALUE", "callback": parse_key_values},
    ),
    "name_pattern": ("--name", "whose name matches this regular expression.", {}),
}
"""The filters that lists and verbs share, by parameter: the option, the end of its help, and its settings."""


def build_filters(verb: str, without: Sequence[str] = ()) -> list[click.Option]:
    """
    The options of FILTERS.

    Args:
        verb: How their help begins.
    """
    return [
        click.Option([option, name], help=f"{verb} servers {text}", **settings)
        for name, (option, text, settings) in FILTERS.items()
        if name not in without
    ]


def shared_filter_pairs(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The query parameters of the FILTERS among these options. The API has none for metadata."""
    pattern, tags = options.get("name_pattern"), options.get("tag_names")
    pairs = [("name", pattern)] if pattern is not None else []
    pairs += [("tags", ",".join(tags))] if tags else []
    return pairs + [("status", status) for status in options.get("statuses", ())]
