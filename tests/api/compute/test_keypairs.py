"""Key pairs. Source: Nova's API reference."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess

import pytest

from tests.play import Play

KEY = "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + bytes(32)).decode() + " me@example.com"


def import_key(play: Play, name: str, who: str = "demo", minor: int = 96, **more: str):
    return play.ask("POST", "/os-keypairs", {"keypair": {"name": name, "public_key": KEY, **more}}, who, minor)


def key_names(answer) -> list[str]:
    return [entry["keypair"]["name"] for entry in answer.body["keypairs"]]


def test_they_are_sorted_by_name_and_paged_from_2_35(play):
    for name in ("c", "a", "b"):
        assert import_key(play, name).code == 201
    assert key_names(play.ask("GET", "/os-keypairs", minor=34)) == ["a", "b", "c"]
    assert key_names(play.ask("GET", "/os-keypairs", minor=35)) == ["a", "b", "c"]
    first = play.ask("GET", "/os-keypairs", limit="2")
    assert key_names(first) == ["a", "b"]
    (link,) = first.body["keypairs_links"]
    assert (link["rel"], link["href"].partition("?")[2]) == ("next", "limit=2&marker=b")
    rest = play.ask("GET", "/os-keypairs", limit="2", marker="b")
    assert (key_names(rest), "keypairs_links" in rest.body) == (["c"], False)
    assert play.ask("GET", "/os-keypairs", marker="nowhere").code == 400
    assert play.ask("GET", "/os-keypairs", limit="-1").code == 400
    assert key_names(play.ask("GET", "/os-keypairs", limit="2", minor=34)) == ["a", "b", "c"]


def test_administrators_see_key_pairs_of_other_users_from_2_10(play):
    user = play.callers["demo"].user_id
    import_key(play, "mine")
    import_key(play, "yours")
    assert key_names(play.ask("GET", "/os-keypairs", who="admin", user_id=user)) == ["mine", "yours"]
    assert key_names(play.ask("GET", "/os-keypairs", who="admin", minor=9, user_id=user)) == []
    assert play.ask("GET", "/os-keypairs", who="other", user_id=user).code == 403
    following = play.ask("GET", "/os-keypairs", who="admin", user_id=user, limit="1").body["keypairs_links"][0]["href"]
    assert following.endswith(f"?limit=1&user_id={user}&marker=mine")
    created = import_key(play, "given", "admin", user_id=user)
    assert created.body["keypair"]["user_id"] == user
    assert play.ask("GET", "/os-keypairs/given").code == 200
    assert import_key(play, "taken", "other", user_id=user).code == 403
    assert play.ask("DELETE", "/os-keypairs/given", who="admin", user_id=user).code == 204


@pytest.mark.parametrize(
    ("name", "before", "since"),
    [("a key_1-2", 201, 201), ("me@example.com", 400, 201), ("a/b", 400, 400), ("ä", 400, 400), ("", 400, 400)],
)
def test_names_allow_more_characters_from_2_92(play, name, before, since):
    assert import_key(play, name, minor=91).code == before
    assert import_key(Play(), name, minor=92).code == since


def test_codes_and_types_differ_before_2_2(play):
    old = import_key(play, "a", minor=1)
    assert (old.code, "type" in old.body["keypair"]) == (200, False)
    assert import_key(play, "b", minor=2).code == 201
    assert play.ask("DELETE", "/os-keypairs/a", minor=1).code == 202
    assert play.ask("DELETE", "/os-keypairs/b", minor=2).code == 204
    assert play.ask("DELETE", "/os-keypairs/b", minor=2).code == 404


def test_a_certificate_is_generated_from_2_2_to_2_91_and_known_by_the_hash_of_its_content(play):
    body = {"keypair": {"name": "c", "type": "x509"}}
    assert play.ask("POST", "/os-keypairs", body, minor=1).code == 400
    assert play.ask("POST", "/os-keypairs", body, minor=92).code == 400
    answer = play.ask("POST", "/os-keypairs", body, minor=91)
    created = answer.body["keypair"]
    assert (answer.code, created["type"]) == (201, "x509")
    content = base64.b64decode("".join(created["public_key"].splitlines()[1:-1]))
    assert created["fingerprint"].replace(":", "") == hashlib.sha1(content).hexdigest()
    assert base64.b64decode(created["private_key"])[0] == 0x30
    again = {"keypair": {"name": "d", "type": "x509", "public_key": created["public_key"]}}
    assert play.ask("POST", "/os-keypairs", again).body["keypair"]["fingerprint"] == created["fingerprint"]
    for bad in ("nonsense", created["public_key"].replace("BEGIN", "START"), created["public_key"].replace("A", "!")):
        answer = play.ask("POST", "/os-keypairs", {"keypair": {"name": "e", "type": "x509", "public_key": bad}})
        assert (answer.code, "X509 fingerprint" in answer.body["badRequest"]["message"]) == (400, True)


@pytest.mark.parametrize("minor", [1, 2, 91, 92])
def test_an_empty_or_damaged_key_is_refused(play, minor):
    for key in ("", "ssh-rsa AAAA", "ssh-rsa JUNK me@here", "ssh-ed25519 AAAA", KEY[:60]):
        answer = play.ask("POST", "/os-keypairs", {"keypair": {"name": "k", "public_key": key}}, minor=minor)
        assert answer.code == 400
        assert answer.body["badRequest"]["message"] == "Keypair data is invalid: failed to generate fingerprint"


def test_the_quota_comes_before_the_key_and_the_key_before_the_name(play):
    project = play.callers["demo"].project_id
    import_key(play, "a")
    bad = {"keypair": {"name": "a", "public_key": "bad"}}
    assert play.ask("POST", "/os-keypairs", bad).code == 400
    assert import_key(play, "a").code == 409
    play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"key_pairs": 1}}, "admin")
    assert play.ask("POST", "/os-keypairs", bad).code == 403


def test_the_quota_of_key_pairs_is_enforced(play):
    project = play.callers["demo"].project_id
    play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"key_pairs": 1}}, "admin")
    assert import_key(play, "a").code == 201
    refusal = import_key(play, "b")
    assert (refusal.code, refusal.body["forbidden"]["message"]) == (403, "Quota exceeded, too many key pairs.")


def test_a_generated_key_pair_is_valid(play, tmp_path):
    answer = play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=60)
    assert answer.code == 201
    key = answer.body["keypair"]
    if shutil.which("ssh-keygen"):
        path = tmp_path / "key"
        path.write_text(key["private_key"], "ascii")
        path.chmod(0o600)
        shown = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, text=True, check=True).stdout
        assert shown.split()[:2] == key["public_key"].split()[:2]
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=60).code == 409
    assert "private_key" not in play.ask("GET", "/os-keypairs/k").body["keypair"]
    assert play.ask("GET", "/os-keypairs/k", who="other").code == 404
    assert play.ask("DELETE", "/os-keypairs/k").code == 204


def test_key_pairs_are_not_generated_from_2_92(play):
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=92).code == 400


@pytest.mark.parametrize(
    "key", ["nonsense", "ssh-rsa !!!", "ssh-rsa " + base64.b64encode(b"short").decode(), "ssh-rsa"]
)
def test_an_invalid_public_key_is_refused(play, key):
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k", "public_key": key}}, minor=60).code == 400
