"""The bodies of the image service's requests. Attributes are judged one by one, since the refusals name them."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.form import ALWAYS, P, obj
from novasim.api.schemas.types import array, text

STEP: dict[str, Any] = {"type": "object", "minProperties": 1}
METHOD = obj(P("name", text(1, 255), required=True), open_until=ALWAYS)

BODIES = {
    "image.create": {"type": "object"},
    "image.patch": array(STEP),
    "image.import": obj(P("method", METHOD, required=True), open_until=ALWAYS),
    "image.create_member": obj(P("member", text(1, 255), required=True), open_until=ALWAYS),
    "image.update_member": obj(
        P("status", {"enum": ["pending", "accepted", "rejected"]}, required=True), open_until=ALWAYS
    ),
}
QUERIES: dict[str, Any] = {}
