"""The encoding of an output."""

from __future__ import annotations

from typing import TextIO


def is_unicode(out: TextIO) -> bool:
    """Whether the output can encode every character (a Unicode encoding)."""
    return (getattr(out, "encoding", None) or "utf-8").lower().startswith("utf")
