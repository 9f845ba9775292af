"""The encoding of an output."""

from __future__ import annotations

from typing import TextIO


def is_unicode(out: TextIO) -> bool:
    """Whether every character can be written, rather than only those of an older encoding."""
    return (getattr(out, "encoding", None) or "utf-8").lower().startswith("utf")
