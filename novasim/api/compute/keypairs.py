"""/os-keypairs: the public keys of users."""

from __future__ import annotations

import string
from typing import Any

from novasim.api.compute.paging import limit_asked, next_links
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Keypair
from novasim.simulation import quotas
from novasim.simulation.ssh_keys import fingerprint, generate_key_pair

RULE = "os_compute_api:os-keypairs:"
LETTERS = frozenset(string.ascii_letters + string.digits + "_- ")


def index(ctx: Context) -> dict[str, Any]:
    """The user's keys; sorted by name and paged from 2.35."""
    user = _user(ctx, "index")
    keys = ctx.world.tx.query(Keypair, {"user_id": user})
    if ctx.minor < 35:
        return {"keypairs": [{"keypair": _short(ctx, key)} for key in keys]}
    keys.sort(key=lambda key: key.name)
    if marker := ctx.query("marker"):
        names = [key.name for key in keys]
        if marker not in names:
            raise BadRequest(reason=f"marker [{marker}] not found")
        keys = keys[names.index(marker) + 1 :]
    limit = limit_asked(ctx, ctx.request.query)
    page = keys[:limit]
    answer: dict[str, Any] = {"keypairs": [{"keypair": _short(ctx, key)} for key in page]}
    if following := next_links(ctx, ctx.request.query, "os-keypairs", page, limit, key="name"):
        answer["keypairs_links"] = following
    return answer


def show(ctx: Context, name: str) -> dict[str, Any]:
    """One key."""
    key = _get(ctx, name, "show")
    more = {
        "user_id": key.user_id,
        "deleted": False,
        "created_at": key.created_at.rstrip("Z"),
        "updated_at": None,
        "deleted_at": None,
        "id": key.number,
    }
    return {"keypair": _short(ctx, key) | more}


def create(ctx: Context) -> Response:
    """
    Import a public key, or (until 2.91) have a pair made; the private key is shown once and not kept.

    Raises:
        BadRequest: a bad name or key (400). Forbidden: over quota (403). Conflict: the name is taken (409).
    """
    asked = ctx.body["keypair"]
    name = asked["name"]
    user = asked.get("user_id") if ctx.minor >= 10 else None
    ctx.can(RULE + "create", {"user_id": user or ctx.caller.user_id, "project_id": ctx.caller.project_id})
    key = Keypair(
        id=f"{user or ctx.caller.user_id}/{name}",
        name=name,
        user_id=user or ctx.caller.user_id,
        public_key=asked.get("public_key") or "",
        fingerprint="",
        created_at=ctx.world.time,
        type=asked.get("type", "ssh"),
    )
    _check_name(ctx, name)
    _check_room(ctx, key)
    private = _fill(ctx, key)
    key.number = ctx.world.allocate_number("keypairs")
    ctx.world.tx.put(key)
    view = _short(ctx, key) | {"user_id": key.user_id} | ({"private_key": private} if private else {})
    return Response(201 if ctx.minor >= 2 else 200, {"keypair": view})


def delete(ctx: Context, name: str) -> Response:
    """Remove a key; servers keep its name."""
    ctx.world.tx.delete(_get(ctx, name, "delete"))
    return Response(204 if ctx.minor >= 2 else 202)


def _user(ctx: Context, verb: str) -> str:
    """Whose keys are meant: an administrator may name another user from 2.10."""
    user = (ctx.query("user_id") if ctx.minor >= 10 else None) or ctx.caller.user_id
    ctx.can(RULE + verb, {"user_id": user, "project_id": ctx.caller.project_id})
    return user


def _get(ctx: Context, name: str, verb: str) -> Keypair:
    user = _user(ctx, verb)
    key = ctx.world.tx.get(Keypair, f"{user}/{name}")
    if key is None:
        raise NotFound(reason=f"Keypair {name} not found for user {user}")
    return key


def _check_name(ctx: Context, name: str) -> None:
    allowed = LETTERS | (frozenset("@.") if ctx.minor >= 92 else frozenset())
    if not set(name) <= allowed:
        raise BadRequest(reason="Keypair data is invalid: Keypair name contains unsafe characters")


def _check_room(ctx: Context, key: Keypair) -> None:
    limit = quotas.smallest_limit(ctx.world, ctx.caller.project_id, ctx.caller.user_id, "key_pairs")
    if not quotas.fits(limit, len(ctx.world.tx.query(Keypair, {"user_id": key.user_id})) + 1):
        raise Forbidden(reason="Quota exceeded, too many key pairs.")
    if ctx.world.tx.get(Keypair, key.id):
        raise Conflict(reason=f"Key pair '{key.name}' already exists.")


def _fill(ctx: Context, key: Keypair) -> str | None:
    """Make or check the public key; the private one is returned if it was made here."""
    private = None
    if not key.public_key:
        if key.type == "x509":
            raise BadRequest(reason="Keypair data is invalid: x509 certificates are not made here; import one.")
        key.public_key, private = generate_key_pair(ctx.world.ids.octets(32), "Generated-by-Nova")
    try:
        key.fingerprint = fingerprint(key.public_key) if key.type == "ssh" else _x509(key.public_key)
    except (ValueError, IndexError, UnicodeDecodeError):
        raise BadRequest(reason="Keypair data is invalid: failed to generate fingerprint") from None
    return private


def _x509(certificate: str) -> str:
    """The SHA-1 of a PEM certificate's content."""
    import base64
    import hashlib

    lines = certificate.strip().splitlines()
    if len(lines) < 3 or "BEGIN CERTIFICATE" not in lines[0]:
        raise ValueError("no certificate")
    digest = hashlib.sha1(base64.b64decode("".join(lines[1:-1]), validate=True)).hexdigest()
    return ":".join(digest[i : i + 2] for i in range(0, 40, 2))


def _short(ctx: Context, key: Keypair) -> dict[str, Any]:
    view = {"name": key.name, "public_key": key.public_key, "fingerprint": key.fingerprint}
    return view | {"type": key.type} if ctx.minor >= 2 else view
