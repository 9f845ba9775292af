"""
The parts of mdoc, the language of manual pages, that our pages use.

click-man writes the older language man, without examples and tables, and only pages about commands.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

SENTENCE = re.compile(r"(?<=[a-z)\d][.?!:;]) +(?=[A-Z(\d-])|(?<=[.?!]) +(?=[A-Z])")


def text(words: str) -> str:
    """Running text with one sentence per line, escaped so that no word is read as a macro."""
    sentences = SENTENCE.split(" ".join(words.split()))
    return "\n".join(_line(part) for sentence in sentences for part in textwrap.wrap(sentence, 76))


def _line(words: str) -> str:
    escaped = words.replace("\\", "\\e")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def literal_block(lines: Iterable[str]) -> str:
    """Lines without filling, for commands to copy."""
    escaped = [_line(line).replace("-", "\\-") for line in lines]
    return "\n".join([".Bd -literal -offset indent", *escaped, ".Ed"])


def quote(value: str) -> str:
    """One argument of a macro, quoted where it could be read as several or as a macro."""
    escaped = value.replace("\\", "\\e").replace('"', "\\(dq")
    return f'"{escaped}"' if not re.fullmatch(r"[\w=/.,\[\]-]{4,}", escaped) else escaped


def page(name: str, section: int, date: str, summary: str, parts: Iterable[tuple[str, str]]) -> str:
    """
    A complete page.

    Args:
        date: As in "January 31, 2026". parts: titles and bodies of the sections, in mdoc.
    """
    head = [f".Dd {date}", f".Dt {name.upper()} {section}", ".Os novasim", ".Sh NAME", f".Nm {name}"]
    head.append(f".Nd {summary.rstrip('.')}")
    body = [f".Sh {title}\n{content.strip()}" for title, content in parts if content.strip()]
    return "\n".join([*head, *body, ""])


def tag_list(rows: Iterable[tuple[str, str]], width: str = "Ds") -> str:
    """A list of terms (in mdoc) with their descriptions (in plain text)."""
    items = [f".It {term}\n{text(description)}".strip() for term, description in rows]
    return "\n".join([f".Bl -tag -width {width}", *items, ".El"]) if items else ""
