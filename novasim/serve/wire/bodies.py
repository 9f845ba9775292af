"""What was sent, as the door takes it: JSON decoded, data as it is, and nothing too large."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from novasim.errors import BadRequest, TooLarge, UnsupportedMediaType
from novasim.serve.wire.places import Place

LARGEST = 114_688  # bytes: the default of Nova's max_request_body_size
LARGEST_DATA = 256 * 2**20  # bytes of an image, of which only number and checksum are kept
DEEPEST = 64  # levels of JSON; no request of Nova's has a quarter of them

_JSON = re.compile(r"application/(json|[\w.-]+[+-]json(-patch)?)")


def check_size(place: Place, size: int) -> None:
    """Refuse (413) a body of more bytes than the service takes."""
    if size > (LARGEST_DATA if place.takes_data else LARGEST):
        raise TooLarge()


def body_of(place: Place, content_type: str, sent: bytes) -> Any:
    """
    What the body says; None for an empty one.

    Raises:
        UnsupportedMediaType: by its own account it is not what is taken here (415).
        BadRequest: it is not JSON, or nested more deeply than any request (400).
    """
    if not sent:
        return None
    kind = content_type.partition(";")[0].strip().lower()
    if place.takes_data:
        if kind not in ("", "application/octet-stream"):
            raise UnsupportedMediaType()
        return sent
    if kind and not _JSON.fullmatch(kind):
        raise UnsupportedMediaType()
    return _decoded(sent)


def _decoded(sent: bytes) -> Any:
    try:
        value = json.loads(sent.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest(reason="Malformed request body") from None
    if sent.count(b"[") + sent.count(b"{") > DEEPEST and _is_deep(value):
        raise BadRequest(reason="Malformed request body")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        dicts = [list(item.values()) for item in level if isinstance(item, dict)]
        level = [inner for items in (*dicts, *(item for item in level if isinstance(item, list))) for inner in items]
    return bool(level)
