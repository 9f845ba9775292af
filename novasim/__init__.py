"""novasim: the whole life of an OpenStack Nova server, on one laptop, with no cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from novasim.library.cloud import Cloud

__version__ = "0.1.0"
__all__ = ["Cloud", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the library only when `Cloud` is accessed, so that commands start faster."""
    if name != "Cloud":
        raise AttributeError(f"module 'novasim' has no attribute {name!r}")
    from novasim.library.cloud import Cloud

    return Cloud
