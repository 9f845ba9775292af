"""Records as bytes: one compact JSON object without a line break, and what to look for in such bytes."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, NamedTuple

from novasim.records import Record

BIG = 1500  # documents from which on importing orjson (30 ms) is repaid
EXACT = 10**15  # whole numbers below it have one written form

_text_of = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_value_of = json.JSONDecoder().decode


def encode(value: Any) -> bytes:
    """JSON in UTF-8. A lone surrogate (from a file name, say) cannot be UTF-8 and becomes an escape."""
    return _text_of(value).encode("utf-8", "backslashreplace")


def decode(data: bytes) -> Any:
    """The reverse of `encode`. Raises ValueError or RecursionError."""
    return _value_of(str(data, "utf-8"))


def encoder(count: int) -> Callable[[Any], bytes]:
    """The function that encodes *count* values soonest. Only `encode` refuses NaN, which no record holds."""
    return _encode_fast if count >= BIG else encode


def decoder(count: int) -> Callable[[bytes], Any]:
    """The function that decodes *count* documents soonest. Only `decode` is exact beyond 64 bits, as no record is."""
    return _decode_fast if count >= BIG or "orjson" in sys.modules else decode


def _encode_fast(value: Any) -> bytes:
    import orjson

    try:
        return orjson.dumps(value)
    except TypeError:  # what only json takes: lone surrogates, numbers beyond 64 bits
        return encode(value)


def _decode_fast(data: bytes) -> Any:
    import orjson

    try:
        return orjson.loads(data)
    except ValueError:  # what only json takes, or an error that it words better
        return decode(data)


def document_of(record: Record) -> dict[str, Any]:
    """The stored fields of a record, its id first."""
    return {"id": record.id, **vars(record)}


def paused_gc(count: int) -> AbstractContextManager[None]:
    """Without garbage collection while *count* documents are made: of many, it would take nearly half of the time."""
    return _without_gc() if count >= BIG and gc.isenabled() else nullcontext()


@contextmanager
def _without_gc() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Need(NamedTuple):
    """
    What the bytes of every document hold whose field has a certain value; others may hold it too.

    Args:
        key: The field as encoded, with its colon.
        value: The value as encoded (of a number, perhaps only the beginning).
    """

    key: bytes
    value: bytes


def need(kind: type[Record], field: str, value: object) -> Need | None:
    """
    What to look for in the bytes, or None if only decoding can tell.

    A field whose value is the default of its class may be missing, and the same name stand deeper inside.
    """
    token = _token(value)
    if token is None or (hasattr(kind, field) and equal(getattr(kind, field), value)):
        return None
    return Need(_key(field), token)


@cache
def _key(field: str) -> bytes:
    return encode(field) + b":"


def _token(value: object) -> bytes | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return b"%d" % int(value) if -EXACT < value < EXACT and value == int(value) else None
    return encode(value) if value is None or isinstance(value, str | bool) else None


def equal(one: object, other: object) -> bool:
    """Equality as JSON has it: true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
