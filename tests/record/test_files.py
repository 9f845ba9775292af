"""The file of the record: appends, damage, foreign files, rotation."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from novasim.errors import CloudFileError
from novasim.store import record_file
from novasim.store.record_file import RecordFile, read_entries
from novasim.store.record_log import FileTail
from tests import each_case, extent
from tests.processes import forked_python

ROUNDS = extent(10, 50)  # of two commands in each process


def line(name: str) -> bytes:
    return json.dumps({"kind": "control", "action": name}).encode()


def names(path: Path) -> list[str]:
    return [entry.action for entry in read_entries(str(path))]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "x.record"
    RecordFile(str(path)).append([line("a"), line("b")])
    return path


def test_entries_are_numbered(path):
    RecordFile(str(path)).append([line("c")])
    assert [(entry.number, entry.action) for entry in read_entries(str(path))] == [(1, "a"), (2, "b"), (3, "c")]
    assert path.stat().st_mode & 0o777 == 0o600


def test_full_file_is_closed_and_readers_take_both(path, monkeypatch):
    monkeypatch.setattr(record_file, "MAX_BYTES", 150)
    for number in range(5):
        RecordFile(str(path)).append([line(f"entry {number}")])
    assert (path.parent / "x.record.1").exists()
    found = [(entry.number, entry.action) for entry in read_entries(str(path))]
    assert found[-1] == (7, "entry 4")
    assert [number for number, _ in found] == list(range(found[0][0], 8))
    (path.parent / "x.record.1").unlink()
    assert [(entry.number, entry.action) for entry in read_entries(str(path))] == found[len(found) - len(names(path)) :]


def test_entry_after_a_torn_one_is_whole(path):
    path.write_bytes(path.read_bytes()[:-5])
    RecordFile(str(path)).append([line("c")])
    problems = []
    assert [entry.action for entry in read_entries(str(path), report=problems.append)] == ["a", "c"]
    assert problems == ["line 3 is not an entry"]


BAD = {
    "empty": b"",
    "foreign": b"user:x:1000:1000::/home/user:/bin/sh\n",
    "foreign without a line end": b"hello",
    "JSON of another program": b'{"a": 1}\n',
    "binary": bytes(range(256)),
    "newer": b'{"novasim_record":2}\n',
    "strange number": b'{"novasim_record":"1"}\n',
    "cut": b'{"novasim_record":1}\n{"kind":"control","ac',
    "damaged line": b'{"novasim_record":1}\n{"kind":"con\n{"kind":"control"}\n',
    "line that is no object": b'{"novasim_record":1}\n7\n',
}


@each_case("name", BAD)
def test_bad_files_are_named_in_one_line_and_never_overwritten(user, name):
    user.record.write_bytes(BAD[name])
    done = user.run("log")
    assert (done.exit_code, done.stderr.count("\n")) == (9, 1)
    assert str(user.record) in done.stderr
    assert user.record.read_bytes() == BAD[name]
    content = user.path.read_bytes()
    if name not in ("empty", "cut", "damaged line", "line that is no object"):
        for command in ("stop web1", "record start", "clock advance 1"):
            done = user.run(command)
            assert (done.exit_code, done.stderr.count("\n")) == (9, 1)
        assert user.path.read_bytes() == content
        assert user.record.read_bytes() == BAD[name]


@pytest.mark.parametrize("name", ["folder", "link"])
def test_what_is_no_file_is_refused(user, tmp_path, name):
    user.record.unlink()
    if name == "folder":
        user.record.mkdir()
    else:
        (tmp_path / "target").write_text("mine")
        user.record.symlink_to(tmp_path / "target")
    before = user.path.read_bytes()
    assert user.run("stop web1").exit_code == 9
    assert user.path.read_bytes() == before
    if name == "link":
        assert (tmp_path / "target").read_text() == "mine"


def test_record_named_in_the_environment_must_be_ours(user, tmp_path, monkeypatch):
    other = tmp_path / "notes.txt"
    other.write_text("my notes\n")
    monkeypatch.setenv("NOVASIM_RECORD", str(other))
    done = user.run("stop web1")
    assert (done.exit_code, other.read_text()) == (9, "my notes\n")
    assert "was not written by novasim" in done.stderr


def test_stopped_record_is_read_only_and_continues(user):
    user("record stop")
    assert user.record.stat().st_mode & 0o222 == 0
    assert user.json("record status")["recording"] is False
    user("lock web1")
    user("record start")
    user("unlock web1")
    assert [entry.kind for entry in user.entries()] == ["start", "stop", "start", "request"]
    user("record check")


def test_check_finds_a_change_without_an_entry(user, monkeypatch):
    user("lock web1")
    user.record.chmod(0o400)
    user("unlock web1")
    user.record.chmod(0o600)
    done = user.run("record check")
    assert done.exit_code == 11
    assert "has changed after entry 2 and has no entry" in done.stdout
    user("lock web1")
    done = user.run("record check")
    assert done.exit_code == 11
    assert "before entry 3" in done.stdout


def test_record_begins_again_with_a_restored_backup(user):
    user("lock web1")
    user.path.write_text('{"x')
    user("cloud restore")
    assert user.last().digest
    user("record check")
    user("volume create one --size 1")
    user("record check")
    user("undo")
    user("record check")
    user.record.chmod(0o400)
    user("volume create one --size 1")
    user.record.chmod(0o600)
    assert user.run("record check").exit_code == 11


def test_requests_that_build_a_scenario_have_no_entries(user, tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_RECORD", str(tmp_path / "all.record"))
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("servers: [{name: web2, vm_state: paused}]\n")
    user(f"cloud init --force --scenario {scenario}")
    assert [entry.kind for entry in read_entries(str(tmp_path / "all.record"))] == ["replaced"]


def test_check_finds_a_missing_entry_about_other_documents(user):
    user("volume create one --size 1")
    user.record.chmod(0o400)
    user("--as admin host create host9")
    user.record.chmod(0o600)
    assert user.run("record check").exit_code == 11


def test_check_finds_a_removed_line(user):
    for command in ("lock web1", "unlock web1", "lock web1"):
        user(command)
    user("record check")
    lines = user.record.read_bytes().splitlines(keepends=True)
    user.record.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    assert user.run("record check").exit_code == 11


def test_eight_processes_share_a_folder(user, tmp_path):
    folder, code = tmp_path / "records", (
        "import sys\nfrom click.testing import CliRunner\nfrom novasim.cli.main import cli\n"
        f"for n in range({ROUNDS}):\n"
        "    for action, code in (('lock', 0), ('unpause', 4)):\n"
        "        done = CliRunner().invoke(cli, ['--cloud', sys.argv[1], action, 'web1'])\n"
        "        assert done.exit_code == code, done.output\n"
    )  # fmt: skip
    env = {**os.environ, "NOVASIM_RECORD": f"{folder}/"}
    started = [subprocess.Popen([*forked_python(), "-c", code, str(user.path)], env=env) for _ in range(8)]
    assert [process.wait() for process in started] == [0] * 8
    files = list(folder.glob("*.record"))
    assert len(files) == 8
    assert [len(read_entries(str(file))) for file in files] == [2 * ROUNDS] * 8
    assert len(user.entries()) == 1 + 8 * 2 * ROUNDS
    user("record check")


def test_processes_close_a_full_file_once(tmp_path):
    code = (
        "import sys\nfrom novasim.store import record_file\nrecord_file.MAX_BYTES = 10_000\n"
        'for n in range(400): record_file.RecordFile(sys.argv[1]).append([b\'{"kind":"control","action":"%d"}\' % n])'
    )
    path = tmp_path / "x.record"
    RecordFile(str(path)).append([line("first")])
    started = [subprocess.Popen([*forked_python(), "-c", code, str(path)]) for _ in range(4)]
    while any(process.poll() is None for process in started):
        numbers = [entry.number for entry in read_entries(str(path))]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert [process.wait() for process in started] == [0] * 4
    assert read_entries(str(path))[-1].number == 1601


def test_entries_of_two_files_are_followed(path, monkeypatch):
    tail = FileTail(str(path))
    assert [entry.action for entry in tail.read()] == ["a", "b"]
    monkeypatch.setattr(record_file, "MAX_BYTES", path.stat().st_size + 10)
    for name in "cde":
        RecordFile(str(path)).append([line(name)])
    assert [entry.action for entry in tail.read()] == ["c", "d", "e"]
    path.write_bytes(b'{"novasim_record":1}\n' + line("f") + b"\n")  # a new record in place of the old one
    assert [entry.action for entry in tail.read()] == ["f"]


def test_killed_while_a_full_file_is_closed(path, monkeypatch):
    closed = path.with_name("x.record.1")
    os.link(path, closed)
    assert names(path) == ["a", "b"]
    monkeypatch.setattr(record_file, "MAX_BYTES", path.stat().st_size + 10)
    RecordFile(str(path)).append([line("c")])
    assert (names(path), path.stat().st_ino != closed.stat().st_ino) == (["a", "b", "c"], True)
    assert sorted(file.name for file in path.parent.iterdir()) == ["x.record", "x.record.1"]


def test_full_file_that_cannot_be_closed_grows(path, monkeypatch):
    monkeypatch.setattr(record_file, "MAX_BYTES", 50)
    path.with_name("x.record.1").mkdir()
    RecordFile(str(path)).append([line("c")])
    path.with_name("x.record.1").rmdir()
    assert names(path) == ["a", "b", "c"]


def test_processes_share_a_file(tmp_path):
    code = (
        "import sys\nfrom novasim.store.record_file import RecordFile\n"
        'for n in range(200): RecordFile(sys.argv[1]).append([b\'{"kind":"control","action":"%d"}\' % n] * 3)'
    )
    path = tmp_path / "x.record"
    started = [subprocess.Popen([*forked_python(), "-c", code, str(path)]) for _ in range(4)]
    assert [process.wait() for process in started] == [0] * 4
    entries = read_entries(str(path))
    assert len(entries) == 4 * 600
    assert [entry.action for entry in entries[0::3]] == [entry.action for entry in entries[2::3]]


def test_killed_commands(user):
    """Every acknowledged command is in the record, or the check says that something is missing."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom novasim.cli.main import cli\n"
        "for n in range(1000):\n"
        "    done = CliRunner().invoke(cli, ['--cloud', sys.argv[1], 'set', 'web1', '--description', f'{n}'])\n"
        "    assert done.exit_code == 0, done.output\n    print(n, flush=True)\n"
    )
    with subprocess.Popen([*forked_python(), "-c", code, str(user.path)], stdout=subprocess.PIPE, text=True) as process:
        acknowledged = [process.stdout.readline() for _ in range(7)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    count = sum(word.endswith("\n") for word in acknowledged)
    recorded = sum(entry.command.startswith("set web1") for entry in user.entries())
    assert (user.run("record check").exit_code == 0 and recorded >= count) or user.run("record check").exit_code == 11
    user("show web1")


def test_unwritable_record(path):
    with pytest.raises(CloudFileError):
        RecordFile(str(path / "nowhere")).append([line("x")])


def test_full_disk_leaves_no_part_of_an_entry(path):
    code = (
        "import os, resource, sys\nfrom novasim.store.record_file import RecordFile\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (os.stat(sys.argv[1]).st_size + 10,) * 2)\n"
        'RecordFile(sys.argv[1]).append([b\'{"kind":"control","action":"c"}\'])'
    )
    before = path.read_bytes()
    done = subprocess.run([*forked_python(), "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert "The disk is full" in done.stderr
    assert path.read_bytes() == before
