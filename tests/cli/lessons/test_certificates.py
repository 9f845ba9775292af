"""Proofs of learners: written after a lesson, and verified by running their commands again."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from tests.cli.lessons.test_course import in_lesson, place
from tests.teach.lessons.conftest import IS_FULL, LESSONS

SAMPLE = [name for name in LESSONS if IS_FULL] or ["power", "locks", "busy"]


def read(file: str) -> dict:
    return json.loads(Path(file).read_text())


proofs: dict[str, str] = {}


@pytest.fixture
def solved(learner, tmp_path):
    """Returns the path of the proof of a lesson, which is solved once for all tests: its commands wait in real time."""

    def copy_proof(name: str) -> str:
        file = tmp_path / f"{name}.proof"
        if name in proofs:
            file.write_text(proofs[name])
        else:
            solve(name, file)
            proofs[name] = file.read_text()
        return str(file)

    def solve(name: str, file: Path) -> None:
        learner(f"lesson start {name}")
        for command in LESSONS[name].solution:
            if "$(" in command.line:
                pytest.skip("needs a shell")
            CliRunner().invoke(cli, ["--cloud", str(place(learner, name)), *command.words])
        learner(f"lesson proof {name} -o {file}")

    return copy_proof


@pytest.mark.parametrize("name", SAMPLE)
def test_proof_is_verified(learner, solved, name):
    assert f"ann has solved {name} with" in learner(f"lesson verify {solved(name)} --learner ann").stdout


def test_proof_contains_what_commands_have_read_from_files(learner, tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for name, text in (("stop.json", '{"os-stop": null}'), ("data", "#!/bin/sh"), ("start.json", '{"os-start": null}')):
        Path(name).write_text(text)
    learner("lesson start power")
    options = ["--cloud", str(place(learner, "power"))]

    def run(line: str, code: int = 0, input: str | None = None) -> str:
        done = CliRunner().invoke(cli, [*options, *shlex.split(line)], input=input)
        assert done.exit_code == code, (line, done.stderr)
        return done.stdout.strip()

    server = run("show web1 -f value -c id")
    run(f"request POST /servers/{server}/action @stop.json")
    run("wait web1 --for SHUTOFF")
    run(f"request POST /servers/{server}/action @stop.json", code=4)
    run(f"request POST /servers/{server}/action -", input='{"os-start": null}')
    run("create web9 --flavor m1.tiny --image cirros --user-data data")
    run("create web8 --flavor m1.tiny --image cirros --file /etc/motd=data")
    run("wait web1 --for ACTIVE")
    learner(f"lesson proof power -o {tmp_path}/power.proof")
    for file in Path().iterdir():
        file.unlink()
    assert "stop.json" not in (tmp_path / "power.proof").read_text()
    assert "ann has solved power with" in learner(f"lesson verify {tmp_path}/power.proof --learner ann").stdout


def test_proof_holds_for_one_learner_only(learner, solved, tmp_path):
    file = solved("power")
    assert "is a proof of ann, not of bob" in learner(f"lesson verify {file} --learner bob", 11).stderr
    forged = tmp_path / "forged.proof"
    forged.write_text(json.dumps({**read(file), "learner": "bob"}))
    assert "lead to another cloud" in learner(f"lesson verify {forged} --learner bob", 11).stderr


def test_changed_commands_are_noticed(learner, solved, tmp_path):
    proof = read(solved("power"))
    changed = tmp_path / "changed.proof"
    changed.write_text(json.dumps({**proof, "commands": proof["commands"][:-1]}))
    assert "lead to another cloud" in learner(f"lesson verify {changed}", 11).stderr


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"novasim_proof": 2}', '{"novasim_proof": 1, "commands": 1}', "[" * 5000, "\0"],
)
def test_other_files_are_no_proofs(learner, tmp_path, content):
    file = tmp_path / "other"
    file.write_text(content)
    assert "This is not a proof" in learner(f"lesson verify {file}", 6).stderr


@pytest.mark.parametrize(
    "line", ["serve", "cloud init --force", "--cloud /tmp/x list", "create w --user-data /etc/passwd"]
)
def test_commands_of_a_proof_are_those_of_lessons(learner, solved, tmp_path, line):
    proof = read(solved("power"))
    file = tmp_path / "bad.proof"
    file.write_text(json.dumps({**proof, "commands": [{"at": 0, "line": line}]}))
    assert learner(f"lesson verify {file}", 6).stderr


def test_unsolved_lesson_has_no_proof(learner):
    learner("lesson start power")
    assert "Open goals: 2, 3" in learner("lesson proof power", 11).stderr
    in_lesson(learner, "power", "novasim stop web1")
    assert "do not solve" in learner("lesson proof power", 11).stderr


def test_command_that_proofs_cannot_contain_is_named(learner):
    learner("lesson start power")
    learner(f"--cloud {place(learner, 'power')} clock set instant")
    error = learner("lesson proof power", 6).stderr
    assert "A proof cannot contain the command 'clock set instant'" in error
    assert "Solve the lesson without it: novasim lesson reset" in error


def test_every_proof_is_verified(learner, solved, tmp_path):
    good, other = solved("power"), tmp_path / "other"
    other.write_text("[]")
    done = learner(f"lesson verify {other} {good} {tmp_path}/missing", 6)
    assert "ann has solved power" in done.stdout
    assert len(done.stderr.splitlines()) == 2
