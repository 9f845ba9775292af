"""Names in braces, such as {s1}, stand in recordings for ids: both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.worlds import id_of

NAME = re.compile(r"\{([a-z]\w*)\}")
ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{32}\b")
LONG = re.compile(r"\{(.) x (\d+)\}")
VOLUME = re.compile(r"v\d+|vn|v_att|vol\d*|vol_\w+")

PROJECTS = ("project_member", "project_other", "project_admin")


class Symbols:
    """The ids that names stand for. A name that was never bound stands for an id that nothing has."""

    def __init__(self, ids: dict[str, str] | None = None, names: dict[str, str] | None = None) -> None:
        self._ids = dict(ids or {})
        self._names = dict(names or {id_of(name): name for name in PROJECTS})

    def copy(self) -> Symbols:
        return Symbols(self._ids, self._names)

    def bind(self, name: str, id: str) -> None:
        """Let *name* stand for an id, if the id has no name yet."""
        if id not in self._names or self._names[id] == name:
            self._ids[name], self._names[id] = id, name

    def alias(self, name: str, bound: str) -> None:
        """Let *name* stand for what *bound* stands for, and be the one that is shown."""
        id = self.id(bound)
        self._ids[name], self._names[id] = id, name

    def rebind(self, name: str, id: str) -> None:
        """Let *name* stand for another id than before."""
        self._ids[name] = id

    def has(self, id: str) -> bool:
        return id in self._names

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def id(self, name: str) -> str:
        """The id that a name stands for; for a name that is not bound, an id that nothing has."""
        id = self._ids.get(name)
        if id is None:
            id = id_of(name)
            self._names.setdefault(id, name)
        return id

    def ids_in(self, value: Any) -> Any:
        """A recorded path or body with ids for names, and with repeated text written out."""
        if isinstance(value, str):
            return NAME.sub(lambda match: self.id(match[1]), value)
        if isinstance(value, list):
            return [self.ids_in(item) for item in value]
        if isinstance(value, dict):
            if list(value) == ["$repeat"]:
                return value["$repeat"][0] * value["$repeat"][1]
            return {self.ids_in(key): self.ids_in(item) for key, item in value.items()}
        return value

    def names_in(self, value: Any) -> Any:
        """One of our texts or bodies with names for ids."""
        if isinstance(value, str):
            return ID.sub(lambda match: f"{{{self._names[match[0]]}}}" if match[0] in self._names else match[0], value)
        if isinstance(value, list):
            return [self.names_in(item) for item in value]
        if isinstance(value, dict):
            return {self.names_in(key): self.names_in(item) for key, item in value.items()}
        return value


def expand(message: str | None) -> str | None:
    """A recorded message with "{c x n}" as n times c."""
    return LONG.sub(lambda match: match[1] * int(match[2]), message) if message else message


def volumes_in(path: str, body: Any) -> set[str]:
    """The volumes, as names in braces or ids, that a recorded request mentions."""
    volumes = {match[0] for match in NAME.finditer(path) if VOLUME.fullmatch(match[1])}
    if (at := re.search(r"/os-volume_attachments/([0-9a-f-]{36})", path)) is not None:
        volumes.add(at[1])
    return volumes | {text for text in _volume_refs(body) if VOLUME.fullmatch(text.strip("{}")) or ID.fullmatch(text)}


def _volume_refs(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for item in body:
            yield from _volume_refs(item)
    elif isinstance(body, dict):
        for key, item in body.items():
            if key in ("volumeId", "volume_id") or (key == "uuid" and body.get("source_type") == "volume"):
                yield from [item] if isinstance(item, str) else []
            else:
                yield from _volume_refs(item)
