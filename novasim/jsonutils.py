"""
JSON as bytes: with json, or with orjson for data large enough to justify importing it (2 to 15 ms).

novasim.pyz, which runs with any Python, has no orjson. Then json does the same, more slowly.
"""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

LARGE = 200_000  # bytes; larger texts are decoded with orjson
MANY = 500  # values; more are encoded with orjson


def encode(value: Any) -> bytes:
    """JSON in UTF-8 without line breaks. Lone surrogates become escapes. Raises ValueError or TypeError."""
    return _encode(value).encode("utf-8", "backslashreplace")


def decode(data: bytes) -> Any:
    """The value in a JSON text. Raises ValueError, also for numbers such as 1e999, or RecursionError."""
    return _decode(str(data, "utf-8"))


def decode_request(text: str) -> Any:
    """The value in a JSON text of a client. Raises ValueError, also for numbers such as 1e999 and for deep nesting."""
    try:
        return _decode(text)
    except RecursionError:
        raise ValueError("The text is nested too deep") from None


def encode_fast(value: Any) -> bytes:
    """`encode` with orjson, which writes NaN as null."""
    orjson = _load_orjson()
    if orjson is None:
        return encode(value)
    try:
        result: bytes = orjson.dumps(value)
        return result
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        return encode(value)


def decode_fast(data: bytes | memoryview) -> Any:
    """`decode` with orjson."""
    orjson = _load_orjson()
    if orjson is None:
        return decode(bytes(data))
    try:
        return orjson.loads(data)
    except ValueError:  # the same, or an error that json words better
        return decode(bytes(data))


@cache
def _load_orjson() -> Any:
    """The module orjson; None if it is not installed. An import statement in each call would take as long as a call."""
    try:
        import orjson
    except ImportError:
        return None
    return orjson


def copy(value: Any, fast: bool) -> Any:
    """A copy of a value as JSON has it, with or without orjson. Raises ValueError or TypeError if it is not JSON."""
    if fast and (result := decode_fast(encode_fast(value))) == value:  # NaN is not
        return result
    return decode(encode(value))


def is_orjson_faster(count: int) -> bool:
    """Whether orjson is imported already, or worth its import for *count* values."""
    return count >= MANY or "orjson" in sys.modules


def choose_encoder(count: int) -> Callable[[Any], bytes]:
    """`encode`, or `encode_fast` if that is faster for *count* values."""
    return encode_fast if is_orjson_faster(count) else encode


def choose_decoder(count: int) -> Callable[[bytes], Any]:
    """`decode`, or `decode_fast` if that is faster for *count* values."""
    return decode_fast if is_orjson_faster(count) else decode


def import_orjson() -> None:
    """Import orjson, if it is installed, for a process that copies thousands of small values."""
    _load_orjson()


@contextmanager
def pause_gc(freeze: bool = False) -> Iterator[None]:
    """
    Pause garbage collection while many values are decoded; otherwise it takes half of the time.

    Args:
        freeze: Whether to exempt all objects that exist afterwards from garbage collection.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        if freeze:
            gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _parse_finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} is too large")
    return value


_decode = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_parse_finite).decode
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def shrink(text: bytes) -> bytes:
    """A copy to keep: what orjson returns keeps its buffer, which can be five times as large as the text."""
    return bytes(memoryview(text))
