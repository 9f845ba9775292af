"""`novasim dashboard` in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.processes import PLAIN
from tests.serve.server_process import TIMEOUT

LAST_LINE = "Servers on"


class DashboardProcess:
    """The command in a process. Attributes: url, folder (in which it runs), temporary (where it has its files)."""

    def __init__(self, folder: Path, *options: str, cloud: str = "lab.json", **environment: str) -> None:
        temporary = folder / "tmp"
        temporary.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM")}
        self.folder, self.temporary = folder, temporary
        self.process = subprocess.Popen(
            [*PLAIN, *(["--cloud", cloud] if cloud else []), "dashboard", "--port=0", "--api-port=0", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**kept, "PYTHONPATH": str(folder / "horizon"), "TMPDIR": str(temporary), **environment},
        )
        assert self.process.stdout is not None
        self._read = [self.process.stdout.readline()]  # of the lines; communicate() does not find what is buffered
        while self._read[-1] and not self._read[-1].startswith(LAST_LINE):
            self._read.append(self.process.stdout.readline())
        found = re.search(r"^Horizon at (http:\S+)", "".join(self._read), re.MULTILINE)
        self.url = found[1] if found else ""

    def settings(self) -> Any:
        with urlopen(self.url, timeout=TIMEOUT) as response:
            return json.load(response)

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal; return the exit code, stdout and stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, "".join(self._read) + out, err

    def is_removed(self) -> bool:
        """Whether the folder of Horizon's files is gone."""
        return not list(self.temporary.iterdir())
