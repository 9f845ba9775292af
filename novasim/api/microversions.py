"""Microversions of requests: their ranges by service, and those of compute as text."""

from __future__ import annotations

import re

from novasim.api.request import Request
from novasim.errors import BadRequest, NotAcceptable
from novasim.lifecycle.microversions import NEWEST, OLDEST

RANGES = {"compute": (2, OLDEST, NEWEST), "placement": (1, 0, 39), "volume": (3, 0, 71)}  # major, oldest, newest minor


def parse(text: str) -> int:
    """
    Return the minor number of a compute microversion such as "2.96"; "latest" is the newest.

    Raises:
        BadRequest: not of the form N.N (400).
        NotAcceptable: out of range (406).
    """
    if text == "latest":
        return NEWEST
    if not re.fullmatch(r"[1-9]\d*\.(?:[1-9]\d*|0)", text):
        raise BadRequest(reason=f"API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum.")
    major, _, minor = text.partition(".")
    if major != "2" or len(minor) > len(str(NEWEST)) or not OLDEST <= int(minor) <= NEWEST:
        raise _out_of_range(text)
    return int(minor)


def check(request: Request) -> None:
    """Refuse (406) a compute request with a microversion out of range."""
    if request.service == "compute" and not OLDEST <= request.minor <= NEWEST:
        raise _out_of_range(f"2.{request.minor}")


def _out_of_range(text: str) -> NotAcceptable:
    return NotAcceptable(
        reason=f"Version {text} is not supported by the API. Minimum is 2.{OLDEST} and maximum is 2.{NEWEST}."
    )
