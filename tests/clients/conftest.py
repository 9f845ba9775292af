"""Real OpenStack clients, from the registry, against a server started as a user starts it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest

from tests.serve.served import Served

NO_CLIENTS = "the clients are not installed: pip install 'novasim[clients]'"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the instant clock."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    pytest.importorskip("openstack", reason=NO_CLIENTS)
    server = Served(tmp_path_factory.mktemp("clients") / "cloud.json")
    yield server
    assert server.stop() == (0, "")


def environment(served: Served, who: str = "demo") -> dict[str, str]:
    """What `novasim serve --print-env` would set for a user."""
    from novasim.serve.settings import environment as text

    lines = text(served.url, who, who).splitlines()
    pairs = (line.removeprefix("export ").partition("=") for line in lines)
    return {name: value.strip("'") for name, _, value in pairs}


@pytest.fixture(scope="module")
def cli(served: Served) -> Callable[..., Any]:
    """Runs an `openstack` command; gives what it printed as JSON, or as text where it has none."""
    pytest.importorskip("openstackclient.shell", reason=NO_CLIENTS)

    def run(line: str, *more: str, who: str = "demo", refused: str = "") -> Any:
        words = [*line.split(), *more]
        # within one process the client stays who it was first
        code, out, err = (_called if who == "demo" else started)(environment(served, who), words)
        if refused:
            assert code != 0 and refused in err, (words, out, err)
            return None
        assert code == 0, (words, out, err)
        return json.loads(out) if "json" in words else out

    return run


def _called(settings: dict[str, str], words: list[str]) -> tuple[int, str, str]:
    """The command's own main function, which saves the second that each start takes."""
    from openstackclient.shell import OpenStackShell

    known = [f"--{name.lower().replace('_', '-')}={value}" for name, value in settings.items()]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = OpenStackShell().run([*known, *words])
    return code, out.getvalue(), err.getvalue()


def started(settings: dict[str, str], words: list[str]) -> tuple[int, str, str]:
    """The command as it was installed."""
    command = [sysconfig.get_path("scripts") + "/openstack", *words]
    done = subprocess.run(command, env={"PATH": os.defpath, **settings}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def connect(served: Served) -> Callable[[str], Any]:
    """Makes a connection of openstacksdk for a user."""
    import openstack

    made = []

    def connection(who: str = "demo") -> Any:
        values = environment(served, who)
        made.append(
            openstack.connect(
                load_envvars=False, load_yaml_config=False, auth_url=values["OS_AUTH_URL"], username=who,
                password=values["OS_PASSWORD"], project_name=who, user_domain_name="Default",
                project_domain_name="Default", region_name=values["OS_REGION_NAME"],
            )
        )  # fmt: skip
        return made[-1]

    yield connection  # type: ignore[misc]
    for each in made:
        each.close()
