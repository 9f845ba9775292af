"""The installation: data files, packages, man pages, completions and supported Python versions."""

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


def read_list(section: str, name: str) -> list[str]:
    return SETUP[section][name].split()


def test_every_data_file_is_shipped():
    patterns = read_list("options.package_data", "*")
    files = [file for file in (ROOT / "novasim").rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    other_files = [file for file in files if file.suffix not in (".py", ".pyc")]
    unshipped = [
        file.name for file in other_files if not any(fnmatch.fnmatch(file.name, pattern) for pattern in patterns)
    ]
    assert unshipped == []
    assert {"py.typed", "tutorial.md"} <= {file.name for file in other_files}


def test_every_folder_with_code_is_a_package():
    folders = {file.parent for file in (ROOT / "novasim").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_man_pages_and_completions_are_installed():
    folders = SETUP["options.data_files"]
    shipped = {file for pattern in folders.values() for file in ROOT.glob(pattern)}
    assert shipped == {file for folder in ("man", "completions") for file in (ROOT / folder).iterdir()}
    assert all(folder.endswith(pattern[-1]) for folder, pattern in folders.items() if folder.startswith("share/man/"))


def test_supported_python_versions_are_consistent():
    oldest = SETUP["options"]["python_requires"].removeprefix(">=")
    named = [line.rpartition(" ")[2] for line in SETUP["metadata"]["classifiers"].splitlines() if ":: 3." in line]
    assert named[0] == oldest == SETUP["mypy"]["python_version"]
    assert named == [f"3.{minor}" for minor in range(10, 10 + len(named))]


def test_python_m_novasim_runs_the_command(tmp_path):
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
