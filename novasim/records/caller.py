"""The caller of a request, and the origin of a unit of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Caller(NamedTuple):
    """User, project and roles of a request, as in a token."""

    user_id: str
    project_id: str
    roles: tuple[str, ...] = ("reader", "member")
    user_name: str = ""
    project_name: str = ""
    policy_admin: bool | None = None  # as the cloud's own policy decides; None without such a policy
    restricted: bool = False  # an application credential that must not create others
    scope: str = ""  # of a token without a project: "system:all", or "domain:" and an id
    trust_id: str = ""  # of a token that was issued for a trust
    credential_id: str = ""  # of a token that was issued for an application credential

    @property
    def is_admin(self) -> bool:
        """Nova's context_is_admin: the role admin, unless the cloud's policy says otherwise."""
        return "admin" in self.roles if self.policy_admin is None else self.policy_admin


Origin = tuple[str, tuple[str, ...], Callable[[], Caller] | None]
"""An interface ("cli", "http" or "python"), the words of a command line, and what finds the caller of the command."""
PYTHON: Origin = ("python", (), None)
