"""
/v3/credentials: secrets of any type that the identity service keeps for users.

Source: keystone/api/credentials.py, keystone/credential/core.py.
"""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.bodies import MALFORMED, check_update, keep_extra, read_body
from novasim.api.identity.resources import collection_view, filter_records, forbidden_action, new_id, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.jsonutils import decode, encode
from novasim.records import Credential

Object = dict[str, Any]

EC2 = "ec2"
TEXT_FIELDS = ("blob", "project_id", "type", "user_id")
REQUIRED = ("blob", "type", "user_id")
KNOWN = frozenset((*TEXT_FIELDS, "id", "links"))
SCOPE_KEYS = ("trust_id", "app_cred_id", "access_token_id", "access_id")
"""Keys in the blob of an ec2 credential that bind it to a delegation, and cannot be changed."""
OTHER_PROJECT = "Credential project does not match the project scope of the delegated token"
RESTRICTED = "Using method 'application_credential' is not allowed for managing additional credentials."


def index(ctx: Context) -> Object:
    """GET /v3/credentials: all (administrators), or those of the caller; filters user_id and type."""
    own = {} if ctx.caller.is_admin else {"user_id": ctx.caller.user_id}
    found = [each for each in ctx.world.tx.query(Credential, own) if is_in_scope(ctx, each.project_id)]
    views = [_view(ctx, each) for each in filter_records(ctx, found, ("user_id", "type"))]
    return collection_view(ctx, "credentials", views)


def show(ctx: Context, credential_id: str) -> Object:
    """GET /v3/credentials/{id}: one credential with its secret. 403, 404."""
    return {"credential": _view(ctx, _get_allowed(ctx, credential_id, "get_credential"))}


def create(ctx: Context) -> Response:
    """
    POST /v3/credentials: keep a secret. The ID of an ec2 credential follows from its access key.

    Raises:
        BadRequest: a field is missing or invalid (400). Conflict: there is an ec2 credential with this key (409).
        Forbidden: the credential is for another user, or the caller's token does not allow it (403).
    """
    body = read_body(ctx, "credential", TEXT_FIELDS, required=REQUIRED)
    require_admin(ctx, "create_credential", body["user_id"] == ctx.caller.user_id)
    is_ec2 = body["type"].lower() == EC2
    if body["type"] == EC2 and "project_id" not in body:
        raise BadRequest(reason="Invalid input for field 'project_id': it is required.")
    if is_ec2 and ctx.caller.restricted:
        raise forbidden_action(RESTRICTED)
    check_scope(ctx, body.get("project_id"))
    id, blob = _prepare_ec2(ctx, body["blob"]) if is_ec2 else (new_id(ctx), body["blob"])
    credential = Credential(
        id=id, user_id=body["user_id"], type=body["type"], blob=blob, project_id=body.get("project_id")
    )
    keep_extra(credential, body, KNOWN)
    store_new(ctx, credential)
    return Response(201, {"credential": _view(ctx, credential)})


def _prepare_ec2(ctx: Context, text: str) -> tuple[str, str]:
    """The ID of a new ec2 credential, and its blob, bound to the delegation of the caller's token."""
    blob = _read_blob(text)
    bound = {"trust_id": ctx.caller.trust_id, "app_cred_id": ctx.caller.credential_id}
    bound = {key: value for key, value in bound.items() if value}
    return hash_access(blob["access"]), encode({**blob, **bound}).decode() if bound else text


def update(ctx: Context, credential_id: str) -> Object:
    """
    PATCH /v3/credentials/{id}: change a credential.

    Raises:
        BadRequest: the body is invalid, or changes what an ec2 credential is bound to (400).
        Forbidden: it is, or would be, the credential of another user or project (403).
        NotFound: it does not exist (404).
    """
    credential = _get_allowed(ctx, credential_id, "update_credential")
    body = read_body(ctx, "credential", TEXT_FIELDS)
    if null := next((name for name in REQUIRED if body.get(name, "") is None), ""):
        raise BadRequest(reason=f"Invalid input for field '{null}': None is not of type 'string'")
    if credential.type.lower() == EC2:
        _check_bound(_read_blob(credential.blob), _read_blob(body.get("blob")))
    check_update(body, credential_id)
    require_admin(ctx, "update_credential", body.get("user_id", ctx.caller.user_id) == ctx.caller.user_id)
    if (body.get("type") or "").lower() == EC2 and not (body.get("project_id") or credential.project_id):
        raise missing("project_id")
    for name in TEXT_FIELDS:
        setattr(credential, name, body.get(name, getattr(credential, name)))
    keep_extra(credential, body, KNOWN)
    ctx.world.tx.put(credential)
    return {"credential": _view(ctx, credential)}


