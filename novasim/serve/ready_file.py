"""The file of `serve --ready-file`, which exists while the server accepts requests."""

from __future__ import annotations

import os
from contextlib import suppress

from novasim.errors import UsageError
from novasim.fileutils import write_file

URL = b"http://"


class ReadyFile:
    """
    A file with the URL of the server. A script waits until it exists.

    Raises:
        UsageError: there is another file of that name, or the file cannot be removed.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            if os.path.lexists(path) and not _is_ready_file(path):
                raise UsageError(f"{path} exists and was not written by novasim serve. Choose another file.")
            self.remove()
        except OSError as error:
            raise UsageError(f"{path} cannot be replaced: {error.strerror}.") from None

    def write(self, url: str) -> None:
        """Create the file. Raises UsageError if it cannot be written."""
        try:
            write_file(self._path, f"{url}\n".encode())
        except OSError as error:
            raise UsageError(f"{self._path} cannot be written: {error.strerror}.") from None

    def remove(self) -> None:
        """Remove the file, if it exists."""
        with suppress(FileNotFoundError):
            os.unlink(self._path)


def _is_ready_file(path: str) -> bool:
    if not os.path.isfile(path) or os.path.islink(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(URL)) == URL
