"""Credentials that users keep in the identity service. Source: keystone/api/credentials.py, keystone/api/users.py."""

from __future__ import annotations

import hashlib
import json

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.control.exports import hide_secrets, remove_secrets
from tests.play import Play

PATH = "credentials"
BLOB = json.dumps({"access": "key1", "secret": "s"})
ID = hashlib.sha256(b"key1").hexdigest()


@pytest.fixture
def play():
    return Play()


def ask(play, method, path, body=None, who="demo", caller=None, **query):
    caller = caller or play.callers[who]
    return handle(play.cloud, Request(caller, method, f"/v3/{path}", 1, tuple(query.items()), body, "identity"))


def create(play, who="demo", caller=None, **fields):
    demo = play.callers["demo"]
    body = {"type": "totp", "blob": "secret", "user_id": demo.user_id, **fields}
    return ask(play, "POST", PATH, {"credential": body}, who, caller)


def message(response):
    return response.body["error"]["message"]


def test_credential_of_any_type(play):
    created = create(play, note="mine", id="chosen")
    credential = created.body["credential"]
    assert created.code == 201
    assert credential["links"]["self"].endswith(f"/identity/v3/credentials/{credential['id']}")
    del credential["links"]
    id, demo = credential.pop("id"), play.callers["demo"].user_id
    assert id != "chosen"
    assert credential == {"type": "totp", "blob": "secret", "user_id": demo, "project_id": None, "note": "mine"}
    changed = ask(play, "PATCH", f"{PATH}/{id}", {"credential": {"blob": "new", "note": "x"}}).body["credential"]
    assert (changed["blob"], changed["note"], changed["type"]) == ("new", "x", "totp")
    assert ask(play, "GET", f"{PATH}/{id}").body["credential"]["blob"] == "new"
    assert ask(play, "DELETE", f"{PATH}/{id}").code == 204
    assert message(ask(play, "GET", f"{PATH}/{id}", who="admin")) == f"Could not find credential: {id}."


def test_only_the_owner_and_administrators_see_a_credential(play):
    id = create(play).body["credential"]["id"]
    other = play.callers["other"].user_id
    for method, body in (("GET", None), ("PATCH", {"credential": {"blob": "x"}}), ("DELETE", None)):
        assert ask(play, method, f"{PATH}/{id}", body, "other").code == 403
        assert ask(play, method, f"{PATH}/nope", body, "other").code == 403
        assert ask(play, method, f"{PATH}/nope", body, "admin").code == 404
    assert create(play, "other").code == 403
    assert create(play, "admin").code == 201
    assert ask(play, "PATCH", f"{PATH}/{id}", {"credential": {"user_id": other}}).code == 403
    assert len(ask(play, "GET", PATH).body["credentials"]) == 2
    assert ask(play, "GET", PATH, who="other").body["credentials"] == []
    create(play, "other", user_id=other, type="cert")
    assert len(ask(play, "GET", PATH, who="admin").body["credentials"]) == 3
    assert len(ask(play, "GET", PATH, who="admin", user_id=other).body["credentials"]) == 1
    assert len(ask(play, "GET", PATH, who="admin", type="totp").body["credentials"]) == 2


