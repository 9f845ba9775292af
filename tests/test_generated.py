"""Generated files match the code, and mandoc accepts the manual pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from novasim.api.coverage import is_simulated
from novasim.api.routes import MOUNTS, Route, list_routes
from novasim.cli.catalog import CATALOG
from novasim.devtools.generated import generate_files
from novasim.lifecycle.actions import ACTIONS
from tests import each_case, part

ROOT = Path(__file__).parent.parent
GENERATED = generate_files()
ACCEPTED_COMPLAINTS = ("outdated mandoc.db", "referenced manual not found", "operating system explicitly specified")
PAGES = sorted(path for path in GENERATED if path.startswith("man/"))


@each_case("path", sorted(GENERATED))
def test_checked_in_file_matches_the_code(path, update):
    file = ROOT / path
    if update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(GENERATED[path], encoding="utf-8")
    assert file.exists(), f"{path} is missing; make generate"
    assert GENERATED[path] == file.read_text("utf-8"), "run make generate, and review the difference"


@pytest.mark.parametrize("folder", ["man", "completions"])
def test_folder_has_only_generated_files(folder, update):
    kept = {f"{folder}/{file.name}" for file in (ROOT / folder).iterdir()}
    for path in kept - set(GENERATED) if update else ():
        (ROOT / path).unlink()
    assert update or kept == {path for path in GENERATED if path.startswith(folder)}


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
def test_mandoc_has_no_complaints():
    files = [ROOT / path for path in part(PAGES, 3)]
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "style", *files], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stdout.splitlines() if not any(text in line for text in ACCEPTED_COMPLAINTS)]
    assert not complaints, "\n".join(complaints)


@each_case("path", PAGES)
def test_a_page_refers_to_pages_that_exist(path):
    for name, section in re.findall(r"\bXr (\S+) (\d)", GENERATED[path]):
        assert f"man/{name}.{section}" in GENERATED


def test_every_command_has_its_page():
    assert {f"man/novasim-{name}.1" for _, commands in CATALOG for name in commands} < set(GENERATED)


@pytest.mark.parametrize("service", sorted(MOUNTS))
def test_api_page_lists_every_simulated_path_and_no_other(service):
    page = GENERATED["man/novasim-api.7"]
    by_path: dict[str, list[Route]] = {}
    for route in list_routes(service):
        by_path.setdefault(route.path, []).append(route)
    for route in list_routes(service):
        named = re.search(rf"^\.It Pa \"?{re.escape(route.path)}\"?$", page, re.MULTILINE)
        assert bool(named) == any(map(is_simulated, by_path[route.path])), route
    assert "os-agents" not in page


@each_case("action", sorted(ACTIONS))
def test_the_lifecycle_page_names_every_action(action):
    assert re.search(rf'^\.It Ic "?{action}"?$', GENERATED["man/novasim-lifecycle.7"], re.MULTILINE)


def test_lifecycle_page_states_no_duration_of_zero():
    page = GENERATED["man/novasim-lifecycle.7"]
    assert "It takes about 2 s" in page
    assert "It takes about 0 s" not in page
