"""Quotas, services, availability zones and pools of the volume service."""

from __future__ import annotations

import pytest


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


@pytest.mark.parametrize(
    ("minor", "name", "used"), [(38, "project_id", 0), (39, "project_id", 1), (39, "tenant_id", 1)]
)
def test_administrators_name_the_project_of_limits(cinder, minor, name, used):
    cinder.volume()
    base, play = f"/v3/{cinder.play.callers['admin'].project_id}", cinder.play
    answer = play.ask("GET", base + "/limits", None, "admin", minor, "volume", **{name: cinder.project})
    assert answer.body["limits"]["absolute"]["totalVolumesUsed"] == used
    other = play.callers["other"]
    answer = play.ask("GET", f"/v3/{other.project_id}/limits", None, "other", 39, "volume", **{name: cinder.project})
    assert answer.body["limits"]["absolute"]["totalVolumesUsed"] == 0


def test_services_and_zones_are_listed(cinder):
    assert cinder.ask("GET", "/os-services").code == 403
    services = cinder.ask("GET", "/os-services", who="admin", binary="cinder-volume").body["services"]
    host = services[0]["host"].partition("@")[0]
    assert cinder.ask("GET", "/os-services", who="admin", host=host).body["services"][0]["binary"] == "cinder-volume"
    assert cinder.ask("GET", "/os-services", who="admin", host=host[:-1]).body["services"] == []
    assert [service["state"] for service in services] == ["up"]
    assert cinder.ask("GET", "/os-availability-zone").body["availabilityZoneInfo"] == [
        {"zoneName": "nova", "zoneState": {"available": True}}
    ]


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


def test_quotas_of_any_id(cinder):
    path = "/os-quota-sets/nowhere"
    assert cinder.ask("PUT", path, {"quota_set": {"volumes": 1}}, "admin").body["quota_set"]["volumes"] == 1
    assert cinder.ask("GET", path, who="admin").body["quota_set"]["volumes"] == 1
    cinder.ask("POST", "/types", {"volume_type": {"name": "gold"}}, "admin")
    cinder.ask("PUT", path, {"quota_set": {"volumes_gold": 4}}, "admin")
    gold = next(each for each in cinder.ask("GET", "/types").body["volume_types"] if each["name"] == "gold")
    cinder.ask("PUT", f"/types/{gold['id']}", {"volume_type": {"name": "silver"}}, "admin")
    quotas = cinder.ask("GET", path, who="admin").body["quota_set"]
    assert (quotas["volumes"], quotas["volumes_silver"]) == (1, 4)
    assert cinder.ask("DELETE", path, who="admin").code == 200
    assert cinder.ask("GET", path, who="admin").body["quota_set"]["volumes"] == 10
    assert cinder.ask("DELETE", path, who="admin").code == 200
    assert cinder.ask("PUT", f"/os-quota-sets/{'x' * 256}", {"quota_set": {}}, "admin").code == 400


def test_the_pool_shows_the_allocated_capacity(cinder):
    assert cinder.ask("GET", "/scheduler-stats/get_pools").code == 403
    cinder.volume(size=3)
    (short,) = cinder.ask("GET", "/scheduler-stats/get_pools", who="admin").body["pools"]
    (full,) = cinder.ask("GET", "/scheduler-stats/get_pools", who="admin", detail="true").body["pools"]
    assert (set(short), full["name"]) == ({"name"}, short["name"])
    room = full["capabilities"]
    assert (room["allocated_capacity_gb"], room["total_capacity_gb"] - room["free_capacity_gb"]) == (3, 3)


def test_the_capabilities_of_the_backend(cinder):
    path = "/capabilities/volumes@simulated"
    assert cinder.ask("GET", path).code == 403
    body = cinder.ask("GET", path, who="admin").body
    assert (body["namespace"], body["pool_name"]) == ("OS::Storage::Capabilities::volumes@simulated", "pool")
    refusal = cinder.ask("GET", "/capabilities/elsewhere", who="admin")
    assert (refusal.code, str(refusal.fault)) == (404, "Can't find service: elsewhere")
    assert cinder.ask("GET", "/scheduler-stats/get_pools", who="admin", detail="ja").code == 400


