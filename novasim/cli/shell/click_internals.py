"""
The private functions of click that novasim calls.

Click has no public way to ask which parameter is being completed. Because of these functions setup.cfg has an upper
bound for click; `tests/cli/test_click.py` fails if click changes them, or if novasim uses another private name.
"""

from __future__ import annotations

from click.shell_completion import _resolve_context as resolve_context
from click.shell_completion import _resolve_incomplete as resolve_incomplete

__all__ = ["resolve_context", "resolve_incomplete"]
