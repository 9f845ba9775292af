"""Request bodies: size limits and decoding of JSON."""

from __future__ import annotations

import re
from typing import Any

from novasim import jsonutils
from novasim.api.image.uploads import Upload
from novasim.errors import BadRequest, TooLarge, UnsupportedMediaType
from novasim.serve.wire.paths import ServicePath

MAX_BODY_BYTES = 114_688  # the default of Nova's max_request_body_size
MAX_DATA_BYTES = 256 * 2**20  # an image's data
MAX_DEPTH = 64  # levels of JSON; Nova's requests need less than a quarter

_JSON_TYPE = re.compile(r"application/(json|[\w.-]+[+-]json(-patch)?)")


class ControlNeedsJson(UnsupportedMediaType):
    """A request that controls the simulation with a body that is not declared as JSON, such as one of curl."""

    text = "Unsupported Content-Type. A control request needs the header Content-Type: application/json, and JSON."


def check_size(target: ServicePath, size: int) -> None:
    """Raise TooLarge (413) if a body of *size* bytes is over the limit of the path."""
    if size > (MAX_DATA_BYTES if target.takes_data else MAX_BODY_BYTES):
        raise TooLarge()


def decode_body(target: ServicePath, content_type: str, content: bytes | Upload) -> Any:
    """
    Decode JSON, return a text and the upload of an image's data unchanged, and return None for an empty body.

    Raises:
        UnsupportedMediaType: the path does not take this content type (415).
        BadRequest: the content is not JSON, or is nested deeper than MAX_DEPTH (400).
    """
    if not content:
        return None
    media_type = content_type.partition(";")[0].strip().lower()
    if isinstance(content, Upload):
        if media_type not in ("", "application/octet-stream"):
            raise UnsupportedMediaType()
        return content
    if target.takes_text:
        return content
    if media_type and not _JSON_TYPE.fullmatch(media_type):
        raise ControlNeedsJson() if target.service == "control" else UnsupportedMediaType()
    return _parse_json(content)


def _parse_json(content: bytes) -> Any:
    try:
        value = jsonutils.decode_request(content.decode("utf-8"))
    except ValueError:
        raise BadRequest(reason="Malformed request body") from None
    if content.count(b"[") + content.count(b"{") > MAX_DEPTH and _is_too_deep(value):
        raise BadRequest(reason="Malformed request body")
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        dicts = [list(item.values()) for item in level if isinstance(item, dict)]
        level = [inner for items in (*dicts, *(item for item in level if isinstance(item, list))) for inner in items]
    return bool(level)
