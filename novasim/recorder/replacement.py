"""The entry of the record for a cloud that was replaced as a whole: load, import, restore, reset, init --force."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.recorder.changes import digest_tables, identify, shorten
from novasim.recorder.recorder import Line, Recorder, new_step
from novasim.recorder.unit import describe_origin
from novasim.records import TABLES
from novasim.simulation.time.clock import format_time
from novasim.store.documents import Tables
from novasim.store.migrate import settings_in


def record_replacement(recorder: Recorder, old: Tables | None, new: Tables, wall: float) -> None:
    """
    Write the entry for a cloud that was replaced. If its old state is not known, the record begins again.

    Args:
        old, new: The documents by table and number. wall: Real time in seconds since the epoch.
    """
    settings = settings_in(new) or {}
    key = settings.get("token_key", "")
    line: Line = {
        "kind": "replaced",
        "step": recorder.step or new_step(wall),
        "wall": wall,
        "code": 0,
        "cloud": identify(key),
        **describe_origin(recorder),
    }
    line["action"] = " ".join(recorder.origin[1][:2])
    line["time"] = format_time(max(settings.get("latest", 0.0), settings.get("sim_anchor", 0.0)))
    if old is None:
        line |= {"digest": digest_tables(new), "changes": []}
    else:
        line |= {"changes": [shorten(change, key, recorder.secrets) for change in list_differences(old, new)]}
    recorder.add([line])


def list_differences(old: Tables, new: Tables) -> Iterator[Line]:
    """The documents that differ in two states of a cloud, as changes. Another document at a place is two changes."""
    for table in [name for name in TABLES if name in old or name in new]:
        before, after = old.get(table, {}), new.get(table, {})
        for number in sorted(map(int, before.keys() | after.keys())):
            one, other = before.get(str(number)), after.get(str(number))
            if one == other and repr(one) == repr(other):
                continue
            pairs = [(one, None), (None, other)] if one and other and one["id"] != other["id"] else [(one, other)]
            for pair in pairs:
                yield {"table": table, "number": number, "place": number, "before": pair[0], "after": pair[1]}
