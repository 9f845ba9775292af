"""Runs programs in other languages against a server."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TIMEOUT = 120  # seconds; the programs take about ten, but the machine can be busy
CONFLICT = "Cannot 'start' instance ID while it is in vm_state active"


def run_program(command: Sequence[str | Path], settings: Mapping[str, str], code: int = 0) -> str:
    """The output of a program, which has to end with *code*. Its environment has only a search path and *settings*."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), **settings}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert done.returncode == code, (command, done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stdout + done.stderr


def read_report(command: Sequence[str | Path], settings: Mapping[str, str]) -> Any:
    """The JSON that a program prints."""
    return json.loads(run_program(command, settings))
