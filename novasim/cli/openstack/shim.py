"""The shim: an executable `openstack` for scripts that call OpenStack's own client."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.fileutils import write_file
from novasim.render.output import print_line

MARK = "# Written by: novasim openstack --install-shim DIR"
EXECUTABLE = 0o755


def install_shim(session: Session, folder: str) -> None:
    """
    Write `openstack` to a folder, which is created if necessary, and print how to use it.

    Raises:
        UsageError: it cannot be written, or the folder has a file `openstack` that novasim did not write.
    """
    path = Path(folder, "openstack")
    options = shlex.join(["--cloud", session.named_cloud]) if session.global_options else ""
    command = f"{shlex.quote(sys.executable)} -m novasim {options}".rstrip()
    text = f'#!/bin/sh\n{MARK}\nexec {command} openstack "$@"\n'
    try:
        os.makedirs(folder, exist_ok=True)
        write_file(str(path), text.encode(), replace=_is_ours(path), like=str(path))
        path.chmod(EXECUTABLE)
    except FileExistsError:
        raise UsageError(f"{path} exists and was not written by novasim. Choose another folder.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    print_line(f"export PATH={shlex.quote(os.path.abspath(folder))}:$PATH")


def _is_ours(path: Path) -> bool:
    try:
        return MARK in path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
