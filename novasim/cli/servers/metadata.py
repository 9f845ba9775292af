"""The command metadata: what the guest of a server reads about itself."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import click

from novasim import jsonutils
from novasim.api.metadata.versions import EC2, LATEST, OPENSTACK, ROOTS, SINCE
from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.servers.requests import request_to
from novasim.cli.session import Session
from novasim.errors import NotFound
from novasim.render.output import print_bytes
from novasim.strutils import quote
from novasim.suggestions import suggest_names

SERVICE_URL = "http://169.254.169.254"
DEFAULT_DOCUMENT = "meta_data.json"
EC2_USER_DATA = "user-data"
FILES = {"Path": "path", "Size": "size"}


@click.command()
@server_argument
@click.argument("path", required=False)
@click.option("--config-drive", is_flag=True, help="Read the config drive instead; without PATH, list its files.")
@output_options
@pass_session
def metadata(session: Session, server: str, path: str | None, config_drive: bool) -> None:
    """
    Show what the guest of a server reads from the metadata service or from its config drive.

    PATH is a path of the service, such as openstack/latest or latest/meta-data/local-ipv4, or the name of a document in
    openstack/latest, such as user_data. A document is printed byte for byte as the guest receives it, or with -f json
    as fields. Without PATH, the fields of meta_data.json are shown, but random_seed only with -f or -c.

    Example: novasim metadata web1 user_data
    """
    with request_to(session, server, "show") as id:
        if config_drive and not path:
            session.show_list(session.get(f"/{id}/config-drive", service="metadata")["files"], FILES, "path")
            return
        requested = complete_path(DEFAULT_DOCUMENT if path is None else path)
        where = f"/{id}/config-drive/{requested}" if config_drive else f"/{id}/{requested}"
        content: bytes = session.get(where.rstrip("/"), service="metadata")
        if path is None or not session.has_default_output:
            _show_fields(session, decode_document(requested, content))
        else:
            is_document = config_drive or requested.rpartition("/")[2] in (*SINCE, EC2_USER_DATA)
            print_bytes(content if is_document else content + b"\n")


def complete_path(text: str) -> str:
    """
    The path below the service's root of what a user has typed: a document's name, a path or a whole URL.

    Raises:
        NotFound: neither a document nor the beginning of a path.
    """
    path = text.removeprefix(SERVICE_URL).strip("/")
    if path in SINCE:
        return f"{OPENSTACK}/{LATEST}/{path}"
    if path and path.partition("/")[0] not in ROOTS:
        known = suggest_names(path, [*sorted(SINCE), OPENSTACK, EC2, LATEST])
        raise NotFound(reason=f"The metadata service has nothing at {quote(path)}.{known}")
    return path


def _show_fields(session: Session, fields: dict[str, Any]) -> None:
    if session.has_default_output:
        fields.pop("random_seed", None)
    session.show(fields, id_key="uuid")


def decode_document(path: str, content: bytes) -> dict[str, Any]:
    """The fields of a JSON document; of any other its path and content, which is in base64 if it is not text."""
    if path.endswith(".json"):
        fields: dict[str, Any] = jsonutils.decode(content)
        return fields
    try:
        return {"path": path, "content": content.decode()}
    except UnicodeDecodeError:
        return {"path": path, "base64": b64encode(content).decode("ascii")}
