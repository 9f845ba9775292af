"""Public SSH keys: whole ones are accepted, damaged ones refused, as by the library that Nova uses."""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from novasim.simulation.keys.ssh import InvalidKey, fingerprint
from tests import each_case

LINES = dict(
    line.split(" ", 1) for line in (Path(__file__).parent / "public_keys.txt").read_text("ascii").strip().splitlines()
)


def split(line: str) -> tuple[str, bytes]:
    kind, encoded = line.split()
    return kind, base64.b64decode(encoded)


def join(kind: str, blob: bytes) -> str:
    return f"{kind} {base64.b64encode(blob).decode()}"


def fields_of(blob: bytes) -> list[bytes]:
    """The length-prefixed fields of a key that is no certificate."""
    fields = []
    while blob:
        (size,) = struct.unpack(">I", blob[:4])
        fields.append(blob[4 : 4 + size])
        blob = blob[4 + size :]
    return fields


def blob_of(fields: list[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


PLAIN = {name: line for name, line in LINES.items() if not name.startswith("cert-")}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_whole_keys_have_a_fingerprint(line):
    assert len(fingerprint(line)) == len(fingerprint(f"{line} me@example.com")) == 47


def test_the_fingerprint_is_the_md5_of_the_key():
    assert fingerprint(LINES["ed25519"]) == "1b:a2:d4:9e:2e:66:2e:d6:f1:af:e1:28:37:9e:ad:7f"


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_keys_that_end_too_early_are_refused(line):
    kind, blob = split(line)
    for size in range(len(blob)):
        with pytest.raises(InvalidKey):
            fingerprint(join(kind, blob[:size]))


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_keys_with_more_behind_the_last_field_are_refused(line):
    kind, blob = split(line)
    for more in (b"\0", b"\0\0\0\0", b"\0\0\0\1x"):
        with pytest.raises(InvalidKey):
            fingerprint(join(kind, blob + more))


@pytest.mark.parametrize("line", PLAIN.values(), ids=PLAIN)
def test_keys_with_a_field_less_or_of_another_length_are_refused(line):
    kind, blob = split(line)
    fields = fields_of(blob)
    for position in range(len(fields)):
        with pytest.raises(InvalidKey):
            fingerprint(join(kind, blob_of(fields[:position] + fields[position + 1 :])))
    for position in (0, 1):
        with pytest.raises(InvalidKey):
            fingerprint(join(kind, blob_of([*fields[:position], fields[position][:-1], *fields[position + 1 :]])))


@pytest.mark.parametrize("name", PLAIN)
def test_keys_of_another_type_than_they_name_are_refused(name):
    blob = split(PLAIN[name])[1]
    for other in set(PLAIN) - {name}:
        with pytest.raises(InvalidKey):
            fingerprint(join(split(PLAIN[other])[0], blob))


@pytest.mark.parametrize("name", ["p256", "p384", "p521", "sk-ecdsa"])
def test_points_beside_the_curve_are_refused(name):
    kind, blob = split(LINES[name])
    fields = fields_of(blob)
    fields[2] = fields[2][:-1] + bytes((fields[2][-1] ^ 1,))
    with pytest.raises(InvalidKey):
        fingerprint(join(kind, blob_of(fields)))


@each_case(
    "line",
    [
        "",
        "ssh-rsa",
        "ssh-rsa ",
        "nonsense",
        "ssh-rsa AAAA",
        "ssh-rsa AAAA x",
        "ssh-rsa JUNK me@here",
        "ssh-ed25519 AAAA",
        "ssh-rsa !!!",
        "ssh-rsa ä",
        "ssh-rsa AAAAB",
        " " + LINES["rsa"],
        LINES["rsa"].replace(" ", "\t"),
        LINES["rsa"].replace("ssh-rsa", "ssh-dsa"),
    ],
)
def test_other_texts_are_refused(line):
    with pytest.raises(InvalidKey):
        fingerprint(line)


@pytest.mark.parametrize(
    ("e", "n"), [(b"\1", b"\x7f" * 128), (b"\4", b"\x7f" * 128), (b"\3", b"\2"), (b"\x81", b"\x7f" * 128), (b"\3", b"")]
)
def test_impossible_rsa_numbers_are_refused(e, n):
    with pytest.raises(InvalidKey):
        fingerprint(join("ssh-rsa", blob_of([b"ssh-rsa", e, n])))


@pytest.mark.parametrize("numbers", [(3, 4), (3, 5), (5, 6), (65537, 65538)])
def test_the_least_rsa_numbers(numbers):
    assert fingerprint(join_numbers("ssh-rsa", *numbers))


P, Q = 2**1023 + 1, 2**159 + 1


@pytest.mark.parametrize(
    "numbers",
    [(P, Q, 2, 1), (P, Q, P - 1, P - 1), (2**1024 - 1, 2**160 - 1, 2, 1), (P, 2**223, 2, 1), (P, 2**255, 2, 1)],
)
def test_possible_dsa_numbers(numbers):
    assert fingerprint(join_numbers("ssh-dss", *numbers))


@each_case(
    "numbers",
    [
        *((P, Q, 1, 1), (P, Q, P, 1), (P, Q, 2, 0), (P, Q, 2, P)),
        *((2**1023 - 1, Q, 2, 1), (2**1024, Q, 2, 1), (P, 2**159 - 1, 2, 1), (P, 2**160, 2, 1), (P, 2**256, 2, 1)),
    ],
)
def test_impossible_dsa_numbers_are_refused(numbers):
    with pytest.raises(InvalidKey):
        fingerprint(join_numbers("ssh-dss", *numbers))


def join_numbers(kind: str, *numbers: int) -> str:
    """The line of a key with these numbers."""
    return join(kind, blob_of([kind.encode(), *(each.to_bytes(each.bit_length() // 8 + 1, "big") for each in numbers)]))


def damaged_lines(seed: int, count: int) -> Iterator[str]:
    """Keys with some bytes changed, removed or added, some with another type."""
    chance = random.Random(seed)
    lines = list(LINES.values())
    for _ in range(count):
        kind, whole = split(chance.choice(lines))
        blob = bytearray(whole)
        position, size = chance.randrange(len(blob)), chance.randrange(5)
        blob[position : position + chance.randrange(3)] = chance.randbytes(size)
        yield join(chance.choice([kind, kind, kind, split(chance.choice(lines))[0]]), bytes(blob))


@pytest.mark.filterwarnings("ignore")
def test_the_library_that_nova_uses_decides_alike():
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization", reason="needs cryptography")

    def is_loaded(line: str) -> bool:
        try:
            serialization.load_ssh_public_key(line.encode())
            return True
        except Exception:  # noqa: BLE001  Nova catches all that goes wrong
            return False

    def is_accepted(line: str) -> bool:
        try:
            return bool(fingerprint(line))
        except InvalidKey:
            return False

    lines = [*LINES.values(), *damaged_lines(1, 4000)]
    assert [line for line in lines if is_loaded(line) != is_accepted(line)] == []
    assert sum(map(is_accepted, lines)) > 200
