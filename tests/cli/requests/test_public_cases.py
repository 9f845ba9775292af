"""The public cases that are commands: W1 (damaged keys) and R (failed builds)."""

from __future__ import annotations

import base64
import json

import pytest

DAMAGED = ["ssh-rsa AAAA", "ssh-rsa JUNK me@here", "ssh-ed25519 AAAA"]


@pytest.mark.parametrize("key", DAMAGED)
def test_w1_a_damaged_key_is_one_sentence(user, tmp_path, key):
    (tmp_path / "key").write_text(key)
    told = user(f"keypair create bad --public-key {tmp_path / 'key'}", 6).stderr
    assert told.startswith("novasim: ") and "ailed to generate fingerprint" in told
    assert "internal" not in told


@pytest.mark.parametrize("octets", [1, 100])
def test_w1_an_rsa_key_that_is_cut_off(user, tmp_path, octets):
    whole = user.json("--api-version 2.91 keypair create whole")["public_key"].split()
    data = base64.b64decode(whole[1])[:-octets]
    (tmp_path / "key").write_text(f"{whole[0]} {base64.b64encode(data).decode()} me@here")
    told = user(f"keypair create bad --public-key {tmp_path / 'key'}", 6).stderr
    assert "ailed to generate fingerprint" in told
    assert [each["keypair"]["name"] for each in json.loads(user("request GET /os-keypairs").stdout)["keypairs"]] == [
        "whole"
    ]


def test_r_the_next_host_is_tried(user):
    user("fault add spawn --times 1")
    user("create web1 --flavor m1.tiny --image cirros --wait")
    assert user.status() == "ACTIVE"


def test_r_three_attempts(user):
    user("fault add spawn")
    user("create web1 --flavor m1.tiny --image cirros")
    shown = user.json("show web1")
    text = f"Exceeded maximum number of retries. Exceeded max scheduling attempts 3 for instance {shown['id']}. "
    assert shown["status"] == "ERROR" and shown["fault"]["message"].startswith(text + "Last exception: ")
