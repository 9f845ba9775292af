"""`novasim dashboard` with a small program in place of Horizon, which shows its settings."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.process import DashboardProcess

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
