"""
The file of a record: JSON lines, the first of which says the format; then one entry a line.

Every unit of work locks the file and appends its entries with one write. At MAX_BYTES the file is closed as PATH.1, and
a new one takes its place. A file that is read-only is a record that was stopped.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from novasim.errors import CloudFileError
from novasim.filelock import copy_access, has_name, wait_for_lock
from novasim.fileutils import link_file, replace_file
from novasim.jsonutils import choose_decoder, decode, encode
from novasim.records.entry import Entry
from novasim.store.redaction import LEFT_OUT

FORMAT = 1
MAX_BYTES = 64 * 2**20
SECRETS = ".secrets"  # ends the name of the file with what a record leaves out
CLOSED = ".1"  # ends the name of a file that was full
HEADER = "novasim_record"  # the key of the first line
WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_BEGINNING = b'{"' + HEADER.encode() + b'":'
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag
FIELDS = frozenset(Entry._fields)


class RecordFile:
    """
    The file of a record. All methods raise CloudFileError for a file that cannot be used, which is not changed then.

    Args:
        like: The cloud file whose mode and group a new file gets; "" for mode 0600.
    """

    def __init__(self, path: str, like: str = "") -> None:
        self.path, self._like = path, like

    def check(self) -> None:
        """Check that entries can be appended, before anything is changed."""
        if os.path.lexists(self.path):
            os.close(self._open(os.O_RDWR | os.O_APPEND))

    def append(self, entries: list[bytes]) -> None:
        """Append entries with one write, and begin a new file if this one is full."""
        file = self._open_locked()
        try:
            if _write_entries(file, entries) >= MAX_BYTES:
                with suppress(OSError):  # the entries are safe, and the next process tries again
                    self._close_full(file)
        except OSError as error:
            raise _unusable(self.path, f"cannot be written: {error.strerror}") from None
        finally:
            os.close(file)

    def _open_locked(self) -> int:
        """Open and lock the file. One that another process has closed as PATH.1 meanwhile is opened anew."""
        while True:
            file = self._open(os.O_RDWR | os.O_APPEND | os.O_CREAT)
            wait_for_lock(file)
            if has_name(file, self.path):
                return file
            os.close(file)

    def _open(self, flags: int) -> int:
        try:
            is_new = not os.path.lexists(self.path)
            file = os.open(self.path, flags | _NOFOLLOW, 0o600)
        except OSError as error:
            raise _unusable(self.path, f"cannot be opened: {error.strerror}") from None
        if is_new and self._like:
            copy_access(self._like, file)
        try:
            _check_header(self.path, file)
        except BaseException:
            os.close(file)
            raise
        return file

    def _close_full(self, file: int) -> None:
        """Close the locked file as PATH.1, in place of an earlier one, and begin one that continues its numbers."""
        with open(self.path, "rb") as full:
            first, lines = _read_first(self.path, full.readline()), sum(1 for line in full if line.strip())
        header = encode({HEADER: FORMAT, "first": first + lines}) + b"\n"
        link_file(self.path, self.path + CLOSED, os.fstat(file).st_mtime)
        replace_file(self.path, [header], like=self._like or self.path)


def _write_entries(file: int, entries: list[bytes]) -> int:
    """Append entries to a locked file, behind a header if it is empty. Return its size, in bytes. Raises OSError."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":  # the process that wrote the last line was killed
        entries = [b"", *entries]
    header = [] if size else [encode({HEADER: FORMAT, "first": 1})]
    data = b"".join(line + b"\n" for line in [*header, *entries])
    if os.write(file, data) != len(data):
        os.ftruncate(file, size)
        raise OSError(errno.ENOSPC, "The disk is full")
    return size + len(data)


def name_files(path: str) -> list[str]:
    """The files that the record at *path* can have."""
    return [path + CLOSED, path, path + SECRETS + CLOSED, path + SECRETS]


def read_entries(path: str, report: Callable[[str], object] | None = None) -> list[Entry]:
    """
    All entries of a record, oldest first: those of PATH.1, if it exists, and of PATH.

    Args:
        report: Called with what is wrong with a damaged line, which is left out then.

    Raises:
        CloudFileError: there is no record, or a line is damaged and there is no *report*.
    """
    while True:
        files = _find_files(path)
        entries: list[Entry] = []
        for name in files:
            entries += read_file(name, 1 + entries[-1].number if entries else 0, report)
        if files == _find_files(path):  # no other process has closed the file meanwhile
            return entries


