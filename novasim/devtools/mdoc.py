"""The few words of mdoc, the language of manual pages, that our pages need."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

SENTENCE = re.compile(r"(?<=[a-z)\d][.?!:;]) +(?=[A-Z(\d-])|(?<=[.?!]) +(?=[A-Z])")


def text(words: str) -> str:
    """Running text: one sentence a line, nothing in it taken for a command."""
    sentences = SENTENCE.split(" ".join(words.split()))
    return "\n".join(_line(part) for sentence in sentences for part in textwrap.wrap(sentence, 76))


def _line(words: str) -> str:
    escaped = words.replace("\\", "\\e")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def literal_block(lines: Iterable[str]) -> str:
    """Lines as they are, for commands to copy."""
    shown = [_line(line).replace("-", "\\-") for line in lines]
    return "\n".join([".Bd -literal -offset indent", *shown, ".Ed"])


def quote(value: str) -> str:
    """One argument of a macro: quoted, and never taken for a macro itself."""
    escaped = value.replace("\\", "\\e").replace('"', "\\(dq")
    return f'"{escaped}"' if not re.fullmatch(r"[\w=/.,\[\]-]{4,}", escaped) else escaped


def page(name: str, section: int, date: str, what: str, parts: Iterable[tuple[str, str]]) -> str:
    """
    A whole page.

    Args:
        date: As in "January 31, 2026". parts: titles and bodies in mdoc.
    """
    head = [f".Dd {date}", f".Dt {name.upper()} {section}", ".Os novasim", ".Sh NAME", f".Nm {name}"]
    head.append(f".Nd {what.rstrip('.')}")
    body = [f".Sh {title}\n{content.strip()}" for title, content in parts if content.strip()]
    return "\n".join([*head, *body, ""])


def tag_list(rows: Iterable[tuple[str, str]], width: str = "Ds") -> str:
    """A list of terms, given as mdoc, and of their descriptions, given as text."""
    items = [f".It {term}\n{text(what)}".strip() for term, what in rows]
    return "\n".join([f".Bl -tag -width {width}", *items, ".El"]) if items else ""
