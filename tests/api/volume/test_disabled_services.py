"""Disabled services of the volume service. Source: cinder/api/contrib/services.py; cinder/scheduler/host_manager.py."""

from __future__ import annotations

import pytest

from tests.api.volume.client import VolumeClient
from tests.play import Play

VOLUME, BACKUP = {"host": "volumes", "binary": "cinder-volume"}, {"host": "simulated", "binary": "cinder-backup"}


def change(cinder, verb, body, who="admin"):
    return cinder.ask("PUT", f"/os-services/{verb}", body, who)


def list_services(cinder, **query):
    return cinder.ask("GET", "/os-services", who="admin", **query).body["services"]


def test_service_is_disabled_and_enabled(cinder):
    done = change(cinder, "disable", VOLUME)
    assert (done.code, done.body) == (200, {**VOLUME, "service": "", "status": "disabled", "disabled": True})
    service = list_services(cinder, binary="cinder-volume")[0]
    assert (service["status"], service["state"], service["backend_state"]) == ("disabled", "up", None)
    assert cinder.ask("GET", "/scheduler-stats/get_pools", who="admin").body["pools"] == []
    hosts = cinder.ask("GET", "/os-hosts", who="admin").body["hosts"]
    assert [host["service-state"] for host in hosts] == ["enabled", "disabled", "enabled"]
    assert change(cinder, "enable", {**VOLUME, "host": "volumes@simulated"}).body["status"] == "enabled"
    assert [each["status"] for each in list_services(cinder)] == ["enabled"] * 3
    assert list_services(cinder, binary="cinder-volume")[0]["backend_state"] == "up"
    assert len(cinder.ask("GET", "/scheduler-stats/get_pools", who="admin").body["pools"]) == 1


def test_reason_is_kept(cinder):
    body = {"host": "simulated", "service": "cinder-scheduler", "disabled_reason": "repair"}
    done = change(cinder, "disable-log-reason", body).body
    assert (done["binary"], done["service"], done["disabled_reason"]) == ("", "cinder-scheduler", "repair")
    change(cinder, "enable", {"host": "simulated", "binary": "cinder-scheduler"})
    service = list_services(cinder, binary="cinder-scheduler")[0]
    assert (service["status"], service["disabled_reason"]) == ("enabled", "repair")
    assert "frozen" not in service


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        ({"binary": "cinder-volume"}, 400, "Invalid input received: Host field is missing."),
        ({"host": "volumes"}, 400, ""),
        ({**VOLUME, "more": 1}, 400, ""),
        ({**VOLUME, "host": "nope"}, 404, "Service cinder-volume could not be found on host nope."),
        ({**VOLUME, "binary": "cinder-nope"}, 404, "Service cinder-nope could not be found on host volumes."),
    ],
)
def test_invalid_request_is_refused(cinder, body, code, text):
    answer = change(cinder, "disable", body)
    (fault,) = answer.body.values()
    assert (answer.code, text in fault["message"]) == (code, True)


def test_only_administrators_change_services(cinder):
    assert change(cinder, "disable", VOLUME, "demo").code == 403
    assert change(cinder, "disable-log-reason", {**VOLUME, "disabled_reason": " "}).code == 400
    assert change(cinder, "freeze", VOLUME).code == 501
    assert change(cinder, "failover", VOLUME).code == 501
    assert change(cinder, "nope", VOLUME).code == 404


def test_new_volumes_fail_without_a_backend(cinder):
    good = cinder.volume(name="good")
    snapshot = cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": good}}).body["snapshot"]["id"]
    change(cinder, "disable", VOLUME)
    sources = ({}, {"source_volid": good}, {"snapshot_id": snapshot}, {"imageRef": cinder.play.image})
    assert [cinder.show(cinder.volume(**source))["status"] for source in sources] == ["error"] * 4
    assert cinder.show(good)["status"] == "available"
    change(cinder, "enable", VOLUME)
    assert cinder.show(cinder.volume())["status"] == "available"


def test_volumes_keep_size_and_type_without_a_backend(cinder):
    """Source: cinder/scheduler/manager.py, extend_volume, retype and create_snapshot."""
    assert cinder.ask("POST", "/types", {"volume_type": {"name": "fast"}}, "admin").code == 200
    volume = cinder.volume()
    before = cinder.show(volume)
    change(cinder, "disable", VOLUME)
    assert cinder.act(volume, "os-extend", {"new_size": 2}).code == 202
    assert cinder.act(volume, "os-retype", {"new_type": "fast", "migration_policy": "never"}).code == 202
    after = cinder.show(volume)
    assert [after[key] for key in ("size", "volume_type", "status")] == [1, before["volume_type"], "available"]
    snapshot = cinder.ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).body["snapshot"]["id"]
    assert cinder.ask("GET", f"/snapshots/{snapshot}").body["snapshot"]["status"] == "error"
    assert cinder.ask("DELETE", f"/snapshots/{snapshot}").code == 202
    change(cinder, "enable", VOLUME)
    assert cinder.act(volume, "os-extend", {"new_size": 2}).code == 202
    assert cinder.show(volume)["size"] == 2


def test_backups_need_their_service(cinder):
    volume = cinder.volume()
    good = cinder.ask("POST", "/backups", {"backup": {"volume_id": volume}}).body["backup"]["id"]
    change(cinder, "disable", BACKUP)
    failed = cinder.ask("POST", "/backups", {"backup": {"volume_id": volume}}).body["backup"]["id"]
    view = cinder.ask("GET", f"/backups/{failed}").body["backup"]
    assert (view["status"], view["fail_reason"]) == ("error", "Service not found for creating backup.")
    for method, path, body in (
        ("POST", f"/backups/{good}/restore", {"restore": {}}),
        ("DELETE", f"/backups/{good}", None),
        ("POST", f"/backups/{good}/action", {"os-reset_status": {"status": "error"}}),
    ):
        answer = cinder.ask(method, path, body, "admin" if path.endswith("action") else "demo")
        assert (answer.code, answer.body["itemNotFound"]["message"]) == (
            404,
            "Service cinder-backup could not be found.",
        )
    change(cinder, "enable", BACKUP)
    assert cinder.ask("DELETE", f"/backups/{good}").code == 202


def test_restore_needs_a_backend_only_for_a_new_volume(cinder):
    volume = cinder.volume()
    backup = cinder.ask("POST", "/backups", {"backup": {"volume_id": volume}}).body["backup"]["id"]
    change(cinder, "disable", VOLUME)
    assert cinder.ask("POST", f"/backups/{backup}/restore", {"restore": {}}).code == 400
    assert cinder.ask("POST", f"/backups/{backup}/restore", {"restore": {"volume_id": volume}}).code == 202


@pytest.mark.parametrize("deleted", [True, False])
def test_build_fails_if_its_volume_does(deleted):
    cinder, play = VolumeClient(), Play()
    cinder.play = play
    change(cinder, "disable", VOLUME)
    device = {"boot_index": 0, "source_type": "image", "uuid": play.image, "destination_type": "volume"}
    device |= {"volume_size": 1, "delete_on_termination": deleted}
    server = play.create(imageRef="", block_device_mapping_v2=[device])
    assert play.state(server) == ("ERROR", None)
    fault = play.ask("GET", f"/servers/{server}").body["server"]["fault"]["message"]
    assert "did not finish being created even after we waited 0 seconds" in fault
    left = [volume["status"] for volume in cinder.ask("GET", "/volumes/detail").body["volumes"]]
    assert left == ([] if deleted else ["error"])
    assert play.ask("DELETE", f"/servers/{server}").code == 204
