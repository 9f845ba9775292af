"""RSA keys of 2048 bits, generated from a secret."""

from __future__ import annotations

import base64
import hashlib
import math
import struct
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from novasim.simulation.keys import der

EXPONENT = 65537
PRIME_BYTES = 128
WINDOW = 1 << 13  # odd numbers that are sieved together
SIEVE_LIMIT = 1 << 16
BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo, RFC 8017 section 9.2


class RsaKey(NamedTuple):
    """A private key: modulus, private exponent, primes. The public exponent is EXPONENT."""

    n: int
    d: int
    p: int
    q: int


@lru_cache(maxsize=64)
def generate_key(secret: bytes) -> RsaKey:
    """
    A key that follows from the secret. It takes some tenths of a second.

    The last keys are kept: clouds with the same seed, such as those of a test suite, generate the same ones.
    """
    p, q = _generate_prime(secret + b"p"), _generate_prime(secret + b"q")
    return RsaKey(p * q, pow(EXPONENT, -1, math.lcm(p - 1, q - 1)), p, q)


def public_line(key: RsaKey, comment: str) -> str:
    """The public key as a line in OpenSSH's format."""
    blob = b"".join(_encode_string(part) for part in (b"ssh-rsa", _to_bytes(EXPONENT), _to_bytes(key.n)))
    return f"ssh-rsa {base64.b64encode(blob).decode()} {comment}"


def private_pem(key: RsaKey) -> str:
    """The private key in PEM, without a passphrase."""
    return der.to_pem("RSA PRIVATE KEY", encode_private(key))


def encode_public(key: RsaKey) -> bytes:
    """RSAPublicKey of RFC 8017 in DER."""
    return der.sequence(der.integer(key.n), der.integer(EXPONENT))


def encode_private(key: RsaKey) -> bytes:
    """RSAPrivateKey of RFC 8017 in DER."""
    numbers = (0, key.n, EXPONENT, key.d, key.p, key.q, key.d % (key.p - 1), key.d % (key.q - 1), pow(key.q, -1, key.p))
    return der.sequence(*map(der.integer, numbers))


def sign(key: RsaKey, message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256."""
    size = 2 * PRIME_BYTES
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    padded = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
    return pow(int.from_bytes(padded, "big"), key.d, key.n).to_bytes(size, "big")


def _generate_prime(secret: bytes) -> int:
    for number in range(1 << 16):
        stream = hashlib.shake_256(secret + struct.pack(">I", number)).digest(PRIME_BYTES)
        start = int.from_bytes(stream, "big") | 3 << (8 * PRIME_BYTES - 2) | 1  # so that n has all its bits
        for candidate in _sieve(start):
            if candidate % EXPONENT != 1 and _is_probable_prime(candidate):
                return candidate
    raise AssertionError("no prime found")


def _sieve(start: int) -> Iterator[int]:
    """The odd numbers from *start* on, in a window, that no small prime divides."""
    is_open = bytearray(b"\1") * WINDOW
    for prime in _small_primes():
        first = -start * (prime + 1) // 2 % prime  # start + 2 * first is divisible by prime
        is_open[first::prime] = bytes(len(range(first, WINDOW, prime)))
    return (start + 2 * position for position, value in enumerate(is_open) if value)


@cache
def _small_primes() -> tuple[int, ...]:
    """The odd primes below SIEVE_LIMIT."""
    is_prime = bytearray(b"\1") * SIEVE_LIMIT
    for number in range(3, math.isqrt(SIEVE_LIMIT) + 1, 2):
        if is_prime[number]:
            is_prime[number * number :: number] = bytes(len(range(number * number, SIEVE_LIMIT, number)))
    return tuple(number for number in range(3, SIEVE_LIMIT, 2) if is_prime[number])


def _is_probable_prime(number: int) -> bool:
    """Miller and Rabin's test."""
    shift = ((number - 1) & (1 - number)).bit_length() - 1
    odd = (number - 1) >> shift
    return all(_passes(number, base, odd, shift) for base in BASES)


def _passes(number: int, base: int, odd: int, shift: int) -> bool:
    value = pow(base, odd, number)
    if value in (1, number - 1):
        return True
    for _ in range(shift - 1):
        value = value * value % number
        if value == number - 1:
            return True
    return False


def _to_bytes(number: int) -> bytes:
    """An integer as SSH writes it, with a zero byte before a set high bit."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _encode_string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
