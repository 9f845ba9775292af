"""
A process that creates images by commands: python -m tests.attack.writer PATH NAME COUNT.

It prints the name of each image that was acknowledged.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attack.sample import run

CALLS = ("open", "link", "unlink", "replace", "fsync", "close", "ftruncate", "pwrite", "utime", "fchmod", "fstat")


def die_before_call(count: int) -> None:
    """Make the process kill itself before one of the following calls that reach files."""
    left = count

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def before(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return before

    for name in CALLS:
        setattr(os, name, deadly(getattr(os, name)))


def create_images(path: Path, name: str, count: int, report: Callable[[str], object]) -> None:
    """Create images by commands. *report* gets the name of each one that was acknowledged."""
    for number in range(count):
        done = run(path, f"image create {name}-{number}")
        while done.exit_code == 9 and "is locked" in done.stderr:  # an honest refusal, on a busy machine
            done = run(path, f"image create {name}-{number}")
        assert done.exit_code == 0, done.stderr
        report(f"{name}-{number}")
        gc.unfreeze()  # each command freezes what it has read, as its process ends soon


if __name__ == "__main__":
    create_images(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), lambda name: print(name, flush=True))
