"""The suites in the manual that need openstacksdk, outside this project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clients.conftest import NO_CLIENTS
from tests.serve.test_plugin import run

PAGE = Path(__file__).parent.parent.parent / "novasim" / "manual" / "testing.md"


DEPENDENCY = "ignore:'cgi' is deprecated:DeprecationWarning"
"""Horizon brings a package that openstacksdk imports if it is there, and that has this warning with some Pythons."""
TEXT = PAGE.read_text("utf-8")
FILES = dict(re.findall(r"<!-- test: (\S+) -->\n```\w+\n(.*?)```", TEXT, re.DOTALL))
SUITES = re.findall(r"<!-- test -->\n```python\n(.*?)```", TEXT, re.DOTALL)


def test_suites_of_the_manual_are_found():
    assert (len(SUITES), sorted(FILES)) == (2, ["conftest.py", "pytest.ini"])


@pytest.mark.parametrize("suite", SUITES)
def test_suite_of_the_manual(tmp_path, suite):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    pytest.importorskip("openstack", reason=NO_CLIENTS)
    for name, content in FILES.items():
        if name == "pytest.ini" or "delete_all" in suite:
            (tmp_path / name).write_text(content)
    done = run(tmp_path, suite, "-W", DEPENDENCY)
    assert " passed" in done.stdout and "failed" not in done.stdout, done.stdout
