"""
Text for stdout and stderr, with control characters made visible.

Names, reasons and metadata come from any user of a cloud, and a terminal obeys the control characters in them. They are
escaped on stderr always, on stdout if it is a terminal. In a pipe only the characters that would break a record are.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click

LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""The characters at which a reader of lines, such as `str.splitlines`, may end a line."""

MIN_LENGTH = 40  # characters; shorter lines need no wrapping

_BIDI = frozenset(
    map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0x206A, 0x2070)))
)
_OTHERS = frozenset("\u2028\u2029\ufeff\ufff9\ufffa\ufffb")  # separators, byte order mark, annotations


def is_unicode(out: TextIO) -> bool:
    """Whether the output can encode every character (a Unicode encoding)."""
    return (getattr(out, "encoding", None) or "utf-8").lower().startswith("utf")


def is_control(char: str) -> bool:
    """Whether a character is a control (C0, DEL, C1), changes the direction of text, or is half a surrogate pair."""
    if char < "\xa0":
        return char < " " or char >= "\x7f"
    return char in _BIDI or char in _OTHERS or "\ud800" <= char <= "\udfff"


def escape_controls(text: str, keep: str = "") -> str:
    r"""
    The text with each control character written as Python writes it, such as \x1b.

    Letters of all scripts stay, also those written from right to left, and the joiners within them and within emoji.

    Args:
        keep: Control characters that stay.
    """
    if text.isprintable():
        return text
    return "".join(ascii(char)[1:-1] if is_control(char) and char not in keep else char for char in text)


def escape_json(text: str) -> str:
    r"""A JSON document, or YAML as written here, with control characters in its strings written as \u001b."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(f"\\u{ord(char):04x}" if is_control(char) and char != "\n" else char for char in text)


def escape_line(text: str, out: TextIO) -> str:
    """The text as one line of *out*: without line breaks and, on a terminal, without any control character."""
    if text.isprintable():
        return text
    if out.isatty():
        return escape_controls(text)
    return "".join(ascii(char)[1:-1] if char in LINE_BREAKS else char for char in text)


def print_message(text: str) -> None:
    """Print a line on stderr, wrapped on a terminal."""
    click.echo(_fit(escape_controls(text), sys.stderr), err=True)


def print_command(text: str) -> None:
    """Print a command line on stderr. On a terminal it continues after a backslash, so that it can be copied."""
    from novasim.render.wrapping import fit_command

    click.echo(fit_command(escape_controls(text), sys.stderr), err=True)


def print_whole(text: str) -> None:
    """Print a line on stderr that is to be copied, and therefore not wrapped."""
    click.echo(escape_controls(text), err=True)


def _fit(text: str, out: TextIO) -> str:
    if len(text) <= MIN_LENGTH or not out.isatty():
        return text
    from novasim.render.wrapping import fit_line

    return fit_line(text, out)


def report_new_cloud(path: str) -> None:
    """Say on stderr that a cloud file has been created, and that it has a record."""
    print_message(f"novasim: created a new cloud: {path}")
    report_new_record(path)


def report_new_record(path: str) -> None:
    """Say on stderr that a new cloud begins the record again that an earlier one has left, if that is kept."""
    from novasim.store.files import RECORD, is_recorded

    record = os.path.realpath(path) + RECORD
    if is_recorded(record):
        print_message(f"novasim: the record {record} of an earlier cloud begins again with this one.")


def print_line(text: str) -> None:
    """Print a line on stdout."""
    click.echo(escape_line(text, sys.stdout))


def print_wrapped(text: str) -> None:
    """Print a line on stdout, wrapped on a terminal."""
    click.echo(_fit(escape_line(text, sys.stdout), sys.stdout))


def print_text(text: str) -> None:
    """Print a text of several lines, such as a log, on stdout as it is; on a terminal without control characters."""
    sys.stdout.write(escape_controls(text, keep="\n\t") if sys.stdout.isatty() else text)  # click.echo alters it
    sys.stdout.flush()


def print_bytes(data: bytes) -> None:
    """Print data of any kind on stdout as it is; on a terminal as text without control characters, ending its line."""
    if not sys.stdout.isatty():
        click.echo(data, nl=False)
        return
    text = data.decode("utf-8", "replace")
    print_text(text if text.endswith("\n") else text + "\n")


def print_data(data: bytes) -> None:
    """Print a cloud file or a private key on stdout as it is; on a terminal without control characters."""
    click.echo(escape_json(data.decode()) if sys.stdout.isatty() else data, nl=False)


def print_json(text: str, is_error: bool = False) -> None:
    """Print a JSON document on stdout or, if *is_error*, on stderr."""
    click.echo(escape_json(text) if is_error or sys.stdout.isatty() else text, err=is_error)
