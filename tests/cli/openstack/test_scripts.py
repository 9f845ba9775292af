"""Scripts that call `openstack`, run with the shim. `make clients` also runs them with the real client."""

from __future__ import annotations

import re

import pytest

from tests import extent
from tests.clients.scripts.runs import FOLDER, SCRIPTS, build_cloud, run_with_shim
from tests.pages import MANUAL, ROOT

SCRIPT = re.compile(r"^<!-- file: (\S+) -->\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("script", extent(SCRIPTS[-2:], SCRIPTS), ids=lambda script: script.name)
def test_a_script_prints_what_is_expected(script, tmp_path, update):
    build_cloud(tmp_path / "cloud.json", script)
    output = run_with_shim(script, tmp_path / "cloud.json", tmp_path / "bin")
    expected = FOLDER / f"{script.name}.txt"
    if update:
        expected.write_text(output, encoding="utf-8")
    assert output == expected.read_text(encoding="utf-8")


def test_each_script_is_run():
    assert sorted(path.stem for path in FOLDER.glob("*.sh")) == sorted(script.name for script in SCRIPTS)


def test_scripts_in_the_manual_are_those_of_the_tests():
    text = (MANUAL / "openstack.md").read_text(encoding="utf-8")
    scripts = SCRIPT.findall(text)
    assert scripts == [(name, (ROOT / name).read_text(encoding="utf-8")) for name, _ in scripts] != []
