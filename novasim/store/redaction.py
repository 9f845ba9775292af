"""Secrets in documents and command lines, which the record leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_plus

from novasim.jsonutils import decode, encode
from novasim.store.addresses import hide_passwords

LEFT_OUT = "left_out"
SECRET_FIELDS = {
    "credentials": ("blob",),
    "servers": ("user_data", "personality", "guest_password"),
    "settings": ("token_key", "revoked"),
    "users": ("password_hash", "credentials"),
    "volume_transfers": ("auth_key_hash",),
}
SECRET_OPTIONS = ("--auth-key", "--password", "--original-password", "--secret", "--token")
KEPT_SECRETS = (["credential", "create"], ["credential", "set"])  # words of commands with a secret of any kind
DATA, OTHER_OPTIONS = "--data", ("--type", "--project", "--user")  # their options
SECRET_KEYS = frozenset(
    ("adminpass", "auth_key", "blob", "original_password", "password", "secret", "token", "user_data", "user-data")
)
SECRET_ENDINGS = ("password", "passwd", "pass", "secret", "token", "auth_key", "auth-key")  # of names in queries
FILES = "personality"  # the key of a list of files, whose contents are secret
MASK = "***"
MAX_BODY = 64 * 1024  # bytes of a request's body in the record


def find_secrets(table: str, fields: dict[str, Any]) -> Iterator[str]:
    """The names of the fields of a document whose values the record leaves out, if they are not empty."""
    changes = fields.get("args", {}).get("changes", {}) if table == "tasks" else {}  # of a rebuild
    if any(changes.get(name) for name in SECRET_FIELDS["servers"]):
        yield "args"
    yield from (name for name in SECRET_FIELDS.get(table, ()) if fields.get(name))


def leave_out(value: Any, key: str) -> dict[str, str]:
    """The mark in place of a secret value. Only the key of the cloud tells whether two secrets are the same."""
    import hashlib
    import hmac

    return {LEFT_OUT: hmac.new(key.encode(), encode(value), hashlib.sha256).hexdigest()[:32]}


def is_left_out(value: Any) -> bool:
    """Whether a value is the mark of a secret."""
    return isinstance(value, dict) and value.keys() == {LEFT_OUT}


def mask_words(words: tuple[str, ...]) -> list[str]:
    """The words of a command line without its secrets: values of options, and of such keys in a JSON body."""
    masked: list[str] = []
    for word in words:
        option, sign, _ = word.partition("=")
        if masked and _takes_secret(masked[-1]):
            masked.append(MASK)
        elif sign and _takes_secret(option):
            masked.append(f"{option}={MASK}")
        else:
            masked.append(_mask_word(word))
    return _mask_kept_secrets(masked)


def _mask_word(word: str) -> str:
    """A word without secrets in JSON, in the query of a path, or in the address of a cloud."""
    if word.lstrip()[:1] in ("{", "["):
        return _mask_json(word)
    path, sign, query = (hide_passwords(word) if "://" in word else word).partition("?")
    return f"{path}{sign}{mask_query(query)}"


def mask_query(query: str) -> str:
    """The query of a URL without the values of keys of secrets."""
    return "&".join(map(_mask_pair, query.split("&")))


def _mask_pair(pair: str) -> str:
    name, sign, _ = pair.partition("=")
    return f"{name}={MASK}" if sign and is_secret_name(unquote_plus(name)) else pair


def is_secret_name(name: str) -> bool:
    """Whether a parameter in a query has a secret, as far as its name tells."""
    return name.lower() in SECRET_KEYS or name.lower().endswith(SECRET_ENDINGS)


def _mask_kept_secrets(words: list[str]) -> list[str]:
    """The words of `openstack credential create USER DATA` and `credential set ID --data DATA` without the data."""
    pairs = enumerate(zip(["", *words], words, words[1:], strict=False))
    start = next(
        (n + 2 for n, (before, *pair) in pairs if before != "application" and pair in KEPT_SECRETS), len(words)
    )
    masked, operands = words[:start], 0
    for option, word in pairwise(words[start - 1 :]):
        name, sign, _ = word.partition("=")
        is_data = option.startswith("--d") and DATA.startswith(option)
        if word.startswith("-") and "--" not in masked:
            masked.append(f"{name}={MASK}" if sign and DATA.startswith(name) else word)
            continue
        operands += option not in OTHER_OPTIONS and not is_data
        masked.append(MASK if is_data or (option not in OTHER_OPTIONS and operands > 1) else word)
    return masked


def _takes_secret(option: str) -> bool:
    """Whether a secret follows an option: --password, --os-password, or a beginning as `novasim openstack` takes it."""
    last = option.rpartition("-")[2]
    return (
        option.startswith("--")
        and bool(last)
        and any(each.startswith((option, f"--{last}")) for each in SECRET_OPTIONS)
    )


def find_secret_values(body: Any) -> Iterator[str]:
    """The secrets in the body of a request, as text, the longest first."""
    yield from sorted(_list_secrets(body), key=len, reverse=True)


def _list_secrets(value: Any, is_secret: bool = False) -> Iterator[str]:
    """The values of keys of secrets, and all that is in such values, as text."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _list_secrets(item, is_secret or str(key).lower() in SECRET_KEYS)
    elif isinstance(value, list):
        for item in value:
            yield from _list_secrets(item, is_secret)
    elif is_secret and not isinstance(value, bool | None):
        yield from filter(None, [str(value)])


def describe_body(body: Any) -> Any:
    """The body of a request as the record has it: without secrets, and a mark in place of what is not JSON or large."""
    if body is None:
        return None
    try:
        masked = _mask(body)
        size = len(encode(masked))
    except (ValueError, TypeError, RecursionError):
        return {LEFT_OUT: "data"}
    return masked if size <= MAX_BODY else {LEFT_OUT: f"{size} bytes"}


def _mask_json(word: str) -> str:
    try:
        return encode(_mask(decode(word.encode()))).decode()
    except (ValueError, RecursionError):
        return MASK


def _mask_value(key: Any, value: Any) -> Any:
    if str(key).lower() in SECRET_KEYS:
        return MASK
    if key == FILES and isinstance(value, list):
        return [item | {"contents": MASK} if isinstance(item, dict) and "contents" in item else item for item in value]
    return _mask(value)


def _mask(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _mask_value(key, item) for key, item in value.items()}
    return [_mask(item) for item in value] if isinstance(value, list) else value
