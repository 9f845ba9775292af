"""Mistyped names and values of another type are refused by the library, and change nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from novasim import Cloud
from novasim.errors import UsageError

MISTAKES: dict[str, tuple[Callable[[Cloud], object], str]] = {
    "field of a fault": (
        lambda cloud: cloud.faults.add(does="stuck", acton="create"),
        "There is no field 'acton' of a fault. Did you mean action?",
    ),
    "its own number": (lambda cloud: cloud.faults.add("spawn", triggered=3), "There is no field 'triggered'"),
    "type of a fault's times": (
        lambda cloud: cloud.faults.add("spawn", times="3"),
        "times must be a whole number, not '3'.",
    ),
    "number that is a boolean": (lambda cloud: cloud.faults.add("spawn", times=True), "times must be a whole number"),
    "type of a factor": (
        lambda cloud: cloud.faults.add(does="slow", action="stop", factor="x"),
        "factor must be a number, not 'x'.",
    ),
    "power of a host": (
        lambda cloud: cloud.hosts.set("host1", up="down"),
        "up must be true or false, not 'down'.",
    ),
    "field of a host": (
        lambda cloud: cloud.hosts.set("host1", vcpu=3),
        "There is no field 'vcpu' of a host. Did you mean vcpus?",
    ),
    "type of a host's field": (
        lambda cloud: cloud.hosts.add("host9", vcpus="3"),
        "vcpus must be a whole number, not '3'.",
    ),
    "service": (
        lambda cloud: cloud.request("GET", "/servers", service="compote"),
        "There is no service 'compote'. Did you mean compute?",
    ),
    "noun": (lambda cloud: cloud.id_of("netwrk", "private"), "There is no noun 'netwrk'. Did you mean network?"),
    "seed": (lambda _: Cloud.in_memory(seed="x"), "seed must be a whole number, not 'x'."),
    "hosts": (lambda _: Cloud.in_memory(hosts="many"), "hosts must be a whole number, not 'many'."),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_mistake_is_refused_and_changes_nothing(kind):
    cloud = Cloud.in_memory()
    before = cloud.world.store.dump()
    run, message = MISTAKES[kind]
    with pytest.raises(UsageError) as refusal:
        run(cloud)
    assert message in str(refusal.value)
    assert cloud.world.store.dump() == before


def test_status_to_wait_for_may_be_in_small_letters():
    web1 = Cloud.in_memory().servers.create("web1", flavor="m1.tiny", image="cirros")
    assert web1.wait("active").status == "ACTIVE"
    with pytest.raises(UsageError, match=r"There is no status 'actve'\. Did you mean ACTIVE\?"):
        web1.wait("actve")
    web1.delete()
    web1.wait("deleted")
