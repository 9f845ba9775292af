"""One table of a snapshot: its documents as bytes, found without decoding or even splitting the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from novasim.store.codec import Need, decode, encode

PATIENCE = 8  # searches through the raw bytes before splitting them pays
SEPARATOR = b",\n"
AT_ONCE = 1000  # lines joined to one piece
RECENT = 256  # changed documents that a field index carries along before it is made anew

_HEAD = re.compile(rb'"(\d+)": \{"id":"([^"\\]*(?:\\.[^"\\]*)*)"')


def line_of(place: int, document: bytes) -> bytes:
    """A document as it stands in the file: TinyDB's number for it, then the object."""
    return b'"%d": %b' % (place, document)


def place_of(line: bytes) -> int:
    """TinyDB's number of the document; it grows in the order of insertion."""
    return int(line[1 : line.index(b'"', 1)])


def document_in(line: bytes) -> bytes:
    """The object in a line. Only the number before it is followed by a colon and a space."""
    return line[line.index(b" ") + 1 :]


def key_of(id: str) -> bytes:
    """An id as it is encoded, without the quotes."""
    return encode(id)[1:-1]


def id_of(key: bytes) -> str:
    """The reverse of `key_of`."""
    text: str = decode(b'"%b"' % key) if b"\\" in key else key.decode()
    return text


class Change(NamedTuple):
    """What becomes of a table, by key: lines in place of others, lines behind all others, and those that go."""

    news: dict[bytes, bytes]
    more: list[bytes]
    removed: set[bytes]


