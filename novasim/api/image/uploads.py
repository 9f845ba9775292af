"""The data of an image while a client uploads it."""

from __future__ import annotations

import hashlib

MAX_KEPT = 64 * 1024  # bytes; people read the cloud file, so it stays small


class Upload:
    """
    The size and hashes of data, and the data itself if it is small. Parts of it are added as they arrive.

    So many large uploads at the same time need little memory.
    """

    def __init__(self, data: bytes = b"") -> None:
        self.size = 0
        self._kept = b""
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha512 = hashlib.sha512()
        self.add(data)

    def add(self, part: bytes) -> None:
        self.size += len(part)
        self._md5.update(part)
        self._sha512.update(part)
        self._kept = self._kept + part if self.size <= MAX_KEPT else b""

    @property
    def data(self) -> bytes:
        """All of the data, or nothing if there are more than MAX_KEPT bytes."""
        return self._kept

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()

    @property
    def sha512(self) -> str:
        return self._sha512.hexdigest()
