"""Which letters an output can take."""

from __future__ import annotations

from typing import TextIO


def is_unicode(out: TextIO) -> bool:
    """Whether every letter can be written, or only those of an older encoding."""
    return (getattr(out, "encoding", None) or "utf-8").lower().startswith("utf")
