"""
The default namespaces of metadata definitions.

They are not stored: a cloud contains only those that an administrator has changed.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from novasim.api.image.metadefs.defaults.definitions import Definition

MODULES = ("guests", "images", "placement", "quotas", "software", "storage")


@cache
def list_defaults() -> dict[str, Definition]:
    """The default namespaces by name. Only requests for metadata definitions import them."""
    modules = [import_module(f"{__name__}.{name}") for name in MODULES]
    return {each.namespace: each for module in modules for each in module.NAMESPACES}
