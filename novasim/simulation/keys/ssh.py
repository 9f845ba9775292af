"""
Public SSH keys in OpenSSH's format: checked as Nova does it, with their fingerprint.

Source: nova/crypto.py generate_fingerprint; `load_ssh_public_key` of the library `cryptography`, which it calls.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Callable
from typing import NamedTuple

LINE = re.compile(r"\A(\S+)[ \t]+(\S+)")
CERTIFICATE = "-cert-v01@openssh.com"
DSA_BITS, DSA_SUBGROUP_BITS = 1024, (160, 224, 256)
ED25519_BYTES = 32
UNCOMPRESSED = 4
CERTIFICATE_TYPES = (b"\0\0\0\1", b"\0\0\0\2")  # of a user, of a host
RSA_SIGNATURES = (b"ssh-rsa", b"rsa-sha2-256", b"rsa-sha2-512")


class InvalidKey(ValueError):
    """The text is not a public key."""


class Curve(NamedTuple):
    """y² = x³ - 3x + b modulo p. Source: FIPS 186-4, appendix D."""

    name: bytes
    p: int
    b: int


P256 = Curve(
    b"nistp256",
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
)
P384 = Curve(
    b"nistp384",
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
)
P521 = Curve(
    b"nistp521",
    2**521 - 1,
    int(
        "51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF"
        "073573DF883D2C34F1EF451FD46B503F00",
        16,
    ),
)


class Reader:
    """Reads the fields of a key one after the other. Every method raises InvalidKey for data that end too early."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def take(self, count: int) -> bytes:
        if count > len(self.data):
            raise InvalidKey("a field is longer than the data")
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def string(self) -> bytes:
        (size,) = struct.unpack(">I", self.take(4))
        return self.take(size)

    def number(self) -> int:
        """An integer that is not negative."""
        content = self.string()
        if content and content[0] & 0x80:
            raise InvalidKey("a negative number")
        return int.from_bytes(content, "big")

    def end(self) -> None:
        if self.data:
            raise InvalidKey("data after the last field")


def fingerprint(line: str) -> str:
    """
    The MD5 fingerprint of a public key's line, as Nova shows it.

    Raises:
        InvalidKey: the line is not a complete SSH public key.
    """
    check_public_key(line)
    try:
        blob = base64.b64decode(line.split(" ")[1])
    except (IndexError, binascii.Error):
        raise InvalidKey("there is no field between two spaces") from None
    digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return ":".join(digest[i : i + 2] for i in range(0, 32, 2))


def check_public_key(line: str) -> None:
    """
    Check the type, every field and the end of a public key or of a certificate of one.

    Raises:
        InvalidKey: any of them is wrong.
    """
    match = LINE.match(line)
    if match is None:
        raise InvalidKey("type and key are missing")
    name, encoded = match.groups()
    kind = name.removesuffix(CERTIFICATE)
    if kind not in FIELDS:
        raise InvalidKey(f"unknown type {kind}")
    try:
        reader = Reader(binascii.a2b_base64(encoded))
    except (ValueError, binascii.Error):
        raise InvalidKey("the key is not valid base64") from None
    if reader.string() != name.encode():
        raise InvalidKey("the key is not of the type it names")
    if kind == name:
        FIELDS[kind](reader)
    elif kind == "ssh-dss":
        raise InvalidKey("certificates of DSA keys are not supported")
    else:
        _check_certificate(reader, FIELDS[kind])
    reader.end()


def _check_rsa(reader: Reader) -> None:
    e, n = reader.number(), reader.number()
    if n < 3 or not 3 <= e < n or e % 2 == 0:
        raise InvalidKey("invalid RSA numbers")


def _check_dsa(reader: Reader) -> None:
    p, q, g, y = (reader.number() for _ in range(4))
    if p.bit_length() != DSA_BITS or q.bit_length() not in DSA_SUBGROUP_BITS or not 1 < g < p or not 0 < y < p:
        raise InvalidKey("invalid DSA numbers")


def _check_ed25519(reader: Reader) -> None:
    if len(reader.string()) != ED25519_BYTES:
        raise InvalidKey("an Ed25519 key has 32 bytes")


def _check_ecdsa(curve: Curve) -> Callable[[Reader], None]:
    def check(reader: Reader) -> None:
        name, point = reader.string(), reader.string()
        size = (curve.p.bit_length() + 7) // 8
        if name != curve.name or len(point) != 1 + 2 * size or point[0] != UNCOMPRESSED:
            raise InvalidKey("the point is not on the curve")
        x, y = int.from_bytes(point[1 : 1 + size], "big"), int.from_bytes(point[1 + size :], "big")
        if max(x, y) >= curve.p or (y * y - x**3 + 3 * x - curve.b) % curve.p:
            raise InvalidKey("the point is not on the curve")

    return check


def _check_security_key(check: Callable[[Reader], None]) -> Callable[[Reader], None]:
    """A key of a FIDO device: the key and the name of an application."""

    def check_both(reader: Reader) -> None:
        check(reader)
        if not reader.string().startswith(b"ssh:"):
            raise InvalidKey("the application does not begin with ssh:")

    return check_both


def _check_certificate(reader: Reader, check: Callable[[Reader], None]) -> None:
    """The rest of a certificate after its type. The signature is not verified. Source: PROTOCOL.certkeys of OpenSSH."""
    reader.string()  # nonce
    check(reader)
    reader.take(8)  # serial number
    if reader.take(4) not in CERTIFICATE_TYPES:
        raise InvalidKey("unknown type of certificate")
    reader.string()  # key ID
    principals = Reader(reader.string())
    while principals.data:
        principals.string()
    reader.take(8 + 8)  # valid after, valid before
    for _ in range(2):  # critical options, extensions
        _check_options(Reader(reader.string()))
    reader.string()  # reserved
    _check_signature(Reader(reader.string()).string(), Reader(reader.string()))


def _check_signature(signer: bytes, signature: Reader) -> None:
    algorithm = signature.string()
    if signer == b"ssh-dss" or algorithm not in (RSA_SIGNATURES if signer == b"ssh-rsa" else (signer,)):
        raise InvalidKey("a signature of another type")
    signature.string()
    signature.end()


def _check_options(options: Reader) -> None:
    """Names in order, each with a value or none."""
    last = None
    while options.data:
        name = options.string()
        if last is not None and name <= last:
            raise InvalidKey("options are not in order")
        value, last = Reader(options.string()), name
        if value.data:
            value.string()
            value.end()


FIELDS: dict[str, Callable[[Reader], None]] = {
    "ssh-rsa": _check_rsa,
    "ssh-dss": _check_dsa,
    "ssh-ed25519": _check_ed25519,
    "ecdsa-sha2-nistp256": _check_ecdsa(P256),
    "ecdsa-sha2-nistp384": _check_ecdsa(P384),
    "ecdsa-sha2-nistp521": _check_ecdsa(P521),
    "sk-ssh-ed25519@openssh.com": _check_security_key(_check_ed25519),
    "sk-ecdsa-sha2-nistp256@openssh.com": _check_security_key(_check_ecdsa(P256)),
}
