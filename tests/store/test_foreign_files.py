"""Files of the user beside a cloud file: a save never writes to them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from novasim.errors import CloudFileError
from novasim.store import open_store
from tests.store.files import fill
from tests.store.worlds import server, settings

FOREIGN: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text('{"lockfileVersion": 3}\n'),
    "long text": lambda path: path.write_text("whatever\n" * 100),
    "link": lambda path: path.symlink_to(path.with_name("target")),
    "hard link": lambda path: os.link(path.with_name("target"), path),
    "pipe": os.mkfifo,
}


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "target").write_text("4711\n")
    return tmp_path


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_a_lock_of_another_program_is_refused(folder, make):
    make(folder / "package.lock")
    with pytest.raises(CloudFileError, match=r"package\.lock: It is .*\. Move that file away"):
        fill(folder / "package", settings())
    assert (folder / "target").read_text() == "4711\n"
    assert not (folder / "package").exists()
    assert stat.S_ISFIFO((folder / "package.lock").lstat().st_mode) or (folder / "package.lock").read_text() != ""


@pytest.mark.parametrize("content", ["", "4711\n"])
def test_a_lock_of_novasim_is_used_again(folder, content):
    (folder / "lab.json.lock").write_text(content)
    fill(folder / "lab.json", settings())
    assert (folder / "lab.json.lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("name", ["lab.json.tmp", "lab.json.bak", "lab.json.tmp-link", "lab.tmp", "lab.json~"])
def test_neighbours_stay(folder, name):
    (folder / name).write_text("mine")
    for number in range(3):
        fill(folder / "lab.json", settings(), server(number))
    assert (folder / name).read_text() == "mine"


def test_a_link_in_the_place_of_the_new_content_is_not_followed(folder):
    (folder / "lab.json.novasim-tmp").symlink_to(folder / "target")
    fill(folder / "lab.json", settings())
    assert (folder / "target").read_text() == "4711\n"
    assert not (folder / "lab.json.novasim-tmp").is_symlink()


def test_a_folder_that_cannot_be_synced_after_the_save(folder, monkeypatch, caplog):
    sync = os.fsync

    def fail_for_folders(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        sync(file)

    path, store = folder / "lab.json", open_store(folder / "lab.json")
    monkeypatch.setattr(os, "fsync", fail_for_folders)
    with store.write() as tx:
        tx.put(settings())
    assert caplog.messages == [f"{str(path)!r} was saved, but a power failure may undo that: Input/output error."]
    with open_store(path).read() as tx:
        assert tx.get(type(settings()), "cloud") == settings()
