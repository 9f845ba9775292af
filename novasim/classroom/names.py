"""Names of clouds, from the full names of students in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from novasim.store.cloud_names import MAX_LENGTH, RESERVED, is_cloud_name

SHARED_CLOUD = "class"
USERS = frozenset(("admin", "demo", "teacher", SHARED_CLOUD))
"""Names of users that every cloud has, and of the cloud for all."""
UNNAMED = "student"

# Letters that Unicode does not decompose into a letter of ASCII and an accent.
_LATIN = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "\u0131": "i", "ħ": "h"}
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i i ie g".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
_LETTERS = {**_LATIN, **{letter: text.strip("-") for letter, text in {**_CYRILLIC, **_GREEK}.items()}}
_APOSTROPHES = dict.fromkeys(map(ord, "'`\u2019\u02bc"), "")


def derive_name(full_name: str) -> str:
    """
    The name of a cloud: the letters of a full name in ASCII and in lower case, with hyphens between words.

    Letters of other scripts than Latin, Greek and Cyrillic are left out. "" if no letter and no digit is left.
    """
    letters = "".join(_to_ascii(letter) for letter in unicodedata.normalize("NFC", full_name.lower()))
    return re.sub(r"[^a-z0-9]+", "-", letters.translate(_APOSTROPHES)).strip("-")[:MAX_LENGTH].rstrip("-")


def _to_ascii(letter: str) -> str:
    if letter in _LETTERS or letter.isascii():
        return _LETTERS.get(letter, letter)
    base = unicodedata.normalize("NFKD", letter)
    return "".join(_LETTERS.get(part, part) for part in base if not unicodedata.combining(part))


def number_name(name: str, taken: Container[str]) -> str:
    """The name, with a number behind it if another student or a service has it."""
    name = name or UNNAMED
    number, result = 1, name
    while result in taken or result in RESERVED or result in USERS:
        number += 1
        end = f"-{number}"
        result = name[: MAX_LENGTH - len(end)].rstrip("-") + end
    return result


def is_valid(name: str) -> bool:
    """Whether a text can be the name of a student's cloud."""
    return is_cloud_name(name) and name not in USERS
