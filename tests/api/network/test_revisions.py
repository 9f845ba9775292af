"""If-Match: revision_number=N. Source: neutron/services/revisions/revision_plugin.py."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests.api.network.client import assert_error, create_routed_port

PATHS = {
    "networks": "network",
    "subnets": "subnet",
    "ports": "port",
    "routers": "router",
    "floatingips": "floatingip",
    "security-groups": "security_group",
    "security-group-rules": "security_group_rule",
}


def send(client, method: str, path: str, header: str, body=None):
    request = Request(client.play.callers["demo"], method, f"/v2.0/{path}", 1, (), body, "network")
    return handle(client.play.cloud, request._replace(headers={"if-match": header}))


@pytest.mark.parametrize(("path", "name"), PATHS.items())
def test_only_the_named_revision_is_changed_or_deleted(neutron, path, name):
    if path == "routers":
        neutron.make("router", name="r")
    elif path == "floatingips":
        neutron.make("floatingip", floating_network_id=neutron.public)
    elif path.startswith("security"):
        neutron.make("security_group", name="g")
    else:
        create_routed_port(neutron)
        neutron.make("network", name="empty")
    (listed,) = neutron.ask("GET", f"/{path}").body.values()
    last = listed[-1]
    current, target = last["revision_number"], f"{path}/{last['id']}"
    body = {name: {"description": "changed"}}
    refused = send(neutron, "PUT", target, f"revision_number={current + 5}", body)
    assert_error(refused, 412, "RevisionNumberConstraintFailed")
    text = f"Constrained to {current + 5}, but current revision is {current}"
    assert refused.body["NeutronError"]["message"] == text
    assert neutron.ask("GET", f"/{target}").body[name] == last
    changed = send(neutron, "PUT", target, f'"revision_number={current}"', body).body[name]
    assert (changed["description"], changed["revision_number"]) == ("changed", current + 1)
    assert send(neutron, "DELETE", target, f"revision_number={current}").code == 412
    assert send(neutron, "DELETE", target, f"revision_number={current + 1}").code in (204, 409)


@pytest.mark.parametrize(
    "header", ["revision_number=x", 'revision_number="1"', '"revision_number=1", "revision_number=2"']
)
def test_a_malformed_header(neutron, header):
    network = neutron.make("network", name="n")["id"]
    assert_error(send(neutron, "DELETE", f"networks/{network}", header), 400, "BadRequest")


@pytest.mark.parametrize("header", ["", "*", '"other"'])
def test_other_conditions_have_no_effect(neutron, header):
    network = neutron.make("network", name="n")["id"]
    assert send(neutron, "DELETE", f"networks/{network}", header).code == 204
