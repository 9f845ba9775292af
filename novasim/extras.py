"""The packages of the extras, and how to install them into the environment that runs novasim."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from importlib.util import find_spec

# As in setup.cfg. novasim itself is in no package index, so that `pip install 'novasim[serve]'` would not find it.
SERVE = ("uvicorn>=0.30,<0.55", "httptools>=0.6.1", "uvloop>=0.19")
EXTRAS = {
    "serve": SERVE,
    "dashboard": (*SERVE, "horizon>=27,<28", "waitress>=3"),
    "yaml": ("PyYAML>=6",),
    "postgresql": ("psycopg[binary]>=3.2",),
}
ONLY_ON_POSIX = ("httptools", "uvloop")


def install_command(extra: str) -> str:
    """The command that installs the packages of an extra, for a shell in the present folder."""
    packages = [each for each in EXTRAS[extra] if os.name != "nt" or not each.startswith(ONLY_ON_POSIX)]
    python = min(sys.executable, _relative_path(sys.executable), key=len)
    if find_spec("pip") is None and shutil.which("uv"):
        return shlex.join(["uv", "pip", "install", "--python", python, *packages])
    return shlex.join([python, "-m", "pip", "install", *packages])


def _relative_path(path: str) -> str:
    """A path from the present folder; the path itself if no such path exists, as between drives."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return path
