"""Several records as one."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.jsonutils import encode
from novasim.records.entry import Entry, to_line
from novasim.store.record_file import FORMAT, HEADER


def combine_records(records: Iterable[Iterable[Entry]]) -> bytes:
    """The content of a record with the entries of several records. Those of each follow an entry of kind "start"."""
    lines = [encode({HEADER: FORMAT, "first": 1})]
    for entries in records:
        lines.append(encode(to_line(Entry(kind="start")._asdict())))
        lines += [encode(to_line(entry._asdict())) for entry in entries if entry.kind != "start"]
    return b"".join(line + b"\n" for line in lines)
