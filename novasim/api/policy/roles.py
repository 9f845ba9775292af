"""What the neighbouring services ask of a caller's roles: their policies, apart from Nova's, have no tables here."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import Forbidden

WRITERS = frozenset(("member", "manager", "admin", "service"))


def need_member(ctx: Context, refusal: str) -> None:
    """
    Refuse a caller who may only read.

    Raises:
        Forbidden: neither a member nor more than that (403).
    """
    if WRITERS.isdisjoint(ctx.caller.roles):
        raise Forbidden(reason=refusal)


def need_admin(ctx: Context, refusal: str) -> None:
    """Refuse (403) everybody but administrators."""
    if not ctx.caller.is_admin:
        raise Forbidden(reason=refusal)
