"""Commands on a cloud in a database: kept states, copies, and what cannot be used."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from novasim.control.databases.states import replace_content
from novasim.errors import CloudFileError
from novasim.records.caller import PYTHON
from novasim.store import open_store
from tests.cli.conftest import User


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user with a server web1 in a SQLite database."""
    return create_cloud(f"sqlite:{tmp_path / 'lab.db'}", monkeypatch)


@pytest.fixture(params=["sqlite", "postgresql"])
def user(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user with a server web1 in a database."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite")
    return create_cloud(request.getfixturevalue("postgresql_url"), monkeypatch)


def create_cloud(address: str, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    monkeypatch.setenv("NOVASIM_SEED", "1")
    user = User(address)  # type: ignore[arg-type]
    assert f"created a new cloud: {address}" in user("create web1 --flavor m1.tiny --image cirros -q").stderr
    return user


def name_sibling(user: User, name: str) -> str:
    """A name for another cloud in the database, which no other test uses."""
    return "-".join(filter(None, (str(user.path).partition("?cloud=")[2], name)))


def find_sibling(user: User, name: str) -> str:
    """The address of another cloud in the database."""
    return f"{str(user.path).partition('?')[0]}?cloud={name_sibling(user, name)}"


def export(user: User) -> bytes:
    return user("cloud export -").stdout_bytes


def test_a_command_that_only_reads_creates_nothing(tmp_path):
    user = User(f"sqlite:{tmp_path / 'lab.db'}")  # type: ignore[arg-type]
    assert "does not exist. Create it with: novasim --cloud sqlite:" in user("list", code=9).stderr
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_reads_the_file(sqlite, tmp_path):
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == dict.fromkeys(
        (file.name for file in tmp_path.iterdir()), "0o600"
    )


def test_states_are_saved_and_loaded(user):
    before = export(user)
    assert user("cloud save one").stdout == "one\n"
    assert "exists" in user("cloud save one", code=2).stderr
    user("cloud save one --force")
    user("delete web1")
    assert user("cloud diff one").stdout.startswith("web1")
    assert user("cloud load one").stderr == "The replaced state is kept as bak.1.\n"
    assert export(user) == before
    assert "Saved states: one." in user("cloud load two", code=2).stderr


def test_what_is_replaced_becomes_a_backup_and_the_oldest_ones_go(user):
    states = []
    for _ in range(7):
        states.append(export(user))
        assert "kept as bak.1" in user("cloud reset --yes").stderr
    kept = [state["name"] for state in json.loads(user("cloud saves -f json").stdout)]
    assert kept == ["bak.1", "bak.2", "bak.3", "bak.4", "bak.5"]
    user("cloud restore 5")
    assert export(user) == states[2]
    assert "There is no backup '6'" in user("cloud restore 6", code=2).stderr


def test_a_copy_in_another_store_has_the_same_bytes(user, tmp_path):
    path, other = str(tmp_path / "copy.json"), find_sibling(user, "copy")
    assert user(f"cloud copy {user.path} {path}").stdout == f"{path}\n"
    assert user(f"cloud copy {path} {other}").stdout == f"{other}\n"
    assert User(other)("cloud export - --with-secrets").stdout_bytes == Path(path).read_bytes()  # type: ignore[arg-type]
    assert "--force replaces it" in user(f"cloud copy {path} {other}", code=2).stderr
    assert "kept as bak.1" in user(f"cloud copy {path} {other} --force").stderr
    assert "cannot be copied to itself" in user(f"cloud copy {other} {other}", code=2).stderr
    assert "does not exist" in user(f"cloud copy {path}.no {other} --force", code=9).stderr


def test_an_import_and_a_fork(user, tmp_path):
    before = export(user)
    (tmp_path / "export.json").write_bytes(before)
    user("delete web1")
    assert user("--at 1 list", code=9).stderr.startswith(f"novasim: There is no record in {user.path}")
    user(f"cloud import {tmp_path / 'export.json'}")
    assert export(user) == before
    fork = user(f"cloud fork {name_sibling(user, 'ann')}").stdout.strip()
    assert fork == find_sibling(user, "ann")
    assert User(fork).names() == ["web1"]  # type: ignore[arg-type]
    (tmp_path / "export.json").write_text("{}")
    assert "This cloud is unchanged" in user(f"cloud import {tmp_path / 'export.json'}", code=9).stderr
    assert export(user) == before


def test_damage_is_named_and_kept(sqlite, tmp_path):
    with sqlite3.connect(tmp_path / "lab.db") as raw:
        raw.execute('UPDATE documents SET body = replace(body, \'"vm_state":"active"\', \'"vm_state":5\')')
    raw.close()
    assert "'vm_state' should be text" in sqlite("cloud check", code=9).stdout
    assert "is damaged: in table 'servers'" in sqlite("show web1", code=9).stderr
    assert "is damaged" in sqlite("cloud save x", code=9).stderr
    assert "has no backup that can be used" in sqlite("cloud restore", code=9).stderr


def test_what_is_no_database_of_ours_stays_as_it_is(tmp_path):
    (tmp_path / "text.db").write_text("hello")
    (tmp_path / "empty.db").touch()
    (tmp_path / "folder").mkdir()
    for name, statement in (("foreign.db", "CREATE TABLE a (b)"), ("newer.db", "PRAGMA user_version = 99")):
        with sqlite3.connect(tmp_path / name) as raw:
            raw.execute("PRAGMA application_id = 0x4E6F7661" if name == "newer.db" else "PRAGMA user_version = 1")
            raw.execute(statement)
        raw.close()
    for name, problem in (
        ("text.db", "is not an SQLite database."),
        ("empty.db", "is damaged: it is empty."),
        ("folder", "cannot be read: It is not a regular file."),
        ("foreign.db", "is a database that novasim did not create."),
        ("newer.db", "has format 99, and this novasim knows formats up to 1."),
        ("text.db/x", "cannot be read: Not a directory."),
    ):
        user = User(f"sqlite:{tmp_path / name}")  # type: ignore[arg-type]
        before = (tmp_path / name).read_bytes() if name.endswith(".db") else b""
        for line in ("list", "create web1 --flavor m1.tiny --image cirros", "cloud init"):
            done = user(line, code=9)
            assert done.stderr.startswith(f"novasim: Cloud {user.path} {problem}"), (line, done.stderr)
        assert not name.endswith(".db") or (tmp_path / name).read_bytes() == before


def test_a_file_of_the_other_kind_says_what_to_write(sqlite, tmp_path):
    shown = User(tmp_path / "lab.db")("list", code=9).stderr
    assert (
        f"is an SQLite database, not a file of JSON. To use it: novasim --cloud sqlite:{tmp_path}/lab.db"
        in " ".join(shown.split())
    )
    User(tmp_path / "a.json")("cloud init")
    shown = User(f"sqlite:{tmp_path}/a.json")("list", code=9).stderr  # type: ignore[arg-type]
    assert f"is not an SQLite database, but a file of JSON. To use it: novasim --cloud {tmp_path}/a.json" in " ".join(
        shown.split()
    )


def test_a_mistyped_address_exits_with_9():
    for address in ("sqlite:", "postgres:/x", "mysql://h/lab"):
        user = User(address)  # type: ignore[arg-type]
        for line in ("list", "cloud init", "create web1 --flavor m1.tiny --image cirros"):
            assert f"{address} is not the address of a cloud" in user(line, code=9).stderr


def test_states_and_clouds_that_another_process_has_created_are_not_replaced(user):
    """As commands find them that have begun before."""
    store = open_store(str(user.path))
    user("cloud save a")
    before, states = export(user), user.json("cloud saves")
    with pytest.raises(FileExistsError):
        store.kept.save("a", replaces=False)
    with pytest.raises(FileExistsError):
        store.kept.replace({}, must_be_new=True)
    assert (export(user), user.json("cloud saves")) == (before, states)


def test_a_backup_that_another_process_has_dropped_is_not_restored(user):
    user("cloud reset --yes")
    store = open_store(str(user.path))
    (backup,) = store.kept.list_states()
    for _ in range(5):
        user("cloud reset --yes")
    with pytest.raises(CloudFileError, match=r"The state 'bak\.1' of .* has been replaced"):
        store.kept.read(backup)


def test_the_entry_of_a_replacement_has_what_was_replaced(user):
    """Even if another process changes the cloud just before the transaction."""
    user("record start")
    store, accesses = open_store(str(user.path)), iter(("", "lock web1"))

    class Interrupted(type(store)):
        @property
        def kept(self):
            if line := next(accesses, ""):
                user(line)
            return super().kept

    state = store.tables()
    store.__class__ = Interrupted
    replace_content(store, state, PYTHON)
    assert user.json("show web1")["locked"] is False
    user("undo --all")
    assert user.json("show web1")["locked"] is True
