"""The context of a request: the request itself, the simulated cloud, and the caller's rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.api.policy.enforcer import Enforcer, is_allowed_by_default, own_target
from novasim.api.request import Request
from novasim.errors import PolicyRefusal
from novasim.records import Caller
from novasim.simulation.world import World


class WritingNeeded(Exception):
    """A request whose route only reads has to change the cloud; it is handled again, in a transaction that writes."""


class Context:
    """
    A request within its transaction.

    Args:
        writes: Whether changes of the world are saved.
    """

    def __init__(self, request: Request, world: World, writes: bool = True) -> None:
        self.request = request
        self.world = world
        self.writes = writes
        self.minor = request.minor
        self.policy = Enforcer(world.settings.policy)
        self.caller = self._apply_policy(_drop_foreign_roles(request.caller, request.service))

    def _apply_policy(self, caller: Caller) -> Caller:
        """The caller, with is_admin as the cloud's own policy defines it."""
        return caller._replace(policy_admin=self.policy.is_admin(caller)) if self.policy.overrides else caller

    @property
    def body(self) -> Any:
        """The decoded JSON body."""
        return self.request.body

    def query(self, key: str) -> str | None:
        """The last value of a query key, which is the one that Nova uses; None without the key."""
        values = self.queries(key)
        return values[-1] if values else None

    def queries(self, key: str) -> list[str]:
        """All values of a query key, in order."""
        return [value for name, value in self.request.query if name == key]

    def require_writing(self) -> None:
        """Make sure that changes of the world are saved, although the route of the request only reads."""
        if not self.writes:
            raise WritingNeeded

    def is_allowed(self, rule: str, target: Mapping[str, Any] | None = None) -> bool:
        """Whether the policy allows *rule* to the caller on *target*; the default target is the caller's project."""
        if target is not None:
            return self.policy.enforce(rule, self.caller, target)
        if not self.policy.overrides:
            return is_allowed_by_default(rule, self.caller)
        return self.policy.enforce(rule, self.caller, own_target(self.caller))

    def can(self, rule: str, target: Mapping[str, Any] | None = None) -> None:
        """Refuse (403) what the policy does not allow. Named after Nova's RequestContext.can."""
        if not self.is_allowed(rule, target):
            raise PolicyRefusal(rule=rule)


def _drop_foreign_roles(caller: Caller, service: str) -> Caller:
    """The caller without roles in a domain or the system, which count only in the identity service."""
    return caller._replace(roles=()) if caller.scope and service != "identity" else caller
