"""README and the manual, typed into one shell as a new user would, and the test suites that they show."""

from __future__ import annotations

import os
import re
import shutil

import pytest

from tests import IS_FULL
from tests.pages import MANUAL, ROOT, SEPARATOR, build_script, find_runnable_blocks, run_in_terminal
from tests.serve.test_plugin import run

ORDER = ["tutorial", "learn", "teach", "classroom", "scripts", "testing", "openstack", "server", "dashboard"]
ORDER += ["ontop", "clouds", "scaling", "record", "coverage", "exact"]
READING_ORDER = [ROOT / "README.md", *(MANUAL / f"{name}.md" for name in ORDER)]
LEFT = "env | grep ^NOVASIM_ | grep -v NOVASIM_PAGER"  # the test sets NOVASIM_PAGER itself
CREATED = "novasim: created a new cloud"  # what servers of many clouds print
SUITE = re.compile(r"^<!-- pytest -->\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_page_is_typed():
    assert sorted(page.stem for page in READING_ORDER[1:]) == sorted(page.stem for page in MANUAL.glob("*.md"))


@pytest.mark.skipif(not IS_FULL, reason="make fuzz types all pages into one shell; tests/test_repository.py types each")
@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="needs bash")
@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_all_pages_run_as_shown_in_one_shell(tmp_path):
    blocks = [
        (page.name, kind, text)
        for page in READING_ORDER
        for kind, texts in [*find_runnable_blocks(page.read_text("utf-8")), ("variables", [LEFT])]
        for text in texts
    ]
    scripts = [build_script("sh" if kind == "variables" else kind, text) for _, kind, text in blocks]
    done = run_in_terminal(f"\necho '{SEPARATOR.strip()}'\n".join(scripts), tmp_path, shell="bash")
    outputs = done.text.split(SEPARATOR)
    assert len(outputs) == len(blocks), done.text[-2000:]
    for (page, kind, text), output in zip(blocks, outputs, strict=True):
        if kind == "console":
            assert output == text, page
        elif kind == "variables":
            assert output == "", f"{page} leaves variables behind"
        else:
            assert "Traceback" not in output and "novasim: " not in output.replace(CREATED, ""), page


@pytest.mark.parametrize("page", READING_ORDER, ids=lambda page: page.stem)
def test_suites_of_a_page_pass(page, tmp_path):
    for number, suite in enumerate(SUITE.findall(page.read_text("utf-8"))):
        if "scenario" in suite:
            pytest.importorskip("yaml")
        (tmp_path / str(number)).mkdir()
        done = run(tmp_path / str(number), suite)
        assert " passed" in done.stdout and "failed" not in done.stdout, done.stdout


def test_the_tutorial_counts_its_commands():
    text = (MANUAL / "tutorial.md").read_text("utf-8")
    assert f"have {len(re.findall('^[$] ', text, re.MULTILINE))} commands" in text
