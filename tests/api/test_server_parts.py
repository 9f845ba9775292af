"""Parts of a server: its log, tags, consoles, groups, floating addresses, moves. From the API reference."""

from __future__ import annotations

import pytest

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play("manual")


@pytest.fixture
def web1(play):
    server = play.create()
    play.advance(10)
    return server


def log(play: Play, server: str, minor: int = 96, **query: str) -> list[dict]:
    answer = play.ask("GET", f"/servers/{server}/os-instance-actions", minor=minor, **query)
    assert answer.code == 200, answer
    return answer.body["instanceActions"]


# --- the log ---------------------------------------------------------------------------------------------------


def test_the_log_is_paged_and_cut_by_time(play, web1):
    for key in ("pause", "unpause"):
        assert play.act(web1, key).code == 202
        play.advance(60)
    assert [entry["action"] for entry in log(play, web1)] == ["unpause", "pause", "create"]
    ids = [entry["request_id"] for entry in log(play, web1)]
    page = play.ask("GET", f"/servers/{web1}/os-instance-actions", limit="1").body
    assert [entry["request_id"] for entry in page["instanceActions"]] == ids[:1]
    assert page["links"][0]["href"].endswith(f"/servers/{web1}/os-instance-actions?limit=1&marker={ids[0]}")
    assert [entry["request_id"] for entry in log(play, web1, marker=ids[0], limit="9")] == ids[1:]
    assert play.ask("GET", f"/servers/{web1}/os-instance-actions", marker="nowhere").code == 400
    paused = log(play, web1)[1]["updated_at"]
    assert [entry["action"] for entry in log(play, web1, **{"changes-since": paused})] == ["unpause", "pause"]
    assert [entry["action"] for entry in log(play, web1, **{"changes-before": paused})] == ["pause", "create"]
    for query in ({"limit": "1"}, {"changes-since": "nonsense"}):
        assert len(log(play, web1, minor=57, **query)) == 3
    early = play.ask("GET", f"/servers/{web1}/os-instance-actions", minor=65, **{"changes-before": paused})
    assert early.code == 400


def test_what_an_entry_shows(play, web1):
    (entry,) = log(play, web1)
    path = f"/servers/{web1}/os-instance-actions/{entry['request_id']}"

    def events(who: str, minor: int):
        return play.ask("GET", path, who=who, minor=minor).body["instanceAction"].get("events")

    plain = {"event", "start_time", "finish_time", "result"}
    assert events("demo", 50) is None
    assert set(events("admin", 50)[0]) == plain | {"traceback"}
    assert set(events("demo", 51)[0]) == plain
    assert set(events("demo", 62)[0]) == plain | {"hostId"}
    assert set(events("admin", 62)[0]) == plain | {"traceback", "hostId", "host"}
    assert set(events("demo", 84)[0]) == plain | {"hostId", "details"}
    assert play.ask("GET", f"/servers/{web1}/os-instance-actions/req-{NOWHERE}").code == 404
    assert "updated_at" not in log(play, web1, minor=57)[0]


def test_the_log_of_a_deleted_server_is_read_by_its_owners_from_2_21(play, web1):
    play.ask("DELETE", f"/servers/{web1}")
    play.advance(10)
    path = f"/servers/{web1}/os-instance-actions"
    assert play.ask("GET", path, minor=20).code == 404
    assert [entry["action"] for entry in log(play, web1, minor=21)] == ["delete", "create"]
    assert play.ask("GET", path, who="other").code == 404
    assert play.ask("GET", path, who="admin").code == 200


# --- tags and metadata -----------------------------------------------------------------------------------------


def test_tags_one_by_one(play, web1):
    path = f"/servers/{web1}/tags"
    assert play.ask("PUT", f"{path}/red").code == 201
    assert play.ask("PUT", f"{path}/red").code == 204
    assert play.ask("GET", f"{path}/red").code == 204
    assert play.ask("GET", f"{path}/blue").code == 404
    assert play.ask("DELETE", f"{path}/blue").code == 404
    assert play.ask("PUT", f"{path}/{'x' * 61}").code == 400
    assert play.ask("PUT", f"{path}/a,b").code == 400
    full = {"tags": [f"t{number}" for number in range(50)]}
    assert play.ask("PUT", path, full).code == 200
    refusal = play.ask("PUT", f"{path}/red")
    assert (refusal.code, refusal.body["badRequest"]["message"]) == (
        400,
        "The number of tags exceeded the per-server limit 50",
    )
    assert play.ask("PUT", path, {"tags": [*full["tags"], "red"]}).code == 400
    assert play.ask("GET", path, who="other").code == 403


