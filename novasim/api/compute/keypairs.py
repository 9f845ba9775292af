"""/os-keypairs."""

from __future__ import annotations

import string
from typing import Any

from novasim.api.compute.paging import next_page_links, read_limit, skip_to_marker
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Keypair
from novasim.simulation import quotas
from novasim.simulation.ssh_keys import fingerprint, generate_key_pair

RULE = "os_compute_api:os-keypairs:"
NAME_CHARACTERS = frozenset(string.ascii_letters + string.digits + "_- ")


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-keypairs: the key pairs of a user, sorted by name and paged from 2.35. 400, 403."""
    user_id = _read_user_id(ctx, "index")
    keys = ctx.world.tx.query(Keypair, {"user_id": user_id})
    if ctx.minor < 35:
        return {"keypairs": [{"keypair": _common_view(ctx, key)} for key in keys]}
    keys.sort(key=lambda key: key.name)
    following = skip_to_marker(keys, ctx.query("marker") or None, key="name")
    limit = read_limit(ctx, ctx.request.query)
    page = following[:limit]
    body: dict[str, Any] = {"keypairs": [{"keypair": _common_view(ctx, key)} for key in page]}
    if next_links := next_page_links(ctx, ctx.request.query, "os-keypairs", page, limit, key="name"):
        body["keypairs_links"] = next_links
    return body


def show(ctx: Context, name: str) -> dict[str, Any]:
    """GET /os-keypairs/{name}: one key pair. 403, 404."""
    key = _get(ctx, name, "show")
    more = {
        "user_id": key.user_id,
        "deleted": False,
        "created_at": key.created_at.rstrip("Z"),
        "updated_at": None,
        "deleted_at": None,
        "id": key.number,
    }
    return {"keypair": _common_view(ctx, key) | more}


def create(ctx: Context) -> Response:
    """
    POST /os-keypairs: import a public key or, until 2.91, generate a key pair. 400, 403, 409.

    The private key is in this response only; it is not stored.

    Raises:
        BadRequest: an invalid name or key (400). Forbidden: over quota (403). Conflict: the name exists (409).
    """
    body = ctx.body["keypair"]
    name = body["name"]
    user_id = (body.get("user_id") if ctx.minor >= 10 else None) or ctx.caller.user_id
    ctx.can(RULE + "create", {"user_id": user_id, "project_id": ctx.caller.project_id})
    key = Keypair(
        id=f"{user_id}/{name}",
        name=name,
        user_id=user_id,
        public_key=body.get("public_key") or "",
        fingerprint="",
        created_at=ctx.world.time,
        type=body.get("type", "ssh"),
    )
    _check_name(ctx, name)
    _check_quota_and_name(ctx, key)
    private_key = _fill_in_key(ctx, key)
    key.number = ctx.world.allocate_number("keypairs")
    ctx.world.tx.put(key)
    view = _common_view(ctx, key) | {"user_id": key.user_id}
    if private_key:
        view["private_key"] = private_key
    return Response(201 if ctx.minor >= 2 else 200, {"keypair": view})


def delete(ctx: Context, name: str) -> Response:
    """DELETE /os-keypairs/{name}: delete a key pair. Servers keep its name. 403, 404."""
    ctx.world.tx.delete(_get(ctx, name, "delete"))
    return Response(204 if ctx.minor >= 2 else 202)


def _read_user_id(ctx: Context, verb: str) -> str:
    """The user whose key pairs are requested: the caller, or another one from 2.10 if the policy allows it."""
    user_id = (ctx.query("user_id") if ctx.minor >= 10 else None) or ctx.caller.user_id
    ctx.can(RULE + verb, {"user_id": user_id, "project_id": ctx.caller.project_id})
    return user_id


def _get(ctx: Context, name: str, verb: str) -> Keypair:
    user_id = _read_user_id(ctx, verb)
    key = ctx.world.tx.get(Keypair, f"{user_id}/{name}")
    if key is None:
        raise NotFound(reason=f"Keypair {name} not found for user {user_id}")
    return key


def _check_name(ctx: Context, name: str) -> None:
    allowed = NAME_CHARACTERS | (frozenset("@.") if ctx.minor >= 92 else frozenset())
    if not set(name) <= allowed:
        raise BadRequest(reason="Keypair data is invalid: Keypair name contains unsafe characters")


def _check_quota_and_name(ctx: Context, key: Keypair) -> None:
    limit = quotas.get_smallest_limit(ctx.world, ctx.caller.project_id, ctx.caller.user_id, "key_pairs")
    if not quotas.is_within_limit(limit, len(ctx.world.tx.query(Keypair, {"user_id": key.user_id})) + 1):
        raise Forbidden(reason="Quota exceeded, too many key pairs.")
    if ctx.world.tx.get(Keypair, key.id):
        raise Conflict(reason=f"Key pair '{key.name}' already exists.")


def _fill_in_key(ctx: Context, key: Keypair) -> str | None:
    """Set the fingerprint, and generate the public key if there is none. Returns the generated private key."""
    private_key = None
    if not key.public_key:
        if key.type == "x509":
            raise BadRequest(reason="Keypair data is invalid: x509 certificates are not made here; import one.")
        key.public_key, private_key = generate_key_pair(ctx.world.ids.octets(32), "Generated-by-Nova")
    try:
        key.fingerprint = fingerprint(key.public_key) if key.type == "ssh" else _certificate_fingerprint(key.public_key)
    except (ValueError, IndexError, UnicodeDecodeError):
        raise BadRequest(reason="Keypair data is invalid: failed to generate fingerprint") from None
    return private_key


def _certificate_fingerprint(certificate: str) -> str:
    """The SHA-1 of the content of a PEM certificate. Raises ValueError: it is not one."""
    import base64
    import hashlib

    lines = certificate.strip().splitlines()
    if len(lines) < 3 or "BEGIN CERTIFICATE" not in lines[0]:
        raise ValueError("not a certificate")
    digest = hashlib.sha1(base64.b64decode("".join(lines[1:-1]), validate=True)).hexdigest()
    return ":".join(digest[i : i + 2] for i in range(0, 40, 2))


def _common_view(ctx: Context, key: Keypair) -> dict[str, Any]:
    view = {"name": key.name, "public_key": key.public_key, "fingerprint": key.fingerprint}
    return view | {"type": key.type} if ctx.minor >= 2 else view
