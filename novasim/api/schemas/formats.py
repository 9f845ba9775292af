"""The named formats of text in requests, judged as Nova judges them."""

from __future__ import annotations

import re
from collections.abc import Callable

# Unicode's class Zs: the spaces that count as printable for Nova.
SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

WHOLE_MESSAGE = {
    "name": "An invalid 'name' value was provided. The name must be: printable characters."
    " Can not start or end with whitespace.",
    "name_with_leading_trailing_spaces": "An invalid 'name' value was provided. The name must be:"
    " printable characters with at least one non space character",
}
"""Formats for which Nova's refusal is a sentence of its own, which does not say where the value stood."""

_TIME = (
    r"(?a)(\d{4})(?:(?:-(\d{1,2})|(\d{2})(?!$))(?:(?:-(\d{1,2})|(\d{2}))"
    r"(?:[ T](\d{2})(?::?(\d{2}))?(?::?(\d{1,2})(?:[.,](\d+))?)?(Z|[-+]\d{2}:?(?:\d{2})?)?)?)?)?$"
)


def problem(name: str, value: object) -> bool:
    """Whether *value* is a text that does not have the format *name*; what is not text has every format."""
    return isinstance(value, str) and not FORMATS[name](value)


def parse_time(text: str) -> float:
    """
    Seconds since 1970 of an ISO 8601 time; without a zone it is UTC, without a time it is midnight.

    Raises:
        ValueError: not such a time.

    Source: oslo.utils parse_isotime, by which Nova reads changes-since and changes-before.
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
    # Nova gives only the hours the sign of the zone: -03:30 is 2 h 30 min west of Greenwich.
    return minutes if zone[0] == "+" else minutes - 2 * 60 * int(zone[1:3])


def _is_time(text: str) -> bool:
    try:
        parse_time(text)
    except ValueError:
        return False
    return True


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return bool(text)


def _is_base64(text: str) -> bool:
    from binascii import a2b_base64

    try:
        a2b_base64(text)
    except ValueError:  # binascii.Error is one; text that is not ASCII gives another
        return False
    return True


def _is_uuid(text: str) -> bool:
    bare = text.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "").lower()
    return bool(re.fullmatch("[0-9a-f]{32}", bare))


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
    # Nova looks by a regular expression over the 16-bit characters, and its "$" lets a last newline through.
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