class TestTypeQuotas:
    def add_type(self, cinder):
        return cinder.ask("POST", "/types", {"volume_type": {"name": "fast"}}, "admin").body["volume_type"]["id"]

    def set_limits(self, cinder, **limits):
        return cinder.ask("PUT", f"/os-quota-sets/{cinder.project}", {"quota_set": limits}, "admin")

    def test_each_type_has_quotas(self, cinder):
        self.add_type(cinder)
        limits = cinder.ask("GET", f"/os-quota-sets/{cinder.project}").body["quota_set"]
        names = {f"{part}_{name}" for part in ("volumes", "gigabytes", "snapshots") for name in ("standard", "fast")}
        assert {limits[name] for name in names} == {-1}
        cinder.volume(size=2, volume_type="fast")
        usage = cinder.ask("GET", f"/os-quota-sets/{cinder.project}", usage="True").body["quota_set"]
        assert usage["gigabytes_fast"] == {"limit": -1, "in_use": 2, "reserved": 0}
        assert usage["volumes_standard"]["in_use"] == 0

    @pytest.mark.parametrize(
        ("limits", "message"),
        [
            ({"volumes_fast": 1}, "Maximum number of volumes allowed (1) exceeded for quota 'volumes_fast'."),
            ({"gigabytes_fast": 1}, "exceeds allowed gigabytes_fast quota. Requested 1G, quota is 1G and 1G has"),
            ({"volumes": 1, "gigabytes": 1}, "exceeds allowed gigabytes quota."),
        ],
    )
    def test_they_are_enforced(self, cinder, limits, message):
        self.add_type(cinder)
        self.set_limits(cinder, **limits)
        volume = cinder.volume(volume_type="fast")
        refusal = cinder.ask("POST", "/volumes", {"volume": {"size": 1, "volume_type": "fast"}})
        assert refusal.code == 413
        assert message in refusal.body["overLimit"]["message"]
        if "volumes" not in limits:
            other = cinder.volume()
            assert cinder.act(other, "os-retype", {"new_type": "fast", "migration_policy": "never"}).code == 413
            assert cinder.act(volume, "os-retype", {"new_type": "standard", "migration_policy": "never"}).code == 202

    def test_they_follow_the_name_of_the_type(self, cinder):
        type_id = self.add_type(cinder)
        self.set_limits(cinder, volumes_fast=7)
        cinder.ask("PUT", f"/types/{type_id}", {"volume_type": {"name": "quick"}}, "admin")
        limits = cinder.ask("GET", f"/os-quota-sets/{cinder.project}").body["quota_set"]
        assert (limits["volumes_quick"], "volumes_fast" in limits) == (7, False)


class TestUpdates:
    def update(self, cinder, body, path="os-quota-sets", name=None, key="quota_set"):
        return cinder.ask("PUT", f"/{path}/{name or cinder.project}", {key: body}, "admin")

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"nonsense": 1, "volumes": 1}, "Bad key(s) in quota set: nonsense"),
            ({"volumes": "x"}, "volumes must be an integer"),
            ({"volumes": -2}, "volumes must be an integer"),
            ({"volumes": None}, "volumes must be an integer"),
        ],
    )
    def test_invalid_limits(self, cinder, body, message):
        refusal = self.update(cinder, body)
        assert refusal.code == 400
        assert message in refusal.body["badRequest"]["message"]

    def test_the_project_in_the_body_is_ignored(self, cinder):
        answer = self.update(cinder, {"tenant_id": "x", "id": "y", "volumes": "5"})
        assert (answer.code, answer.body["quota_set"]["volumes"]) == (200, 5)

    def test_a_second_limit_is_compared_with_the_usage(self, cinder):
        cinder.volume()
        cinder.volume()
        assert self.update(cinder, {"volumes": 1}).code == 200
        refusal = self.update(cinder, {"volumes": 1})
        assert refusal.body["badRequest"]["message"] == (
            "Quota volumes limit must be equal or greater than existing resources. Current usage is 2 and the "
            "requested limit is 1."
        )
        assert self.update(cinder, {"volumes": -1}).code == self.update(cinder, {"volumes": 2}).code == 200

    def test_the_default_class_limits_every_project_without_own_limits(self, cinder):
        answer = self.update(cinder, {"volumes": 1}, "os-quota-class-sets", "default", "quota_class_set")
        assert (answer.code, answer.body["quota_class_set"]["volumes"]) == (200, 1)
        cinder.volume()
        assert cinder.ask("POST", "/volumes", {"volume": {"size": 1}}).code == 413
        assert cinder.ask("GET", f"/os-quota-sets/{cinder.project}/defaults").body["quota_set"]["volumes"] == 1
        assert self.update(cinder, {"volumes": 2}).code == 200
        cinder.volume()
        assert cinder.ask("GET", "/os-quota-sets/other/defaults").code == 403
        other = self.update(cinder, {"snapshots": 3}, "os-quota-class-sets", "gold", "quota_class_set")
        assert (other.body["quota_class_set"]["snapshots"], other.body["quota_class_set"]["volumes"]) == (3, 1)
        assert cinder.ask("GET", f"/os-quota-sets/{cinder.project}").body["quota_set"]["snapshots"] == 10
