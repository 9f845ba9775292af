"""Injected faults."""

from __future__ import annotations

from typing import ClassVar

from novasim.records.base import Record


class Fault(Record):
    """
    An injected fault. Empty criteria match everything; times are seconds since the epoch.

    `does` is one of refuse (with `code`), stuck, slow (by `factor`), fail (with `message`), lose, host-crash; or, for
    requests over HTTP, answer (with `code`; `seconds` until a retry), delay (by `seconds`), drop, drop-answer,
    expire-token.
    """

    table: ClassVar[str] = "faults"

    does: str
    name: str = ""
    action: str = ""
    phase: str = ""
    server: str = ""  # a pattern such as web*
    image: str = ""
    flavor: str = ""
    host: str = ""
    project: str = ""
    times: int | None = None  # how often it will be triggered; None for no limit
    probability: float = 1.0
    since: float | None = None
    until: float | None = None
    code: int = 0
    factor: float = 1.0
    message: str = ""
    service: str = ""  # this and the next two are of faults of the network
    method: str = ""
    path: str = ""  # a pattern such as /servers*
    seconds: float = 0.0
    seen: int = 0  # how many requests matched, if chance decides
    triggered: int = 0
    created_at: str
