"""Addresses of clouds: what --cloud and NOVASIM_CLOUD name."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from novasim.errors import CloudFileError
from novasim.store.cloud_names import RESERVED, is_cloud_name

DEFAULT_NAME = "default"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
FORMS = "an address is a path, sqlite:PATH or postgresql://USER@HOST/DATABASE"
MISTYPED = {"sqlite3": SQLITE, "postgres": POSTGRESQL, "psql": POSTGRESQL, "pg": POSTGRESQL}
"""Words that people write for the name of an engine."""
SERVER = "http://HOST:PORT or http://HOST:PORT/NAME"
WRITTEN = {
    SQLITE: f"{SQLITE}:PATH",
    POSTGRESQL: f"{POSTGRESQL}://USER@HOST/DATABASE",
    **dict.fromkeys(("http", "https"), SERVER),
}
"""How the address of each kind is written."""
_CLOUD, _SQLITE = "cloud=", f"{SQLITE}:"
HIDDEN = "***"
_PATH = re.compile(r"/(?!/)|[.~]|[A-Za-z]:[\\/]|[^:=]*$")
_USER = re.compile(r"^([A-Za-z][\w+.-]*://[^:@/?]*):(?:[^?]*@|[^/]*@|.*@)", re.DOTALL)
_SCHEME = re.compile(r"(?:[A-Za-z][\w+.-]*://)?")
_WORD = re.compile(r"[\w+.-]*")
_NO_PORT = re.compile(r"^([A-Za-z][\w+.-]*://(?:\[[^]]*\]|[^][:/?@]*)):(?!\d{0,5}(?:[,/?]|$))[^/?]*")
_PARAMETER = re.compile(r"(?:ssl)?(?:password|passwd|pwd)\s*=\s*(?:'[^']*'|[^&\s]*)[&\s]*", re.IGNORECASE)


class Address(NamedTuple):
    """
    The address of a cloud in a database.

    Args:
        engine: "sqlite" or "postgresql".
        location: The absolute path of the file, or the URL without the cloud's name.
        cloud: The name of the cloud in the database.

    As text, for messages, it has no password.
    """

    engine: str
    location: str
    cloud: str = DEFAULT_NAME

    def __str__(self) -> str:
        return hide_passwords(self.text)

    @property
    def text(self) -> str:
        """The address with its password."""
        text = self.location if self.engine == POSTGRESQL else f"{self.engine}:{self.location}"
        if self.cloud == DEFAULT_NAME:
            return text
        return f"{text}{'&' if '?' in text and self.engine == POSTGRESQL else '?'}{_CLOUD}{self.cloud}"


def parse_address(text: str) -> Address | None:
    """
    The address of a cloud in a database; None for the path of a cloud file.

    Raises:
        CloudFileError: it is neither, or the name of the cloud is invalid.
    """
    scheme, colon, rest = text.partition(":")
    if not colon or len(scheme) < 2 or not scheme.isidentifier():  # one letter is a drive
        _check_path(text)
        return None
    if scheme == SQLITE:
        return _parse_sqlite(text, rest)
    if scheme == POSTGRESQL and rest.startswith("//") and len(rest) > len("//"):
        return _parse_postgresql(text)
    if names_engine(text) or rest.startswith("//"):
        meant = MISTYPED.get(scheme.lower(), scheme.lower())
        is_known = meant in WRITTEN and not text.startswith(("http://", "https://"))
        raise _invalid(text, f"write {WRITTEN[meant]}" if is_known else FORMS)
    _check_path(text)
    return None


def _check_path(text: str) -> None:
    """Raise CloudFileError for an address that is mistyped so that it could be the path of a file."""
    if "://" in text or (hide_passwords(text) != text and not os.path.lexists(text)):
        raise _invalid(text, FORMS)


def names_engine(text: str) -> bool:
    """Whether a text begins like the address of a server or a database, mistyped or not, rather than like a path."""
    scheme, colon, _ = text.partition(":")
    return bool(colon) and scheme.lower() in (*WRITTEN, *MISTYPED)


def is_database(text: str) -> bool:
    """Whether an address names a cloud in a database. CloudFileError: it is mistyped."""
    return parse_address(text) is not None


def _parse_sqlite(text: str, rest: str) -> Address:
    path, cloud = _split_cloud(text, rest)
    if not path or path.startswith("//") or (hide_passwords(path) != path and not os.path.lexists(path)):
        raise _invalid(text, f"write {SQLITE}:PATH, as in {SQLITE}:lab.db or {SQLITE}:/srv/lab.db")
    return Address(SQLITE, os.path.realpath(os.path.expanduser(path)), cloud)


def _parse_postgresql(text: str) -> Address:
    base, _, query = text.partition("?")
    names = [part for part in query.split("&") if part.startswith(_CLOUD)]
    others = "&".join(part for part in query.split("&") if part and part not in names)
    cloud = _check_cloud(text, names[-1].removeprefix(_CLOUD)) if names else DEFAULT_NAME
    return Address(POSTGRESQL, f"{base}?{others}" if others else base, cloud)


def _split_cloud(text: str, rest: str) -> tuple[str, str]:
    """The part of an address before "?cloud=", and the name of the cloud."""
    location, question, name = rest.rpartition(f"?{_CLOUD}")
    if question:
        return location, _check_cloud(text, name)
    if "?" in rest:
        raise _invalid(text, f"what may follow the path is ?{_CLOUD}NAME")
    return rest, DEFAULT_NAME


def _check_cloud(text: str, name: str) -> str:
    if name in RESERVED:
        raise _invalid(text, f"no cloud has the name {name}, which is that of a service or a page")
    if not is_cloud_name(name):
        raise _invalid(text, "the name of a cloud has up to 40 lower-case letters, digits and hyphens")
    return name


def hide_passwords(text: str) -> str:
    """
    An address without passwords, however it is mistyped: what may be a part of a password is left out.

    The path of a file is unchanged.
    """
    if "://" not in text and _PATH.match(text):
        return text
    if text.startswith(_SQLITE) and "://" not in text:
        return _SQLITE + hide_passwords(text.removeprefix(_SQLITE))
    if "=" in text:
        text = _PARAMETER.sub("", text).rstrip("?&")
    if "@" not in text:
        return _NO_PORT.sub(rf"\1:{HIDDEN}", text)
    if _USER.match(text):
        return _USER.sub(r"\1@", text)
    secret, _, rest = _SCHEME.sub("", text, count=1).rpartition("@")
    return f"{_WORD.match(text)[0]}:{HIDDEN}@{rest}" if ":" in secret else text  # type: ignore[index]  # it is never None


def _invalid(text: str, problem: str) -> CloudFileError:
    text = hide_passwords(text)
    shown = text if text.isprintable() else repr(text)
    return CloudFileError(f"{shown} is not the address of a cloud: {problem}.")
