"""
The redelegation of trusts: a trustee passes on what a trust grants.

Source: keystone/trust/core.py create_trust and _validate_redelegation, with Keystone's default options.
"""

from __future__ import annotations

import math
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.resources import forbidden_without_reason
from novasim.api.identity.trusts.delegation import find_chain
from novasim.errors import BadRequest
from novasim.records import Trust

Object = dict[str, Any]

MAX_REDELEGATIONS = 3
"""Keystone's option [trust] max_redelegation_count."""


def redelegate(ctx: Context, trust: Trust, body: Object) -> None:
    """
    Set how often a new trust can be redelegated, and the trust of the caller's token as its origin.

    Raises:
        BadRequest: both the number of uses is limited and redelegation is allowed (400).
        Forbidden: too many redelegations are requested, or the trust of the token does not grant what is requested
            (403). NotFound: that trust has expired (404).
    """
    requested = body.get("redelegation_count")
    is_allowed = bool(body.get("allow_redelegation")) and requested != 0
    if is_allowed and (requested or 0) > MAX_REDELEGATIONS:
        raise forbidden_without_reason()
    if is_allowed and trust.remaining_uses is not None:
        raise BadRequest(reason="remaining_uses must not be set if redelegation is allowed")
    most = MAX_REDELEGATIONS
    if ctx.caller.trust_id:
        chain = find_chain(ctx.world, ctx.caller.trust_id)
        most = chain[0].redelegation_count - 1
        if is_allowed and requested not in (None, most):
            raise forbidden_without_reason()
        trust.redelegated_trust_id = chain[0].id
        for each in chain:
            _check_redelegation(each, trust)
    trust.redelegation_count = (most if requested is None else requested) if is_allowed else 0


def _check_redelegation(origin: Trust, trust: Trust) -> None:
    """Check that an earlier trust of the chain grants what a new one requests, and take over when it expires."""
    if trust.expires is None:
        trust.expires = origin.expires
    if (
        not 0 < origin.redelegation_count <= MAX_REDELEGATIONS
        or trust.remaining_uses is not None
        or (trust.expires or math.inf) > (origin.expires or math.inf)
        or not set(trust.roles) <= set(origin.roles)
        or (trust.impersonation and not origin.impersonation)
    ):
        raise forbidden_without_reason()
