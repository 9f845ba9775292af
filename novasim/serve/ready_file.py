"""The file of `serve --ready-file`, which exists while the server accepts requests."""

from __future__ import annotations

import os
import subprocess  # nosec B404 # it runs a script of one line
import sys
from contextlib import suppress

from novasim.errors import UsageError
from novasim.fileutils import write_file

URL = b"http://"
MAX_BYTES = 1000
WATCH = 'read -r _; [ "$(cat -- "$1")" = "$2" ] && rm -f -- "$1"'
"""A script that waits until its input ends, and then removes a file unless its content has changed."""


class ReadyFile:
    """
    A file with the URL of the server. A script waits until it exists.

    A small process removes it if this one is killed, so that the next script does not find the URL of a server that has
    ended. On Windows the file stays then.

    Raises:
        UsageError: there is another file of that name, or the file cannot be removed.
    """

    def __init__(self, path: str) -> None:
        self._path, self._content = path, b""
        self._watcher: subprocess.Popen[bytes] | None = None
        try:
            with suppress(FileNotFoundError):
                if os.path.lexists(path) and not _is_ready_file(path):
                    raise UsageError(f"{path} exists and was not written by novasim serve. Choose another file.")
            self.remove()
        except OSError as error:
            raise UsageError(f"{path} cannot be replaced: {error.strerror}.") from None

    def write(self, url: str) -> None:
        """Create the file. Raises UsageError if it cannot be written."""
        self._content = f"{url}\n".encode()
        try:
            write_file(self._path, self._content)
        except OSError as error:
            raise UsageError(f"{self._path} cannot be written: {error.strerror}.") from None
        self._watcher = _watch(self._path, url)

    def remove(self) -> None:
        """Remove the file, unless another server has written it meanwhile."""
        with suppress(FileNotFoundError):
            if not self._content or _read(self._path) == self._content:
                os.unlink(self._path)
        if self._watcher:
            self._watcher.communicate()


def _watch(path: str, url: str) -> subprocess.Popen[bytes] | None:
    """A process that removes the file at the end of this one, whatever ends it; None if there can be none."""
    if sys.platform == "win32":
        return None
    words = ["/bin/sh", "-c", WATCH, "novasim", path, url]
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    with suppress(OSError):
        return subprocess.Popen(words, stdin=pipe, stdout=null, stderr=null, start_new_session=True)  # nosec B603
    return None


def _is_ready_file(path: str) -> bool:
    if not os.path.isfile(path) or os.path.islink(path):
        return False
    return _read(path).startswith(URL)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(MAX_BYTES)
