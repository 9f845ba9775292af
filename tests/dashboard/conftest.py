"""`novasim dashboard` with a small program in place of Horizon, which shows its settings."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.processes import PLAIN
from tests.serve.server_process import TIMEOUT

LAST_LINE = "Servers on"
HORIZON = {
    "openstack_dashboard/__init__.py": "",
    "django/__init__.py": "def setup(): import local.local_settings",
    "django/core/__init__.py": "",
    "django/core/management.py": "def call_command(*words, **options): pass",
    "django/core/wsgi.py": """
import json, os
from local import local_settings
SETTINGS = {name: value for name, value in vars(local_settings).items() if name.isupper()}
def show_settings(environ, start_response):
    if environ["PATH_INFO"] == "/die":
        print("out of memory", file=__import__("sys").stderr, flush=True)
        os._exit(3)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(SETTINGS).encode()]
def get_wsgi_application(): return show_settings
""",
    "django/contrib/staticfiles/handlers.py": "def StaticFilesHandler(application): return application",
    "waitress.py": """
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
class Handler(WSGIRequestHandler):
    def log_message(self, *words): pass
def serve(application, sockets, **options):
    server = WSGIServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket, server.server_name, server.server_port = sockets[0], "x", 0
    server.setup_environ()
    server.set_app(application)
    server.serve_forever()
""",
}


class DashboardProcess:
    """The command in a process. Attributes: url, api_url, lines (of its standard output)."""

    def __init__(self, folder: Path, *options: str, cloud: str = "lab.json", **environment: str) -> None:
        temporary = folder / "tmp"
        temporary.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM")}
        self.temporary = temporary
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


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., DashboardProcess]]:
    """A function that starts the command."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    for name, text in HORIZON.items():
        path = tmp_path / "horizon" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    started: list[DashboardProcess] = []

    def start(*options: str, **more: Any) -> DashboardProcess:
        started.append(DashboardProcess(tmp_path, *options, **more))
        return started[-1]

    yield start
    for each in started:
        each.stop(signal.SIGKILL)
