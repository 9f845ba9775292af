"""Tokens: authentication, validation, revocation. Source: the identity API (v3)."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.errors import Unauthorized
from novasim.records import Caller, User
from tests.play import Play

NOBODY = Caller("", "", ())


DEFAULT = {"id": "default"}


def login(play, user=None, scope=None, identity=None, now=1000.0):
    """The answer to a request for a token; *now* is the time of the wall."""
    user = {"name": "demo", "domain": DEFAULT, "password": "secret"} if user is None else user
    auth = {"identity": identity or {"methods": ["password"], "password": {"user": user}}}
    play.cloud.wall = lambda: now
    body = {"auth": auth | ({"scope": scope} if scope is not None else {})}
    return handle(play.cloud, Request(NOBODY, "POST", "/v3/auth/tokens", 1, (), body, "identity", "http://example.com"))


def caller_of(play, text, now=1000.0):
    play.cloud.wall = lambda: now
    with play.cloud.reading() as world:
        return tokens.find_caller(world, tokens.verify(world, text))


def test_a_password_is_exchanged_for_a_token_with_a_catalog(play):
    answer = login(play, scope={"project": {"name": "demo", "domain": {"name": "Default"}}})
    token = answer.body["token"]
    assert (answer.code, token["project"]["name"], token["user"]["name"]) == (201, "demo", "demo")
    assert {role["name"] for role in token["roles"]} == {"reader", "member"}
    assert (token["issued_at"], token["expires_at"]) == ("1970-01-01T00:16:40.000000Z", "1970-01-01T01:16:40.000000Z")
    urls = {entry["type"]: {each["url"] for each in entry["endpoints"]} for entry in token["catalog"]}
    assert urls["compute"] == {"http://example.com/compute/v2.1"}
    assert urls["block-storage"] == urls["volumev3"] == {f"http://example.com/volume/v3/{token['project']['id']}"}
    assert set(urls) == {"identity", "compute", "image", "network", "block-storage", "volumev3", "placement"}
    assert caller_of(play, answer.headers["X-Subject-Token"]).project_name == "demo"


@pytest.mark.parametrize("name", ["default", "DEFAULT"])
def test_upper_and_lower_case_of_a_domain_name_do_not_differ(play, name):
    user = {"name": "demo", "domain": {"name": name}, "password": "secret"}
    token = login(play, user, {"project": {"name": "demo", "domain": {"name": name}}}).body["token"]
    assert token["user"]["domain"] == token["project"]["domain"] == {"id": "default", "name": "Default"}


def test_issuing_a_token_changes_nothing(play):
    before = play.store.dump()
    assert login(play).code == 201
    assert play.store.dump() == before


@pytest.mark.parametrize(
    "user",
    [
        {"name": "demo", "domain": DEFAULT, "password": "wrong"},
        {"name": "demo", "domain": DEFAULT, "password": ""},
        {"name": "demo", "domain": DEFAULT, "password": "\ud800"},
        {"name": "demo", "domain": DEFAULT},
        {"name": "demo", "domain": DEFAULT, "password": 5},
        {"name": "nobody", "domain": DEFAULT, "password": "secret"},
        {"id": "nobody", "password": "secret"},
        {"name": "demo", "domain": {"id": "other"}, "password": "secret"},
    ],
)
def test_failed_logins_get_no_reason(play, user):
    answer = login(play, user)
    text = "The request you have made requires authentication."
    assert (answer.code, answer.body) == (401, {"error": {"code": 401, "message": text, "title": "Unauthorized"}})


@pytest.mark.parametrize("scope", [{"project": {"id": "other"}}, {"project": {"name": "none", "domain": DEFAULT}}])
def test_a_project_without_a_role_is_refused(play, scope):
    assert login(play, scope=scope).code == 401


@pytest.mark.parametrize(
    "identity",
    [
        {"methods": []},
        {"methods": ["nonsense"]},
        {"methods": ["password"]},
        {"methods": "password"},
        {"methods": ["token"]},
        {"methods": ["password"], "password": {"user": {"name": "demo", "password": "secret"}}},
        {"methods": ["password"], "password": {"user": []}},
    ],
)
def test_invalid_methods_are_refused(play, identity):
    assert login(play, identity=identity).code == 400


@pytest.mark.parametrize("body", [None, [], {}, {"auth": 1}, {"auth": {}}, {"auth": {"identity": None}}])
def test_invalid_bodies_are_refused(play, body):
    assert handle(play.cloud, Request(NOBODY, "POST", "/v3/auth/tokens", 1, (), body, "identity")).code == 400


def test_a_token_is_exchanged_for_a_token_in_another_project(play):
    admin = {"name": "admin", "domain": DEFAULT, "password": "secret"}
    first = login(play, admin, scope="unscoped")
    assert "catalog" not in first.body["token"] and "project" not in first.body["token"]
    identity = {"methods": ["token"], "token": {"id": first.headers["X-Subject-Token"]}}
    scope = {"project": {"name": "admin", "domain": DEFAULT}}
    second = login(play, identity=identity, scope=scope)
    assert (second.code, second.body["token"]["project"]["name"]) == (201, "admin")
    assert caller_of(play, first.headers["X-Subject-Token"]).roles == ()


def test_a_token_expires_by_wall_time(play):
    text = login(play).headers["X-Subject-Token"]
    assert caller_of(play, text, now=4599.9).user_name == "demo"
    with pytest.raises(Unauthorized):
        caller_of(play, text, now=4600.0)


@pytest.mark.parametrize(
    "modify",
    [
        lambda text: "",
        lambda text: "x",
        lambda text: text[:-1],
        lambda text: "A" + text,
        lambda text: "." + text,
        lambda text: text.replace(".", ""),
        lambda text: text + "é",
        lambda text: text.partition(".")[0] + ".",
    ],
)
def test_a_modified_token_is_invalid(play, modify):
    with pytest.raises(Unauthorized):
        caller_of(play, modify(login(play).headers["X-Subject-Token"]))


def test_a_token_of_another_cloud_is_invalid(play):
    with pytest.raises(Unauthorized):
        caller_of(Play(seed=2), login(play).headers["X-Subject-Token"])


def test_disabling_a_user_invalidates_the_token(play):
    text = login(play).headers["X-Subject-Token"]
    with play.store.write() as tx:
        user = tx.query(User, {"name": "demo"})[0]
        user.enabled = False
        tx.put(user)
    with pytest.raises(Unauthorized):
        caller_of(play, text)


def test_a_token_is_validated(play):
    made = login(play)
    text = made.headers["X-Subject-Token"]

    def validate(subject):
        told = {"x-subject-token": subject}
        return handle(
            play.cloud,
            Request(
                play.callers["demo"], "GET", "/v3/auth/tokens", 1, (), None, "identity", "http://example.com", told
            ),
        )

    assert (validate(text).code, validate(text).body) == (200, made.body)
    assert validate("nonsense").code == 404


def send_with_subject(play, caller_of, method, subject, path="/v3/auth/tokens", body=None):
    headers = {"x-subject-token": subject}
    return handle(play.cloud, Request(caller_of, method, path, 1, (), body, "identity", "http://example.com", headers))


def test_revoking_a_token_invalidates_only_that_token(play):
    text, other = login(play).headers["X-Subject-Token"], login(play, now=1001.0).headers["X-Subject-Token"]
    assert send_with_subject(play, play.callers["demo"], "DELETE", text).code == 204
    with pytest.raises(Unauthorized):
        caller_of(play, text)
    assert caller_of(play, other, now=1001.0).user_name == "demo"
    assert send_with_subject(play, play.callers["demo"], "DELETE", text).code == 404


def test_revocations_of_expired_tokens_are_removed(play):
    for now in (1000.0, 9000.0):
        text = login(play, now=now).headers["X-Subject-Token"]
        assert send_with_subject(play, play.callers["demo"], "DELETE", text).code == 204
    with play.cloud.reading() as world:
        assert list(world.settings.revoked.values()) == [12600.0]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_only_administrators_validate_and_revoke_tokens_of_others(play, method):
    admin = {"name": "admin", "domain": DEFAULT, "password": "secret"}
    text = login(play, admin).headers["X-Subject-Token"]
    assert send_with_subject(play, play.callers["demo"], method, text).code == 403
    assert caller_of(play, text).user_name == "admin"
    text = login(play).headers["X-Subject-Token"]
    assert send_with_subject(play, play.callers["admin"], method, text).code in (200, 204)


def test_a_token_expires_with_the_token_it_was_issued_for(play):
    first = login(play)
    identity = {"methods": ["token"], "token": {"id": first.headers["X-Subject-Token"]}}
    second = login(play, identity=identity, now=4000.0)
    assert second.body["token"]["expires_at"] == first.body["token"]["expires_at"]


@pytest.mark.parametrize("scope", [{"domain": DEFAULT}, {"system": {"all": True}}])
def test_scopes_without_a_role_are_refused(play, scope):
    assert login(play, scope=scope).code == 401


def test_the_signing_key_does_not_depend_on_the_seed():
    from novasim.simulation.default_world import build_default_world
    from novasim.store.memory import MemoryStore

    keys = set()
    for _ in range(2):
        with MemoryStore().write() as tx:
            keys.add(build_default_world(tx, 0.0, seed=1).settings.token_key)
    assert len(keys) == 2 and min(map(len, keys)) == 64


@given(place=st.integers(0, 10_000), letter=st.characters())
def test_a_token_with_any_changed_character_is_invalid(place, letter):
    play = Play()
    text = login(play).headers["X-Subject-Token"]
    place %= len(text)
    assume(text[place] != letter)
    modified = text[:place] + letter + text[place + 1 :]
    with pytest.raises(Unauthorized):
        caller_of(play, modified)
    assert login(play, identity={"methods": ["token"], "token": {"id": modified}}).code == 401


def test_a_token_with_a_lone_surrogate_is_invalid(play):
    assert login(play, identity={"methods": ["token"], "token": {"id": "\ud800.x"}}).code == 401


@pytest.mark.parametrize(("kind", "count"), [("service", 7), ("endpoint", 21), ("region", 1)])
def test_administrators_list_services_endpoints_and_regions(play, kind, count):
    found = send_with_subject(play, play.callers["admin"], "GET", "", f"/v3/{kind}s").body[f"{kind}s"]
    assert len({each["id"] for each in found}) == count
    one = send_with_subject(play, play.callers["admin"], "GET", "", f"/v3/{kind}s/{found[0]['id']}")
    assert one.body == {kind: found[0]}
    assert send_with_subject(play, play.callers["admin"], "GET", "", f"/v3/{kind}s/none").code == 404
    assert send_with_subject(play, play.callers["demo"], "GET", "", f"/v3/{kind}s").code == (
        200 if kind == "region" else 403
    )


USER_CHANGES = {
    "password by the administrator": [("PATCH", "", {"password": "new"})],
    "disabled": [("PATCH", "", {"enabled": False})],
    "disabled and enabled again": [("PATCH", "", {"enabled": False}), ("PATCH", "", {"enabled": True})],
    "own password": [("POST", "/password", {"original_password": "secret", "password": "new"})],
    "own password, unchanged": [("POST", "/password", {"original_password": "secret", "password": "secret"})],
}


@pytest.mark.parametrize("changes", USER_CHANGES.values(), ids=USER_CHANGES)
def test_tokens_become_invalid_with_the_password_or_the_user(play, changes):
    text = login(play).headers["X-Subject-Token"]
    id = caller_of(play, text).user_id
    for method, path, fields in changes:
        response = send_with_subject(play, play.callers["admin"], method, "", f"/v3/users/{id}{path}", {"user": fields})
        assert response.code < 300
    with pytest.raises(Unauthorized):
        caller_of(play, text)
    assert login(play, identity={"methods": ["token"], "token": {"id": text}}).code == 401


def test_tokens_survive_other_changes_of_the_user(play):
    text = login(play).headers["X-Subject-Token"]
    path = f"/v3/users/{caller_of(play, text).user_id}"
    body = {"user": {"description": "x", "enabled": True}}
    assert send_with_subject(play, play.callers["admin"], "PATCH", "", path, body).code == 200
    assert caller_of(play, text).user_name == "demo"


def test_a_new_token_works_after_the_password_has_changed(play):
    path = f"/v3/users/{caller_of(play, login(play).headers['X-Subject-Token']).user_id}"
    send_with_subject(play, play.callers["admin"], "PATCH", "", path, {"user": {"password": "new"}})
    text = login(play, {"name": "demo", "domain": DEFAULT, "password": "new"}).headers["X-Subject-Token"]
    assert caller_of(play, text).user_name == "demo"
