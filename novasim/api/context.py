"""What a handler gets: the request, the world, and the caller's rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.api.policy.enforcer import Enforcer
from novasim.api.request import Request
from novasim.errors import PolicyRefusal
from novasim.records import Caller
from novasim.simulation.world import World


class Context:
    """One request being served, inside one unit of work."""

    def __init__(self, request: Request, world: World) -> None:
        self.request = request
        self.world = world
        self.minor = request.minor
        self.policy = Enforcer(world.settings.policy)
        self.caller = self._judged(_within_reach(request.caller, request.service))

    def _judged(self, caller: Caller) -> Caller:
        """The caller with what a policy of the cloud's own says of administrators."""
        return caller._replace(judged_admin=self.policy.is_admin(caller)) if self.policy.overrides else caller

    @property
    def body(self) -> Any:
        """The decoded JSON body."""
        return self.request.body

    def query(self, key: str) -> str | None:
        """The last value of a query key, as Nova reads single-valued ones."""
        values = self.queries(key)
        return values[-1] if values else None

    def queries(self, key: str) -> list[str]:
        """All values of a query key, in order."""
        return [value for name, value in self.request.query if name == key]

    def allowed(self, rule: str, target: Mapping[str, Any] | None = None) -> bool:
        """Whether the policy lets the caller do this to *target* (default: the caller's own project)."""
        caller = self.caller
        own = {"project_id": caller.project_id, "user_id": caller.user_id}
        return self.policy.enforce(rule, caller, target if target is not None else own)

    def can(self, rule: str, target: Mapping[str, Any] | None = None) -> None:
        """Refuse (403) what the policy does not allow."""
        if not self.allowed(rule, target):
            raise PolicyRefusal(rule=rule)


def _within_reach(caller: Caller, service: str) -> Caller:
    """The caller without roles where only those count that are held in a project: anywhere but in identity."""
    return caller._replace(roles=()) if caller.scope and service != "identity" else caller
