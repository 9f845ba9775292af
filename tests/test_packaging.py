"""The installation: data files, packages, man pages, completions and supported Python versions."""

from __future__ import annotations

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from novasim.extras import EXTRAS

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


def test_extras_are_those_of_the_installation():
    named = {extra: [each.replace(" ", "") for each in packages] for extra, packages in EXTRAS.items()}
    for extra, packages in named.items():
        lines = SETUP["options.extras_require"][extra].strip().splitlines()
        assert packages == [line.partition(";")[0].replace(" ", "") for line in lines]


def run(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, check=False, capture_output=True, text=True, **more)


WITHOUT_EXTRAS = """
import sys
sys.modules["uvicorn"] = sys.modules["yaml"] = None
from novasim.__main__ import main
main()
"""


def test_missing_extras_are_installed_by_the_command_that_the_error_names(tmp_path):
    (tmp_path / "lab.yaml").write_text("seed: 7\n", "utf-8")
    for words in (["serve"], ["cloud", "init", "--scenario", "lab.yaml"]):
        done = run(sys.executable, "-c", WITHOUT_EXTRAS, "--cloud", "c.json", *words, cwd=tmp_path)
        command = shlex.split(done.stderr.rpartition(": ")[2])
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
        assert (tmp_path / command[0]).resolve() == Path(sys.executable).resolve()  # also if it is relative
        assert command[1:4] == ["-m", "pip", "install"] and not any("novasim" in word for word in command[1:])


@pytest.mark.skipif(not shutil.which("make") or not (ROOT / "Makefile").exists(), reason="needs make")
def test_manual_pages_are_found_in_an_activated_environment(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    assert run("make", "--silent", f"VENV={tmp_path}", f"{tmp_path}/for-man", cwd=ROOT).returncode == 0
    for page in (ROOT / "man").iterdir():
        link = tmp_path / "share" / "man" / f"man{page.suffix[1:]}" / page.name
        assert link.read_text("utf-8") == page.read_text("utf-8")
    assert re.search(r"^demo: .*/for-man$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    if not shutil.which("man") or not run("man", "--version").stdout.startswith("man 2."):
        pytest.skip("man is not that of man-db")
    environment = {name: value for name, value in os.environ.items() if name != "MANPATH"}
    environment["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{environment['PATH']}"
    for words, page in ((["novasim"], "novasim.1"), (["5", "novasim-scenario"], "novasim-scenario.5")):
        found = run("man", "-w", *words, env=environment).stdout
        assert Path(found.strip()).resolve() == ROOT / "man" / page
