"""Requests of the record as command lines: `novasim request` sends them again, whichever client has sent them first."""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import quote

from novasim.lifecycle.microversions import NEWEST
from novasim.records.entry import Entry
from novasim.store.redaction import MASK, is_left_out
from novasim.teach.lessons.errors import NotRepeatable

BASE64_KEYS = frozenset(("user_data", "contents"))  # of secrets that Nova decodes
BASE64_MASK = "Kioq"  # *** in base64
FILE_OPTIONS = frozenset(("--user-data", "--file", "--public-key"))
NOT_IN_LINES = {"$": "\\u0024", "\x7f": "\\u007f"}  # characters in JSON that have a meaning in the lines of lessons


def write_caller(entry: Entry) -> list[str]:
    """The global option that names the caller of an entry; none for the default caller."""
    user = entry.user or {}
    name, project = user.get("user") or "demo", user.get("project")
    who = name if project in (None, "", name) else f"{name}@{project}"
    return [] if who == "demo" else ["--as", who]


def is_omitted(entry: Entry) -> bool:
    """Whether a proof leaves out a request: the end of a token of the real cloud, or the upload of an image's data."""
    is_end = (entry.service, entry.method, entry.path) == ("identity", "DELETE", "/v3/auth/tokens")
    return is_end or (entry.service == "image" and is_left_out(entry.body))


def reads_file(line: str) -> bool:
    """Whether a command line reads a file or standard input, which a proof does not contain."""
    words = shlex.split(line)
    if words[:1] == ["request"]:
        return any(word == "-" or word.startswith("@") for word in words)
    return any(word.partition("=")[0] in FILE_OPTIONS for word in words)


def write_request(entry: Entry) -> str:
    """
    The command line that sends the request of an entry again, without "novasim".

    Raises:
        NotRepeatable: the record does not have its body.
    """
    if is_left_out(entry.body):
        raise NotRepeatable(f"The record does not have the body of {entry.method} {entry.path}.")
    words = [*write_caller(entry), "request"]
    if entry.service != "compute":
        words += ["--service", entry.service]
    if entry.microversion not in ("", f"2.{NEWEST}"):
        words += ["--microversion", entry.microversion]
    words += [entry.method, quote(entry.path) + f"?{entry.query}" * bool(entry.query)]
    return shlex.join([*words, *([] if entry.body is None else [_write_json(entry.body)])])


def _write_json(body: Any) -> str:
    text = json.dumps(_replace_masks(body), separators=(",", ":"))
    for letter, escape in NOT_IN_LINES.items():
        text = text.replace(letter, escape)
    return text


def _replace_masks(value: Any, key: str = "") -> Any:
    """The body, with values that Nova decodes in place of the marks of secrets."""
    if isinstance(value, dict):
        return {name: _replace_masks(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_replace_masks(item) for item in value]
    return BASE64_MASK if value == MASK and key in BASE64_KEYS else value
