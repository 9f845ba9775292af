"""Booleans, numbers, times and addresses as text (booleans as oslo.utils reads them), and values in messages."""

from __future__ import annotations

from typing import TypeVar

D = TypeVar("D", bool, None)

TRUE_STRINGS = ("1", "t", "true", "on", "y", "yes")
FALSE_STRINGS = ("0", "f", "false", "off", "n", "no")
MAX_DIGITS = 18
MAX_MESSAGE = 500
MAX_QUOTED = 100


def parse_iso_time(text: str) -> float:
    """
    The seconds since the epoch of a time in ISO 8601. Without a zone it is UTC.

    Raises:
        ValueError: it has another form.
    """
    import re
    from datetime import datetime, timezone

    decimals = re.sub(r"(?<=\.)\d+", lambda match: match[0][:6].ljust(6, "0"), text)  # Python 3.10 reads 3 or 6
    time = datetime.fromisoformat(decimals.replace("Z", "+00:00"))
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()


def without_fraction(time: str) -> str:
    """A time of a record, without a fraction of a second."""
    return time[:19] + "Z"


def bool_from_string(subject: object, strict: bool = False, default: D = False) -> bool | D:  # type: ignore[assignment]
    """
    Read a boolean that a request may write as a boolean, a number or a word.

    Args:
        subject: The value. Case and surrounding whitespace are ignored.
        strict: Whether an unknown word is an error. Otherwise it means *default*.

    Raises:
        ValueError: *strict*, and the word is unknown. The text is the one that Nova puts into its 400.

    Source: oslo.utils, strutils.bool_from_string.
    """
    word = str(subject).strip().lower()
    if word in TRUE_STRINGS or word in FALSE_STRINGS:
        return word in TRUE_STRINGS
    if strict:
        known = ", ".join(f"'{each}'" for each in sorted(TRUE_STRINGS + FALSE_STRINGS))
        raise ValueError(f"Unrecognized value '{subject}', acceptable values are: {known}")
    return default


def int_from_string(digits: str | None) -> int:
    """Read a number in decimal digits, 0 if there are none. More than 18 digits give 10**18: larger than any list."""
    if not digits:
        return 0
    return int(digits) if len(digits) <= MAX_DIGITS else 10**MAX_DIGITS


def shorten_address(text: str | None) -> str | None:
    """The short form of an IPv6 address, in which Nova and Neutron keep it; any other text, and None, as it is."""
    if not text or ":" not in text:
        return text
    import socket

    try:
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, text))
    except OSError:
        return text


def ip_version(address: str) -> int:
    """The IP version of an address or network, 4 or 6."""
    return 6 if ":" in address else 4


def shorten(text: str, most: int = MAX_MESSAGE) -> str:
    """The text, cut after *most* characters."""
    return text if len(text) <= most else text[: most - 3] + "..."


def quote(value: object) -> str:
    """The value as Python writes it, cut after MAX_QUOTED characters, for messages about invalid values."""
    return shorten(repr(value), MAX_QUOTED)
