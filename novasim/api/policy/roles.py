"""Role checks of the services that surround Nova; their own policies are not simulated."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import Forbidden

WRITER_ROLES = frozenset(("member", "manager", "admin", "service"))


def require_member(ctx: Context, message: str) -> None:
    """
    Require a role that may write.

    Raises:
        Forbidden: the caller has only read-only roles (403).
    """
    if WRITER_ROLES.isdisjoint(ctx.caller.roles):
        raise Forbidden(reason=message)


def require_admin(ctx: Context, message: str) -> None:
    """
    Require an administrator.

    Raises:
        Forbidden: the caller is not an administrator (403).
    """
    if not ctx.caller.is_admin:
        raise Forbidden(reason=message)
