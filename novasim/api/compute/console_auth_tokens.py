"""URLs of consoles with their tokens, and /os-console-auth-tokens, which proxies ask for the console of a token."""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest, NotFound
from novasim.records import ConsoleToken, Host, Server
from novasim.simulation.hosts.cells import is_cell_down

RULE = "os_compute_api:os-console-auth-tokens"
PROXIES = {  # by console type: base URL of its proxy, by Nova's defaults
    "novnc": "http://127.0.0.1:6080/vnc_auto.html?path=%3Ftoken%3D",
    "spice-html5": "http://127.0.0.1:6082/spice_auto.html?token=",
    "spice-direct": "http://127.0.0.1:13002/nova?token=",
    "serial": "ws://127.0.0.1:6083/?token=",
    "webmks": "http://127.0.0.1:6090/?token=",
}
LIFETIME = 600  # seconds, the default of Nova's option token_ttl
FIRST_PORT, PORTS = 5900, 1000
WITH_TLS_PORT = "spice-direct"


def create_console_url(ctx: Context, server: Server, console_type: str) -> str:
    """The URL of a console. Its token follows from the cloud's seed and the request, and expires after LIFETIME."""
    _delete_useless_tokens(ctx)
    token = ctx.world.ids.uuid()
    host = ctx.world.tx.get(Host, server.host or "")
    ctx.world.tx.put(
        ConsoleToken(
            id=_hash(token),
            server_id=server.id,
            console_type=console_type,
            host=host.host_ip if host else "",
            port=FIRST_PORT + server.number % PORTS,
            expires_at=ctx.world.now + LIFETIME,
        )
    )
    return PROXIES[console_type] + token


def show(ctx: Context, token: str) -> dict[str, Any]:
    """
    GET /os-console-auth-tokens/{token} (from 2.31): where to connect to. 400, 403, 404.

    Source: nova/api/openstack/compute/console_auth_tokens.py.
    """
    if ctx.minor < 31:
        raise BadRequest(
            reason="The server could not comply with the request since it is either malformed or otherwise incorrect."
        )
    ctx.can(RULE, {})
    record = ctx.world.tx.get(ConsoleToken, _hash(token))
    if record is None or not _is_valid(ctx, record) or _is_in_down_cell(ctx, record):
        raise NotFound(reason="Token not found")
    console: dict[str, Any] = {
        "instance_uuid": record.server_id,
        "host": record.host,
        "port": record.port,
        "internal_access_path": None,
    }
    if ctx.minor >= 99 and record.console_type == WITH_TLS_PORT:
        console["tls_port"] = record.port + 1
    return {"console": console}


def _hash(token: str) -> str:
    """Only the hash of a token is stored, as in Nova."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_valid(ctx: Context, record: ConsoleToken) -> bool:
    server = ctx.world.tx.get(Server, record.server_id)
    return record.expires_at > ctx.world.now and server is not None and not server.deleted


def _is_in_down_cell(ctx: Context, record: ConsoleToken) -> bool:
    server = ctx.world.tx.get(Server, record.server_id)
    return server is not None and is_cell_down(ctx.world, server.host)


def _delete_useless_tokens(ctx: Context) -> None:
    for record in ctx.world.tx.query(ConsoleToken):
        if not _is_valid(ctx, record):
            ctx.world.tx.delete(record)
