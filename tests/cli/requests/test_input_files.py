"""Files that commands send with a request are read up to a limit."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from novasim.cli import files

PACKAGE = Path(files.__file__).parents[1]
LINES = {
    "user data": "create web1 --flavor m1.tiny --image cirros --user-data {}",
    "user data of a rebuild": "rebuild web1 --user-data {}",
    "personality": "create web1 --flavor m1.tiny --image cirros --file /etc/motd={}",
    "public key": "keypair create mine --public-key {}",
    "image": "image create mine --file {}",
    "body": "request POST /servers @{}",
}
lines = pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))


@lines
def test_larger_file_is_refused(user, tmp_path, line):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(256 * 2**20 + 1)
    told = user(line.format(path), 2).stderr
    assert re.fullmatch(rf"novasim: {re.escape(str(path))} is larger than (16|256) MiB\.\n", told)


@lines
@pytest.mark.skipif(os.name == "nt", reason="devices of POSIX")
def test_endless_file_is_refused(user, line):
    assert "/dev/zero cannot be read" in user(line.format("/dev/zero"), 2).stderr


@lines
def test_folder_is_refused(user, tmp_path, line):
    assert f"{tmp_path} cannot be read" in user(line.format(tmp_path), 2).stderr


def test_standard_input(user):
    user("create web1 --flavor m1.tiny --image cirros --user-data -", input="#!/bin/sh\n")
    user("image create mine --file -", input="data")
    assert user.json("image show mine")["size"] == 4


def test_public_key_with_line_ends_of_windows(user, tmp_path):
    file = tmp_path / "key.pub"
    text = user("keypair create one -f json").stdout
    key = re.search(r'"public_key": "([^"]*)"', text)[1].replace("\\n", "")
    file.write_bytes(key.encode() + b"\r\n")
    assert user.json(f"keypair create two --public-key {file}")["public_key"] == key


def test_click_reads_no_file():
    """Click reads whole files, also endless ones."""
    assert [path for path in PACKAGE.rglob("*.py") if "click.File(" in path.read_text("utf-8")] == []
