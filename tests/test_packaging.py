"""What an installation gets: every file of the package, the types, the entry points, the Pythons that are named."""

from __future__ import annotations

import fnmatch
import os
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETUP = ConfigParser()
SETUP.read(ROOT / "setup.cfg", "utf-8")


def words(section: str, name: str) -> list[str]:
    return SETUP[section][name].split()


def test_every_file_that_is_not_code_is_shipped():
    patterns = words("options.package_data", "*")
    files = [file for file in (ROOT / "novasim").rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    others = [file for file in files if file.suffix not in (".py", ".pyc")]
    left_out = [file.name for file in others if not any(fnmatch.fnmatch(file.name, pattern) for pattern in patterns)]
    assert left_out == []
    assert {"py.typed", "tutorial.md"} <= {file.name for file in others}


def test_every_folder_of_code_is_a_package():
    folders = {file.parent for file in (ROOT / "novasim").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_man_pages_and_completions_go_where_they_are_looked_for():
    places = SETUP["options.data_files"]
    shipped = {file for pattern in places.values() for file in ROOT.glob(pattern)}
    assert shipped == {file for folder in ("man", "completions") for file in (ROOT / folder).iterdir()}
    assert all(place.endswith(pattern[-1]) for place, pattern in places.items() if place.startswith("share/man/"))


def test_the_oldest_python_is_named_everywhere():
    oldest = SETUP["options"]["python_requires"].removeprefix(">=")
    named = [line.rpartition(" ")[2] for line in SETUP["metadata"]["classifiers"].splitlines() if ":: 3." in line]
    assert named[0] == oldest == SETUP["mypy"]["python_version"]
    assert named == [f"3.{minor}" for minor in range(10, 10 + len(named))]


def test_python_m_novasim_is_the_command(tmp_path):
    line = "novasim --cloud c.json create web1 --flavor m1.tiny --image cirros -f value -c status".split()
    done = subprocess.run(
        [sys.executable, "-m", *line],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NOVASIM_CLOCK": "instant"},
    )
    assert done.stdout == "ACTIVE\n"
