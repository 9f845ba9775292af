"""Generated SSH keys: Ed25519 as in RFC 8032, and OpenSSH's file format."""

from __future__ import annotations

import base64

import pytest

from novasim.simulation.ssh_keys import generate_key_pair

# RFC 8032, section 7.1: secret key, public key.
VECTORS = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    ),
    "TEST 1024": (
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    ),
}


@pytest.mark.parametrize(("secret", "public"), VECTORS.values(), ids=VECTORS)
def test_public_keys_are_those_of_rfc_8032(secret, public):
    line, _ = generate_key_pair(bytes.fromhex(secret), "me@example.com")
    kind, encoded, comment = line.split()
    assert (kind, comment) == ("ssh-ed25519", "me@example.com")
    assert base64.b64decode(encoded) == b"\0\0\0\x0bssh-ed25519\0\0\0 " + bytes.fromhex(public)


@pytest.mark.parametrize(("secret", "public"), VECTORS.values(), ids=VECTORS)
def test_private_keys_hold_the_secret_and_the_public_key(secret, public):
    _, private = generate_key_pair(bytes.fromhex(secret), "me@example.com")
    first, *lines, last = private.splitlines()
    assert (first, last) == ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----")
    content = base64.b64decode("".join(lines))
    assert content.startswith(b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none")
    assert b"\0\0\0@" + bytes.fromhex(secret + public) in content
