"""
The named string formats of request schemas, checked as Nova checks them.

Times are parsed here, since iso8601 would be one more dependency (6 ms to import; dateutil 81 ms) and reads time zones
west of Greenwich with minutes differently from Nova. A test compares both.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Unicode class Zs: the spaces that Nova accepts as printable.
SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

WHOLE_MESSAGE = {
    "name": "An invalid 'name' value was provided. The name must be: printable characters."
    " Can not start or end with whitespace.",
    "name_with_leading_trailing_spaces": "An invalid 'name' value was provided. The name must be:"
    " printable characters with at least one non space character",
}
"""Formats with a complete error message of their own, to which Nova adds no location."""

_TIME = (
    r"(?a)(\d{4})(?:(?:-(\d{1,2})|(\d{2})(?!$))(?:(?:-(\d{1,2})|(\d{2}))"
    r"(?:[ T](\d{2})(?::?(\d{2}))?(?::?(\d{1,2})(?:[.,](\d+))?)?(Z|[-+]\d{2}:?(?:\d{2})?)?)?)?)?$"
)


def has_wrong_format(name: str, value: object) -> bool:
    """Return True if *value* is a string that violates the format *name*; other types satisfy every format."""
    return isinstance(value, str) and not FORMATS[name](value)


def parse_time(text: str) -> float:
    """
    Parse an ISO 8601 time into seconds since 1970; the default zone is UTC, the default time of day is midnight.

    Raises:
        ValueError: the text is not such a time.

    Source: oslo.utils parse_isotime, which Nova uses for changes-since and changes-before.
    """
    from datetime import datetime, timedelta, timezone

    if not (found := re.match(_TIME, text)):
        raise ValueError(text)
    year, month, month2, day, day2, hour, minute, second, fraction, zone = found.groups()
    micros = int(f"{fraction or 0:0<6}"[:6])
    date = int(year), int(month or month2 or 1), int(day or day2 or 1)
    offset = timezone(timedelta(minutes=_minutes_east(zone or "Z")))
    time = int(hour or 0), int(minute or 0), int(second or 0), micros
    return datetime(*date, *time, tzinfo=offset).timestamp()


def _minutes_east(zone: str) -> int:
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[3:].strip(":") or 0)
    return minutes if zone[0] == "+" else -minutes


def _is_time(text: str) -> bool:
    try:
        parse_time(text)
    except ValueError:
        return False
    return True


def _is_regex(text: str) -> bool:
    from novasim.regex import TooComplex, parse

    try:
        parse(text)
    except TooComplex:
        return True  # the filter refuses it
    except (re.error, OverflowError, RecursionError):
        return False
    return bool(text)


def _is_base64(text: str) -> bool:
    from binascii import a2b_base64

    try:
        a2b_base64(text)
    except ValueError:  # also binascii.Error, and the error for text that is not ASCII
        return False
    return True


def _is_uuid(text: str) -> bool:
    bare = text.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "").lower()
    return len(bare) == 32 and not bare.strip("0123456789abcdef")


def _is_ipv4(text: str) -> bool:
    from ipaddress import IPv4Address

    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    from ipaddress import IPv6Address

    try:
        return not IPv6Address(text).scope_id
    except ValueError:
        return False


def _is_printable(text: str) -> bool:
    # Nova uses a regular expression over 16-bit characters, whose "$" accepts a trailing newline.
    text = text.removesuffix("\n")
    return all((char.isprintable() or char in SPACES) and char < "\uffff" for char in text)


def _is_name(text: str) -> bool:
    line = text.removesuffix("\n")
    return _is_printable(text) and line.strip(SPACES) == line and text != "\n"


def _is_loose_name(text: str) -> bool:
    return _is_printable(text) and text.removesuffix("\n").strip(SPACES) != ""


FORMATS: dict[str, Callable[[str], bool]] = {
    "az_name": lambda text: ":" not in text and _is_name(text),
    "base64": _is_base64,
    "date-time": _is_time,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "name": _is_name,
    "name_with_leading_trailing_spaces": _is_loose_name,
    "printable": _is_printable,
    "regex": _is_regex,
    "uuid": _is_uuid,
}
