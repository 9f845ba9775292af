"""
A process that runs a cluster for as long as tests use it: python -m tests.postgresql.keeper FILE.

Each process that uses the cluster holds a shared lock on FILE, which ends with that process, however it ends. When the
keeper gets the lock for itself, it removes the cluster.
"""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

from tests.postgresql.cluster import Cluster


def keep(path: Path) -> None:
    """Run a cluster, and print its folder, until nothing uses it."""
    cluster = Cluster.create()
    try:
        print(cluster.folder, flush=True)
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            path.write_text("")
    finally:
        cluster.remove()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
