"""The placement service, derived from hosts and allocations. Source: the placement API reference."""

from __future__ import annotations

from typing import Any

import pytest

from tests.play import Play


class Placement:
    """The placement service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()

    def ask(self, method: str, path: str, minor: int = 39, who: str = "admin", **query: str):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        request = Request(self.play.callers[who], method, path, minor, tuple(query.items()), None, "placement")
        return handle(self.play.cloud, request)

    def get(self, path: str, minor: int = 39, **query: str) -> Any:
        answer = self.ask("GET", path, minor, **query)
        assert answer.code == 200, answer.body
        return answer.body

    def provider(self, name: str = "host1") -> str:
        return self.get("/resource_providers", name=name)["resource_providers"][0]["uuid"]


@pytest.fixture
def placement():
    return Placement()


def test_provider_and_hypervisor_have_the_same_uuid(placement):
    hypervisors = placement.play.ask("GET", "/os-hypervisors", who="admin").body["hypervisors"]
    providers = placement.get("/resource_providers")["resource_providers"]
    assert [(p["uuid"], p["name"]) for p in providers] == [(h["id"], h["hypervisor_hostname"]) for h in hypervisors]


def test_keys_depend_on_the_microversion(placement):
    def keys(minor):
        view = placement.get("/resource_providers", minor)["resource_providers"][0]
        return set(view), {link["rel"] for link in view["links"]}

    plain = {"uuid", "name", "generation", "links"}
    assert keys(0) == (plain, {"self", "inventories", "usages"})
    assert keys(1) == (plain, {"self", "inventories", "usages", "aggregates"})
    assert keys(6)[1] - keys(5)[1] == {"traits"}
    assert keys(11)[1] - keys(10)[1] == {"allocations"}
    assert keys(14)[0] == plain | {"parent_provider_uuid", "root_provider_uuid"}
    uuid = placement.provider()
    assert set(placement.get(f"/resource_providers/{uuid}/aggregates", 1)) == {"aggregates"}
    assert "resource_provider_generation" in placement.get(f"/resource_providers/{uuid}/aggregates", 19)
    assert placement.ask("GET", "/traits", 5).code == 404


def test_servers_have_allocations(placement):
    server = placement.play.create(flavor="2")
    held = placement.get(f"/allocations/{server}")
    ((uuid, allocation),) = held["allocations"].items()
    assert allocation["resources"] == {"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}
    assert held["project_id"] == placement.play.callers["demo"].project_id
    assert (held["consumer_generation"], held["consumer_type"]) == (1, "INSTANCE")
    assert set(placement.get(f"/allocations/{server}", 0)) == {"allocations"}
    usages = placement.get(f"/resource_providers/{uuid}/usages")["usages"]
    assert usages == {"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}
    assert list(placement.get(f"/resource_providers/{uuid}/allocations")["allocations"]) == [server]
    placement.play.ask("DELETE", f"/servers/{server}")
    assert placement.get(f"/allocations/{server}") == {"allocations": {}}
    assert placement.get(f"/resource_providers/{uuid}/usages")["usages"]["VCPU"] == 0


def test_a_resize_has_two_allocations_until_it_is_confirmed(placement):
    server = placement.play.create(flavor="1")
    placement.play.act(server, "resize", {"flavorRef": "2"})
    project = placement.play.callers["demo"].project_id
    usages = placement.get("/usages", project_id=project)["usages"]
    assert usages["INSTANCE"] == {"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20, "consumer_count": 1}
    assert usages["MIGRATION"] == {"VCPU": 1, "MEMORY_MB": 512, "DISK_GB": 1, "consumer_count": 1}
    assert placement.get("/usages", project_id=project, consumer_type="all")["usages"]["all"]["consumer_count"] == 2
    assert placement.get("/usages", 37, project_id=project)["usages"]["MEMORY_MB"] == 2560
    placement.play.act(server, "confirmResize")
    assert set(placement.get("/usages", project_id=project)["usages"]) == {"INSTANCE"}


def test_inventories_are_shown(placement):
    uuid = placement.provider()
    inventories = placement.get(f"/resource_providers/{uuid}/inventories")["inventories"]
    assert inventories["VCPU"] == {
        "total": 16,
        "reserved": 0,
        "min_unit": 1,
        "max_unit": 16,
        "step_size": 1,
        "allocation_ratio": 4.0,
    }
    assert placement.get(f"/resource_providers/{uuid}/inventories/MEMORY_MB")["reserved"] == 512
    assert placement.ask("GET", f"/resource_providers/{uuid}/inventories/VGPU").code == 404


def test_a_disabled_host_has_the_trait(placement):
    service = placement.play.ask("GET", "/os-services", who="admin").body["services"]
    host = next(one for one in service if one["host"] == "host1")
    placement.play.ask("PUT", f"/os-services/{host['id']}", {"status": "disabled"}, "admin")
    uuid = placement.provider("host1")
    assert "COMPUTE_STATUS_DISABLED" in placement.get(f"/resource_providers/{uuid}/traits")["traits"]
    chosen = placement.get("/resource_providers", required="!COMPUTE_STATUS_DISABLED")["resource_providers"]
    assert [one["name"] for one in chosen] == ["host2", "host3"]
    either = "in:COMPUTE_STATUS_DISABLED,HW_NIC_SRIOV"
    chosen = placement.get("/resource_providers", required=either)["resource_providers"]
    assert [one["name"] for one in chosen] == ["host1"]


def test_aggregates_are_shown_and_filtered(placement):
    body = {"aggregate": {"name": "a", "availability_zone": "z"}}
    made = placement.play.ask("POST", "/os-aggregates", body, "admin").body["aggregate"]
    placement.play.ask("POST", f"/os-aggregates/{made['id']}/action", {"add_host": {"host": "host2"}}, "admin")
    (chosen,) = placement.get("/resource_providers", member_of=f"in:{made['uuid']}")["resource_providers"]
    assert chosen["name"] == "host2"
    assert placement.get(f"/resource_providers/{chosen['uuid']}/aggregates")["aggregates"] == [made["uuid"]]
    assert len(placement.get("/resource_providers", member_of=f"!{made['uuid']}")["resource_providers"]) == 2


def test_candidates_have_the_requested_resources(placement):
    found = placement.get("/allocation_candidates", resources="VCPU:2,MEMORY_MB:1024", limit="2")
    assert len(found["allocation_requests"]) == 2
    (uuid, allocation), *_ = found["allocation_requests"][0]["allocations"].items()
    assert allocation == {"resources": {"VCPU": 2, "MEMORY_MB": 1024}}
    assert found["provider_summaries"][uuid]["resources"]["VCPU"] == {"capacity": 64, "used": 0}
    assert placement.get("/allocation_candidates", resources="VCPU:65")["allocation_requests"] == []
    assert isinstance(
        placement.get("/allocation_candidates", 11, resources="VCPU:1")["allocation_requests"][0]["allocations"], list
    )


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/allocation_candidates", {}, 400),
        ("/allocation_candidates", {"resources": "VCPU"}, 400),
        ("/allocation_candidates", {"resources": "VCPU:0"}, 400),
        ("/allocation_candidates", {"resources": "VCPU:1,NONSENSE:1"}, 400),
        ("/allocation_candidates", {"resources": "VCPU:1", "limit": "0"}, 400),
        ("/allocation_candidates", {"resources1": "VCPU:1"}, 501),
        ("/allocation_candidates", {"resources": "VCPU:1", "required": "CUSTOM_GOLD"}, 400),
        ("/allocation_candidates", {"resources": "VCPU:1", "required": "!CUSTOM_GOLD"}, 400),
        ("/resource_providers", {"required": "in:COMPUTE_NODE,CUSTOM_GOLD"}, 400),
        ("/usages", {}, 400),
        ("/traits", {"name": "nonsense"}, 400),
        ("/traits/NONSENSE", {}, 404),
        ("/resource_classes/NONSENSE", {}, 404),
        ("/nonsense", {}, 404),
    ],
)
def test_invalid_queries_are_refused(placement, path, query, code):
    assert placement.ask("GET", path, **query).code == code


def test_resource_classes_and_traits_are_listed(placement):
    names = [one["name"] for one in placement.get("/resource_classes")["resource_classes"]]
    assert names[:3] == ["VCPU", "MEMORY_MB", "DISK_GB"]
    assert placement.get("/traits", name="in:COMPUTE_NODE,X")["traits"] == ["COMPUTE_NODE"]
    assert all(name.startswith("COMPUTE_V") for name in placement.get("/traits", name="startswith:COMPUTE_V")["traits"])
    assert placement.ask("GET", "/traits/COMPUTE_NODE").code == 204
    assert {"HW_CPU_X86_VMX", "COMPUTE_NODE"} <= set(placement.get("/traits")["traits"])
    assert "HW_CPU_X86_VMX" not in placement.get("/traits", associated="true")["traits"]


def test_no_consumer_gets_more_than_the_total_of_a_host(placement):
    """Source: placement/objects/research_context.py: the allocation ratio does not raise max_unit."""
    for amount, count in ((16, 3), (17, 0)):
        candidates = placement.get("/allocation_candidates", resources=f"VCPU:{amount}")["allocation_requests"]
        providers = placement.get("/resource_providers", resources=f"VCPU:{amount}")["resource_providers"]
        assert (len(candidates), len(providers)) == (count, count)


def test_members_and_writes_are_refused(placement):
    assert placement.ask("GET", "/resource_providers", who="demo").code == 403
    own = placement.play.callers["demo"].project_id
    assert placement.ask("GET", "/usages", who="demo", project_id=own).code == 200
    assert placement.ask("GET", "/usages", who="demo", project_id="other").code == 403
    refusal = placement.ask("PUT", f"/resource_providers/{placement.provider()}/inventories")
    assert refusal.code == 501
    assert "novasim host" in refusal.body["errors"][0]["detail"]


def test_candidates_by_unknown_names_are_refused(placement):
    answer = placement.ask("GET", "/allocation_candidates", resources="VCPU:1", nonsense="1")
    assert (answer.code, "'nonsense' was unexpected" in str(answer.fault)) == (400, True)
    assert placement.ask("GET", "/allocation_candidates", resources="VCPU:1", resources2="VCPU:1").code == 501
