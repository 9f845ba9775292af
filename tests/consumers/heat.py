"""Heat with RabbitMQ and PostgreSQL, in front of `novasim serve`."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from tests.consumers import broker
from tests.consumers.broker import Broker
from tests.consumers.services import Service, find_free_port, run
from tests.postgresql import cluster
from tests.postgresql.cluster import Cluster

ENVIRONMENT = Path(sys.prefix) / "heat"  # where `make consumers` installs Heat
PREPARE = Path(__file__).parent / "prepare_heat.sh"
PASSWORD = "secret"
CONFIGURATION = Path(__file__).parent / "heat.conf"  # the manual shows it


def find_obstacle() -> str:
    """Why Heat cannot run here; "" if it can."""
    if not (ENVIRONMENT / "bin" / "heat-engine").exists():
        return "Heat is not installed: make consumers"
    return broker.find_obstacle() or cluster.find_obstacle()


class Heat:
    """
    Heat's API and engine. `find_obstacle` has returned "".

    Args:
        settings: Variables of an administrator's connection to the cloud.

    Attributes:
        url: The address of Heat's API.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="novasim-heat-"))
        self._settings = {"HOME": str(self._folder), **settings}
        self._port = find_free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._broker, self._cluster = Broker(), Cluster.create()
            stack.callback(self._broker.remove)
            stack.callback(self._cluster.remove)
            domain = self._prepare_cloud()
            self._write_configuration(domain)
            self._run("heat-manage", *self._options, "db_sync")
            self._services = [self._start("heat-engine", *self._options), self._start("heat-wsgi-api", *self._listen)]
            for service in self._services:
                stack.callback(service.stop)
            self._services[-1].wait_for(self._port)
            self.remove = stack.pop_all().close  # ends the programs, and removes their folders

    def read_logs(self) -> str:
        """What the API and the engine have printed."""
        return "".join(service.log.read_text("utf-8") for service in self._services)

    @property
    def _listen(self) -> list[str]:
        """Options of the API."""
        return ["--port", str(self._port), "--host", "127.0.0.1", "--", *self._options]

    @property
    def _options(self) -> list[str]:
        return ["--config-file", str(self._folder / "heat.conf")]

    def _prepare_cloud(self) -> str:
        """Create users, roles, the endpoint and the domain. Returns the id of the domain."""
        output = self._run(PREPARE, self.url, PASSWORD)
        found = re.search(r"^stack_user_domain_id=(\w+)$", output, re.MULTILINE)
        assert found, output
        return found[1]

    def _write_configuration(self, domain: str) -> None:
        values = {
            "rabbit://guest:guest@127.0.0.1:5672/": self._broker.url,
            "DOMAIN_ID": domain,
            "postgresql+psycopg2://heat:secret@localhost/heat": self._database,
            "http://127.0.0.1:8774/identity/v3": self._settings["OS_AUTH_URL"],
            "etc/heat/": f"{ENVIRONMENT}/etc/heat/",
            "/tmp": str(self._folder),
        }
        text = CONFIGURATION.read_text()
        assert all(example in text for example in values)
        pattern = "|".join(map(re.escape, values))  # in one pass, as a value can contain another example, such as /tmp
        (self._folder / "heat.conf").write_text(re.sub(pattern, lambda found: values[found[0]], text))

    @property
    def _database(self) -> str:
        return f"postgresql+psycopg2://novasim@/postgres?host={quote(str(self._cluster.folder))}"

    def _run(self, program: str | Path, *words: str) -> str:
        return run([program, *words], self._environment, self._folder)

    def _start(self, program: str, *words: str) -> Service:
        return Service([ENVIRONMENT / "bin" / program, *words], self._folder / f"{program}.log", self._environment)

    @property
    def _environment(self) -> dict[str, str]:
        return {"LC_ALL": "C.UTF-8", **self._settings, "PATH": f"{ENVIRONMENT}/bin:/usr/bin:/bin"}
