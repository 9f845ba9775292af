"""One-line errors about clouds behind a server: the address, the problem and the remedy."""

from __future__ import annotations

import socket
import ssl

from novasim.errors import CloudFileError, Forbidden, Unauthorized
from novasim.remote.address import Address

OWNER = "OS_USERNAME and OS_PASSWORD must be those of an administrator of the cloud"
OTHERS = "Other users use the clients of OpenStack"
MAX_MESSAGE = 500  # letters


def unreachable(address: Address, error: Exception) -> CloudFileError:
    """No request was sent."""
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "TLS failed"
        return _error(address, f"cannot be reached: {reason}.", "Check the address, and the certificates in OS_CACERT.")
    if isinstance(error, socket.gaierror):
        return _error(address, "cannot be reached: the host name is unknown.", "Check the address.")
    if isinstance(error, TimeoutError):
        return _error(address, "cannot be reached: no answer in time.", "Check the address and the network.")
    reason = getattr(error, "strerror", None) or type(error).__name__
    return _error(address, f"cannot be reached: {reason}.", "Check the address, or start it: novasim serve")


def lost(address: Address) -> CloudFileError:
    """The connection ended while nothing was being changed."""
    return _error(address, "closed the connection before it answered.", "Try again.")


def unknown_outcome(address: Address) -> CloudFileError:
    """The connection ended after a change was sent and before the answer came."""
    remedy = "Whether the change was saved is unknown: look before you repeat it, as with 'novasim list'."
    return _error(address, "closed the connection before it answered.", remedy)


def lease_over(address: Address) -> CloudFileError:
    """The server has dropped a transaction that took too long."""
    return _error(address, "dropped the command, which took too long.", "Nothing was changed. Try again.")


def not_novasim(address: Address) -> CloudFileError:
    """Something else answers, or a novasim that does not know commands over HTTP."""
    problem = "is not a cloud of this version of novasim."
    return _error(address, problem, "The address is that of 'novasim serve', with the name of the cloud if it has one.")


def other_version(address: Address, found: object, known: int) -> CloudFileError:
    """The server has another protocol."""
    problem = f"has version {found} of the control interface, and this novasim knows version {known}."
    return _error(address, problem, "Use the same novasim on both sides.")


def failed(address: Address, code: int, message: str) -> CloudFileError:
    """The server cannot use the cloud, or has a bug."""
    return _error(address, f"answered {code}: {message or 'no reason given'}", "")


def no_credentials(address: Address) -> Unauthorized:
    """The server needs a token, and there are no credentials."""
    return Unauthorized(reason=f"The cloud {address.url} needs your credentials. {OWNER}.")


def wrong_credentials(address: Address) -> Unauthorized:
    """The server has refused user and password, or the token."""
    return Unauthorized(reason=f"The cloud {address.url} refused your credentials. {OWNER}.")


def not_owner(address: Address, user: str) -> Forbidden:
    """The user is not an administrator."""
    who = user or "The owner of the token"
    return Forbidden(reason=f"{who} may not use commands on the cloud {address.url}. {OWNER}. {OTHERS}.")


def find_message(body: object) -> str:
    """The message in the body of a server's answer, in one line; "" for another body."""
    found = body.get("error") if isinstance(body, dict) else None
    return " ".join(str(found.get("message", "")).split())[:MAX_MESSAGE] if isinstance(found, dict) else ""


def _error(address: Address, problem: str, remedy: str) -> CloudFileError:
    return CloudFileError(f"The cloud {address.url} {problem}", remedy)
