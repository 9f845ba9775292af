"""Skyline's API server and console behind nginx, in front of `novasim serve`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.consumers.services import Service, find_free_port, run

ENVIRONMENT = Path(sys.prefix) / "skyline"  # where `make consumers` installs Skyline
PREPARE = Path(__file__).parent / "prepare_skyline.sh"
CONFIGURATION = Path(__file__).parent / "skyline.yaml"  # the manual shows it


def find_obstacle() -> str:
    """Why Skyline cannot run here; "" if it can."""
    if not (ENVIRONMENT / "bin" / "skyline-nginx-generator").exists():
        return "Skyline is not installed: make consumers"
    return "" if shutil.which("nginx") else "nginx is not installed"


class Skyline:
    """
    Skyline with its database in a temporary folder. `find_obstacle` has returned "".

    Args:
        settings: Variables of an administrator's connection to the cloud.

    Attributes:
        url: The address of the console.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="novasim-skyline-"))
        path = f"{ENVIRONMENT}/bin:/usr/sbin:/usr/bin:/bin"
        self._environment = {"HOME": str(self._folder), "OS_CONFIG_DIR": str(self._folder), **settings, "PATH": path}
        port = find_free_port()
        self.url = f"http://127.0.0.1:{port}"
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._write_configuration(settings["OS_AUTH_URL"])
            run([PREPARE, f"127.0.0.1:{port}"], self._environment, self._folder)
            server = ["gunicorn", "--worker-class", "uvicorn.workers.UvicornWorker", "--bind", "unix:skyline.sock"]
            commands = [[*server, "skyline_apiserver.main:app"], ["nginx", "-p", ".", "-c", "nginx.conf"]]
            for command in commands:
                log = self._folder / f"{command[0]}.log"
                service = Service(command, log, self._environment)
                stack.callback(service.stop)
            service.wait_for(port)
            self.remove = stack.pop_all().close  # ends the programs, and removes their folder

    def _write_configuration(self, keystone: str) -> None:
        text = CONFIGURATION.read_text().replace("/tmp/skyline", str(self._folder))
        (self._folder / "skyline.yaml").write_text(text.replace("http://127.0.0.1:8774/identity/v3", keystone))
