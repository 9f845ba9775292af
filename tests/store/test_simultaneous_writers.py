"""Processes that write the same file at once. In a test, a writer begins in the middle of another one's work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from novasim.filelock import lock_file, try_lock
from novasim.fileutils import link_file, replace_file, write_file


def interrupted(content: bytes, others: Callable[[], object]) -> Iterator[bytes]:
    """Content between the halves of which others do something."""
    yield content[:1]
    others()
    yield content[1:]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "out")


def read(path: str) -> bytes:
    return Path(path).read_bytes()


def names(path: str) -> list[str]:
    return sorted(os.listdir(os.path.dirname(path)))


def test_two_writers_of_a_file_do_not_disturb_each_other(path):
    def write_another() -> None:
        replace_file(path, interrupted(b"two", lambda: write_file(path, b"three", replace=True)))
        assert read(path) == b"two"

    replace_file(path, interrupted(b"one", write_another))
    assert read(path) == b"one"
    assert names(path) == ["out"]


def test_only_one_of_two_writers_creates_a_file(path):
    def create(content: bytes, others: Callable[[], object]) -> None:
        replace_file(path, interrupted(content, others), must_be_new=True)

    with pytest.raises(FileExistsError):
        create(b"one", lambda: create(b"two", bool))
    assert read(path) == b"two"
    with pytest.raises(FileExistsError):
        write_file(path, b"three")
    assert names(path) == ["out"]


def test_new_file_on_a_file_system_without_hard_links(path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_file(path, b"one")
    with pytest.raises(FileExistsError):
        replace_file(path, [b"two"], must_be_new=True)
    assert read(path) == b"one"
    assert names(path) == ["out"]


def test_what_killed_writers_left_is_removed(path):
    for ending in ("", "-2"):
        Path(f"{path}.novasim-tmp{ending}").write_text("half")
    write_file(path, b"one")
    assert names(path) == ["out"]


def test_a_lock_that_was_removed_meanwhile_is_locked_under_its_name(path):
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    assert try_lock(file)

    def remove(_: float) -> None:
        os.unlink(path)
        os.close(file)

    with lock_file(path, 1.0, remove):
        other = os.open(path, os.O_RDWR)
        assert not try_lock(other)
        os.close(other)


def test_a_link_that_a_killed_process_left_is_replaced_even_if_the_file_is_locked(path):
    write_file(path, b"one")
    os.link(path, f"{path}.novasim-tmp-link")
    file = os.open(path, os.O_RDWR)
    assert try_lock(file)
    for _ in range(2):  # the second time, both are the same file
        link_file(path, f"{path}.1", 0.0)
    os.close(file)
    assert names(path) == ["out", "out.1"]
