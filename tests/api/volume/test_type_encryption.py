"""Encryption of volume types and their volumes. Source: cinder/api/contrib/volume_type_encryption.py."""

from __future__ import annotations

import pytest

from tests.api.volume.client import NOWHERE

SETTINGS = {"provider": "luks", "control_location": "front-end", "cipher": "aes-xts-plain64", "key_size": "256"}
SHOWN = SETTINGS | {"key_size": 256}
DEFAULT = "/types/d1f6e0b5-0000-4000-8000-000000000001"


@pytest.fixture
def ask(cinder):
    return lambda method, path, body=None, minor=60: cinder.play.ask(
        method, f"/v3/{cinder.play.callers['admin'].project_id}{path}", body, "admin", minor, "volume"
    )


@pytest.fixture
def secret(ask) -> str:
    """The path of a type whose volumes are encrypted."""
    path = "/types/" + ask("POST", "/types", {"volume_type": {"name": "secret"}}).body["volume_type"]["id"]
    assert ask("POST", path + "/encryption", {"encryption": SETTINGS}).code == 200
    return path


def test_a_type_gets_an_encryption(ask, secret):
    view = ask("GET", secret + "/encryption").body
    assert SHOWN.items() <= view.items()
    assert (view["volume_type_id"], view["deleted"], view["updated_at"]) == (
        secret.removeprefix("/types/"),
        False,
        None,
    )
    assert len(view["encryption_id"]) == 36 and not view["created_at"].endswith("Z")
    assert ask("GET", secret + "/encryption/cipher").body == {"cipher": "aes-xts-plain64"}
    assert ask("GET", secret + "/encryption/nonsense").code == 404
    change = {"encryption": {"key_size": 512, "cipher": None}}
    assert ask("PUT", f"{secret}/encryption/{view['encryption_id']}", change).body == change
    changed = ask("GET", secret + "/encryption").body
    assert (changed["key_size"], changed["cipher"], changed["provider"]) == (512, None, "luks")
    assert ask("DELETE", secret + "/encryption/provider").code == 202
    assert ask("GET", secret + "/encryption").body == {}
    assert ask("DELETE", secret + "/encryption/provider").code == 404


def test_the_default_type_can_be_encrypted(cinder, ask):
    assert ask("GET", DEFAULT + "/encryption").body == {}
    assert ask("POST", DEFAULT + "/encryption", {"encryption": SETTINGS}).code == 200
    assert cinder.show(cinder.volume())["encrypted"] is True
    assert [each["name"] for each in ask("GET", "/types").body["volume_types"]] == ["standard"]


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "message"),
    [
        ("POST", "{secret}/encryption", SETTINGS, 400, "Volume type encryption for type {id} already exists."),
        ("POST", DEFAULT + "/encryption", {}, 400, "Invalid input for field/attribute encryption. Value: {{}}. "),
        (
            "POST",
            DEFAULT + "/encryption",
            SETTINGS | {"key_size": "x"},
            400,
            "Invalid input for field/attribute key_size",
        ),
        ("POST", DEFAULT + "/encryption", SETTINGS | {"control_location": "both"}, 400, "Invalid input for field"),
        (
            "PUT",
            DEFAULT + "/encryption/x",
            SETTINGS,
            404,
            f"Volume type encryption for type {DEFAULT[7:]} does not exist.",
        ),
        ("POST", f"/types/{NOWHERE}/encryption", SETTINGS, 404, f"Volume type {NOWHERE} could not be found."),
    ],
)
def test_refusals(ask, secret, method, path, body, code, message):
    answer = ask(method, path.format(secret=secret), {"encryption": body})
    assert answer.code == code
    assert str(answer.fault).startswith(message.format(id=secret.removeprefix("/types/")))


def test_volumes_have_a_key_and_fix_the_encryption(cinder, ask, secret):
    volume = cinder.volume(volume_type="secret")
    shown = ask("GET", f"/volumes/{volume}", minor=64).body["volume"]
    assert shown["encrypted"] is True and "encryption_key_id" not in cinder.show(volume)
    metadata = cinder.ask("GET", f"/volumes/{volume}/encryption").body
    assert metadata == SHOWN | {"encryption_key_id": shown["encryption_key_id"]}
    plain = cinder.volume()
    assert cinder.ask("GET", f"/volumes/{plain}/encryption").body == {"encryption_key_id": None}
    for method, path, verb in (("POST", "", "create"), ("PUT", "/x", "update"), ("DELETE", "/x", "delete")):
        refusal = ask(method, f"{secret}/encryption{path}", {"encryption": SETTINGS})
        assert str(refusal.fault) == f"Cannot {verb} encryption specs. Volume type in use."
    source = {"volume": {"size": 1, "source_volid": plain, "volume_type": "secret"}}
    assert "not compatible" in str(cinder.ask("POST", "/volumes", source).fault)
    assert cinder.show(cinder.volume(source_volid=volume))["encrypted"] is True


def test_a_retype_changes_the_encryption_only_with_a_copy(cinder, secret):
    volume = cinder.volume()
    for policy, name in (("never", "standard"), ("on-demand", "secret")):
        assert cinder.act(volume, "os-retype", {"new_type": "secret", "migration_policy": policy}).code == 202
        shown = cinder.show(volume)
        assert (shown["volume_type"], shown["encrypted"]) == (name, name == "secret")


def test_no_encrypted_volume_is_shared(cinder, ask, secret):
    ask("POST", secret + "/extra_specs", {"extra_specs": {"multiattach": "<is> True"}})
    answer = cinder.ask("POST", "/volumes", {"volume": {"size": 1, "volume_type": "secret"}})
    assert str(answer.fault) == "Invalid volume: Multiattach cannot be used with encrypted volumes."


def test_only_administrators_see_and_change_it(cinder, secret):
    for method, path in (("GET", ""), ("POST", ""), ("PUT", "/x"), ("DELETE", "/x")):
        answer = cinder.ask(method, f"{secret}/encryption{path}", {"encryption": SETTINGS})
        assert answer.code == 403
