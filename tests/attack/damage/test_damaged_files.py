"""Damaged cloud files: every command fails with one clear line or works, and a good backup stays."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from novasim.control.file_check import check
from tests.attack import extent
from tests.attack.sample import build_sample, list_commands, run

COMMANDS = 10  # per file
Chance = random.Random


def cut_end(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data))]


def cut_start(data: bytes, chance: Chance) -> bytes:
    return data[chance.randrange(1, len(data)) :]


def flip_bits(data: bytes, chance: Chance) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 50))):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def zero_block(data: bytes, chance: Chance) -> bytes:
    size, start = chance.choice((16, 512, 4096)), chance.randrange(len(data))
    return data[:start] + bytes(len(data[start : start + size])) + data[start + size :]


def drop_line(data: bytes, chance: Chance) -> bytes:
    lines = data.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def repeat_line(data: bytes, chance: Chance) -> bytes:
    lines = data.split(b"\n")
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"\n".join(lines)


def change_value(data: bytes, chance: Chance) -> bytes:
    wrong = chance.choice((b"null", b"-1", b"1e999", b'"x"', b"[]", b"{}", b"true", b"NaN", b"9" * 400, b'"\\ud800"'))
    places = [place for place in range(len(data)) if data[place : place + 2] == b'":']
    start = chance.choice(places) + 2
    ends = [end for end in (data.find(b",", start), data.find(b"}", start)) if end > 0]
    return data[:start] + wrong + data[min(ends) :]


def insert_garbage(data: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + chance.randbytes(chance.choice((1, 20, 500))) + data[start:]


DAMAGES: list[Callable[[bytes, Chance], bytes]] = [
    cut_end,
    cut_start,
    flip_bits,
    zero_block,
    drop_line,
    repeat_line,
    change_value,
    insert_garbage,
]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A cloud file with a document in every table."""
    path = tmp_path_factory.mktemp("sample") / "cloud.json"
    build_sample(path)
    return path.read_bytes()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_no_command_fails_badly_or_loses_the_good_backup(content, tmp_path, damage):
    chance, path, backup = random.Random(damage.__name__), tmp_path / "cloud.json", tmp_path / "cloud.json.bak.1"
    for _ in range(extent(3, 44)):
        for file in tmp_path.iterdir():
            file.unlink()
        path.write_bytes(damage(content, chance))
        backup.write_bytes(content)
        for line in chance.sample(list_commands(), COMMANDS):
            before = path.read_bytes()
            done = run(path, line)
            assert done.exit_code != 1 and isinstance(done.exception, SystemExit | None), (line, done.stderr)
            assert "Traceback" not in done.output
            assert done.exit_code == 0 or path.read_bytes() == before, line
            assert done.exit_code != 9 or str(path) in done.stderr, line
        check_way_back(path, content)


def check_way_back(path: Path, content: bytes) -> None:
    """The good state is a backup, and can be restored."""
    backups = [file for file in path.parent.iterdir() if ".bak." in file.name]
    (good,) = [file for file in backups if file.read_bytes() == content]
    done = run(path, f"cloud restore {good.name}")
    assert done.exit_code == 0, done.stderr
    assert path.read_bytes() == content
    assert check(str(path)) == []
