"""Trusts. Source: the identity API (v3), OS-TRUST, and keystone/api/trusts.py."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.errors import Unauthorized
from novasim.records import Caller, User
from novasim.simulation.keys.passwords import hash_password
from tests.play import Play

NOBODY = Caller("", "", ())
PATH = "OS-TRUST/trusts"


@pytest.fixture
def play():
    play = Play()
    play.cloud.wall = lambda: 1000.0
    with play.cloud.writing(is_request=False) as world:
        other = world.tx.get(User, "other")
        other.password_hash = hash_password("secret", "key", "other")
        world.tx.put(other)
    return play


def ask(play, method, path, body=None, who="demo", **query):
    caller = play.callers[who] if isinstance(who, str) else who
    return handle(play.cloud, Request(caller, method, f"/v3/{path}", 1, tuple(query.items()), body, "identity"))


def request_trust(play, who="demo", **fields):
    demo = play.callers["demo"]
    trust = {
        "trustor_user_id": demo.user_id,
        "trustee_user_id": "other",
        "project_id": demo.project_id,
        "roles": [{"name": "member"}],
        "impersonation": True,
        **fields,
    }
    return ask(play, "POST", PATH, {"trust": trust}, who)


def login(play, trust_id, name="other"):
    user = {"name": name, "password": "secret", "domain": {"id": "default"}}
    scope = {"OS-TRUST:trust": {"id": trust_id}}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
    return ask(play, "POST", "auth/tokens", {"auth": auth}, NOBODY)


def caller(play, answer):
    with play.cloud.reading() as world:
        return tokens.find_caller(world, tokens.verify(world, answer.headers["X-Subject-Token"]))


@pytest.mark.parametrize("impersonation", [True, False])
def test_the_trustee_acts_in_the_project_of_the_trustor(play, impersonation):
    demo = play.callers["demo"]
    trust = request_trust(play, impersonation=impersonation)
    assert trust.code == 201
    trust_id = trust.body["trust"]["id"]
    answer = login(play, trust_id)
    assert answer.code == 201, answer
    token = answer.body["token"]
    assert token["OS-TRUST:trust"] == {
        "id": trust_id,
        "impersonation": impersonation,
        "trustee_user": {"id": "other"},
        "trustor_user": {"id": demo.user_id},
    }
    assert token["project"]["id"] == demo.project_id
    assert {each["name"] for each in token["roles"]} == {"member", "reader"}
    acting = caller(play, answer)
    assert (acting.user_id, acting.project_id) == (demo.user_id if impersonation else "other", demo.project_id)


def test_a_trust_is_seen_by_both_and_deleted_by_the_trustor(play):
    trust = request_trust(play).body["trust"]
    assert (trust["deleted_at"], trust["remaining_uses"], trust["expires_at"]) == (None, None, None)
    assert [each["name"] for each in trust["roles"]] == ["member"]
    path = f"{PATH}/{trust['id']}"
    for who in ("demo", "other", "admin"):
        assert ask(play, "GET", path, who=who).code == 200
    assert [each["name"] for each in ask(play, "GET", path + "/roles").body["roles"]] == ["member"]
    role = trust["roles"][0]["id"]
    assert ask(play, "HEAD", f"{path}/roles/{role}").code == 200
    assert ask(play, "GET", f"{path}/roles/nonsense").code == 404
    assert ask(play, "DELETE", path, who="other").code == 403
    acting = login(play, trust["id"])
    assert ask(play, "DELETE", path).code == 204
    assert ask(play, "GET", path).code == 404
    assert login(play, trust["id"]).code == 404
    with pytest.raises(Unauthorized):
        caller(play, acting)


def test_lists(play):
    trust = request_trust(play).body["trust"]["id"]
    demo = play.callers["demo"].user_id

    def ids(who, **query):
        return [each["id"] for each in ask(play, "GET", PATH, who=who, **query).body["trusts"]]

    assert ids("demo", trustor_user_id=demo) == ids("other", trustee_user_id="other") == ids("admin") == [trust]
    assert ids("admin", trustee_user_id=demo) == []
    assert ask(play, "GET", PATH).code == 403
    assert ask(play, "GET", PATH, who="other", trustor_user_id=demo).code == 403


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"impersonation": None}, 400),
        ({"trustee_user_id": None}, 400),
        ({"trustee_user_id": "nowhere"}, 404),
        ({"trustor_user_id": "other"}, 403),
        ({"roles": []}, 403),
        ({"roles": "member"}, 400),
        ({"roles": [{"name": "admin"}]}, 404),
        ({"project_id": "nowhere"}, 404),
        ({"expires_at": "soon"}, 400),
        ({"expires_at": "1970-01-01T00:10:00Z"}, 400),
        ({"expires_at": "1970-01-01T01:00:00.000000Z"}, 201),
        ({"roles": [{"name": "reader"}]}, 201),
        ({"remaining_uses": 1}, 501),
    ],
)
def test_requests_are_checked(play, fields, code):
    assert request_trust(play, **fields).code == code


def test_only_the_trustee_gets_a_token(play):
    trust = request_trust(play).body["trust"]["id"]
    assert login(play, trust, "demo").code == 403
    assert login(play, "nowhere").code == 404


def test_a_trust_expires(play):
    trust = request_trust(play, expires_at="1970-01-01T00:20:00Z").body["trust"]["id"]
    acting = login(play, trust)
    play.cloud.wall = lambda: 1300.0
    assert login(play, trust).code == 404
    with pytest.raises(Unauthorized):
        caller(play, acting)


def test_the_trustor_must_keep_the_roles(play):
    acting = login(play, request_trust(play).body["trust"]["id"])
    with play.cloud.writing(is_request=False) as world:
        demo = world.tx.get(User, play.callers["demo"].user_id)
        demo.roles = {}
        world.tx.put(demo)
    with pytest.raises(Unauthorized):
        caller(play, acting)
