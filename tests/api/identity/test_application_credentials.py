"""Application credentials. Source: the identity API, 'Application credentials'."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.errors import Unauthorized
from novasim.records import Caller, User
from tests import each_case
from tests.play import Play

NOBODY = Caller("", "", ())


@pytest.fixture
def play():
    play = Play()
    play.cloud.wall = lambda: 1000.0
    return play


def ask(play, caller, method, credentials_path, body=None, **query):
    request = Request(caller, method, credentials_path, 1, tuple(query.items()), body, "identity", "http://example.com")
    return handle(play.cloud, request)


def credentials_path(play, who="demo", id=""):
    return f"/v3/users/{play.callers[who].user_id}/application_credentials" + (f"/{id}" if id else "")


def create_credential(play, caller=None, **fields):
    body = {"application_credential": {"name": "robot", **fields}}
    return ask(play, caller or play.callers["demo"], "POST", credentials_path(play), body)


def login(play, scope=None, **reference):
    identity = {"methods": ["application_credential"], "application_credential": reference}
    auth = {"identity": identity} | ({"scope": scope} if scope else {})
    return ask(play, NOBODY, "POST", "/v3/auth/tokens", {"auth": auth})


def caller(play, answer, now=1000.0):
    play.cloud.wall = lambda: now
    with play.cloud.reading() as world:
        return tokens.find_caller(world, tokens.verify(world, answer.headers["X-Subject-Token"]))


def test_a_secret_is_exchanged_for_a_token_in_its_project(play):
    made = create_credential(play).body["application_credential"]
    for key in ({"id": made["id"]}, {"name": "robot", "user": {"name": "demo", "domain": {"id": "default"}}}):
        answer = login(play, secret=made["secret"], **key)
        assert answer.code == 201
        token = answer.body["token"]
        assert token["application_credential"] == {"id": made["id"], "name": "robot", "restricted": True}
        assert (token["project"]["name"], token["methods"]) == ("demo", ["application_credential"])
        assert caller(play, answer).project_id == play.callers["demo"].project_id


def test_the_secret_is_shown_once_and_stored_as_a_hash(play):
    made = create_credential(play, secret="of my own").body["application_credential"]
    assert made["secret"] == "of my own"
    shown = ask(play, play.callers["demo"], "GET", credentials_path(play, id=made["id"])).body["application_credential"]
    assert shown == {key: value for key, value in made.items() if key != "secret"}
    assert ask(play, play.callers["demo"], "GET", credentials_path(play)).body["application_credentials"] == [shown]
    assert b"of my own" not in play.store.dump()


@pytest.mark.parametrize(
    "change", [{"secret": "wrong"}, {"secret": None}, {"id": "none"}, {"scope": {"project": {"id": "any"}}}]
)
def test_a_wrong_secret_id_or_scope_is_refused(play, change):
    made = create_credential(play).body["application_credential"]
    assert login(play, **{"id": made["id"], "secret": made["secret"], **change}).code == 401


def test_deleting_a_credential_invalidates_its_tokens(play):
    made = create_credential(play).body["application_credential"]
    answer = login(play, id=made["id"], secret=made["secret"])
    assert ask(play, play.callers["demo"], "DELETE", credentials_path(play, id=made["id"])).code == 204
    with pytest.raises(Unauthorized):
        caller(play, answer)
    assert login(play, id=made["id"], secret=made["secret"]).code == 401


def test_a_credential_is_invalid_without_one_of_its_roles(play):
    made = create_credential(play).body["application_credential"]
    answer = login(play, id=made["id"], secret=made["secret"])
    with play.store.write() as tx:
        user = tx.get(User, play.callers["demo"].user_id)
        user.roles = {play.callers["demo"].project_id: ["reader"]}
        tx.put(user)
    with pytest.raises(Unauthorized):
        caller(play, answer)


def test_a_credential_expires(play):
    made = create_credential(play, expires_at="1970-01-01T00:20:00").body["application_credential"]
    assert made["expires_at"] == "1970-01-01T00:20:00.000000"
    answer = login(play, id=made["id"], secret=made["secret"])
    assert answer.body["token"]["expires_at"] == made["expires_at"] + "Z"
    assert caller(play, answer, now=1199.0).restricted
    play.cloud.wall = lambda: 1200.0
    assert login(play, id=made["id"], secret=made["secret"]).code == 401


def test_a_restricted_credential_cannot_manage_credentials_or_rescope(play):
    made = create_credential(play).body["application_credential"]
    answer = login(play, id=made["id"], secret=made["secret"])
    robot = caller(play, answer)
    assert create_credential(play, robot, name="another").code == 403
    assert ask(play, robot, "DELETE", credentials_path(play, id=made["id"])).code == 403
    auth = {"identity": {"methods": ["token"], "token": {"id": answer.headers["X-Subject-Token"]}}}
    again = ask(play, NOBODY, "POST", "/v3/auth/tokens", {"auth": auth})
    assert again.body["token"]["application_credential"]["id"] == made["id"]
    assert caller(play, again) == robot
    auth["scope"] = {"project": {"id": robot.project_id}}
    assert ask(play, NOBODY, "POST", "/v3/auth/tokens", {"auth": auth}).code == 403
    assert ask(play, robot, "GET", "/v3/OS-TRUST/trusts", trustor_user_id=robot.user_id).code == 403
    free = create_credential(play, name="free", unrestricted=True).body["application_credential"]
    assert (
        create_credential(play, caller(play, login(play, id=free["id"], secret=free["secret"])), name="third").code
        == 201
    )


def test_other_users_are_refused(play):
    made = create_credential(play).body["application_credential"]
    stranger = Caller("0" * 32, play.callers["demo"].project_id)
    for method, id in (("GET", ""), ("GET", made["id"]), ("DELETE", made["id"]), ("POST", "")):
        body = {"application_credential": {"name": "x"}} if method == "POST" else None
        assert ask(play, stranger, method, credentials_path(play, id=id), body).code == 403
    assert create_credential(play, play.callers["admin"], name="for another").code == 403


def test_a_credential_can_have_roles_that_others_include(play):
    made = create_credential(play).body["application_credential"]
    assert [role["name"] for role in made["roles"]] == ["reader", "member"]
    reader = create_credential(play, name="reader", roles=[{"name": "reader"}]).body["application_credential"]
    assert [role["name"] for role in reader["roles"]] == ["reader"]
    assert caller(play, login(play, id=reader["id"], secret=reader["secret"])).roles == ("reader",)


@each_case(
    ("fields", "code"),
    [
        ({"name": ""}, 400),
        ({"name": 5}, 400),
        ({"unrestricted": "yes"}, 400),
        ({"expires_at": "soon"}, 400),
        ({"expires_at": "1970-01-01T00:16:39"}, 400),
        ({"expires_at": "2030-01-01T00:00:00+01:00"}, 400),
        ({"roles": "admin"}, 400),
        ({"roles": [{"name": "admin"}]}, 400),
        ({"roles": [{"id": ["x"]}]}, 400),
        ({"roles": [5]}, 400),
        ({"roles": [{"name": ["reader"]}]}, 400),
        ({"roles": [{"id": "0" * 32}]}, 400),
        ({"roles": [{"name": "no-such-role"}]}, 404),
        ({"secret": 5}, 400),
        ({"name": "taken"}, 409),
        ({"access_rules": [{"path": "/v2.1/servers", "method": "GET", "service": "compute"}]}, 501),
    ],
)
def test_invalid_fields_are_refused(play, fields, code):
    create_credential(play, name="taken")
    before = play.store.dump()
    assert create_credential(play, **fields).code == code
    assert play.store.dump() == before