def test_metadata_one_by_one(play, web1):
    path = f"/servers/{web1}/metadata"
    assert play.ask("POST", path, {"metadata": {"a": "1"}}).body == {"metadata": {"a": "1"}}
    assert play.ask("GET", f"{path}/a").body == {"meta": {"a": "1"}}
    assert play.ask("GET", f"{path}/b").code == 404
    assert play.ask("PUT", f"{path}/b", {"meta": {"b": "2"}}).body == {"meta": {"b": "2"}}
    assert play.ask("PUT", f"{path}/c", {"meta": {"b": "2"}}).code == 400
    assert play.ask("GET", path).body == {"metadata": {"a": "1", "b": "2"}}
    assert play.ask("PUT", path, {"metadata": {"c": "3"}}).body == {"metadata": {"c": "3"}}
    assert play.ask("DELETE", f"{path}/c").code == 204
    assert play.ask("DELETE", f"{path}/c").code == 404
    many = {"metadata": {f"k{number}": "v" for number in range(129)}}
    assert play.ask("PUT", path, many).code == 403
    assert play.ask("GET", path).body == {"metadata": {}}


@pytest.mark.parametrize("body", [None, [], {}, {"nonsense": None}, {"pause": None, "unpause": None}])
def test_an_action_that_cannot_be(play, web1, body):
    assert play.ask("POST", f"/servers/{web1}/action", body).code == 400
    assert play.state(web1) == ("ACTIVE", None)


def test_actions_whose_arguments_are_too_much(play, web1):
    many = {f"k{number}": "v" for number in range(129)}
    assert play.act(web1, "rebuild", {"imageRef": play.image, "metadata": many}).code == 403
    assert play.act(web1, "createImage", {"name": "i", "metadata": many}, minor=38).code == 403
    assert play.act(web1, "createImage", {"name": "i", "metadata": many}, minor=39).code == 202


def test_a_backup_of_which_none_is_kept(play, web1):
    assert play.act(web1, "createBackup", {"name": "b", "backup_type": "daily", "rotation": 0}).body is None


def test_a_rebuild_with_certificates(play, web1):
    certified = {"imageRef": play.image, "trusted_image_certificates": ["a"]}
    assert play.act(web1, "rebuild", certified).body["server"]["trusted_image_certificates"] == ["a"]


def test_a_new_server_that_cannot_be(play):
    def refused(minor: int = 96, who: str = "demo", **wish: object) -> int:
        body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": "none", **wish}
        return play.ask("POST", "/servers", {"server": body}, who, minor).code

    assert refused(metadata={f"k{number}": "v" for number in range(129)}) == 403
    assert refused(availability_zone="nova:host1") == 403
    assert refused(who="admin", availability_zone="a:b:c:d") == 400
    assert refused(hostname="one", max_count=2) == 400
    assert refused(who="admin", host="nowhere") == 400
    assert play.ask("GET", "/servers", who="admin", all_tenants="1").body["servers"] == []


def test_an_old_live_migration_answers_what_it_finds(play, web1):
    home = play.server(web1).host
    move = {"block_migration": False, "disk_over_commit": False}
    for host in (home, "nowhere"):
        assert play.act(web1, "os-migrateLive", {**move, "host": host}, "admin", 24).code == 400
    assert play.act(web1, "os-migrateLive", {**move, "host": None}, "admin", 24).code == 202


# --- consoles and password -------------------------------------------------------------------------------------


def test_old_consoles_have_the_type_they_were_asked_for(play, web1):
    console = play.act(web1, "os-getVNCConsole", {"type": "novnc"}, minor=5).body["console"]
    assert (console["type"], console["url"].startswith("http://127.0.0.1:6080/")) == ("novnc", True)
    assert play.act(web1, "os-getVNCConsole", {"type": "xvpvnc"}, minor=5).code == 400
    assert play.act(web1, "os-getRDPConsole", {"type": "rdp-html5"}, minor=5).code == 400
    assert play.act(web1, "os-getVNCConsole", {"type": "novnc"}, minor=6).code == 404


