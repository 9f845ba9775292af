"""The life of a server in a playbook with the collection openstack.cloud."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.clients.conftest import environment
from tests.clients.programs import run_program

COMMAND = Path(sysconfig.get_path("scripts")) / "ansible-playbook"
FOLDER = Path(sys.prefix) / "ansible"  # where `make clients` installs the collection and its openstacksdk
PLAYBOOK = Path(__file__).parent / "ansible" / "life.yml"


def test_ansible(served, tmp_path):
    if not COMMAND.exists() or not (FOLDER / "ansible_collections").is_dir():
        pytest.skip("Ansible is not installed: make clients")
    settings = {
        **environment(served),
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{COMMAND.parent}:{os.defpath}",
        "PYTHONPATH": str(FOLDER),
        "ANSIBLE_COLLECTIONS_PATH": str(FOLDER),
    }
    values = {"ansible_python_interpreter": sys.executable, "report": str(tmp_path / "report.json")}
    run_program([COMMAND, "--inventory=localhost,", "--extra-vars", json.dumps(values), PLAYBOOK], settings)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report.pop("floating").startswith("198.51.100.")
    assert "while it is in vm_state stopped" in report.pop("refusal")
    assert report == {
        "key": True,
        "device": "/dev/vdb",
        "status": "SHUTOFF",
        "metadata": {"role": "web"},
        "deleted": True,
    }
