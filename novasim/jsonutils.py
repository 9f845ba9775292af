"""JSON as bytes: with json, or with orjson where there is so much that its import (2 to 15 ms) is repaid."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

LARGE = 200_000  # bytes of a text from which on orjson is worth its import
MANY = 500  # values from which on it is


def encode(value: Any) -> bytes:
    """JSON in UTF-8 without line breaks. Lone surrogates become escapes. Raises ValueError or TypeError."""
    return _encode(value).encode("utf-8", "backslashreplace")


def decode(data: bytes) -> Any:
    """The value in a JSON text. Raises ValueError or RecursionError."""
    return _decode(str(data, "utf-8"))


def encode_fast(value: Any) -> bytes:
    """`encode` with orjson, which writes NaN as null."""
    import orjson

    try:
        return orjson.dumps(value)
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        return encode(value)


def decode_fast(data: bytes | memoryview) -> Any:
    """`decode` with orjson."""
    import orjson

    try:
        return orjson.loads(data)
    except ValueError:  # the same, or an error that json words better
        return decode(bytes(data))


def codec(count: int) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    """The functions that encode and decode *count* values in the least time."""
    return (encode_fast, decode_fast) if count >= MANY else (encode, decode)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
