"""One-line errors about clouds in PostgreSQL."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors

from novasim.errors import CloudFileError
from novasim.store.errors import locked

OTHER_CLOUD = "or name another cloud with --cloud"
_REFUSED = ("password", "authentication", "pg_hba", "role", "not permitted", "permission denied for database")
"""Words in messages of a server that refuses a user. libpq gives no code for these."""


def translate(error: Exception, path: str, timeout: float) -> CloudFileError:
    """The error of a command for an error of PostgreSQL or of its client library."""
    text = _first_line(error)
    if isinstance(error, errors.LockNotAvailable):
        return locked(path, timeout, "")
    if isinstance(error, errors.InsufficientPrivilege | errors.InvalidPassword):
        return _error(path, f"is refused: {text}.", f"Grant the user that right, {OTHER_CLOUD}.")
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
        return _error(path, f"is damaged: {text}.", f"Restore the schema novasim, {OTHER_CLOUD}.")
    if is_lost(error):
        return _describe_connection(path, text)
    return _error(path, f"cannot be used: {text}.", f"Fix that, {OTHER_CLOUD}.")  # the disk is full, for example


def _describe_connection(path: str, text: str) -> CloudFileError:
    """The error for a connection that cannot be opened, or that was cut."""
    if re.search(r'database "[^"]*" does not exist', text):
        return _error(path, f"does not exist: {text}.", f"Create the database with createdb, {OTHER_CLOUD}.")
    if any(word in text for word in _REFUSED):
        return _error(path, f"is refused: {text}.", f"Correct the user or the password, {OTHER_CLOUD}.")
    return _error(path, f"cannot be reached: {text}.", f"Start the server or correct the address, {OTHER_CLOUD}.")


def is_lost(error: Exception) -> bool:
    """Whether an error means that the connection has ended: the server, a network or an administrator has cut it."""
    kinds = (
        errors.AdminShutdown,
        errors.CrashShutdown,
        errors.CannotConnectNow,
        errors.IdleInTransactionSessionTimeout,
    )
    return isinstance(error, kinds) or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None)


def busy(path: str, count: int) -> CloudFileError:
    """All connections of this process are in use."""
    return _error(path, f"is busy: all {count} connections of this process are in use.", "Try again later.")


def foreign_schema(path: str) -> CloudFileError:
    """The database has a schema of our name that novasim did not create."""
    problem = "is in a database with a schema 'novasim' that novasim did not create."
    return _error(path, problem, "It is unchanged. Name another database with --cloud.")


def no_rights(path: str, user: str) -> CloudFileError:
    """Another user has created the schema, and not granted its use."""
    remedy = (
        f"As its owner: GRANT USAGE ON SCHEMA novasim TO {user}; GRANT ALL ON ALL TABLES IN SCHEMA novasim TO {user}"
    )
    return _error(path, f"is refused: {user} has no rights to the schema novasim.", remedy)


def wrong_encoding(path: str, encoding: str) -> CloudFileError:
    """The database cannot store every character."""
    problem = f"is in a database with the encoding {encoding}, which cannot store all texts."
    return _error(path, problem, "Create another one: createdb --encoding UTF8 --template template0 NAME")


def _first_line(error: Exception) -> str:
    """What went wrong, on one line, without the address that libpq repeats and its hints."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = next((line for line in reversed(lines) if "failed: " in line), lines[0] if lines else type(error).__name__)
    text = re.sub(r"^.*?(?:failed: )(?:FATAL: +)?", "", text)
    return _hide_address(text.removeprefix("FATAL:").strip().rstrip("."))


def _hide_address(text: str) -> str:
    """A message without the part of a mistyped address that libpq repeats: it may be a part of the password."""
    text = re.sub(r"(host(?: name)? ['\"]).*@", r"\1", text)
    text = re.sub(r'(unexpected spaces) found in ".*"(?=, use)', r"\1", text)
    text = re.sub(r'(percent-encoded (?:token|value)|in URI(?: \(.*\))?): ".*$', r"\1", text)
    return re.sub(r'^((?:invalid|missing) [^"]*)".*$', r"\1", text).rstrip(": ")


def _error(path: str, problem: str, remedy: str) -> CloudFileError:
    return CloudFileError(f"Cloud {path if path.isprintable() else repr(path)} {problem}", remedy)
