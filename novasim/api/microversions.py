"""Microversions of requests: their ranges by service, and those of compute as text."""

from __future__ import annotations

import re
from functools import lru_cache

from novasim.api.request import Request
from novasim.errors import BadRequest, NotAcceptable
from novasim.lifecycle.microversions import NEWEST, OLDEST, RANGES


@lru_cache(maxsize=128)
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


def parse_minor(service: str, text: str) -> int:
    """
    The minor number of a microversion of compute, placement or volume, as `parse` returns that of compute.

    Raises:
        BadRequest, NotAcceptable: as `parse`.
    """
    if service == "compute":
        return parse(text)
    major, first, last = RANGES[service]
    if text == "latest":
        return last
    if not re.fullmatch(r"\d{1,9}\.\d{1,9}", text):
        raise BadRequest(reason=f"invalid version string: {text}")
    if int(text.partition(".")[0]) != major or not first <= int(text.partition(".")[2]) <= last:
        raise NotAcceptable(
            reason=f"Version {text} is not supported by the API. Minimum is {major}.{first} and maximum is "
            f"{major}.{last}."
        )
    return int(text.partition(".")[2])


def check(request: Request) -> None:
    """Refuse (406) a compute request with a microversion out of range."""
    if request.service == "compute" and not OLDEST <= request.minor <= NEWEST:
        raise _out_of_range(f"2.{request.minor}")


def _out_of_range(text: str) -> NotAcceptable:
    return NotAcceptable(
        reason=f"Version {text} is not supported by the API. Minimum is 2.{OLDEST} and maximum is 2.{NEWEST}."
    )
