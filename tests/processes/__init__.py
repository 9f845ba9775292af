"""
Commands of novasim, and other Python, that tests start.

A start of Python and the imports take most of the time of a short command. `make test` runs the commands of many tests
in children of a process that has imported novasim; `make fuzz` starts a process for each. Code whose start is not what
a test is about runs in such a child in both (`forked_python`).
"""

from __future__ import annotations

import atexit
import os
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests import IS_FULL

ROOT = Path(__file__).parent.parent.parent
CLIENT = Path(__file__).with_name("fork_client.py")
PLAIN = (sys.executable, "-m", "novasim")


@cache
def novasim_command() -> tuple[str, ...]:
    """The words that start a command of novasim: those of a client of the fork server, or of a new process."""
    return PLAIN if IS_FULL or not hasattr(os, "fork") else (*forked_python(), "-m", "novasim")


@cache
def forked_python() -> tuple[str, ...]:
    """The words that start Python, with `-c CODE` or `-m MODULE`, in a child of the fork server, which has novasim."""
    if not hasattr(os, "fork"):
        return (sys.executable,)
    path = f"{tempfile.mkdtemp(prefix='fork-')}/socket"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.processes.fork_server", path],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    atexit.register(process.communicate)  # it closes the server's stdin, at which that ends and removes the folder
    assert process.stdout and process.stdout.readline()
    return (sys.executable, "-I", "-S", str(CLIENT), path)


def write_command(path: Path) -> None:
    """Write an executable file that runs `novasim`."""
    path.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.join(novasim_command())} "$@"\n')
    path.chmod(0o755)
