"""Files that commands read and write besides the cloud file."""

from __future__ import annotations

import sys
from typing import Any

import click

from novasim.errors import UsageError
from novasim.fileutils import read_input, write_file
from novasim.remote import is_remote
from novasim.render.output import print_data
from novasim.store.errors import unwritable_output
from novasim.store.files import is_part_of_cloud

STDOUT = ("-", "/dev/stdout", "/dev/fd/1")
FORCE = click.option("--force", is_flag=True, help="Replace an existing file.")
MAX_INPUT = 16 * 2**20  # bytes of a file that a request contains; Nova's limit for a whole request is 112 KiB


def file_exists(path: str) -> UsageError:
    """The error for a file that would be replaced."""
    return UsageError(f"{path} exists. Name another file, or replace it with --force.")


def check_is_not_cloud(path: str, cloud: str) -> None:
    """
    Check that a path is neither that of the cloud file nor that of a file beside it: its lock, a backup, ...

    Raises:
        UsageError: it is.
    """
    if not is_remote(cloud) and is_part_of_cloud(path, cloud):
        raise UsageError(f"{path} belongs to this cloud. Name another file.")


class FileContent(click.Path):
    """
    The content of a file in bytes; "-" is standard input.

    Args:
        limit: The largest size, in bytes.
    """

    def __init__(self, limit: int = MAX_INPUT) -> None:
        super().__init__(dir_okay=False, allow_dash=True)
        self.limit = limit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the file. UsageError (exit code 2) as for `read_bytes`."""
        return read_bytes(value, self.limit)


def read_bytes(path: str, limit: int = MAX_INPUT) -> bytes:
    """
    The content of a file, or of standard input if the path is "-".

    Args:
        limit: The largest size, in bytes.

    Raises:
        UsageError: it cannot be read, is larger, or is neither a regular file nor standard input.
    """
    try:
        content = sys.stdin.buffer.read(limit + 1) if path == "-" else read_input(path, limit + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > limit:
        raise UsageError(f"{path} is larger than {limit // 2**20} MiB.")
    return content


def read_text(path: str) -> str:
    """
    The text of a file in UTF-8, or of standard input if the path is "-".

    Raises:
        UsageError: as for `read_bytes`.
        UnicodeDecodeError: it is not text.
    """
    return read_bytes(path).decode("utf-8")


def write_output(path: str, data: bytes, *, force: bool, like: str | None = None) -> None:
    """
    Write a file that only its owner can read, or to standard output if the path is "-" or that of its device.

    Args:
        like: A file whose mode and group the file gets instead.

    Raises:
        UsageError: the file exists and *force* is False, it is not a regular file, or it cannot be written.
    """
    if path in STDOUT:
        print_data(data)
        return
    try:
        write_file(path, data, replace=force, like=like)
    except FileExistsError:
        raise file_exists(path) from None
    except OSError as error:
        raise unwritable_output(path, error) from None
