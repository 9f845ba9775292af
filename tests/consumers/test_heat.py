"""Stacks of Heat, with its defaults: trusts, domain users, convergence."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

import pytest

from tests.clients.programs import run_program

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

TEMPLATES = Path(__file__).parent / "templates"
TIMEOUT = 180  # seconds for an action of a stack; each takes less than twenty, but the machine can be busy
KINDS = {
    "net": "OS::Neutron::Net",
    "subnet": "OS::Neutron::Subnet",
    "port": "OS::Neutron::Port",
    "group": "OS::Nova::ServerGroup",
    "key": "OS::Nova::KeyPair",
    "volume": "OS::Cinder::Volume",
    "server": "OS::Nova::Server",
    "attachment": "OS::Cinder::VolumeAttachment",
}


class Stack:
    """A stack of demo."""

    def __init__(self, cloud, heat, name: str, **parameters: str) -> None:
        self._cloud, self._heat, self.name = cloud, heat, name
        self._template = (TEMPLATES / f"{name}.yaml").read_text()
        body = {"stack_name": name, "template": self._template, "parameters": parameters}
        self.id = self._request("POST", "/stacks", body)["stack"]["id"]
        self._path = f"/stacks/{name}/{self.id}"

    def update(self, **parameters: str) -> None:
        """Change parameters, and keep the others."""
        body = {"template": self._template, "parameters": parameters, "existing": True}
        self._request("PATCH", self._path, body)
        self.wait_for("UPDATE_COMPLETE")

    def act(self, action: str) -> None:
        """Request check, suspend or resume, and wait until it is complete."""
        self._request("POST", f"{self._path}/actions", {action: None})
        self.wait_for(f"{action.upper()}_COMPLETE")

    def delete(self) -> None:
        self._request("DELETE", self._path)
        self.wait_for("DELETE_COMPLETE")

    def wait_for(self, status: str) -> None:
        """Wait until the stack has a status. Otherwise the test fails with Heat's reason and log."""
        deadline = time.monotonic() + TIMEOUT
        while (stack := self.show())["stack_status"] != status:
            if "FAILED" in stack["stack_status"] or time.monotonic() > deadline:
                log = self._heat.read_logs()[-8000:]
                pytest.fail(f"{stack['stack_status']}: {stack['stack_status_reason']}\n{log}")
            time.sleep(0.5)

    def show(self) -> dict:
        return self._request("GET", self._path)["stack"]

    def output(self, name: str):
        """The value of an output."""
        return self._request("GET", f"{self._path}/outputs/{name}")["output"]["output_value"]

    def resources(self) -> dict[str, dict]:
        """The resources by name."""
        found = self._request("GET", f"{self._path}/resources")["resources"]
        return {each["resource_name"]: each for each in found}

    def _request(self, method: str, path: str, body: dict | None = None):
        response = self._cloud.orchestration.request(path, method, json=body)
        assert response.status_code < 300, (response.text, self._heat.read_logs()[-8000:])
        return response.json() if response.text.startswith("{") else None


@pytest.fixture(scope="module")
def cloud(connect, heat):
    """A connection of demo. The engine answers: until then, Heat's API answers with 500."""
    connection = connect()
    deadline = time.monotonic() + TIMEOUT
    while connection.orchestration.get("/build_info").status_code != 200:
        assert time.monotonic() < deadline, heat.read_logs()
        time.sleep(0.5)
    return connection


def test_life_of_a_stack(cloud, heat):
    stack = Stack(cloud, heat, "site")
    stack.wait_for("CREATE_COMPLETE")
    assert {name: each["resource_type"] for name, each in stack.resources().items()} == KINDS
    server = stack.output("server")

    def get_state() -> tuple[str, str, str]:
        found = cloud.compute.get_server(server)
        return found.status, found.flavor.name, cloud.image.get_image(found.image.id).name

    assert get_state() == ("ACTIVE", "m1.small", "cirros")
    assert stack.output("address").startswith("192.0.2.")
    assert stack.output("device")[0]["device"] == "/dev/vdb"
    stack.act("check")
    stack.update(flavor="m1.medium")
    assert get_state() == ("ACTIVE", "m1.medium", "cirros")
    stack.act("suspend")
    assert get_state()[0] == "SUSPENDED"
    stack.act("resume")
    assert get_state()[0] == "ACTIVE"
    stack.update(image="debian-12")
    assert get_state() == ("ACTIVE", "m1.medium", "debian-12")
    stack.delete()
    assert cloud.list_servers() == cloud.list_volumes() == cloud.list_keypairs() == cloud.list_server_groups() == []
    assert cloud.get_network("site-net") is None


def test_group_of_three_servers(cloud, heat):
    stack = Stack(cloud, heat, "three")
    stack.wait_for("CREATE_COMPLETE")
    assert stack.output("names") == ["web0", "web1", "web2"]
    assert sorted(server.name for server in cloud.list_servers()) == ["web0", "web1", "web2"]
    stack.delete()
    assert cloud.list_servers() == []


def test_signal_of_a_server(cloud, heat):
    """The handle belongs to a user whom Heat creates in its domain, and who may only signal."""
    stack = Stack(cloud, heat, "signal")
    deadline = time.monotonic() + TIMEOUT
    while not (command := stack.output("command")):
        assert time.monotonic() < deadline, stack.show()
        time.sleep(0.5)
    assert stack.show()["stack_status"] == "CREATE_IN_PROGRESS"
    signal = '{"status": "SUCCESS", "reason": "ready", "data": "from the server"}'
    run_program([*shlex.split(command), "--silent", "--fail", "--data-binary", signal], {})
    stack.wait_for("CREATE_COMPLETE")
    assert "from the server" in stack.output("data")
    stack.delete()
