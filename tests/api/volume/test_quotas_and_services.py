"""Quotas, services, availability zones and pools of the volume service."""

from __future__ import annotations


def test_a_quota_is_enforced_and_shown(cinder):
    base = f"/os-quota-sets/{cinder.project}"
    assert cinder.ask("PUT", base, {"quota_set": {"volumes": 1}}).code == 403
    assert cinder.ask("PUT", base, {"quota_set": {"volumes": 1}}, "admin").body["quota_set"]["volumes"] == 1
    cinder.volume(size=3)
    refusal = cinder.ask("POST", "/volumes", {"volume": {"size": 1}})
    assert refusal.code == 413
    assert refusal.body["overLimit"]["message"].startswith("VolumeLimitExceeded: Maximum number of volumes allowed (1)")
    usage = cinder.ask("GET", base, usage="True").body["quota_set"]
    assert usage["gigabytes"] == {"limit": 1000, "in_use": 3, "reserved": 0}
    absolute = cinder.ask("GET", "/limits").body["limits"]["absolute"]
    assert (absolute["maxTotalVolumes"], absolute["totalVolumesUsed"], absolute["totalGigabytesUsed"]) == (1, 1, 3)
    assert cinder.ask("GET", base + "/defaults").body["quota_set"]["volumes"] == 10
    assert cinder.ask("DELETE", base, who="admin").code == 200
    assert cinder.ask("GET", base).body["quota_set"]["volumes"] == 10


def test_services_zones_and_transfers_are_listed(cinder):
    assert cinder.ask("GET", "/os-services").code == 403
    services = cinder.ask("GET", "/os-services", who="admin", binary="cinder-volume").body["services"]
    assert [service["state"] for service in services] == ["up"]
    assert cinder.ask("GET", "/os-availability-zone").body["availabilityZoneInfo"] == [
        {"zoneName": "nova", "zoneState": {"available": True}}
    ]
    assert cinder.ask("GET", "/os-volume-transfer/detail").body == {"transfers": []}


def test_the_size_limit_of_a_volume_is_enforced(cinder):
    limits = {"quota_set": {"per_volume_gigabytes": 5, "nonsense": 1}}
    path = f"/os-quota-sets/{cinder.project}"
    assert cinder.ask("PUT", path, limits, "admin").code == 400
    limits["quota_set"].pop("nonsense")
    assert cinder.ask("PUT", path, limits, "admin").code == 200
    assert cinder.ask("POST", "/volumes", {"volume": {"size": 6}}).code == 413
    assert cinder.ask("POST", "/volumes", {"volume": {"size": 5}}).code == 202


def test_only_administrators_see_quotas_of_other_projects(cinder):
    assert cinder.ask("GET", "/os-quota-sets/other").code == 403
    assert cinder.ask("GET", "/os-quota-sets/other", who="admin").body["quota_set"]["volumes"] == 10
    assert cinder.ask("GET", "/os-quota-class-sets/default").code == 403
    assert cinder.ask("GET", "/os-quota-class-sets/default", who="admin").body["quota_class_set"]["volumes"] == 10
    assert cinder.ask("PUT", "/os-quota-sets/nowhere", {"quota_set": {"volumes": 1}}, "admin").code == 400


def test_the_pool_shows_the_allocated_capacity(cinder):
    assert cinder.ask("GET", "/scheduler-stats/get_pools").code == 403
    cinder.volume(size=3)
    (short,) = cinder.ask("GET", "/scheduler-stats/get_pools", who="admin").body["pools"]
    (full,) = cinder.ask("GET", "/scheduler-stats/get_pools", who="admin", detail="true").body["pools"]
    assert (set(short), full["name"]) == ({"name"}, short["name"])
    room = full["capabilities"]
    assert (room["allocated_capacity_gb"], room["total_capacity_gb"] - room["free_capacity_gb"]) == (3, 3)
