"""Names of clouds in a collection, which are also the first part of their paths over HTTP."""

from __future__ import annotations

import re

from novasim.errors import UsageError

MAX_LENGTH = 40
RESERVED = frozenset(
    """
    api assets board classroom compute ec2 healthcheck identity image join latest live metadata network novasim
    openstack placement static volume
    """.split()
)
"""Names of services and pages, with which other paths of the server begin."""

_NAME = re.compile(f"[a-z0-9][a-z0-9-]{{0,{MAX_LENGTH - 1}}}")


def is_cloud_name(name: str) -> bool:
    """Whether a cloud can have this name. Then it is also safe as a part of a file name, a path and a URL."""
    return _NAME.fullmatch(name) is not None and name not in RESERVED


def check_cloud_name(name: str) -> None:
    """Raise UsageError if a cloud cannot have this name."""
    if name in RESERVED:
        raise UsageError(f"A cloud cannot have the name {name!r}: it is that of a service or a page.")
    if not is_cloud_name(name):
        raise UsageError(
            f"{name[: 2 * MAX_LENGTH]!r} is not a name of a cloud: 1 to {MAX_LENGTH} lower-case letters, digits and "
            "hyphens, of which the first is no hyphen."
        )
