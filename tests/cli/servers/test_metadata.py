"""The command metadata: what a guest reads about itself."""

from __future__ import annotations

import json

import pytest

SCRIPT = b"#cloud-config\nname: \xff"


@pytest.fixture
def web1(user, tmp_path):
    """A server with user data and a config drive."""
    (tmp_path / "user-data").write_bytes(SCRIPT)
    return user.create("web1", f"--user-data {tmp_path / 'user-data'} --config-drive --property role=web")["id"]


def test_without_a_path_the_fields_of_meta_data_are_shown(user, web1):
    shown = user("metadata web1").stdout
    assert "web1.novalocal" in shown and "role='web'" in shown
    assert "random_seed" not in shown
    assert user("metadata web1 -q").stdout == f"{web1}\n"
    data = user.json("metadata web1")
    assert data["uuid"] == web1 and data["random_seed"]
    assert user("metadata web1 -f value -c hostname").stdout == "web1.novalocal\n"


@pytest.mark.parametrize(
    "path",
    [
        "user_data",
        "openstack/latest/user_data",
        "/latest/user-data",
        "http://169.254.169.254/openstack/latest/user_data",
    ],
)
def test_a_document_is_printed_byte_by_byte(user, web1, path):
    assert user(f"metadata web1 {path}").stdout_bytes == SCRIPT


def test_lists_and_values_end_their_line(user, web1):
    assert user("metadata web1 latest").stdout == "meta-data/\nuser-data\n"
    assert user("metadata web1 latest/meta-data/hostname").stdout == "web1.novalocal\n"
    assert user("metadata web1 /").stdout.startswith("1.0\n2007-01-19\n")


def test_other_formats_decode_a_document(user, web1):
    assert json.loads(user("metadata web1 network_data.json").stdout) == user.json("metadata web1 network_data.json")
    assert user.json("metadata web1 latest") == {"path": "latest", "content": "meta-data/\nuser-data"}
    assert user.json("metadata web1 user_data").keys() == {"path", "base64"}  # it is not text


def test_the_config_drive_is_listed_and_read(user, web1):
    files = user.json("metadata web1 --config-drive")
    assert {"path": "openstack/latest/user_data", "size": len(SCRIPT)} in files
    assert user("metadata web1 user_data --config-drive").stdout_bytes == SCRIPT
    user.create("web2")
    assert "has no config drive" in user("metadata web2 --config-drive", 3).stderr


def test_a_mistyped_document_gets_a_suggestion(user, web1):
    assert "Did you mean user_data?" in user("metadata web1 user-data", 3).stderr
    assert "network_data.json" in user("metadata web1 network_data", 3).stderr
    user("metadata web1 openstack/latest/nothing", 3)


def test_the_request_is_shown_as_the_guest_sends_it(user, web1):
    sent = user("--show-request metadata web1 user_data").stderr
    assert "curl -s http://169.254.169.254/openstack/latest/user_data\n" in sent
    assert user("--show-request metadata web1 user_data").stdout_bytes == SCRIPT
