"""The handler of the metadata service as guests ask it."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.metadata.documents import Document, find_document
from novasim.api.metadata.instance import read_instance
from novasim.api.metadata.password import store_password
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Server
from novasim.simulation.hosts.cells import require_cell

SERVER, PROJECT, SIGNATURE = "X-Instance-ID", "X-Tenant-ID", "X-Instance-ID-Signature"


def show(ctx: Context) -> Response:
    """GET /openstack, /latest and others: what the guest that signed headers name reads there. 400, 403, 404."""
    document = _find_document(ctx, _find_guest(ctx))
    return Response(200, document.content, {"Content-Type": document.media_type})


def post_password(ctx: Context) -> Response:
    """POST /openstack/{version}/password: set the password of the guest. 400, 403, 404, 409."""
    server = _find_guest(ctx)
    _find_document(ctx, server)
    if not ctx.request.path.endswith("/password"):
        raise NotFound(reason="Only a password can be sent.")
    store_password(ctx.world, server, ctx.body)
    return Response(200)


def _find_document(ctx: Context, server: Server) -> Document:
    return find_document(read_instance(ctx.world, server), ctx.request.path.strip("/").split("/"))


def _find_guest(ctx: Context) -> Server:
    """
    The server that the headers name.

    Raises:
        NotFound: no such server in that project, or the cloud has no shared secret (404).
        BadRequest: a header is missing (400). Forbidden: the signature is not valid (403).
        CellDown: the server's cell cannot be reached (500).
    """
    secret = str(ctx.world.option("metadata_proxy_shared_secret"))
    if not secret:
        raise NotFound(reason="No such guest.")
    values = {name: ctx.request.headers.get(name.lower()) for name in (SERVER, SIGNATURE, PROJECT)}
    for name, value in values.items():
        if value is None:
            raise BadRequest(reason=f"{name} header is missing from request.")
    server_id = values[SERVER] or ""
    if not _is_signed(secret, server_id, values[SIGNATURE] or ""):
        raise Forbidden(reason="Invalid proxy request signature.")
    server = ctx.world.tx.get(Server, server_id)
    if server is None or server.deleted or server.project_id != values[PROJECT]:
        raise NotFound(reason="No such guest.")
    require_cell(ctx.world, server)
    return server


def _is_signed(secret: str, server_id: str, signature: str) -> bool:
    import hashlib
    import hmac

    expected = hmac.new(secret.encode(), server_id.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())