def _find_files(path: str) -> dict[str, tuple[int, int]]:
    """
    The files of a record, oldest first, by path.

    Returns:
        Of each, what tells it from an earlier file of that name: its inode and, unless entries are added to it, its
        time of change in ns.
    """
    found = {path: (0, 0)}
    with suppress(FileNotFoundError):
        found[path] = os.stat(path).st_ino, 0
    with suppress(FileNotFoundError):
        closed = os.stat(path + CLOSED)
        if closed.st_ino != found[path][0]:  # they are one file until the new one takes its place
            return {path + CLOSED: (closed.st_ino, closed.st_mtime_ns), **found}
    return found


def read_file(path: str, first: int = 0, report: Callable[[str], object] | None = None) -> Iterator[Entry]:
    """The entries of one file of a record. *first* is the number of its first entry; 0 for that in its header."""
    lines = _read_lines(path, report)
    number = first or _read_first(path, lines[0])
    read = choose_decoder(len(lines))
    for place, line in enumerate(lines[1:], 2):
        if not line.strip() or is_header(line):
            continue
        try:
            entry = parse_entry(line, read)._replace(number=number)
        except ValueError:
            _report_damage(path, f"line {place} is not an entry", report)
            continue
        yield entry
        number += 1


def is_header(line: bytes) -> bool:
    """Whether a line of a record says the format. It need not be the first one."""
    return line.startswith(_BEGINNING)


def parse_entry(line: bytes, read: Callable[[bytes], Any] = decode) -> Entry:
    """The entry of a line, without its number. Raises ValueError for another line."""
    try:
        return Entry(**{name: value for name, value in read(line).items() if name in FIELDS})
    except (TypeError, AttributeError) as error:
        raise ValueError("It is not an entry") from error


def _read_lines(path: str, report: Callable[[str], object] | None = None) -> list[bytes]:
    try:
        with open(path, "rb") as file:
            data = file.read()
            if not data.endswith(b"\n"):  # another process may be about to write the rest
                wait_for_lock(file.fileno())
                data += file.read()
    except FileNotFoundError:
        raise CloudFileError(f"There is no record {path}. To begin one: novasim record start") from None
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from None
    if not data:
        raise damaged(path, "it is empty")
    lines = data.split(b"\n")
    _read_first(path, lines[0])
    if lines.pop():
        _report_damage(path, f"it ends in the middle of line {len(lines) + 1}", report)
    return lines


def _report_damage(path: str, problem: str, report: Callable[[str], object] | None) -> None:
    if report is None:
        raise damaged(path, problem)
    report(problem)


def require_record(path: str) -> None:
    """Raise CloudFileError unless a file is a record that this novasim can read. It may be read-only."""
    try:
        file = os.open(path, os.O_RDONLY | _NOFOLLOW)
    except OSError as error:
        raise _unusable(path, f"cannot be opened: {error.strerror}") from None
    try:
        _check_header(path, file)
    finally:
        os.close(file)


def _check_header(path: str, file: int) -> None:
    """Raise CloudFileError if an open file has another content than a record, or belongs to a later version."""
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode):
        raise _foreign(path)
    if found.st_size:
        _read_first(path, os.pread(file, 200, 0).partition(b"\n")[0])


def _read_first(path: str, line: bytes) -> int:
    """The number of the first entry, according to the first line of a record."""
    try:
        header = decode(line) if is_header(line) else {}
        version, first = header[HEADER], header.get("first", 1)
    except (ValueError, LookupError, AttributeError):
        raise _foreign(path) from None
    if type(version) is not int or type(first) is not int:
        raise _foreign(path)
    if version > FORMAT:
        raise _unusable(path, f"has format {version}, and this novasim knows formats up to {FORMAT}. Upgrade novasim")
    return first


def damaged(path: str, problem: str) -> CloudFileError:
    """The content cannot be used; *problem* says why."""
    remedy = "To list its gaps: novasim record check. To begin a new one, move the file away"
    return _unusable(path, f"is damaged: {problem}. {remedy}")


def _foreign(path: str) -> CloudFileError:
    return _unusable(path, "was not written by novasim. Move it away, or choose another name with NOVASIM_RECORD")


def _unusable(path: str, problem: str) -> CloudFileError:
    return CloudFileError(f"The record {path if path.isprintable() else repr(path)} {problem}.")


def read_secrets(path: str) -> dict[str, Any]:
    """What the record at *path* leaves out, by marks. Raises CloudFileError."""
    secrets: dict[str, Any] = {}
    for name in (path + SECRETS + CLOSED, path + SECRETS):
        for line in _read_lines(name)[1:] if os.path.exists(name) else ():
            try:
                fields = decode(line)
                secrets[fields[LEFT_OUT]] = fields["value"]
            except (ValueError, LookupError, TypeError):
                continue  # a line that was cut off
    return secrets
