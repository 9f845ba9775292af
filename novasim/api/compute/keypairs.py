"""/os-keypairs: the key pairs of users."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from novasim.api.compute.page_links import next_page_links, read_limit, skip_to_marker
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Keypair
from novasim.simulation import quotas
from novasim.simulation.keys import rsa, ssh, x509

RULE = "os_compute_api:os-keypairs:"
SECRET_BYTES, SERIAL_BYTES = 32, 16


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-keypairs: the key pairs of a user by name, in pages from 2.35. 400, 403."""
    user_id = _read_user_id(ctx, "index")
    keys = sorted(ctx.world.tx.query(Keypair, {"user_id": user_id}), key=lambda key: key.name)
    if ctx.minor < 35:
        return {"keypairs": [{"keypair": _common_view(ctx, key)} for key in keys]}
    following = skip_to_marker(keys, ctx.query("marker") or None, "name", "Marker {} could not be found.")
    limit = read_limit(ctx, ctx.request.query)
    page = following[:limit]
    body: dict[str, Any] = {"keypairs": [{"keypair": _common_view(ctx, key)} for key in page]}
    if next_links := next_page_links(ctx, ctx.request.query, "os-keypairs", [key.name for key in page], limit):
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
        Forbidden: over quota (403). BadRequest: an invalid key (400). Conflict: the name exists (409).

    Source: nova/compute/api.py KeypairAPI import_key_pair, create_key_pair.
    """
    body = ctx.body["keypair"]
    name = body["name"]
    user_id = (body.get("user_id") if ctx.minor >= 10 else None) or ctx.caller.user_id
    ctx.can(RULE + "create", {"user_id": user_id, "project_id": ctx.caller.project_id})
    key = Keypair(
        id=f"{user_id}/{name}",
        name=name,
        user_id=user_id,
        public_key=body.get("public_key", ""),
        fingerprint="",
        created_at=ctx.world.time,
        type=body.get("type", "ssh"),
    )
    _check_quota(ctx, key)
    is_import = "public_key" in body
    if is_import:
        key.fingerprint = _fingerprint(key)
    if ctx.world.tx.get(Keypair, key.id):
        raise Conflict(reason=f"Key pair '{key.name}' already exists.")
    more = {} if is_import else {"private_key": _generate(ctx, key)}
    key.number = ctx.world.allocate_number("keypairs")
    ctx.world.tx.put(key)
    view = _common_view(ctx, key) | {"user_id": key.user_id} | more
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


def _check_quota(ctx: Context, key: Keypair) -> None:
    limit = quotas.get_smallest_limit(ctx.world, ctx.caller.project_id, ctx.caller.user_id, "key_pairs")
    if not quotas.is_within_limit(limit, len(ctx.world.tx.query(Keypair, {"user_id": key.user_id})) + 1):
        raise Forbidden(reason="Quota exceeded, too many key pairs.")


def _fingerprint(key: Keypair) -> str:
    """
    The fingerprint of an imported key.

    Raises:
        BadRequest: it is not a key or certificate (400).
    """
    what = "Keypair data is invalid: failed to generate"
    try:
        return ssh.fingerprint(key.public_key) if key.type == "ssh" else x509.fingerprint(key.public_key)
    except ssh.InvalidKey:
        raise BadRequest(reason=f"{what} fingerprint") from None
    except x509.InvalidCertificate as error:
        raise BadRequest(reason=f"{what} X509 fingerprint. Error message: {error}") from None


def _generate(ctx: Context, key: Keypair) -> str:
    """Generate the public key, or the certificate, and return the private one."""
    secret = rsa.generate_key(ctx.world.ids.octets(SECRET_BYTES))
    if key.type == "ssh":
        key.public_key = rsa.public_line(secret, "Generated-by-Nova")
        private = rsa.private_pem(secret)
    else:
        serial = int.from_bytes(ctx.world.ids.octets(SERIAL_BYTES), "big")
        now = datetime.fromtimestamp(ctx.world.now, timezone.utc)
        key.public_key = x509.generate_certificate(secret, key.user_id, serial, now)
        private = x509.generate_bundle(secret, key.public_key)
    key.fingerprint = _fingerprint(key)
    return private


def _common_view(ctx: Context, key: Keypair) -> dict[str, Any]:
    view = {"name": key.name, "public_key": key.public_key, "fingerprint": key.fingerprint}
    return view | {"type": key.type} if ctx.minor >= 2 else view