REFUSED = {
    "no blob": ({"blob": ""}, "Invalid input for field 'blob': it is required."),
    "no user": ({"user_id": None}, "Invalid input for field 'user_id': it is required."),
    "number": ({"type": 1}, "Invalid input for field 'type': 1 is not of type 'string'"),
    "ec2 without project": ({"type": "ec2", "blob": BLOB}, "Invalid input for field 'project_id': it is required."),
    "ec2 with text": ({"type": "ec2", "project_id": "p"}, "Invalid blob in credential"),
    "ec2 without access": ({"type": "ec2", "project_id": "p", "blob": '{"a": 1}'}, "Expecting to find access in cred"),
    "ec2 with list": ({"type": "EC2", "project_id": "p", "blob": "[1]"}, "Expecting to find blob in credential."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_invalid_credential_is_refused(play, name):
    fields, text = REFUSED[name]
    response = create(play, **fields)
    assert (response.code, message(response)[: len(text)]) == (400, text)
    assert ask(play, "GET", PATH).body["credentials"] == []


def test_access_key_of_ec2_is_unique(play):
    project = play.callers["demo"].project_id
    created = create(play, type="ec2", blob=BLOB, project_id=project).body["credential"]
    assert (created["id"], created["blob"]) == (ID, BLOB)
    again = create(play, type="ec2", blob=BLOB, project_id=project)
    assert again.code == 409
    assert message(again) == (f"Conflict occurred attempting to store credential - Duplicate entry found with ID {ID}.")


def test_update_of_ec2_keeps_what_it_is_bound_to(play):
    demo = play.callers["demo"]
    caller = demo._replace(credential_id="app1")
    created = create(play, caller=caller, type="ec2", blob=BLOB, project_id=demo.project_id).body["credential"]
    assert json.loads(created["blob"]) == {"access": "key1", "secret": "s", "app_cred_id": "app1"}

    def change(**fields):
        return ask(play, "PATCH", f"{PATH}/{ID}", {"credential": fields})

    assert message(change(blob=BLOB)) == "app_cred_id can not be updated for credential"
    assert message(change(type="ec2")) == "Invalid blob in credential"
    assert change(blob=json.dumps({"access": "k2", "app_cred_id": "app1"})).code == 200
    assert message(change(blob=None)) == "Invalid input for field 'blob': None is not of type 'string'"


def test_change_to_ec2_needs_a_project(play):
    id = create(play).body["credential"]["id"]
    change = ask(play, "PATCH", f"{PATH}/{id}", {"credential": {"type": "ec2"}})
    assert message(change).startswith("Expecting to find project_id in credential.")
    assert message(ask(play, "PATCH", f"{PATH}/{id}", {"credential": {}})).startswith("Invalid input: {}")
    assert message(ask(play, "PATCH", f"{PATH}/{id}", {"credential": {"id": "x"}})) == "Cannot change ID"
    project = play.callers["demo"].project_id
    assert ask(play, "PATCH", f"{PATH}/{id}", {"credential": {"type": "ec2", "project_id": project}}).code == 200
    keys = ask(play, "GET", f"users/{play.callers['demo'].user_id}/credentials/OS-EC2").body["credentials"]
    assert [key["access"] for key in keys] == [None]  # its blob is a text


@pytest.mark.parametrize("field", ["trust_id", "credential_id"])
def test_delegated_token_reaches_only_its_project(play, field):
    demo = play.callers["demo"]
    delegated = demo._replace(**{field: "d1"})
    mine = create(play, project_id=demo.project_id).body["credential"]["id"]
    without = create(play).body["credential"]["id"]
    assert [each["id"] for each in ask(play, "GET", PATH, caller=delegated).body["credentials"]] == [mine]
    assert ask(play, "GET", f"{PATH}/{mine}", caller=delegated).code == 200
    refused = ask(play, "GET", f"{PATH}/{without}", caller=delegated)
    assert refused.code == 403
    assert "Credential project does not match the project scope of the delegated token" in message(refused)
    assert create(play, caller=delegated).code == 403
    blob = create(play, caller=delegated, type="ec2", blob=BLOB, project_id=demo.project_id).body["credential"]["blob"]
    assert json.loads(blob)["trust_id" if field == "trust_id" else "app_cred_id"] == "d1"
    restricted = demo._replace(credential_id="d1", restricted=True)
    assert create(play, caller=restricted, type="ec2", blob=BLOB, project_id=demo.project_id).code == 403
    assert create(play, caller=restricted, project_id=demo.project_id).code == 201


def test_keys_of_ec2(play):
    demo = play.callers["demo"]
    path = f"users/{demo.user_id}/credentials/OS-EC2"
    created = ask(play, "POST", path, {"tenant_id": demo.project_id})
    keys = created.body["credential"]
    assert created.code == 201
    assert set(keys) == {"user_id", "tenant_id", "access", "secret", "trust_id", "links"}
    assert (keys["tenant_id"], keys["trust_id"]) == (demo.project_id, None)
    assert ask(play, "GET", path).body["credentials"] == [keys]
    assert ask(play, "GET", f"{path}/{keys['access']}").body["credential"] == keys
    stored = ask(play, "GET", PATH, type="ec2").body["credentials"]
    assert [each["id"] for each in stored] == [hashlib.sha256(keys["access"].encode()).hexdigest()]
    assert ask(play, "GET", f"{path}/{keys['access']}", who="other").code == 403
    reader = demo._replace(roles=("reader",))
    assert ask(play, "DELETE", f"{path}/{keys['access']}", caller=reader).code == 403
    assert ask(play, "POST", path, {"tenant_id": demo.project_id}, caller=reader).code == 403
    assert ask(play, "GET", f"{path}/{keys['access']}", caller=reader).code == 200
    assert ask(play, "DELETE", f"{path}/{keys['access']}").code == 204
    assert ask(play, "GET", f"{path}/{keys['access']}").code == 404


def test_keys_of_ec2_are_refused(play):
    demo, other = play.callers["demo"], play.callers["other"]
    path = f"users/{demo.user_id}/credentials/OS-EC2"
    assert ask(play, "POST", path, {"tenant_id": demo.project_id}, "other").code == 403
    assert ask(play, "GET", path, who="other").code == 403
    assert message(ask(play, "POST", path, {"tenant_id": "nope"})) == "Could not find project: nope."
    assert ask(play, "POST", path, {}).code == 404
    assert ask(play, "POST", "users/nope/credentials/OS-EC2", {}, "admin").code == 404
    delegated = demo._replace(trust_id="t1")
    assert ask(play, "POST", path, {"tenant_id": other.project_id}, caller=delegated).code == 403
    bound = ask(play, "POST", path, {"tenant_id": demo.project_id}, caller=delegated).body["credential"]
    assert bound["trust_id"] == "t1"
    restricted = demo._replace(credential_id="c1", restricted=True)
    assert "additional application credentials" in message(
        ask(play, "POST", path, {"tenant_id": demo.project_id}, caller=restricted)
    )


def test_other_type_has_no_keys(play):
    project = play.callers["demo"].project_id
    create(play, type="ec2", blob=BLOB, project_id=project)
    ask(play, "PATCH", f"{PATH}/{ID}", {"credential": {"type": "cert", "blob": BLOB}})
    path = f"users/{play.callers['demo'].user_id}/credentials/OS-EC2"
    assert (ask(play, "GET", f"{path}/key1").code, ask(play, "GET", path).body["credentials"]) == (401, [])


def test_credentials_go_with_their_user_and_project(play):
    project = ask(play, "POST", "projects", {"project": {"name": "p"}}, "admin").body["project"]["id"]
    user = ask(play, "POST", "users", {"user": {"name": "u"}}, "admin").body["user"]["id"]
    create(play, project_id=project)
    create(play, "admin", user_id=user)
    assert len(ask(play, "GET", PATH, who="admin").body["credentials"]) == 2
    ask(play, "DELETE", f"projects/{project}", who="admin")
    ask(play, "DELETE", f"users/{user}", who="admin")
    assert ask(play, "GET", PATH, who="admin").body["credentials"] == []


def test_export_has_no_credentials(play):
    create(play, blob="hidden-blob")
    data = play.cloud.store.dump()
    assert b"hidden-blob" in data
    assert b"hidden-blob" not in remove_secrets(data)
    assert "hidden-blob" not in json.dumps(hide_secrets(json.loads(data)))