class Table:
    """
    Documents in order of insertion. Its content never changes: `changed` makes another table.

    It begins as a stretch of the file's bytes, which are searched directly. Only when it is asked more often
    (by a big command, or by a server that keeps it) are they split into lines, and fields indexed.

    Raises (any method): ValueError if the bytes are not what the store writes.
    """

    __slots__ = ("_data", "_end", "_fields", "_lines", "_owner", "_patience", "_recent", "_spots", "_start", "count")

    def __init__(self, data: bytes, start: int, end: int, count: int) -> None:
        self._data, self._start, self._end, self.count = data, start, end, count
        self._patience = PATIENCE
        self._spots: dict[bytes, tuple[int, int]] = {}
        self._lines: dict[bytes, bytes] | None = None
        self._fields: dict[bytes, dict[bytes, list[bytes]]] = {}
        self._recent: frozenset[bytes] = frozenset()
        self._owner: object = None

    @classmethod
    def of(cls, lines: Collection[bytes]) -> Table:
        """The table of these lines."""
        body = SEPARATOR.join(lines)
        return cls(body, 0, len(body), len(lines))

    def size(self) -> int:
        """How many bytes all lines take in the file, without the last line break."""
        if self._lines is None or self._data:
            return self._end - self._start
        return sum(map(len, self._lines.values())) + len(SEPARATOR) * max(0, self.count - 1)

    def pieces(self) -> Iterator[bytes | memoryview]:
        """Those bytes, a little at a time: a big table need not be in memory twice to be saved."""
        if self._lines is None or self._data:
            yield memoryview(self._data)[self._start : self._end]
            return
        lines, before = iter(self._lines.values()), b""
        while some := list(islice(lines, AT_ONCE)):
            yield before + SEPARATOR.join(some)
            before = SEPARATOR

    def lines(self) -> Mapping[bytes, bytes]:
        """Line by key, in order; from now on they are kept split."""
        if self._lines is None:
            body = self._data[self._start : self._end]
            lines = {key_in(line): line for line in body.split(SEPARATOR)} if body else {}
            if len(lines) != self.count:
                raise ValueError(f"{self.count} records were counted, {len(lines)} are there")
            self._lines = lines
        return self._lines

    def take_apart(self) -> None:
        """Split the lines and give up the bytes that they came from; only while nobody else has this table."""
        self.lines()
        self._data, self._start, self._end = b"", 0, 0

    def get(self, id: str) -> bytes | None:
        """The line of the document with that id."""
        if not self.count:
            return None
        key = key_of(id)
        if self._lines is None and (key in self._spots or self._has_patience()):
            spot = self._spots.get(key) or self._search(key)
            return self._data[slice(*spot)] if spot else None
        return self.lines().get(key)

    def candidates(self, needs: Collection[Need]) -> list[bytes]:
        """The lines that may be of documents with all the needed values, in order."""
        if not self.count:
            return []
        if not needs:
            return list(self.lines().values())
        rarest = max(needs, key=lambda need: len(need.value))
        if self._lines is None and self._has_patience():
            found = self._search_all(rarest.key + rarest.value)
        else:
            found = self._by_field(rarest)
        needles = [need.key + need.value for need in needs]
        return [line for line in found if all(needle in line for needle in needles)]

    def change(
        self, replaced: Mapping[str, bytes], added: Collection[bytes], removed: Collection[str]
    ) -> Change | None:
        """
        What a transaction makes different, if anything.

        Args:
            replaced: New documents by ids that are here.
            added: Documents to append, of ids that are not here or in *removed*.
            removed: Ids that are here.
        """
        news = {}
        for id, document in replaced.items():
            old = self.get(id)
            if old is not None and document_in(old) != document:
                news[key_of(id)] = line_of(place_of(old), document)
        if not (news or added or removed):
            return None
        if removed:
            self.lines()
        first = self._next_place()
        more = [line_of(first + number, document) for number, document in enumerate(added)]
        return Change(news, more, {key_of(id) for id in removed})

    def changed(self, change: Change, owner: object = None) -> Table:
        """
        The table after a change. It raises nothing.

        Args:
            owner: Whoever gives this table up when it has the next one: if it has made this one too, the lines are
                handed on instead of being copied.
        """
        if self._lines is None:
            return self._spliced(change.news, change.more)
        return self._relined(self._lines, change, owner)

    def _has_patience(self) -> bool:
        self._patience -= 1
        return self._patience >= 0

    def _search(self, key: bytes) -> tuple[int, int] | None:
        """Backwards, which CPython does several times faster, and what is sought is mostly young."""
        at = self._data.rfind(b'": {"id":"%b"' % key, self._start, self._end)
        if at < 0:
            return None
        spot = self._spots[key] = self._line_around(at)
        return spot

    def _search_all(self, needle: bytes) -> list[bytes]:
        found, end = [], self._end
        while (at := self._data.rfind(needle, self._start, end)) >= 0:
            end, stop = self._line_around(at)
            found.append(self._data[end:stop])
        return found[::-1]

    def _line_around(self, at: int) -> tuple[int, int]:
        start = max(self._start, self._data.rfind(b"\n", self._start, at) + 1)
        end = self._data.find(b"\n", at, self._end)
        return start, self._end if end < 0 else end - 1

    def _by_field(self, need: Need) -> list[bytes]:
        lines = self.lines()
        if need.key not in self._fields:
            self._fields[need.key] = _field_index(lines, need.key)
        keys = self._fields[need.key].get(need.value, [])
        if self._recent:
            needle = need.key + need.value
            touched = [key for key in self._recent.union(keys) if key in lines and needle in lines[key]]
            return sorted((lines[key] for key in touched), key=place_of)
        return [lines[key] for key in keys if key in lines]

    def _next_place(self) -> int:
        if not self.count:
            return 1
        if self._lines is not None:
            return place_of(next(reversed(self._lines.values()))) + 1
        return place_of(self._data[slice(*self._line_around(self._end - 1))]) + 1

    def _spliced(self, news: Mapping[bytes, bytes], more: list[bytes]) -> Table:
        pieces: list[bytes | memoryview] = []
        data, at = memoryview(self._data), self._start
        for (start, end), line in sorted((self._spots[key], line) for key, line in news.items()):
            pieces += data[at:start], line
            at = end
        pieces.append(data[at : self._end])
        body = SEPARATOR.join([b"".join(pieces), *more] if self.count else more)
        table = Table(body, 0, len(body), self.count + len(more))
        table._patience = self._patience
        return table

    def _relined(self, lines: dict[bytes, bytes], change: Change, owner: object) -> Table:
        if owner is None or owner is not self._owner:
            lines = dict(lines)
        lines.update(change.news)
        for key in change.removed:
            del lines[key]
        added = [(key_in(line), line) for line in change.more]
        lines.update(added)
        table = Table(b"", 0, 0, len(lines))  # of many in a row only the last is ever saved
        table._lines, table._owner = lines, owner
        recent = self._recent.union(change.news, change.removed, (key for key, _ in added))
        if len(recent) <= RECENT:
            table._fields, table._recent = dict(self._fields), recent
        return table


def key_in(line: bytes) -> bytes:
    """The key of the document in a line; raises ValueError if the line is not what the store writes."""
    if head := _HEAD.match(line):
        return head[2]
    raise ValueError(f"a line does not begin with the number and the id of a record: {line[:40]!r}")


def _field_index(lines: Mapping[bytes, bytes], key: bytes) -> dict[bytes, list[bytes]]:
    """Keys of documents by each value that stands after *key* in them, even if deeper inside."""
    values_in = re.compile(re.escape(key) + rb'("[^"\\]*(?:\\.[^"\\]*)*"|[^,}\]]*)').findall
    index: dict[bytes, list[bytes]] = {}
    for name, line in lines.items():
        for value in set(values_in(line)):
            index.setdefault(value.removesuffix(b".0"), []).append(name)
    return index
