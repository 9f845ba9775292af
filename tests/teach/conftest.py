from __future__ import annotations

from tests.cli.conftest import reset_colours, user

__all__ = ["reset_colours", "user"]
