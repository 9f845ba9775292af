"""
/v3/users/{id}/credentials/OS-EC2: the keys with which a user calls services that are like Amazon's.

Source: keystone/api/users.py UserOSEC2CredentialsResourceListCreate and UserOSEC2CredentialsResourceGetDelete.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.credentials.credentials import (
    EC2,
    check_scope,
    get_credential,
    hash_access,
    is_in_scope,
    store_new,
)
from novasim.api.identity.resources import collection_view, forbidden_action, get_or_404, new_id, require_admin, url
from novasim.api.request import Response
from novasim.errors import Unauthorized
from novasim.jsonutils import decode, encode
from novasim.records import Credential, Project, User

Object = dict[str, Any]

MEMBER = "member"
OTHER_PROJECT = "EC2 credential project does not match the project scope of the delegated token"
RESTRICTED = "Using method 'application_credential' is not allowed for managing additional application credentials."


def index(ctx: Context, user_id: str) -> Object:
    """GET .../OS-EC2: the keys of a user. 403, 404."""
    require_admin(ctx, "ec2_list_credentials", user_id == ctx.caller.user_id)
    get_or_404(ctx, User, user_id)
    found = ctx.world.tx.query(Credential, {"user_id": user_id, "type": EC2})
    views = [_view(ctx, each) for each in found if is_in_scope(ctx, each.project_id)]
    return collection_view(ctx, "credentials", views)


def create(ctx: Context, user_id: str) -> Response:
    """
    POST .../OS-EC2: create keys of a user in a project.

    Raises:
        Forbidden: they are for another user, the caller is only a reader, or the token does not allow it (403).
        NotFound: there is no such user or project (404).
    """
    _require_member(ctx, "ec2_create_credential", user_id)
    if ctx.caller.restricted:
        raise forbidden_action(RESTRICTED)
    get_or_404(ctx, User, user_id)
    body = ctx.body if isinstance(ctx.body, dict) else {}
    project = get_or_404(ctx, Project, str(body.get("tenant_id")))
    check_scope(ctx, project.id, OTHER_PROJECT)
    blob = {"access": new_id(ctx), "secret": new_id(ctx), "trust_id": ctx.caller.trust_id or None}
    id, text = hash_access(blob["access"]), encode(blob).decode()
    credential = Credential(id=id, user_id=user_id, type=EC2, blob=text, project_id=project.id)
    store_new(ctx, credential)
    return Response(201, {"credential": _view(ctx, credential)})


def show(ctx: Context, user_id: str, access: str) -> Object:
    """GET .../OS-EC2/{access}: keys by the access key. 401, 403, 404."""
    credential = get_credential(ctx, hash_access(access))
    require_admin(ctx, "ec2_get_credential", credential.user_id == ctx.caller.user_id)
    _check(ctx, user_id, credential)
    return {"credential": _view(ctx, credential)}


def delete(ctx: Context, user_id: str, access: str) -> Response:
    """DELETE .../OS-EC2/{access}: remove keys. 401, 403, 404."""
    credential = get_credential(ctx, hash_access(access))
    _require_member(ctx, "ec2_delete_credential", credential.user_id)
    _check(ctx, user_id, credential)
    ctx.world.tx.delete(credential)
    return Response(204)


def _require_member(ctx: Context, rule: str, user_id: str) -> None:
    require_admin(ctx, rule, user_id == ctx.caller.user_id and MEMBER in ctx.caller.roles)


def _check(ctx: Context, user_id: str, credential: Credential) -> None:
    get_or_404(ctx, User, user_id)
    if credential.type != EC2:
        raise Unauthorized(reason="EC2 access key not found.")
    check_scope(ctx, credential.project_id, OTHER_PROJECT)


def _decode_blob(credential: Credential) -> Object:
    """The keys; {} if a credential of another type, which needs no JSON, has become one of ec2."""
    try:
        blob = decode(credential.blob.encode())
    except (ValueError, RecursionError):
        return {}
    return blob if isinstance(blob, dict) else {}


def _view(ctx: Context, credential: Credential) -> Object:
    blob = _decode_blob(credential)
    access = blob.get("access")
    return {
        "user_id": credential.user_id,
        "tenant_id": credential.project_id,
        "access": access,
        "secret": blob.get("secret"),
        "trust_id": blob.get("trust_id"),
        "links": {"self": url(ctx, f"users/{credential.user_id}/credentials/OS-EC2/{access}")},
    }
