"""Who sends a request."""

from __future__ import annotations

from typing import NamedTuple


class Caller(NamedTuple):
    """User, project and roles of a request, as a token would carry them."""

    user_id: str
    project_id: str
    roles: tuple[str, ...] = ("reader", "member")
    user_name: str = ""
    project_name: str = ""

    @property
    def is_admin(self) -> bool:
        """Nova's context_is_admin default: the role admin."""
        return "admin" in self.roles
