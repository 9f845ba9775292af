"""A teacher with a classroom."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from tests.cli.conftest import User, reset_colours

__all__ = ["reset_colours"]

ROSTER = "# Monday\nAnn\nBob\nÅsa Öberg\n"


class Teacher(User):
    """A teacher in the folder of a classroom, with the lesson "power"."""

    @property
    def room(self) -> Path:
        return self.path.parent / "room"

    def play(self, student: str, *lines: str, clock: str = "instant") -> None:
        """Run commands in the cloud of a student, with any exit code."""
        env = {"NOVASIM_CLOUD": f"{self.room}/clouds/{student}.json", "NOVASIM_CLOCK": clock}
        for line in lines:
            CliRunner(env=env).invoke(cli, shlex.split(line))

    def states(self) -> dict[str, list[str]]:
        """The states of the goals of each student."""
        found = self.json("classroom status")
        return {each["student"]: [value for key, value in each.items() if key.startswith("goal_")] for each in found}

    def files(self, student: str) -> dict[str, bytes]:
        """The files of a student's cloud."""
        return {path.name: path.read_bytes() for path in (self.room / "clouds").glob(f"{student}.json*")}


@pytest.fixture(scope="module")
def _room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("class")
    (folder / "roster.txt").write_text(ROSTER, "utf-8")
    User(folder / "own.json")(f"classroom init {folder}/room --students {folder}/roster.txt --lesson power")
    yield folder / "room"


@pytest.fixture
def teacher(_room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teacher:
    shutil.copytree(_room, tmp_path / "room")
    os.chmod(tmp_path / "room", 0o700)
    monkeypatch.setenv("NOVASIM_CLASSROOM", str(tmp_path / "room"))
    return Teacher(tmp_path / "own.json")
