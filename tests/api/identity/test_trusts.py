"""Trusts. Source: the identity API (v3), OS-TRUST, and keystone/api/trusts.py."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.identity import tokens
from novasim.api.request import Request
from novasim.errors import Unauthorized
from novasim.records import Caller, Trust, User
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
    assert login(play, trust["id"]).code == 401
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
        ({"remaining_uses": 1}, 201),
        ({"remaining_uses": 0}, 400),
        ({"remaining_uses": True}, 400),
        ({"remaining_uses": 1, "allow_redelegation": True}, 400),
        ({"remaining_uses": 1, "allow_redelegation": True, "redelegation_count": 0}, 201),
        ({"allow_redelegation": True, "redelegation_count": 4}, 403),
        ({"allow_redelegation": "yes"}, 400),
        ({"redelegation_count": -1}, 400),
        ({"roles": [{"name": "member", "id": "x"}]}, 400),
        ({"redelegated_trust_id": "nowhere"}, 404),
    ],
)
def test_requests_are_checked(play, fields, code):
    assert request_trust(play, **fields).code == code


def test_only_the_trustee_gets_a_token(play):
    trust = request_trust(play).body["trust"]["id"]
    assert login(play, trust, "demo").code == 403
    assert login(play, "nowhere").code == 401


def test_a_trust_expires(play):
    trust = request_trust(play, expires_at="1970-01-01T00:20:00Z").body["trust"]["id"]
    acting = login(play, trust)
    play.cloud.wall = lambda: 1300.0
    assert login(play, trust).code == 401
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


def change_user(play, id, **fields):
    with play.cloud.writing(is_request=False) as world:
        user = world.tx.get(User, id)
        vars(user).update(fields)
        world.tx.put(user)


@pytest.mark.parametrize("who", ["demo", "other"])
@pytest.mark.parametrize("fields", [{"enabled": False}, {"token_generation": 1}])
@pytest.mark.parametrize("impersonation", [True, False])
def test_disabling_either_user_or_a_new_password_revokes_the_tokens(play, who, fields, impersonation):
    acting = login(play, request_trust(play, impersonation=impersonation).body["trust"]["id"])
    change_user(play, play.callers["demo"].user_id if who == "demo" else "other", **fields)
    with pytest.raises(Unauthorized):
        caller(play, acting)


def test_the_number_of_uses_is_limited(play):
    trust = request_trust(play, remaining_uses=2).body["trust"]
    assert trust["remaining_uses"] == 2
    assert login(play, trust["id"], "demo").code == 403
    assert login(play, trust["id"]).code == 201
    assert ask(play, "GET", f"{PATH}/{trust['id']}").body["trust"]["remaining_uses"] == 1
    last = login(play, trust["id"])
    assert ask(play, "GET", f"{PATH}/{trust['id']}").code == 404
    assert login(play, trust["id"]).code == 401
    assert caller(play, last).trust_id == trust["id"]


def test_tokens_without_limited_trusts_change_nothing(play):
    request_trust(play)
    before = play.store.revision()
    assert login(play, play.all(Trust)[0].id).code == 201
    assert play.store.revision() is before


def redelegate(play, acting, **fields):
    """The trust that the trustee of another trust creates for the administrator."""
    return request_trust(play, caller(play, acting), trustee_user_id=play.callers["admin"].user_id, **fields)


def test_a_trustee_redelegates_a_trust(play):
    first = request_trust(play, allow_redelegation=True, expires_at="1970-01-01T00:20:00Z").body["trust"]
    assert first["redelegation_count"] == 3
    second = redelegate(play, login(play, first["id"]), allow_redelegation=True, roles=[{"name": "member"}])
    second = second.body["trust"]
    assert (second["redelegated_trust_id"], second["redelegation_count"]) == (first["id"], 2)
    assert second["expires_at"] == first["expires_at"]
    acting = login(play, second["id"], "admin")
    assert caller(play, acting).project_id == play.callers["demo"].project_id
    third = redelegate(play, acting, expires_at="1970-01-01T00:19:00Z").body["trust"]
    assert third["redelegation_count"] == 0
    assert redelegate(play, login(play, third["id"], "admin")).code == 403
    change_user(play, "other", enabled=False)
    with pytest.raises(Unauthorized):
        caller(play, acting)
    assert ask(play, "GET", f"{PATH}/{second['id']}").code == 403
    assert ask(play, "DELETE", f"{PATH}/{first['id']}").code == 204
    assert play.all(Trust) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"roles": [{"name": "member"}]},
        {"impersonation": True},
        {"remaining_uses": 1},
        {"expires_at": "1970-01-01T00:20:01Z"},
        {"allow_redelegation": True, "redelegation_count": 1},
    ],
)
def test_a_redelegated_trust_grants_no_more_than_the_first(play, fields):
    """The trustee has the roles, so that nothing else refuses the request."""
    project = play.callers["demo"].project_id
    change_user(play, "other", roles={project: ["member"]})
    reader = {"roles": [{"name": "reader"}], "impersonation": False}
    first = request_trust(play, allow_redelegation=True, expires_at="1970-01-01T00:20:00Z", **reader).body["trust"]
    acting = login(play, first["id"])
    granted = {"trustor_user_id": "other", **reader}
    assert redelegate(play, acting, **granted).code == 201
    assert redelegate(play, acting, **granted, expires_at="1970-01-01T00:19:00Z").code == 201
    assert redelegate(play, acting, **granted | fields).code == 403


def test_a_token_of_a_trust_creates_no_other_token_and_no_credential(play):
    acting = login(play, request_trust(play).body["trust"]["id"])
    identity = {"methods": ["token"], "token": {"id": acting.headers["X-Subject-Token"]}}
    assert ask(play, "POST", "auth/tokens", {"auth": {"identity": identity}}, NOBODY).code == 403
    path = f"users/{play.callers['demo'].user_id}/application_credentials"
    for method, body in (("GET", None), ("POST", {"application_credential": {"name": "x"}})):
        assert ask(play, method, path, body, caller(play, acting)).code == 403


def test_two_trusts_cannot_expire_at_the_same_time(play):
    assert [request_trust(play).code for _ in "ab"] == [201, 201]
    expires = {"expires_at": "1970-01-01T00:20:00Z"}
    assert [request_trust(play, **expires).code for _ in "ab"] == [201, 409]
    assert request_trust(play, **expires, impersonation=False).code == 201


@pytest.mark.parametrize("path", ["users/other", "users/{demo}", "projects/{project}"])
def test_trusts_end_with_their_users_and_projects(play, path):
    request_trust(play)
    demo = play.callers["demo"]
    path = path.format(demo=demo.user_id, project=demo.project_id)
    assert ask(play, "DELETE", path, who="admin").code == 204
    assert play.all(Trust) == []


def test_a_trust_follows_a_role_with_another_name(play):
    trust = request_trust(play).body["trust"]
    acting = login(play, trust["id"])
    role = trust["roles"][0]["id"]
    assert ask(play, "PATCH", f"roles/{role}", {"role": {"name": "staff"}}, "admin").code == 200
    assert caller(play, acting).roles == ("staff",)
    assert ask(play, "GET", f"{PATH}/{trust['id']}").body["trust"]["roles"][0]["name"] == "staff"


def test_a_new_role_does_not_revive_what_a_deleted_one_granted(play):
    demo = play.callers["demo"]._replace(roles=("auditor",))
    credentials = f"users/{demo.user_id}/application_credentials"
    for code, roles in ((201, 1), (403, 0)):
        role = ask(play, "POST", "roles", {"role": {"name": "auditor"}}, "admin").body["role"]["id"]
        ask(play, "PUT", f"projects/{demo.project_id}/users/{demo.user_id}/roles/{role}", who="admin")
        if code == 201:
            trust = request_trust(play, demo, roles=[{"id": role}]).body["trust"]["id"]
            ask(play, "POST", credentials, {"application_credential": {"name": "x", "roles": [{"id": role}]}}, demo)
        assert login(play, trust).code == code
        assert len(ask(play, "GET", f"{PATH}/{trust}").body["trust"]["roles"]) == roles
        assert len(ask(play, "GET", credentials).body["application_credentials"]) == roles
        ask(play, "DELETE", f"roles/{role}", who="admin")
