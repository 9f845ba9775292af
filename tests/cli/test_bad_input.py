"""Wrong words and damaged files: one line, the documented exit code, and no change."""

from __future__ import annotations

import json

import pytest

from tests import each_case


@each_case(
    ("line", "code"),
    [
        ("show missing", 3),
        ("show 00000000-0000-4000-8000-000000000000", 3),
        ("create x --flavor missing --image cirros", 3),
        ("create x --flavor m1.tiny --image missing", 3),
        ("create x --flavor m1.tiny", 6),
        (f"create {'x' * 256} --flavor m1.tiny --image cirros", 6),
        ("list --status NONSENSE", 6),
        ("list --limit -1", 6),
        ("wait web1 --for NONSENSE", 2),
        ("config set nonsense 1", 2),
        ("config set vnc_enabled maybe", 2),
        ("config set enabled_filters ComputeFilter,NoSuchFilter", 2),
        ("clock advance 10s", 2),
        ("clock advance -5", 2),
        ("clock advance nonsense", 2),
        ("nonsense", 2),
        ("--as nobody list", 3),
        ("--as demo@admin list", 5),
        ("--api-version 2.999 list", 6),
        ("--api-version nonsense list", 6),
        ("cloud init", 2),
        ("show web1 -c nonsense", 2),
    ],
)
def test_bad_input_is_refused(web1, line, code):
    kept = web1.path.read_bytes()
    output = web1(line, code).stderr
    assert output.strip()
    assert web1.path.read_bytes() == kept


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\xff", b"[]", b'{"servers": 1}'])
def test_a_damaged_cloud_file_is_refused_and_kept(user, content):
    with open(user.path, "wb") as file:
        file.write(content)
    output = user("list", 9).stderr
    assert str(user.path) in output
    with open(user.path, "rb") as file:
        assert file.read() == content


def test_folder_as_cloud_file_is_refused(user, tmp_path):
    user.path = tmp_path
    user("list", 9)


def test_json_error_is_novas_body(web1):
    done = web1("start web1 -f json", 4)
    assert json.loads(done.stderr)["conflictingRequest"]["code"] == 409


def test_deleted_current_folder_is_named(new_user, tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    for line in ("--cloud relative.json list", "--cloud relative.json cloud init"):
        assert new_user.run(line).stderr == "novasim: the current folder: No such file or directory\n"
