"""Hosts, options, quotas, faults and the log of requests of a cloud."""

from __future__ import annotations

import pytest
import requests

from novasim import Cloud
from novasim.errors import NotFound, NovaFault, UsageError
from novasim.testing import CloudAdapter
from tests.testing.http import log_in

URL = "http://cloud.example.com"


@pytest.fixture
def cloud():
    return Cloud.in_memory()


def create(cloud, name="web1"):
    return cloud.servers.create(name, flavor="m1.tiny", image="cirros")


def test_hosts_are_listed_shown_and_explained(cloud):
    cloud.hosts.add("host9", vcpus=1, ram_mb=256)
    web1 = create(cloud)
    assert cloud.hosts.list() == ["host1", "host2", "host3", "host9"]
    assert cloud.hosts.show(web1.host)["used_vcpus"] == 1
    why = cloud.hosts.explain(web1.id)
    assert "RAM" in why["host9"] or "ram" in why["host9"].lower()
    with pytest.raises(NotFound):
        cloud.hosts.show("nowhere")


def test_options_are_set_and_reset(cloud):
    assert cloud.config.get("shelved_offload_time") == 0
    cloud.config.set("shelved_offload_time", 60)
    cloud.config.set("enabled_filters", ["ComputeFilter"])
    cloud.config.set("duration.stop", 5)
    cloud.config.set("duration_scaling", False)
    assert cloud.config.list()["duration.stop"] == 5
    assert (cloud.config.get("enabled_filters"), cloud.config.get("duration_scaling")) == (["ComputeFilter"], False)
    cloud.config.unset("shelved_offload_time")
    assert cloud.config.get("shelved_offload_time") == 0
    with pytest.raises(UsageError):
        cloud.config.set("shelved_offload_tim", 1)


def test_quotas_are_shown_and_set(cloud):
    assert cloud.quota.show()["instances"] == 10
    cloud.quota.set(instances=1)
    create(cloud)
    with pytest.raises(NovaFault, match="Quota exceeded for instances"):
        create(cloud, "web2")
    assert cloud.as_("admin").quota.show("demo")["instances"] == 1
    assert cloud.as_("admin").quota.show()["instances"] == 10
    cloud.quota.set("admin", cores=-1)
    with pytest.raises(NotFound):
        cloud.quota.set("nobody", cores=1)
    with pytest.raises(NovaFault):
        cloud.quota.set(colours=1)


def test_a_fault_lasts_for_a_block(cloud):
    web1 = create(cloud)
    with cloud.faults.inject(does="stuck", action="stop"):
        web1.stop()
        assert web1.details["OS-EXT-STS:task_state"] == "powering-off"
    assert web1.status == "SHUTOFF"
    with cloud.faults.inject("spawn") as fault:
        cloud.faults.remove(fault)
    assert cloud.faults.list() == []


def test_requests_of_clients_are_logged(cloud):
    with cloud.log_requests() as log, requests.Session() as session:
        session.mount(URL, CloudAdapter(cloud))
        log_in(f"{URL}/identity/v3", session=session)
        web1 = create(cloud)  # a request of the library is not logged
        action = f"{URL}/compute/v2.1/servers/{web1.id}/action"
        for body in ({"os-stop": None}, {"os-stop": None}, {"os-start": None}):
            session.post(action, json=body)
        session.get(f"{URL}/compute/v2.1/servers?name=web1")
    session.post(action, json={"os-stop": None})
    assert log.actions() == log.actions(web1.id) == ["os-stop", "os-start"]
    assert [each.code for each in log.select("POST")] == [202, 409, 202]
    refused = log.select(code=409)[0]
    assert "vm_state stopped" in refused.fault and refused.user == "demo"
    assert str(log[-1]) == "GET compute/servers 200" and log[-1].query == (("name", "web1"),)
    assert [each.code for each in log.select(service="identity")] == [201]
