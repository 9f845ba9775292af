"""Hashes of passwords, of users and of application credentials."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

ITERATIONS = 4000
"""About 3 ms. More would make each new cloud slower, and the passwords of a simulated cloud protect nothing else."""

FORM = re.compile(r"sha256:[^:]*:[0-9a-f]{64}|pbkdf2:[1-9]\d{0,5}:[^:]*:[0-9a-f]{64}", re.ASCII)


def hash_password(password: str, key: str, owner_id: str) -> str:
    """
    Hash a password. The result contains the salt and the number of iterations.

    Args:
        key: The secret key of the cloud; it and *owner_id*, of a user or credential, decide the salt. So the same
            request gives the same hash when it is repeated.
    """
    salt = hmac.new(key.encode(), owner_id.encode(), "sha256").hexdigest()[:32]
    return _format(password, salt, ITERATIONS)


def verify_password(password: str, password_hash: str) -> bool:
    """Whether a password has a hash that `hash_password` returned, in this version of novasim or an earlier one."""
    expected = _hash_alike(password, password_hash)
    return expected is not None and hmac.compare_digest(expected.encode(), password_hash.encode())


def is_password_hash(text: str) -> bool:
    """Whether a text has the form of a hash that `hash_password` returned; "" is the hash of no password."""
    return not text or FORM.fullmatch(text) is not None


def _hash_alike(password: str, password_hash: str) -> str | None:
    """
    Hash a password with the method, salt and iterations of a hash; None if it is the hash of no password.

    Raises:
        ValueError: the hash has another form.
    """
    if not is_password_hash(password_hash):
        raise ValueError("Not the hash of a password")
    if password_hash.startswith("sha256:"):  # written by early snapshots of 0.1.0
        salt = password_hash.removeprefix("sha256:").rpartition(":")[0]
        return f"sha256:{salt}:" + hashlib.sha256(_encode(f"{salt}:{password}")).hexdigest()
    if not password_hash:
        return None
    _, iterations, salt, _ = password_hash.split(":")
    return _format(password, salt, int(iterations))


def _format(password: str, salt: str, iterations: int) -> str:
    derived = _derive(hashlib.sha256(_encode(password)).digest(), salt, iterations)
    return f"pbkdf2:{iterations}:{salt}:{derived.hex()}"


@lru_cache(maxsize=1000)
def _derive(digest: bytes, salt: str, iterations: int) -> bytes:
    """Derive a key from the digest of a password, which is what the cache may remember."""
    return hashlib.pbkdf2_hmac("sha256", digest, salt.encode(), iterations)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
