"""novasim: the whole life of an OpenStack Nova server, on one laptop, with no cloud."""

from __future__ import annotations

__version__ = "0.1.0"
