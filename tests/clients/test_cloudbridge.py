"""CloudBridge: one interface to many clouds, here to OpenStack."""

from __future__ import annotations

import pytest

from tests.clients.conftest import NO_CLIENTS, environment
from tests.serve.server_process import TIMEOUT

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients


@pytest.fixture
def provider(served):
    factory = pytest.importorskip("cloudbridge.factory", reason=NO_CLIENTS)
    settings = environment(served)
    config = {name.lower(): value for name, value in settings.items()}
    config |= {"os_user_domain_name": "Default", "os_project_domain_name": "Default", "os_zone_name": "nova"}
    return factory.CloudProviderFactory().create_provider("openstack", config)


def test_an_instance_with_a_volume_and_a_firewall(provider):
    from cloudbridge.interfaces.resources import TrafficDirection

    image = next(each for each in provider.compute.images.list(filter_by_owner=False) if each.label == "cirros")
    size = next(each for each in provider.compute.vm_types if each.name == "m1.tiny")
    network = next(each for each in provider.networking.networks if each.label == "private")
    subnet = next(iter(network.subnets))
    key = provider.security.key_pairs.create("bridge")
    firewall = provider.security.vm_firewalls.create(label="web", network=network, description="web servers")
    firewall.rules.create(TrafficDirection.INBOUND, protocol="tcp", from_port=80, to_port=80, cidr="0.0.0.0/0")
    instance = provider.compute.instances.create(
        label="bridged", image=image, vm_type=size, subnet=subnet, key_pair=key, vm_firewalls=[firewall]
    )
    instance.wait_till_ready(timeout=TIMEOUT, interval=0.1)
    assert instance.state == "running" and instance.private_ips
    volume = provider.storage.volumes.create(label="data", size=1)
    volume.wait_till_ready(timeout=TIMEOUT, interval=0.1)
    volume.attach(instance, "/dev/vdb")
    volume.wait_for(["in-use"], timeout=TIMEOUT, interval=0.1)
    volume.detach()
    volume.wait_till_ready(timeout=TIMEOUT, interval=0.1)
    volume.delete()
    instance.reboot()
    instance.delete()
    instance.wait_for(["deleted", "unknown"], timeout=TIMEOUT, interval=0.1)
    firewall.delete()
    key.delete()
