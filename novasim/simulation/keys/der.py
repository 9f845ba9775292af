"""DER: the few types that keys and certificates need, encoded and read. Source: X.690."""

from __future__ import annotations

import base64
from typing import NamedTuple

INTEGER, BIT_STRING, OCTET_STRING, NULL, OBJECT_ID, UTF8_STRING = 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C
UTC_TIME, GENERALIZED_TIME, BMP_STRING, SEQUENCE, SET = 0x17, 0x18, 0x1E, 0x30, 0x31
CONSTRUCTED = 0x20


class Element(NamedTuple):
    """One value: its tag and its content, without the length."""

    tag: int
    content: bytes


def encode(tag: int, content: bytes) -> bytes:
    """A value with its tag and length."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of encoded parts."""
    return encode(SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """A SET of encoded parts."""
    return encode(SET, b"".join(parts))


def integer(number: int) -> bytes:
    """An INTEGER that is not negative."""
    return encode(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return encode(OCTET_STRING, content)


def bits(content: bytes) -> bytes:
    """A bit string of whole bytes."""
    return encode(BIT_STRING, b"\0" + content)


def text(value: str) -> bytes:
    """A UTF8String."""
    return encode(UTF8_STRING, value.encode())


def explicit_tag(number: int, content: bytes) -> bytes:
    """A value in an explicit, context-specific tag."""
    return encode(0xA0 | number, content)


def object_id(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its numbers, such as 2.5.4.3."""
    first, second, *others = map(int, dotted.split("."))
    content = bytearray()
    for number in (40 * first + second, *others):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return encode(OBJECT_ID, bytes(content))


def null() -> bytes:
    """The NULL value."""
    return encode(NULL, b"")


def read(data: bytes) -> list[Element]:
    """
    The values that follow each other in *data*.

    Raises:
        ValueError: a value is cut off, or its length is not written in the shortest form.
    """
    elements, position = [], 0
    while position < len(data):
        tag, content, position = _read_one(data, position)
        elements.append(Element(tag, content))
    return elements


def _read_one(data: bytes, position: int) -> tuple[int, bytes, int]:
    if len(data) < position + 2:
        raise ValueError("short data")
    tag, size, position = data[position], data[position + 1], position + 2
    if size & 0x80:
        count = size & 0x7F
        length = data[position : position + count]
        if not count or len(length) < count or length[0] == 0 or (count == 1 and length[0] < 0x80):
            raise ValueError("invalid length")
        size, position = int.from_bytes(length, "big"), position + count
    if len(data) < position + size:
        raise ValueError("short data")
    return tag, data[position : position + size], position + size


def to_pem(label: str, content: bytes) -> str:
    """Base64 in lines of 64 characters between two markers."""
    encoded = base64.b64encode(content).decode()
    lines = [encoded[i : i + 64] for i in range(0, len(encoded), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
