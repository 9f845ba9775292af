"""
SSH keys in OpenSSH's format: Ed25519 (RFC 8032) from a seeded secret, without a cryptographic library.

They are for tests and lessons only: computed in variable time, and as guessable as the cloud's seed.
"""

from __future__ import annotations

import base64
import hashlib
import struct

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P
Point = tuple[int, int, int, int]


def generate_key_pair(secret: bytes, comment: str) -> tuple[str, str]:
    """
    Generate a key pair.

    Args:
        secret: 32 bytes.
        comment: The comment at the end of the public key.

    Returns:
        The public key as a line, and the private key as an OpenSSH file without a passphrase.
    """
    public = _derive_public_key(secret)
    blob = _encode_string(b"ssh-ed25519") + _encode_string(public)
    line = f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}"
    return line, _encode_private_key(secret, public, blob, comment)


def fingerprint(public_key: str) -> str:
    """
    The MD5 fingerprint of a public key, as Nova shows it.

    Raises:
        ValueError: The line is not an SSH public key.
    """
    kind, encoded = public_key.split()[:2]
    blob = base64.b64decode(encoded, validate=True)
    (length,) = struct.unpack(">I", blob[:4])
    if blob[4 : 4 + length].decode() != kind or len(blob) <= 4 + length:
        raise ValueError("the key is not of the type it names")
    digest = hashlib.md5(blob).hexdigest()
    return ":".join(digest[i : i + 2] for i in range(0, 32, 2))


def _derive_public_key(secret: bytes) -> bytes:
    scalar = int.from_bytes(hashlib.sha512(secret).digest()[:32], "little")
    scalar = scalar & ((1 << 254) - 8) | (1 << 254)
    x, y, z, _ = _multiply(scalar, _base_point())
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _base_point() -> Point:
    square = (BASE_Y**2 - 1) * pow(D * BASE_Y**2 + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 else x
    return x, BASE_Y, 1, x * BASE_Y % P


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _multiply(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _encode_string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _encode_private_key(secret: bytes, public: bytes, blob: bytes, comment: str) -> str:
    check = hashlib.sha256(secret).digest()[:4]
    inner = check * 2 + blob + _encode_string(secret + public) + _encode_string(comment.encode())
    inner += bytes(range(1, -len(inner) % 8 + 1))
    outer = (
        b"openssh-key-v1\0"
        + _encode_string(b"none")
        + _encode_string(b"none")
        + _encode_string(b"")
        + struct.pack(">I", 1)
    )
    text = base64.b64encode(outer + _encode_string(blob) + _encode_string(inner)).decode()
    lines = [text[i : i + 70] for i in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END OPENSSH PRIVATE KEY-----", ""])
