"""The roles that may request an action on a server of their own project, by Nova's default policy."""

from __future__ import annotations

from novasim.api.callers import expand_roles
from novasim.api.policy.enforcer import Enforcer
from novasim.lifecycle.action import Action
from novasim.records import Caller

ROLES = ("reader", "member", "manager", "admin")  # each implies those before it
EVERYBODY = "@"  # the check that permits everything, instead of a rule


def allowed_roles(action: Action) -> list[str]:
    """The roles in the server's project that may request an action, the lowest first."""
    if action.policy == EVERYBODY:
        return list(ROLES)
    enforcer, target = Enforcer({}), {"project_id": "p", "user_id": "u"}
    callers = {role: Caller("u", "p", expand_roles([role])) for role in ROLES}
    return [role for role, caller in callers.items() if enforcer.enforce(action.policy, caller, target)]


def lowest_role(action: Action) -> str:
    """The lowest role that may request an action; "" if no role may."""
    return next(iter(allowed_roles(action)), "")
