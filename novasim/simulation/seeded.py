"""Randomness: a generator seeded with the cloud's seed and a purpose, such as the request being served."""

from __future__ import annotations

PASSWORD_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def generate_seed() -> int:
    """A random seed, for a cloud whose creator gives none. Only this function and `generate_secret_key` are random."""
    import secrets

    return secrets.randbelow(2**31)


def generate_secret_key() -> str:
    """A random key for signing a cloud's tokens. It does not depend on the seed, which would allow forged tokens."""
    import secrets

    return secrets.token_hex(32)


class Generator:
    """Random ids, addresses, passwords and numbers. The same seed and purpose give the same sequence."""

    def __init__(self, seed: int, purpose: str) -> None:
        import random  # here, since requests that only read do not need it

        self._random = random.Random(f"{seed}/{purpose}")  # nosec B311 # repeatable, as documented
        self._presets: list[str] = []

    def preset_uuid(self, id: str) -> None:
        """Make *id* the result of the next call of `uuid`."""
        self._presets.append(id)

    def has_presets(self) -> bool:
        """Whether the next UUID was chosen by `preset_uuid`."""
        return bool(self._presets)

    def uuid(self) -> str:
        """A random (version 4) UUID in its canonical form."""
        if self._presets:
            return self._presets.pop(0)
        bits = self._random.getrandbits(128) & ~(0xF << 76) | (4 << 76)
        text = f"{bits & ~(3 << 62) | (2 << 62):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def password(self, length: int = 12) -> str:
        """A password of characters that are hard to confuse. Nova's default length is 12."""
        return self._draw_text(PASSWORD_LETTERS, length)

    def mac(self) -> str:
        """A MAC address with Neutron's prefix."""
        return "fa:16:3e:" + ":".join(f"{self._random.getrandbits(8):02x}" for _ in range(3))

    def token(self, letters: int = 8) -> str:
        """Lower-case letters and digits, as in the ids of reservations."""
        return self._draw_text("abcdefghijklmnopqrstuvwxyz0123456789", letters)

    def _draw_text(self, letters: str, length: int) -> str:
        """Random letters: those that random.choice would return, in less than half of its time."""
        draw, bits, text = self._random.getrandbits, len(letters).bit_length(), ""
        while len(text) < length:
            if (number := draw(bits)) < len(letters):
                text += letters[number]
        return text

    def jitter(self, spread: float) -> float:
        """A factor between 1 - spread and 1 + spread."""
        return 1.0 + spread * (2.0 * self._random.random() - 1.0)

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random.random() < probability

    def octets(self, count: int) -> bytes:
        """Random bytes."""
        return self._random.getrandbits(8 * count).to_bytes(count, "big")
