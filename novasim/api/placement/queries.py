"""Query parameters of the placement service: amounts of resources, and traits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.simulation.scheduling.traits import HOST_CLASSES, OTHER_CLASSES, list_standard_traits


class Traits(NamedTuple):
    """The traits that a provider must have, groups of which it must have one each, and traits that it must not have."""

    required: frozenset[str]
    groups: tuple[frozenset[str], ...]
    forbidden: frozenset[str]

    def match(self, traits: Iterable[str]) -> bool:
        """Whether a provider with these traits matches."""
        present = set(traits)
        has_groups = all(group & present for group in self.groups)
        return self.required <= present and not self.forbidden & present and has_groups


def read_resources(ctx: Context) -> dict[str, int]:
    """
    Return the amounts in resources=VCPU:1,MEMORY_MB:512 by resource class.

    Raises:
        BadRequest: the format is wrong, or a resource class does not exist (400).
    """
    requested: dict[str, int] = {}
    for pair in ",".join(ctx.queries("resources")).split(",") if ctx.queries("resources") else ():
        name, _, amount = pair.partition(":")
        if not re.fullmatch(r"[1-9][0-9]{0,8}", amount):
            raise BadRequest(
                reason="Badly formed resources parameter. Expected resources query string parameter in "
                f"form: ?resources=VCPU:2,MEMORY_MB:1024. Got: {pair}."
            )
        if name not in HOST_CLASSES and name not in OTHER_CLASSES:
            raise BadRequest(reason=f"Invalid resource class in resources parameter: No such resource class {name}.")
        requested[name] = requested.get(name, 0) + int(amount)
    return requested


def read_traits(ctx: Context, unknown: str) -> Traits:
    """
    Return the sets of traits in required=A,!B and required=in:C,D.

    Args:
        unknown: The message about unknown traits.

    Raises:
        BadRequest: a trait does not exist (400).
    """
    groups: list[frozenset[str]] = []
    required: set[str] = set()
    forbidden: set[str] = set()
    for value in ctx.queries("required"):
        if value.startswith("in:"):
            groups.append(frozenset(value[3:].split(",")))
            continue
        for name in value.split(","):
            (forbidden if name.startswith("!") else required).add(name.removeprefix("!"))
    if missing := sorted({*required, *forbidden, *chain(*groups)} - list_standard_traits()):
        raise BadRequest(reason=unknown.format(", ".join(missing)))
    return Traits(frozenset(required), tuple(groups), frozenset(forbidden))
