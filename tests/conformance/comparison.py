"""Where two values differ: pairs of fields, and bodies field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Mismatch = tuple[str, Any, Any]


def differing(pairs: Sequence[Mismatch]) -> list[Mismatch]:
    """The pairs that are not equal; true is not 1."""
    return [(name, theirs, own) for name, theirs, own in pairs if not _is_same(theirs, own)]


def differing_fields(place: str, theirs: Any, own: Any) -> list[Mismatch]:
    """
    The innermost places at which two bodies differ, such as ("answer.servers[].status", "ACTIVE", "ERROR").

    Lists of other lengths, and a field that only one of them has ("absent"), are one place each.
    """
    return list(dict.fromkeys((name, str(a), str(b)) for name, a, b in _walk(place, theirs, own)))


def _walk(place: str, theirs: Any, own: Any) -> Iterator[Mismatch]:
    if isinstance(theirs, dict) and isinstance(own, dict):
        for key in [*theirs, *(key for key in own if key not in theirs)]:
            yield from _walk(f"{place}.{key}", theirs.get(key, "absent"), own.get(key, "absent"))
    elif isinstance(theirs, list) and isinstance(own, list) and len(theirs) == len(own):
        for one, other in zip(theirs, own, strict=True):
            yield from _walk(f"{place}[]", one, other)
    elif not _is_same(theirs, own):
        yield place, theirs, own


def _is_same(theirs: Any, own: Any) -> bool:
    return theirs == own and isinstance(theirs, bool) == isinstance(own, bool)
