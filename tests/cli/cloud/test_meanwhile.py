"""Commands on files that another process creates, replaces or removes while they run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.databases import clouds as databases

pytestmark = pytest.mark.skipif(databases.ENGINE != "", reason="it is about files")

Meanwhile = Callable[[str, str, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch) -> Meanwhile:
    """Arranges that something happens just before a function of `os` is called with a path that ends so."""

    def arrange(name: str, ending: str, work: Callable[[], object]) -> None:
        call, pending = getattr(os, name), [work]

        def call_after_work(*arguments: Any, **options: Any) -> Any:
            if pending and any(str(argument).endswith(ending) for argument in arguments):
                pending.pop()()
            return call(*arguments, **options)

        monkeypatch.setattr(os, name, call_after_work)

    return arrange


def test_only_one_of_two_commands_saves_a_state(user, meanwhile):
    saved = Path(f"{user.path}.saved-a")
    meanwhile("link", ".saved-a", lambda: saved.write_text("first"))
    assert "The saved state 'a' exists." in user("cloud save a", 2).stderr
    assert saved.read_text() == "first"


def test_only_one_of_two_commands_copies_to_a_file(user, meanwhile, tmp_path):
    copy = tmp_path / "copy.json"
    meanwhile("open", "copy.json.lock", lambda: copy.write_text("first"))
    assert "already exists. --force replaces it" in user(f"cloud copy {user.path} {copy}", 2).stderr
    assert copy.read_text() == "first"


def test_copy_of_a_cloud_that_changes_meanwhile_is_complete(user, meanwhile, tmp_path):
    before = user("cloud export - --with-secrets").stdout
    meanwhile("open", "copy.json.lock", lambda: user("image create new"))
    user(f"cloud copy {user.path} {tmp_path / 'copy.json'}")
    assert user(f"--cloud {tmp_path / 'copy.json'} cloud export - --with-secrets").stdout == before


def test_reset_of_a_cloud_that_another_process_creates(new_user, meanwhile, tmp_path):
    other = tmp_path / "other.json"
    new_user(f"--cloud {other} cloud init")
    meanwhile("open", f"{new_user.path.name}.lock", lambda: new_user.path.write_bytes(other.read_bytes()))
    assert "The replaced state is kept as" in new_user("cloud reset --yes").stderr
    assert Path(f"{new_user.path}.bak.1").read_bytes() == other.read_bytes()


def test_a_state_that_is_being_written_is_no_state(user):
    Path(f"{user.path}.saved-a.novasim-tmp").write_bytes(user.path.read_bytes())
    assert user.json("cloud saves") == []
