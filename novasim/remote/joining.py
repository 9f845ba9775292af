"""Joining a class: a name and a join word for the credentials of a cloud, which are kept in files."""

from __future__ import annotations

import os
from contextlib import suppress
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import quote

from novasim.errors import CloudFileError, Forbidden, NovasimError, Unauthorized
from novasim.jsonutils import decode, encode
from novasim.remote import errors
from novasim.remote.address import Address, parse_address
from novasim.remote.credentials import Credentials, check_joined, read_joined, remove_joined, save_joined, write_private

CLASS = "class.json"  # in the folder of the default cloud
TIMEOUT = 30.0  # seconds
MAX_ANSWER = 100_000  # bytes
OWNER = "admin"  # the user and project of the owner of a cloud


class Membership(NamedTuple):
    """
    The class that a student has joined.

    Args:
        url: That of the cloud. user, project, password: Those of the clients of OpenStack.
        owner: The user of commands on the cloud, with the same password; "" in a cloud for the whole class.
    """

    url: str
    student: str
    full_name: str
    user: str
    project: str
    password: str
    owner: str


def join_class(url: str, name: str, word: str, folder: str) -> Membership:
    """
    Exchange a join word, if what it is exchanged for can be saved.

    Args:
        folder: As for `save_membership`.

    Raises:
        UsageError: the URL is malformed. Unauthorized: the name or the word is wrong. Forbidden: too many wrong words.
        CloudFileError: the server cannot be reached, or has no class, or files cannot be written.
    """
    address = parse_address(url)
    check_joined(folder)
    code, body = _post(address, {"name": name, "word": word})
    if code == 200:
        fields = {key: str(body.get(key, "")) for key in Membership._fields if key != "url"}
        return Membership(f"{address.url}/{quote(str(body['cloud']))}", **fields)
    raise _find_error(address, code, body)


def _post(address: Address, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
    http = address.create_connection(TIMEOUT)
    try:
        http.request("POST", f"{address.path}/join", encode(fields), {"Content-Type": "application/json"})
        response = http.getresponse()
        body = decode(response.read(MAX_ANSWER))
    except (OSError, HTTPException) as error:
        raise errors.unreachable(address, error) from None
    except ValueError:
        return 404, {}
    finally:
        http.close()
    return response.status, body if isinstance(body, dict) else {}


def _find_error(address: Address, code: int, body: dict[str, Any]) -> NovasimError:
    message = errors.find_message(body)
    if code == 401:
        return Unauthorized(reason=message)
    if code == 429:
        return Forbidden(reason=message)
    if code >= 500:
        return errors.failed(address, code, message)
    return CloudFileError(f"There is no class at {address.url}.", "Check the URL on the board of the class.")


def save_membership(folder: str, found: Membership) -> str:
    """
    Keep what a student needs, in files that only this user can read. Returns the path of the one with the password.

    Raises:
        CloudFileError: they cannot be written.
    """
    project = OWNER if found.owner else found.project
    path = save_joined(folder, found.url, Credentials("", found.owner or found.user, found.password, project))
    write_private(os.path.join(folder, CLASS), found._replace(password="")._asdict())  # nosec B106
    return path


def read_membership(folder: str) -> Membership | None:
    """The class that was joined last; None without one. Raises CloudFileError."""
    path = os.path.join(folder, CLASS)
    try:
        with open(path, "rb") as file:
            found = Membership(**decode(file.read()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise CloudFileError(f"The file {path} cannot be used.", "Join the class again.") from None
    password = read_joined(folder).get(found.url, {}).get("password", "")
    return found._replace(password=str(password))


def leave_class(folder: str, found: Membership) -> None:
    """
    Remove the credentials of a class from this machine.

    Raises:
        CloudFileError: the files cannot be written.
    """
    remove_joined(folder, found.url)
    try:
        with suppress(FileNotFoundError):  # another command has left it at the same time
            os.unlink(os.path.join(folder, CLASS))
    except OSError as error:
        raise CloudFileError(f"The file {error.filename} cannot be written: {error.strerror}.") from None