def delete(ctx: Context, credential_id: str) -> Response:
    """DELETE /v3/credentials/{id}: remove a credential. 403, 404."""
    ctx.world.tx.delete(_get_allowed(ctx, credential_id, "delete_credential"))
    return Response(204)


def store_new(ctx: Context, credential: Credential) -> None:
    """
    Store a new credential.

    Raises:
        Conflict: there is one with its ID (409).
    """
    if ctx.world.tx.get(Credential, credential.id):
        details = f"Duplicate entry found with ID {credential.id}"
        raise Conflict(reason=f"Conflict occurred attempting to store credential - {details}.")
    ctx.world.tx.put(credential)


def get_credential(ctx: Context, id: str) -> Credential:
    """
    Return the credential with an ID.

    Raises:
        NotFound: it does not exist (404).
    """
    if credential := ctx.world.tx.get(Credential, id):
        return credential
    raise NotFound(reason=f"Could not find credential: {id}.")


def _get_allowed(ctx: Context, id: str, rule: str) -> Credential:
    """
    Return a credential that the caller may use.

    Raises:
        Forbidden: it belongs to another user, or does not exist and the caller is no administrator; or it is outside
            the project of the caller's delegated token (403). NotFound: it does not exist (404).
    """
    stored = ctx.world.tx.get(Credential, id)
    require_admin(ctx, rule, stored is not None and stored.user_id == ctx.caller.user_id)
    credential = get_credential(ctx, id)
    check_scope(ctx, credential.project_id)
    return credential


def is_in_scope(ctx: Context, project_id: str | None) -> bool:
    """Whether the caller's token reaches credentials of a project. That of a delegation reaches only its own."""
    is_delegated = ctx.caller.trust_id or ctx.caller.credential_id
    return not is_delegated or project_id == ctx.caller.project_id


def check_scope(ctx: Context, project_id: str | None, action: str = OTHER_PROJECT) -> None:
    """
    Check that the caller's token reaches credentials of a project.

    Raises:
        Forbidden: it does not (403). *action* is the message.
    """
    if not is_in_scope(ctx, project_id):
        raise forbidden_action(action)


def hash_access(access: Any) -> str:
    """The ID of an ec2 credential with an access key."""
    return hashlib.sha256(str(access).encode("utf-8", "replace")).hexdigest()


def missing(attribute: str) -> BadRequest:
    """Keystone's refusal of a credential without an attribute (400)."""
    return BadRequest(reason=f"Expecting to find {attribute} in credential. {MALFORMED}")


def _read_blob(text: str | None) -> Object:
    """
    The blob of an ec2 credential.

    Raises:
        BadRequest: it is not a JSON object with an access key (400).
    """
    try:
        blob = decode((text or "").encode())
    except (ValueError, RecursionError):
        raise BadRequest(reason="Invalid blob in credential") from None
    if not blob or not isinstance(blob, dict):
        raise missing("blob")
    if blob.get("access") is None:
        raise missing("access")
    return blob


def _check_bound(old: Object, new: Object) -> None:
    for key in SCOPE_KEYS:
        if old.get(key) != new.get(key):
            raise BadRequest(reason=f"{key} can not be updated for credential")


def _view(ctx: Context, credential: Credential) -> Object:
    view = {name: getattr(credential, name) for name in ("id", *TEXT_FIELDS)}
    return {**credential.extra, **view, "links": {"self": url(ctx, f"credentials/{credential.id}")}}
