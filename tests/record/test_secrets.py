"""Secrets that the record leaves out."""

from __future__ import annotations

import json

import pytest

from novasim.store.redaction import mask_words


def test_secrets_are_left_out(user, tmp_path):
    data = tmp_path / "data"
    data.write_text("user-data-of-mine")
    user("--as admin user create bob --password of-bob")
    user(f"create web2 --flavor m1.tiny --image cirros --password of-guest --user-data {data}")
    user("change-password web1 --password of-web1")
    id = user.ids("list --name web1")[0]
    user(f"""request POST /servers/{id}/action '{{"rescue": {{"adminPass": "of-rescue"}}}}'""", code=4)
    text = user.record.read_text("utf-8")
    for secret in ("of-bob", "of-guest", "of-web1", "of-rescue", "user-data-of-mine", "dXNlci1kYXRhLW9mLW1pbmU"):
        assert secret not in text
    stored = json.loads(user.path.read_text("utf-8"))
    hashes = [each["password_hash"] for each in stored["users"].values()]
    assert [hash for hash in hashes if hash in text] == []
    assert stored["settings"]["1"]["token_key"] not in text
    assert '"left_out"' in text
    assert user.record.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("user set --password x bob", "user set --password *** bob"),
        ("openstack --os-password=x user list", "openstack --os-password=*** user list"),
        ("openstack server set --passw x web1", "openstack server set --passw *** web1"),
        ("openstack server set --pa=x web1", "openstack server set --pa=*** web1"),
        ("openstack application credential create --secret x a", None),
        ("openstack user password set --original x --password x", None),
        ("openstack volume transfer request accept a --auth-key x", None),
        ("openstack credential create demo x --type ec2", None),
        ("--as admin openstack credential create --type ec2 --noindent demo x", None),
        ("openstack credential create -- demo -x", "openstack credential create -- demo ***"),
        ("openstack credential set --data x a --user demo --type ec2", None),
        ("openstack credential set a --dat=x", "openstack credential set a --dat=***"),
        ("openstack credential set a --user demo --data x", None),
        ("openstack credential show x", "openstack credential show x"),
        ("openstack application credential create a", "openstack application credential create a"),
        ("create web1 --flavor x --image x", "create web1 --flavor x --image x"),
        ("list --all-projects -- x", "list --all-projects -- x"),
        ("request POST /s?adminPass=x&a=b&auth%5Ftoken=x", "request POST /s?adminPass=***&a=b&auth%5Ftoken=***"),
        ("cloud copy a.json postgresql://ann:x@h/lab", "cloud copy a.json postgresql://ann@h/lab"),
        ("create web1?x --name a=b?c", "create web1?x --name a=b?c"),
    ],
)
def test_secrets_in_command_lines(words, masked):
    assert " ".join(mask_words(tuple(words.split()))) == (masked or words.replace(" x", " ***"))


def test_user_data_of_a_rebuild_is_left_out_until_it_ends(user, tmp_path):
    (tmp_path / "data").write_text("user-data-of-mine")
    user(f"rebuild web1 --image cirros --user-data {tmp_path / 'data'}")
    user("clock advance 60")
    after = user.export()
    assert "dXNlci1kYXRhLW9mLW1pbmU" not in user.record.read_text("utf-8")
    user("undo 2")
    user("redo 2")
    assert user.export() == after


def test_secrets_in_refusals_are_left_out(user):
    id = user.ids()[0]
    body = json.dumps({"rebuild": {"imageRef": id, "adminPass": 4711471147}})
    user(f"request POST /servers/{id}/action '{body}'", code=6)
    assert "Value: ***" in user.last().message
    assert "4711471147" not in user.record.read_text()
    body = json.dumps({"user": {"name": "a", "password": ["4711"]}})
    user(f"--as admin request --service identity POST /v3/users '{body}'", code=6)
    assert "***" in user.last().message and "4711" not in str(user.last())


def test_secrets_in_queries_are_left_out(user):
    id = user.ids()[0]
    query = "adminPass=471147114&PASSWORD=471147115&token=471147116&x=1&os_auth_token=471147117"
    for body, code in (({"os-stop": None}, 0), ({"os-stop": None}, 4)):
        user(f"request POST '/servers/{id}/action?{query}' '{json.dumps(body)}'", code)
        assert user.last().query == "adminPass=***&PASSWORD=***&token=***&x=1&os_auth_token=***"
    user(f"request DELETE '/servers/{id}x?{query}'", code=3)
    assert len(user.entries()) > 3
    body = json.dumps({"rebuild": {"imageRef": "471147114"}})  # a message that repeats it
    user(f"request POST '/servers/{id}/action?{query}' '{body}'", code=6)
    assert "***" in user.last().message and "471147114" not in user.last().message
    assert [each for each in ("471147115", "471147116", "471147117") if each in user.record.read_text()] == []
