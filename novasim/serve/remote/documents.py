"""The documents of a cloud for a client: without secrets, compressed, and kept until the cloud changes."""

from __future__ import annotations

import gzip
from typing import NamedTuple

from novasim.cloud import Cloud
from novasim.control.exports import hide_secrets
from novasim.jsonutils import encode_fast
from novasim.simulation.time import clock
from novasim.store.documents import Tables, apply_changes

LEVEL = 1  # of the compression; a higher one takes several times as long


class Moment(NamedTuple):
    """The times of a cloud: wall time and simulated time, both in seconds since the epoch, and the clock's mode."""

    wall: float
    now: float
    mode: str


class Documents:
    """The encoded documents of a cloud."""

    def __init__(self, cloud: Cloud, server: str) -> None:
        self._cloud, self._server = cloud, server
        self._revision: object = None
        self._count = 0
        self._content = b""

    def find_tag(self) -> str:
        """The entity tag of the present documents. Raises CloudFileError."""
        revision = self._cloud.store.revision()
        if revision is not self._revision:
            self._revision, self._content = revision, b""
            self._count += 1
        return f'"{self._server}-{self._count}"'

    def encode(self) -> bytes:
        """The present documents, compressed. Raises CloudFileError."""
        tag = self.find_tag()
        if not self._content:
            content = encode_tables(self._cloud.store.tables())
            if tag != self.find_tag():
                return content
            self._content = content
        return self._content


def encode_tables(tables: Tables) -> bytes:
    """Documents by table and number, without secrets, compressed."""
    return gzip.compress(encode_fast({"tables": hide_secrets(tables)}), LEVEL, mtime=0)


def encode_changed(cloud: Cloud, outer: Cloud) -> bytes:
    """The documents within a transaction: those of the outer cloud, with the changes."""
    with cloud.store.read() as tx:
        return encode_tables(apply_changes(outer.store.tables(), tx.changes()))


def find_moment(cloud: Cloud) -> Moment:
    """The times of a cloud now."""
    with cloud.reading() as world:
        return Moment(world.wall_time, world.now, clock.get_mode(world.settings))
