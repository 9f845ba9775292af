from __future__ import annotations

from tests.cli.conftest import new_user, reset_colours, user

__all__ = ["new_user", "reset_colours", "user"]
