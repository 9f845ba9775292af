"""
What trusts grant: the chain of a trust and those that it was redelegated from, and the roles of its tokens.

Source: keystone/trust/core.py get_trust and keystone/models/token_model.py _get_trust_roles.
"""

from __future__ import annotations

import math

from novasim.api.callers import expand_roles, list_role_names
from novasim.api.identity.resources import is_enabled_user
from novasim.errors import NotFound
from novasim.records import Trust, User
from novasim.simulation.world import World


def find_chain(world: World, trust_id: str) -> list[Trust]:
    """
    Return the trust with an id, followed by the trust that it was redelegated from, and so on.

    Raises:
        NotFound: one of them does not exist, or has expired (404).
    """
    chain = [_find_unexpired(world, trust_id)]
    while parent_id := chain[-1].redelegated_trust_id:
        chain.append(_find_unexpired(world, parent_id))
    return chain


def find_roles(world: World, trust_id: str) -> list[str]:
    """
    Return the names of the roles that the tokens of a trust have.

    The list is empty if they have become invalid: the trust or one that it was redelegated from was deleted or has
    expired, a user of one of them is disabled, or the user who began the chain no longer has one of the roles. A number
    of uses limits how many tokens are issued, not how long they are valid.
    """
    try:
        chain = find_chain(world, trust_id)
    except NotFound:
        return []
    agents = [chain[0].trustor_user_id, *(each.trustee_user_id for each in chain)]
    origin = world.tx.get(User, chain[-1].trustor_user_id)
    if origin is None or not all(is_enabled_user(world, id) for id in agents):
        return []
    assigned = expand_roles(list_role_names(world.tx, origin, chain[0].project_id or ""))
    return chain[0].roles if set(chain[0].roles) <= set(assigned) else []


def find_generation(world: World, trust_id: str) -> int:
    """Return a number that increases when the trustor or the trustee gets a new password or is disabled."""
    trust = world.tx.get(Trust, trust_id)
    users = [world.tx.get(User, id) for id in (trust.trustor_user_id, trust.trustee_user_id)] if trust else []
    return sum(user.token_generation for user in users if user)


def find_expiry(world: World, trust_id: str) -> float:
    """Return the wall time at which a valid trust expires, in seconds since the epoch."""
    return min(each.expires or math.inf for each in find_chain(world, trust_id))


def _find_unexpired(world: World, trust_id: str) -> Trust:
    trust = world.tx.get(Trust, trust_id)
    if trust is None or (trust.expires is not None and world.wall_time >= trust.expires):
        raise NotFound(reason=f"Could not find trust: {trust_id}.")
    return trust
