"""The times of the volume service have no zone. Source: cinder/objects, whose times become text without one."""

from __future__ import annotations

import json
import re

from novasim.api.routes import list_routes
from tests.attack.isolation import KINDS, Victim

ENCRYPTION = {"encryption": {"provider": "luks", "control_location": "front-end"}}
TIME = re.compile(r'"(20\d\d-\d\d-\d\dT[^"]*)"')
WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


def test_no_time_has_a_zone():
    victim = Victim()
    admin = victim.play.callers["admin"].project_id
    victim.ids |= _create_type(victim, admin)
    found = set()
    for route in list_routes("volume"):
        if route.method != "GET" or route.changes or "/extensions" in route.path:
            continue
        for path in _list_paths(victim, route.path.replace("{project}", admin)):
            answer = victim.play.ask("GET", path, None, "admin", 71, "volume", all_tenants="1")
            found |= {(route.path, time) for time in TIME.findall(json.dumps(answer.body))}
    assert len({path for path, _ in found}) > 15
    assert [(path, time) for path, time in found if not WITHOUT_ZONE.fullmatch(time)] == []
    body = {"os-volume_upload_image": {"image_name": "mine", "force": True}}
    path = f"/v3/{victim.project}/volumes/{victim.ids['attached']}/action"
    assert WITHOUT_ZONE.fullmatch(victim.ask("volume", "POST", path, body)["os-volume_upload_image"]["updated_at"])


def _create_type(victim: Victim, admin: str) -> dict[str, str]:
    base, body = f"/v3/{admin}/types", {"volume_type": {"name": "secret"}}
    answer = victim.play.ask("POST", base, body, "admin", 71, "volume")
    id = answer.body["volume_type"]["id"]
    assert victim.play.ask("POST", f"{base}/{id}/encryption", ENCRYPTION, "admin", 71, "volume").code == 200
    return {"type": id}


def _list_paths(victim: Victim, path: str) -> list[str]:
    kinds = [*KINDS.items(), (("volume", "type_id"), ("type",))]
    for (service, name), (kind, *_) in kinds:
        if service == "volume" and name != "id":
            path = path.replace(f"{{{name}}}", victim.ids[kind])
    return [] if "{" in path else [path]
