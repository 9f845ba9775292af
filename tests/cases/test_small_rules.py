"""Single rules from public reports: key pairs, host names, extensions, messages, snapshots of volumes in use."""

from __future__ import annotations

from base64 import b64decode

import pytest

from tests.play import Play

UNKNOWN = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def play():
    return Play()


@pytest.mark.parametrize("key", ["ssh-rsa AAAA", "ssh-rsa JUNK me@here", "ssh-ed25519 AAAA", "ssh-rsa", "nonsense"])
def test_a_damaged_key_is_refused(play, key):
    answer = play.ask("POST", "/os-keypairs", {"keypair": {"name": "k", "public_key": key, "type": "ssh"}})
    assert (answer.code, "ailed to generate fingerprint" in str(answer.fault)) == (400, True)


def test_a_certificate_is_generated(play):
    keypair = play.ask("POST", "/os-keypairs", {"keypair": {"name": "c", "type": "x509"}}, minor=2).body["keypair"]
    assert keypair["public_key"].startswith("-----BEGIN CERTIFICATE-----")
    assert b64decode(keypair["private_key"])[:1] == b"\x30"  # PKCS #12, as Nova returns it
    assert len(keypair["fingerprint"].replace(":", "")) == 40  # SHA-1


@pytest.mark.parametrize(("name", "hostname"), [("сервер", "Server-{}"), ("日本-7", "7"), ("Zoë", "zoë")])
def test_a_host_name_has_characters_of_latin_1(play, name, hostname):
    server = play.create(name)
    shown = play.ask("GET", f"/servers/{server}", who="admin").body["server"]
    assert shown["OS-EXT-SRV-ATTR:hostname"] == hostname.format(server)


def test_the_message_about_an_unknown_image(play):
    body = {"name": "a", "flavorRef": "1", "imageRef": UNKNOWN, "networks": "none"}
    answer = play.ask("POST", "/servers", {"server": body})
    assert answer.body == {"badRequest": {"code": 400, "message": "Can not find requested image"}}


@pytest.mark.parametrize("alias", ["os-consoles", "os-hosts", "os-fping", "os-cells"])
def test_extensions_are_a_fixed_list(play, alias):
    aliases = [each["alias"] for each in play.ask("GET", "/extensions", minor=1).body["extensions"]]
    assert alias in aliases
    assert play.ask("GET", f"/extensions/{alias}", minor=1).code == 200


@pytest.mark.parametrize(("minor", "code"), [(65, 400), (66, 202)])
def test_a_snapshot_of_a_volume_in_use_needs_force_before_3_66(play, minor, code):
    base = f"/v3/{play.callers['demo'].project_id}"
    volume = play.ask("POST", f"{base}/volumes", {"volume": {"size": 1}}, minor=71, service="volume").body["volume"]
    attachment = {"volumeAttachment": {"volumeId": volume["id"]}}
    assert play.ask("POST", f"/servers/{play.create()}/os-volume_attachments", attachment).code == 200
    body = {"snapshot": {"volume_id": volume["id"]}}
    assert play.ask("POST", f"{base}/snapshots", body, minor=minor, service="volume").code == code
