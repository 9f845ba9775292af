"""A private RabbitMQ in a temporary folder, on free ports of 127.0.0.1."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.consumers.services import Service, find_free_port

PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the command in PATH runs it as the account rabbitmq


def find_obstacle() -> str:
    """Why no broker can run here; "" if it can."""
    return "" if PROGRAM.exists() and shutil.which("epmd") else "RabbitMQ is not installed"


class Broker:
    """One node of RabbitMQ, and the port mapper of Erlang for it alone. `find_obstacle` has returned ""."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="novasim-rabbitmq-"))
        self.port, mapper, distribution = find_free_port(), find_free_port(), find_free_port()
        settings = {
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": str(mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"novasim{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "environment"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self._folder / "config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
        }
        self._mapper = Service(["epmd"], self._folder / "epmd.log", settings)
        self._mapper.wait_for(mapper)
        self._node = Service([PROGRAM], self._folder / "node.log", settings)
        self._node.wait_for(self.port)

    @property
    def url(self) -> str:
        """The address for oslo.messaging."""
        return f"rabbit://guest:guest@127.0.0.1:{self.port}/"

    def remove(self) -> None:
        """End the programs, and remove their folder."""
        self._node.stop()
        self._mapper.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
