from __future__ import annotations

from tests.cli.conftest import colours_as_at_the_beginning, user

__all__ = ["colours_as_at_the_beginning", "user"]
