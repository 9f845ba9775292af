"""W1, W2 and C15: damaged keys, certificates, the image of a shelved server."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from tests.cases.public.world import Cases, refusal

KEYS = Path(__file__).parents[2] / "simulation" / "public_keys.txt"
NOTHING_LEFT = {"w2 offloaded": 0, "w2 shelved": -1}


def whole_keys() -> dict[str, str]:
    """A whole key of each type."""
    return dict(line.split(" ", 1) for line in KEYS.read_text("utf-8").splitlines() if line and line[0] != "#")


def cut(line: str, octets: int) -> str:
    """A public key without the last bytes of its content."""
    kind, data = line.split()[:2]
    return f"{kind} {base64.b64encode(base64.b64decode(data)[:-octets]).decode()}"


@pytest.fixture
def play():
    return Cases()


def import_key(play, key, minor=96):
    body = {"name": "k", "public_key": key} | ({"type": "ssh"} if minor >= 2 else {})
    return play.ask("POST", "/os-keypairs", {"keypair": body}, minor=minor)


@pytest.mark.parametrize("minor", [1, 91, 96])
@pytest.mark.parametrize("key", ["ssh-rsa AAAA", "ssh-rsa JUNK me@here", "ssh-ed25519 AAAA"])
def test_w1_damaged_keys(play, key, minor):
    assert "ailed to generate fingerprint" in refusal(import_key(play, key, minor), 400)


@pytest.mark.parametrize("octets", [1, 4, 100, 200])
def test_w1_a_key_cut_before_its_end(play, octets):
    generated = play.ask("POST", "/os-keypairs", {"keypair": {"name": "g"}}, minor=91).body["keypair"]["public_key"]
    assert len(base64.b64decode(generated.split()[1])) > 256  # 2048 bits
    assert import_key(play, generated).code == 201
    play.ask("DELETE", "/os-keypairs/k")
    assert "ailed to generate fingerprint" in refusal(import_key(play, cut(generated, octets)), 400)


@pytest.mark.parametrize("name", sorted(whole_keys()))
def test_w1_each_type_whole_and_cut(play, name):
    line = whole_keys()[name]
    assert import_key(play, line).code == 201
    play.ask("DELETE", "/os-keypairs/k")
    assert import_key(play, cut(line, 1)).code == 400


@pytest.mark.parametrize("delete", ["DELETE", "forceDelete"])
@pytest.mark.parametrize("offload", [0, -1])
def test_w2_the_image_goes_with_the_server(offload, delete):
    play = Cases(shelved_offload_time=offload)
    server = play.create()
    assert play.act(server, "shelve").code == 202
    assert play.state(server)[0] == ("SHELVED" if offload else "SHELVED_OFFLOADED")
    names = lambda: [each["name"] for each in play.ask("GET", "/v2/images", service="image").body["images"]]  # noqa: E731
    assert "web1-shelved" in names()
    if delete == "DELETE":
        assert play.ask("DELETE", f"/servers/{server}").code == 204
    else:
        assert play.act(server, "forceDelete").code == 202
    assert "web1-shelved" not in names()


@pytest.mark.parametrize("minor", [2, 91])
def test_c15_a_certificate_with_its_sha_1(play, minor):
    answer = play.ask("POST", "/os-keypairs", {"keypair": {"name": "c", "type": "x509"}}, minor=minor)
    assert answer.code == 201
    keypair = answer.body["keypair"]
    lines = keypair["public_key"].strip().splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    digest = hashlib.sha1(base64.b64decode("".join(lines[1:-1]))).hexdigest()
    assert keypair["fingerprint"].replace(":", "").lower() == digest
    assert keypair["fingerprint"].count(":") == 19
    assert keypair["private_key"]
    shown = play.ask("GET", "/os-keypairs/c", minor=minor).body["keypair"]
    assert shown["fingerprint"] == keypair["fingerprint"]


def test_c15_an_imported_certificate_has_its_sha_1_too(play):
    made = play.ask("POST", "/os-keypairs", {"keypair": {"name": "c", "type": "x509"}}, minor=91).body["keypair"]
    body = {"name": "d", "type": "x509", "public_key": made["public_key"]}
    assert play.ask("POST", "/os-keypairs", {"keypair": body}).body["keypair"]["fingerprint"] == made["fingerprint"]