def test_a_console_fits_its_protocol_and_is_switched_on():
    play = Play(serial_console_enabled=True)
    server = play.create()

    def url(protocol: str, kind: str):
        body = {"remote_console": {"protocol": protocol, "type": kind}}
        return play.ask("POST", f"/servers/{server}/remote-consoles", body)

    assert url("serial", "serial").body["remote_console"]["url"].startswith("ws://")
    assert url("vnc", "serial").code == 400
    assert url("vnc", "xvpvnc").code == 400


def test_the_last_lines_of_the_console(play, web1):
    def lines(**given: object) -> list[str]:
        return play.act(web1, "os-getConsoleOutput", given).body["output"].splitlines()

    assert lines(length=2) == lines()[-2:]
    assert lines(length=-1) == lines(length=999) == lines(length=None) == lines()
    assert lines(length=0) == []
    assert lines(length="1") == lines()[-1:]


def test_a_guest_leaves_no_password(play, web1):
    assert play.ask("GET", f"/servers/{web1}/os-server-password").body == {"password": ""}
    assert play.ask("DELETE", f"/servers/{web1}/os-server-password").code == 204
    assert play.ask("DELETE", f"/servers/{web1}/os-server-password", who="other").code == 404


# --- groups and floating addresses -----------------------------------------------------------------------------


def test_the_groups_of_a_server(play, web1):
    body = {"security_group": {"name": "web"}}
    for _ in "ab":
        play.ask("POST", "/v2.0/security-groups", body, service="network")
    ambiguous = play.act(web1, "addSecurityGroup", {"name": "web"})
    assert ambiguous.code == 409
    assert "Multiple security groups" in ambiguous.body["conflictingRequest"]["message"]
    groups = play.ask("GET", "/v2.0/security-groups", service="network", name="web").body["security_groups"]
    assert play.act(web1, "addSecurityGroup", {"name": groups[0]["id"]}).code == 202

    def shown() -> list[str]:
        found = play.ask("GET", f"/servers/{web1}/os-security-groups").body["security_groups"]
        return [group["name"] for group in found]

    assert shown() == ["default", "web"]
    assert play.act(web1, "removeSecurityGroup", {"name": "default"}).code == 202
    assert play.act(web1, "removeSecurityGroup", {"name": "default"}).code == 404
    assert shown() == ["web"]
    assert play.ask("GET", f"/servers/{web1}/os-security-groups", who="other").code == 404


def test_floating_addresses_by_action_until_2_43(play, web1):
    address = play.ask("POST", "/os-floating-ips", {"pool": "public"}, minor=35).body["floating_ip"]["ip"]
    other = play.create("web2")
    play.advance(10)
    wrong = play.act(web1, "addFloatingIp", {"address": address, "fixed_address": "203.0.113.9"}, minor=43)
    assert wrong.code == 400
    assert play.act(web1, "addFloatingIp", {"address": address}, minor=43).code == 202
    assert play.act(other, "removeFloatingIp", {"address": address}, minor=43).code == 409
    assert play.act(other, "removeFloatingIp", {"address": address}, "other", minor=43).code == 404
    assert play.act(web1, "removeFloatingIp", {"address": address}, minor=43).code == 202
    assert play.act(web1, "addFloatingIp", {"address": address}, minor=44).code in (400, 404)


def test_an_address_more_on_a_network_of_the_server(play, web1):
    def addresses() -> list[str]:
        shown = play.ask("GET", f"/servers/{web1}").body["server"]["addresses"].get("private", [])
        return [one["addr"] for one in shown if one["version"] == 4]

    (first,) = addresses()
    assert play.act(web1, "addFixedIp", {"networkId": play.network}, minor=43).code == 202
    assert len(addresses()) == 2
    elsewhere = {"networkId": NOWHERE}
    assert play.act(web1, "addFixedIp", elsewhere, minor=43).code == 202
    assert len(addresses()) == 2
    assert play.act(web1, "removeFixedIp", {"address": first}, minor=43).code == 202
    assert first not in addresses()


