"""The random generator: forms and ranges of what it generates, and that a seed repeats it."""

from __future__ import annotations

import re
import uuid

from novasim.simulation.seeded import PASSWORD_LETTERS, Generator

ROUNDS = range(500)


def test_uuids_are_random_ones_in_canonical_form():
    generator = Generator(1, "a")
    for _ in ROUNDS:
        text = generator.uuid()
        parsed = uuid.UUID(text)
        assert (str(parsed), parsed.version, parsed.variant) == (text, 4, uuid.RFC_4122)


def test_mac_addresses_have_the_prefix_of_neutron():
    generator = Generator(1, "a")
    assert all(re.fullmatch("fa:16:3e(:[0-9a-f]{2}){3}", generator.mac()) for _ in ROUNDS)


def test_passwords():
    generator = Generator(1, "a")
    assert len(generator.password()) == 12
    assert len(generator.password(30)) == 30
    assert set(generator.password(2000)) == set(PASSWORD_LETTERS)
    assert not set("01IOl") & set(PASSWORD_LETTERS)


def test_tokens():
    assert re.fullmatch("[a-z0-9]{8}", Generator(1, "a").token())
    assert len(set(Generator(1, "a").token(2000))) == 36


def test_jitter_goes_up_and_down_within_the_spread():
    generator = Generator(1, "a")
    factors = [generator.jitter(0.2) for _ in ROUNDS]
    assert 0.8 <= min(factors) < 0.82
    assert 1.18 < max(factors) <= 1.2


def test_chance():
    generator = Generator(1, "a")
    assert not any(generator.chance(0.0) for _ in ROUNDS)
    assert all(generator.chance(1.0) for _ in ROUNDS)
    assert 100 < sum(generator.chance(0.25) for _ in ROUNDS) < 150


def test_octets():
    assert [len(Generator(1, "a").octets(count)) for count in (1, 32)] == [1, 32]


def test_the_seed_and_the_purpose_decide():
    assert Generator(1, "a").uuid() == Generator(1, "a").uuid()
    assert len({Generator(1, "a").uuid(), Generator(2, "a").uuid(), Generator(1, "b").uuid()}) == 3
