"""The example in the manual, in a test suite outside this project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clients.conftest import NO_CLIENTS
from tests.serve.test_plugin import run

PAGE = Path(__file__).parent.parent.parent / "novasim" / "manual" / "testing.md"


def test_example_in_the_manual(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    pytest.importorskip("openstack", reason=NO_CLIENTS)
    suites = re.findall(r"<!-- test -->\n```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(suites) == 1
    done = run(tmp_path, suites[0])
    assert "2 passed" in done.stdout, done.stdout
