"""Join words, which students exchange for the password of their cloud. They are stored hashed and work once."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from novasim.simulation.keys.passwords import hash_password, verify_password
from novasim.simulation.seeded import generate_secret_key

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without letters and digits that look alike
GROUPS, LETTERS = 3, 4  # of a join word; together 59 bits


def generate_word() -> str:
    """A new join word, such as "k7wd-m3xp-9qtn"."""
    number = int(generate_secret_key(), 16)
    letters = [ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(GROUPS * LETTERS)]
    return "-".join("".join(letters[start : start + LETTERS]) for start in range(0, len(letters), LETTERS))


def hash_word(word: str, key: str, student: str) -> str:
    """The hash of a join word. *key* is that of the classroom."""
    return hash_password(_normalize(word), key, student)


def verify_word(word: str, word_hash: str) -> bool:
    """Whether a join word has that hash, in constant time. Case, blanks and hyphens do not matter."""
    return bool(word_hash) and verify_password(_normalize(word), word_hash)


def _normalize(word: str) -> str:
    return re.sub(r"[\s-]", "", word).lower()


def derive_password(key: str, student: str, what: str = "cloud") -> str:
    """
    The password of a student's users, which stays the same when the cloud is built again.

    Args:
        key: That of the classroom. what: What the password is for.
    """
    return hmac.new(key.encode(), f"{what}\n{student}".encode(), sha256).hexdigest()[:32]
