"""Hashes of passwords."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novasim.simulation.keys.passwords import hash_password, verify_password
from tests import each_case

PASSWORDS = st.text(max_size=20) | st.sampled_from(["\ud800", "x" * 10_000])


@given(PASSWORDS, PASSWORDS)
def test_only_the_password_has_its_hash(password, other):
    hashed = hash_password(password, "key", "id")
    assert verify_password(password, hashed)
    assert verify_password(other, hashed) == (other == password)


def test_salt_depends_on_the_cloud_and_the_user():
    hashes = {hash_password("secret", key, id) for key in ("a", "b") for id in ("1", "2")}
    assert len({hashed.rpartition(":")[0] for hashed in hashes}) == 4
    assert hash_password("secret", "a", "1") in hashes


def test_hash_of_an_early_snapshot():
    hashed = "sha256:demo:" + hashlib.sha256(b"demo:secret").hexdigest()
    assert verify_password("secret", hashed)
    assert not verify_password("Secret", hashed)


def test_nothing_matches_no_hash():
    assert not verify_password("", "")
    assert not verify_password("secret", "")


@each_case(
    "hashed",
    [
        *("-", "pbkdf2", "pbkdf2:1:a", "plain", "md5:1:a:b", ":::"),
        *(f"pbkdf2:{iterations}:a:{'0' * 64}" for iterations in ("", "many", "0", "-1", "1.5", "10000000")),
    ],
)
def test_a_damaged_hash_is_refused(hashed):
    with pytest.raises(ValueError, match="Not the hash of a password"):
        verify_password("secret", hashed)
