"""Extra specs and image properties: operators and filters of Nova's administration guide."""

from __future__ import annotations

import pytest

from novasim.simulation.options import FILTERS
from tests import each_case
from tests.play import Play


@each_case(
    ("value", "wanted", "fits"),
    [
        ("fast", "fast", True),
        ("fast", "slow", False),
        ("16", "16", True),
        ("16", "= 8", True),
        ("16", "= 32", False),
        ("16", "== 16", True),
        ("16", "== 16.0", True),
        ("16", "!= 16", False),
        ("16", ">= 16", True),
        ("15", ">= 16", False),
        ("15", "<= 16", True),
        ("x", ">= 16", False),
        ("16", ">= x", False),
        ("abc", "s== abc", True),
        ("abc", "s!= abc", False),
        ("b", "s> a", True),
        ("a", "s>= b", False),
        ("a", "s< b", True),
        ("b", "s<= a", False),
        ("12311321", "<in> 11", True),
        ("12310321", "<in> 11", False),
        ("aes mmx sse", "<all-in> aes mmx", True),
        ("aes", "<all-in> aes mmx", False),
        ("two", "<or> one <or> two", True),
        ("three", "<or> one <or> two", False),
    ],
)
def test_operators(value, wanted, fits):
    from novasim.simulation.scheduling.extra_specs import matches

    assert matches(value, wanted) is fits


@pytest.fixture
def play():
    return Play()


def flavor_with(play: Play, **specs: str) -> str:
    play.ask("POST", "/flavors", {"flavor": {"name": "f", "id": "f", "ram": 64, "vcpus": 1, "disk": 1}}, "admin")
    # Before 2.86 any spec is accepted, also those that no host can have.
    assert play.ask("POST", "/flavors/f/os-extra_specs", {"extra_specs": specs}, "admin", minor=85).code == 200
    return "f"


def aggregate_of(play: Play, host: str, **metadata: str) -> None:
    made = play.ask("POST", "/os-aggregates", {"aggregate": {"name": "a"}}, "admin").body["aggregate"]
    path = f"/os-aggregates/{made['id']}/action"
    play.ask("POST", path, {"add_host": {"host": host}}, "admin")
    play.ask("POST", path, {"set_metadata": {"metadata": metadata}}, "admin")


def image_with(play: Play, **properties: str) -> str:
    body = {"name": "i", "disk_format": "qcow2", "container_format": "bare", **properties}
    image = play.ask("POST", "/v2/images", body, service="image").body["id"]
    play.ask("PUT", f"/v2/images/{image}/file", "content", service="image")
    return image


def test_a_server_is_placed_in_a_matching_aggregate():
    play = Play(enabled_filters=list(FILTERS))
    aggregate_of(play, "host2", ssd="true", cores="16")
    server = play.create(
        flavor=flavor_with(
            play,
            **{
                "aggregate_instance_extra_specs:ssd": "true",
                "aggregate_instance_extra_specs:cores": ">= 8",
            },
        )
    )
    assert play.server(server).host == "host2"


def test_without_a_matching_aggregate_the_build_fails():
    play = Play(enabled_filters=list(FILTERS))
    server = play.create(flavor=flavor_with(play, **{"aggregate_instance_extra_specs:ssd": "true"}))
    assert play.state(server) == ("ERROR", None)
    assert play.server(server).fault["message"].startswith("No valid host was found.")


@pytest.mark.parametrize(
    "specs",
    [{"hw:cpu_policy": "dedicated", "quota:cpu_shares": "1"}, {"aggregate_instance_extra_specs:ssd": "true"}],
)
def test_specs_without_an_enabled_filter_are_ignored(play, specs):
    server = play.create(flavor=flavor_with(play, **specs))
    assert play.state(server) == ("ACTIVE", None)


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ({"hw_architecture": "x86_64"}, "ACTIVE"),
        ({"hw_architecture": "i686"}, "ACTIVE"),
        ({"hw_architecture": "amd64"}, "ACTIVE"),
        ({"hw_architecture": "i386"}, "ACTIVE"),
        ({"hw_architecture": "i486"}, "ACTIVE"),
        ({"hw_architecture": "i586"}, "ACTIVE"),
        ({"architecture": "aarch64"}, "ERROR"),
        ({"img_hv_type": "kvm"}, "ACTIVE"),
        ({"img_hv_type": "qemu"}, "ACTIVE"),
        ({"hypervisor_type": "QEMU"}, "ACTIVE"),
        ({"hw_vm_mode": "hvm"}, "ACTIVE"),
        ({"img_hv_type": "vmware"}, "ERROR"),
        ({"hypervisor_type": "vmware"}, "ERROR"),
        ({"vm_mode": "exe"}, "ERROR"),
        ({"hw_vm_mode": "exe"}, "ERROR"),
        ({"os_distro": "debian"}, "ACTIVE"),
    ],
)
def test_image_properties_require_processor_and_hypervisor(play, properties, status):
    server = play.create(imageRef=image_with(play, **properties))
    assert play.state(server)[0] == status


def test_without_its_filter_an_image_fits_every_host():
    play = Play(enabled_filters=["ComputeFilter"])
    server = play.create(imageRef=image_with(play, architecture="aarch64"))
    assert play.state(server)[0] == "ACTIVE"
    other = image_with(play, architecture="ppc64")
    assert play.act(server, "rebuild", {"imageRef": other}).code == 202
    assert play.state(server)[0] == "ACTIVE"


@pytest.mark.parametrize(
    ("spec", "status"),
    [
        ({"capabilities:hypervisor_type": "QEMU"}, "ACTIVE"),
        ({"capabilities:hypervisor_type": "VMware"}, "ERROR"),
        ({"capabilities:hypervisor_version": ">= 6000000"}, "ACTIVE"),
        ({"capabilities:unknown": "1"}, "ERROR"),
    ],
)
def test_extra_specs_require_capabilities(play, spec, status):
    assert play.state(play.create(flavor=flavor_with(play, **spec)))[0] == status
