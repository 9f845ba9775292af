"""Fixtures for all tests: an empty home, no settings from the environment, and the folder of recordings."""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

from tests import extent
from tests.databases.exceptions import mark_exceptions
from tests.postgresql.fixtures import postgresql, postgresql_database, postgresql_url

__all__ = ["postgresql", "postgresql_database", "postgresql_url"]

ROOT = Path(__file__).parent.parent
LOOK_VARIABLES = ("CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LESS", "LINES", "NO_COLOR", "PAGER", "TERM")
PROXY_VARIABLES = [case(f"{kind}_proxy") for kind in ("http", "https", "all") for case in (str.lower, str.upper)]
TEST_VARIABLES = ("NOVASIM_TESTS", "NOVASIM_LESSONS_TESTS", "NOVASIM_ATTACK", "NOVASIM_BROWSER")
HOME_VARIABLES = (
    "HOME",
    "USERPROFILE",
    "LOCALAPPDATA",
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
)

# In CI the same examples run every time, so that a failure comes from the change and not from chance.
EXAMPLES = extent(40, 100)
settings.register_profile("novasim-ci", max_examples=EXAMPLES, derandomize=True, deadline=None, print_blob=True)
settings.register_profile("novasim", max_examples=EXAMPLES, deadline=None)
settings.load_profile("novasim-ci" if os.environ.get("CI") else "novasim")

# Modules that take several seconds longer than processor time.
WAITING = {
    "tests/attack/test_fairness.py",
    "tests/attack/test_shutdown.py",
    "tests/cli/completion/test_shells.py",
    "tests/cli/lessons/test_certificates.py",
    "tests/cli/lessons/test_shells.py",
    "tests/cli/test_terminal.py",
    "tests/cli/test_waiting.py",
    "tests/serve/classroom/test_joining.py",
    "tests/serve/test_due_tasks.py",
    "tests/test_repository.py",
}

RAM_DISK = Path("/dev/shm")
ROOM = 2 * 2**30  # bytes

_homes = itertools.count()


def pytest_configure() -> None:
    """
    Keep temporary files in memory if there is room: each save of a cloud waits for the disk several times.

    Commands can be interrupted, although a shell that runs the tests in the background lets them ignore interrupts.
    Clients reach servers of this machine directly, also on a machine that reaches others through a proxy.
    """
    for name in [*PROXY_VARIABLES, *filter(_is_foreign, os.environ)]:
        os.environ.pop(name, None)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "TMPDIR" not in os.environ and _is_usable(RAM_DISK):
        os.environ["TMPDIR"] = tempfile.tempdir = str(RAM_DISK)


GC_THRESHOLD = 50_000  # new objects before a garbage collection, as in a command of novasim


def pytest_sessionstart(session: pytest.Session) -> None:
    """
    Import another part of the test modules first in each worker of pytest-xdist, if all are going to run.

    In a new checkout, pytest rewrites the assertions of each module, which takes 15 s in all. Workers that import the
    modules in the same order would rewrite them at the same time, each for itself.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        number, count = int(worker.removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        modules = sorted((ROOT / "tests").rglob("test_*.py"))
        for path in modules[len(modules) * number // count : len(modules) * (number + 1) // count]:
            with suppress(Exception, pytest.skip.Exception):  # collected later, and reported then
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """
    Send the main process one report of each test that passes, in place of three.

    The reports of all tests take 15 s of processor time, and two thirds are those of fixtures that cause no failure.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run tests that wait in real time first, beside others, and not in workers that have nothing else left to do."""
    mark_exceptions(items)
    items.sort(key=lambda item: item.path.relative_to(ROOT).as_posix() not in WAITING)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through all tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


def _is_foreign(name: str) -> bool:
    """Whether an environment variable names a cloud of the user, or changes novasim. Others select tests."""
    return name.startswith("OS_") or (name.startswith("NOVASIM_") and not name.startswith(TEST_VARIABLES))


def _is_usable(folder: Path) -> bool:
    """Whether files can be created and executed in a folder, and there is room for those of all tests."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


@pytest.fixture(scope="session")
def _homes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def isolated_environment(_homes_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home and unset the environment variables that change novasim."""
    for name in [*LOOK_VARIABLES, *filter(lambda name: name.startswith("NOVASIM_"), os.environ)]:
        monkeypatch.delenv(name, raising=False)
    home = _homes_folder / str(next(_homes))
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(home / name.lower()))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what the code generates into the checked-in files")


@pytest.fixture(scope="session")
def update(pytestconfig: pytest.Config) -> bool:
    """Whether tests of generated files write them instead of comparing (`make generate`)."""
    return bool(pytestconfig.getoption("--update"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of documents and recordings beside the project; a clone of the repository does not have it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the recordings in ../shared, which are not part of the repository")
    return folder
