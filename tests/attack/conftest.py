"""Servers for attacks. At the end of each module its server must exit with 0 and an empty stderr."""

from __future__ import annotations

from tests.serve.conftest import own, served

__all__ = ["own", "served"]
