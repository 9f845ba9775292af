"""
Resources of the identity service that no simulated cloud has: policies, federation and others.

Their lists are empty, and none can be found by id. Requests that create them are refused (501), see routes.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.identity.resources import collection_view, get_or_404, require_admin
from novasim.errors import NotFound
from novasim.records import User

Body = dict[str, Any]


class Kind(NamedTuple):
    """
    A kind of resource.

    Args:
        key: The key of its list. noun: what Keystone's messages call it. rule: the rule of its list; "" for everyone.
    """

    key: str
    noun: str
    rule: str = ""


KINDS = {  # by path below /v3
    "policies": Kind("policies", "policy", "list_policies"),
    "OS-EP-FILTER/endpoint_groups": Kind("endpoint_groups", "endpoint group", "list_endpoint_groups"),
    "OS-FEDERATION/identity_providers": Kind("identity_providers", "identity provider", "list_identity_providers"),
    "OS-FEDERATION/mappings": Kind("mappings", "mapping", "list_mappings"),
    "OS-FEDERATION/service_providers": Kind("service_providers", "service provider", "list_service_providers"),
    "OS-OAUTH1/consumers": Kind("consumers", "consumer", "list_consumers"),
    "OS-REVOKE/events": Kind("events", "event", "list_revoke_events"),
}
OF_USERS = {"access_rules": "access_rules", "OS-OAUTH1/access_tokens": "access_tokens"}
NOUNS_OF_USERS = {  # what Keystone's messages call it, and the rule
    "access_rules": ("Access Rule", "get_access_rule"),
    "OS-OAUTH1/access_tokens": ("Access Token", "get_access_token"),
}


def index(ctx: Context) -> Body:
    """GET of a list: it is empty. 403."""
    kind = KINDS[ctx.request.path.removeprefix("/v3/")]
    if kind.rule:
        require_admin(ctx, kind.rule)
    return collection_view(ctx, kind.key, [])


def refuse(ctx: Context, id: str) -> None:
    """GET, PATCH or DELETE of one of them. 404."""
    path = ctx.request.path.removeprefix("/v3/").rpartition("/")[0]
    raise NotFound(reason=f"Could not find {KINDS[path].noun}: {id}.")


def list_of_user(ctx: Context, user_id: str) -> Body:
    """GET /v3/users/{id}/access_rules and other lists of a user, which are empty. 403, 404."""
    below = _path_below_user(ctx)
    require_admin(ctx, f"list_{OF_USERS[below]}", user_id == ctx.caller.user_id)
    get_or_404(ctx, User, user_id)
    return collection_view(ctx, OF_USERS[below], [])


def refuse_of_user(ctx: Context, user_id: str, id: str, **_: str) -> None:
    """GET or DELETE of one of them. 403, 404."""
    below = _path_below_user(ctx)
    noun, rule = next(words for path, words in NOUNS_OF_USERS.items() if below.startswith(f"{path}/"))
    require_admin(ctx, rule, user_id == ctx.caller.user_id)
    raise NotFound(reason=f"Could not find {noun}: {id}.")


def _path_below_user(ctx: Context) -> str:
    """The part of the path that follows /v3/users/{id}/."""
    return ctx.request.path.split("/", 4)[4]
