"""
The header If-Match: revision_number=N, which lets a request change only that revision of a resource.

Source: neutron/api/api_common.py check_request_for_revision_constraint; neutron/services/revisions/revision_plugin.py.
"""

from __future__ import annotations

import re

from novasim.api.context import Context
from novasim.errors import BadRequest, NovaFault

TAG = re.compile(r'(?:^|\s)"([^"]*)"')  # a header without quotes is one tag


class PreconditionFailed(NovaFault):
    """A resource with another revision than the header of the request requires."""

    http = 412


def check_revision(ctx: Context, current: int) -> None:
    """
    Check the revision of a resource that a request changes or deletes.

    Raises:
        BadRequest: the header is malformed (400). PreconditionFailed: the resource has another revision (412).
    """
    expected = _read_revision(ctx.request.headers.get("if-match", ""))
    if expected is not None and expected != current:
        raise PreconditionFailed(
            reason=f"Constrained to {expected}, but current revision is {current}",
            type="RevisionNumberConstraintFailed",
        )


def _read_revision(header: str) -> int | None:
    tags = TAG.findall(header) or [header]
    texts = [tag.removeprefix("revision_number=") for tag in tags if tag.startswith("revision_number=")]
    if len(texts) > 1:
        raise _bad_header("Multiple revision_number etags are not supported.")
    if not texts:
        return None
    if not re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", texts[0]):
        raise _bad_header("Revision number etag must be in the format of revision_number=<int>")
    return int(texts[0])


def _bad_header(message: str) -> BadRequest:
    return BadRequest(reason=f"Bad if-match request: {message}.", type="BadRequest")
