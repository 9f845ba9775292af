"""What every test may rely on: an empty home, no settings from outside, and the recordings where there are any."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
DECIDE_THE_LOOK = ("CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LESS", "LINES", "NO_COLOR", "PAGER")
HOMES = ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")

# Under CI the same examples run every time: a change is judged by what it changed, not by luck.
settings.register_profile("novasim-ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("novasim", deadline=None)
settings.load_profile("novasim-ci" if os.environ.get("CI") else "novasim")

_homes = itertools.count()


@pytest.fixture(scope="session")
def _homes_below(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def nothing_from_outside(_homes_below: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home of its own, which does not exist until something is written there."""
    for name in [*DECIDE_THE_LOOK, *filter(lambda name: name.startswith("NOVASIM_"), os.environ)]:
        monkeypatch.delenv(name, raising=False)
    home = _homes_below / str(next(_homes))
    for name in HOMES:
        monkeypatch.setenv(name, str(home / name.lower()))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what the code generates into the checked-in files")


@pytest.fixture(scope="session")
def update(pytestconfig: pytest.Config) -> bool:
    """Whether a test of something generated shall renew it instead of comparing (`make generate`)."""
    return bool(pytestconfig.getoption("--update"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of documents and recordings beside the project; those who only cloned it have none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the recordings in ../shared, which are not part of the repository")
    return folder
