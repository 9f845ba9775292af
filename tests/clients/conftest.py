"""Real OpenStack clients against `novasim serve` in a process of its own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve.server_process import ServerProcess

ROOT = Path(__file__).parent.parent.parent
NO_CLIENTS = "the clients are not installed: pip install 'novasim[clients]'"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the instant clock."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    pytest.importorskip("openstack", reason=NO_CLIENTS)
    server = ServerProcess(tmp_path_factory.mktemp("clients") / "cloud.json")
    yield server
    assert server.stop() == (0, "")


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that programs control without a token."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    path = tmp_path_factory.mktemp("controlled") / "cloud.json"
    server = ServerProcess(path, "--control", "open", NOVASIM_CLOCK="")
    yield server
    assert server.stop() == (0, "")


def environment(served: ServerProcess, who: str = "demo") -> dict[str, str]:
    """The variables of a connection that `novasim serve --print-env` sets for a user."""
    from novasim.serve.client_settings import all_variables

    values = all_variables(served.url, who)
    return {name: value for name, value in values.items() if name == "OS_AUTH_URL" or not name.endswith("_URL")}


class Client:
    """The `openstack` command as one user, in a process that lasts until the tests end."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._options = [f"--{name.lower().replace('_', '-')}={value}" for name, value in settings.items()]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.clients.worker"],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def run(self, words: list[str]) -> tuple[int, str, str]:
        """Run a command; return its exit code, stdout and stderr."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([*self._options, *words]) + "\n")
        self._process.stdin.flush()
        code, out, err = json.loads(self._process.stdout.readline())
        return code, out, err

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def cli(served: ServerProcess) -> Iterator[Callable[..., Any]]:
    """A function that runs an `openstack` command and returns its output, decoded if it is JSON."""
    pytest.importorskip("openstackclient.shell", reason=NO_CLIENTS)
    clients: dict[str, Client] = {}

    def run(line: str, *more: str, who: str = "demo", refused: str | None = None) -> Any:
        words = [*shlex.split(line), *more]
        if who not in clients:
            clients[who] = Client(environment(served, who))
        code, out, err = clients[who].run(words)
        if refused is not None:
            assert code != 0 and refused in err, (words, out, err)
            return None
        assert code == 0, (words, out, err)
        return json.loads(out) if "json" in words else out

    yield run
    for client in clients.values():
        client.close()


def run_openstack(settings: dict[str, str], words: list[str]) -> tuple[int, str, str]:
    """Run the installed command; return its exit code, stdout and stderr."""
    command = [sysconfig.get_path("scripts") + "/openstack", *words]
    done = subprocess.run(command, env={"PATH": os.defpath, **settings}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def connect(served: ServerProcess) -> Callable[[str], Any]:
    """A function that opens an openstacksdk connection for a user."""
    import openstack

    connections = []

    def connection(who: str = "demo") -> Any:
        values = environment(served, who)
        connections.append(
            openstack.connect(
                load_envvars=False,
                load_yaml_config=False,
                auth_url=values["OS_AUTH_URL"],
                username=who,
                password=values["OS_PASSWORD"],
                project_name=who,
                user_domain_name="Default",
                project_domain_name="Default",
                region_name=values["OS_REGION_NAME"],
            )
        )
        return connections[-1]

    yield connection  # type: ignore[misc]
    for each in connections:
        each.close()
