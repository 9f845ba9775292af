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
    policy_admin: bool | None = None  # what a policy of the cloud's own makes of it
    restricted: bool = False  # by an application credential, which may not make others
    scope: str = ""  # of a token that is of no project: "system:all", or "domain:" and its id

    @property
    def is_admin(self) -> bool:
        """Nova's context_is_admin: the role admin, unless the cloud's policy says otherwise."""
        return "admin" in self.roles if self.policy_admin is None else self.policy_admin