# --- moves -----------------------------------------------------------------------------------------------------


def test_moves_are_filtered_and_paged(play, web1):
    play.act(web1, "migrate", None, "admin")
    play.advance(60)
    play.act(web1, "confirmResize")
    play.advance(60)
    play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
    play.advance(60)

    def kinds(minor: int = 96, **query: str) -> list[str]:
        answer = play.ask("GET", "/os-migrations", who="admin", minor=minor, **query)
        assert answer.code == 200, answer
        return [one["migration_type"] for one in answer.body["migrations"]]

    admin = play.callers["admin"]
    assert kinds() == ["live-migration", "migration"]
    assert kinds(migration_type="migration") == kinds(status="confirmed") == ["migration"]
    assert kinds(host="host1", source_compute="host1") == ["migration"]
    assert kinds(host="nowhere") == kinds(instance_uuid=NOWHERE) == []
    assert kinds(project_id=admin.project_id, user_id=admin.user_id) == kinds()
    assert kinds(project_id=play.callers["demo"].project_id) == []
    page = play.ask("GET", "/os-migrations", who="admin", limit="1").body
    newest = page["migrations"][0]
    assert page["migrations_links"][0]["href"].endswith(f"limit=1&marker={newest['uuid']}")
    assert kinds(marker=newest["uuid"]) == ["migration"]
    assert play.ask("GET", "/os-migrations", who="admin", marker=NOWHERE).code == 400
    assert kinds(**{"changes-since": newest["updated_at"]}) == ["live-migration"]
    assert kinds(**{"changes-before": newest["created_at"]}) == ["migration"]
    assert "migration_type" not in play.ask("GET", "/os-migrations", who="admin", minor=22).body["migrations"][0]


def test_a_move_is_not_hurried_before_it_runs_nor_past_a_lock(play, web1):
    play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
    path = f"/servers/{web1}/migrations/1/action"
    assert play.ask("POST", path, {"force_complete": None}, "admin").code == 404
    play.advance(1)
    assert play.act(web1, "lock", None, "admin").code == 202
    assert play.ask("POST", path, {"force_complete": None}, "admin").code == 202


def test_a_lock_stops_who_may_hurry_moves_without_being_an_administrator(play, web1):
    rules = {f"os_compute_api:servers:migrations:{verb}": "" for verb in ("force_complete", "delete")}
    with play.cloud.writing(is_request=False) as world:
        world.settings.policy |= rules
        world.tx.put(world.settings)
    play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
    play.advance(1)
    play.act(web1, "lock")
    path = f"/servers/{web1}/migrations/1"
    assert play.ask("POST", f"{path}/action", {"force_complete": None}).code == 409
    assert play.ask("DELETE", path).code == 409
    play.act(web1, "unlock")
    assert play.ask("DELETE", path).code == 202


# --- limits of groups ------------------------------------------------------------------------------------------


def test_groups_of_servers_are_limited(play):
    project = play.callers["demo"].project_id
    limits = {"quota_set": {"server_groups": 1, "server_group_members": 1}}
    play.ask("PUT", f"/os-quota-sets/{project}", limits, "admin")
    body = {"server_group": {"name": "g", "policy": "affinity"}}
    group = play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]
    refusal = play.ask("POST", "/os-server-groups", body)
    assert (refusal.code, refusal.body["forbidden"]["message"]) == (403, "Quota exceeded, too many server groups.")
    asked = {"name": "a", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    hinted = {"server": asked, "os:scheduler_hints": {"group": group}}
    assert play.ask("POST", "/servers", hinted).code == 202
    full = play.ask("POST", "/servers", hinted)
    assert (full.code, full.body["forbidden"]["message"]) == (403, "Quota exceeded, too many servers in group")
    hinted["os:scheduler_hints"] = {"group": NOWHERE}
    assert play.ask("POST", "/servers", hinted).code == 400
    asked["imageRef"] = NOWHERE
    assert play.ask("POST", "/servers", {"server": asked}).code == 400


def test_groups_of_all_projects_are_for_administrators(play):
    play.ask("POST", "/os-server-groups", {"server_group": {"name": "g", "policy": "affinity"}})

    def names(who: str, **query: str) -> list[str]:
        return [group["name"] for group in play.ask("GET", "/os-server-groups", who=who, **query).body["server_groups"]]

    assert names("admin") == names("other", all_projects="") == []
    assert names("admin", all_projects="") == names("demo") == ["g"]
    assert names("demo", offset="1") == names("demo", limit="0") == []


# --- quotas and limits -----------------------------------------------------------------------------------------


def test_the_defaults_of_all_projects(play):
    shown = play.ask("GET", f"/os-quota-sets/{NOWHERE}/defaults", minor=57).body["quota_set"]
    assert shown == {
        "id": NOWHERE,
        "instances": 10,
        "cores": 20,
        "ram": 51200,
        "metadata_items": 128,
        "key_pairs": 100,
        "server_groups": 10,
        "server_group_members": 10,
    }
    classes = {
        minor: set(play.ask("GET", "/os-quota-class-sets/default", who="admin", minor=minor).body["quota_class_set"])
        for minor in (49, 50, 57)
    }
    assert classes[50] - classes[49] == {"server_groups", "server_group_members"}
    assert classes[49] - classes[50] == {"fixed_ips", "floating_ips", "security_group_rules", "security_groups"}
    assert classes[50] - classes[57] == {"injected_files", "injected_file_content_bytes", "injected_file_path_bytes"}


def test_limits_of_another_project_are_for_administrators(play, web1):
    project = play.callers["demo"].project_id
    shown = play.ask("GET", "/limits", who="admin", tenant_id=project).body["limits"]["absolute"]
    assert shown["totalInstancesUsed"] == 1
    assert play.ask("GET", "/limits", who="admin").body["limits"]["absolute"]["totalInstancesUsed"] == 0
    assert play.ask("GET", "/limits", who="other", tenant_id=project).code == 403


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"cores": -2}, 400),
        ({"cores": -1}, 200),
        ({"instances": 0}, 400),
        ({"instances": 0, "force": True}, 200),
        ({"nonsense": 1}, 400),
    ],
)
def test_a_limit_lies_not_below_the_use_unless_forced(play, web1, limits, code):
    path = f"/os-quota-sets/{play.callers['demo'].project_id}"
    assert play.ask("PUT", path, {"quota_set": limits}, "admin").code == code
    assert play.ask("PUT", "/os-quota-sets/nowhere", {"quota_set": {"cores": 1}}, "admin").code == 400


# --- what was passed on ----------------------------------------------------------------------------------------


def test_the_old_lists_of_neighbours(play):
    assert play.ask("GET", "/images/detail", minor=1, status="ACTIVE").body["images"]
    assert play.ask("GET", "/images/detail", minor=1, status="ERROR").body["images"] == []
    meta = f"/images/{play.image}/metadata"
    assert isinstance(play.ask("GET", meta, minor=1).body["metadata"], dict)
    many = {"metadata": {f"k{number}": "v" for number in range(129)}}
    assert play.ask("POST", meta, many, "admin", minor=1).code == 400
    assert play.ask("GET", f"/os-networks/{NOWHERE}", minor=1).body["itemNotFound"]["message"] == "Network not found"
    assert {one["label"] for one in play.ask("GET", "/os-tenant-networks", minor=1).body["networks"]} == {
        "private",
        "public",
    }
    gone = play.ask("GET", f"/os-floating-ips/{NOWHERE}", minor=1)
    assert gone.body["itemNotFound"]["message"] == f"Floating IP not found for ID {NOWHERE}"
    volume = play.ask("POST", "/os-volumes", {"volume": {"size": 1}}, minor=1).body["volume"]["id"]
    made = play.ask("POST", "/os-snapshots", {"snapshot": {"volume_id": volume}}, minor=1).body["snapshot"]
    assert play.ask("GET", "/os-snapshots", minor=1).body["snapshots"] == [made]
    assert play.ask("DELETE", f"/os-snapshots/{made['id']}", minor=1).code == 202
    assert play.ask("DELETE", f"/os-volumes/{volume}", minor=1).code == 202
    assert play.ask("GET", "/os-volumes", minor=1).body["volumes"] == []
    assert play.ask("GET", "/os-hosts/host1/reboot", who="admin", minor=1).code == 501
    assert play.ask("GET", "/os-hosts/host1/reboot", minor=1).code == 403
