"""
Where Nova's documents err: every difference that `explain` names is executed.

Each case names the beginning of the sentence of `explain`, does what the documents say, and compares.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from novasim.control.faults import add_fault
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.words import statuses
from novasim.teach.words.actions import read_lessons
from novasim.teach.words.subjects import read_subjects
from tests.cases.documents.test_servers import volume_backed
from tests.play import Play

Case = Callable[[], None]
CASES: dict[tuple[str, str], Case] = {}


def case(word: str, text: str) -> Callable[[Case], Case]:
    """Register a case. *text* is in the sentence of `explain WORD`."""

    def register(check: Case) -> Case:
        CASES[word, text] = check
        return check

    return register


def names(play: Play, who: str = "demo", minor: int = 96, **query: str) -> list[str]:
    answer = play.ask("GET", "/servers", who=who, minor=minor, **query)
    assert answer.code == 200, answer
    return sorted(server["name"] for server in answer.body["servers"])


def list_code(play: Play, minor: int, **query: str) -> int:
    return play.ask("GET", "/servers", minor=minor, **query).code


@case("delete", "reclaim_instance_interval")
def check_delete_of_a_server_that_never_ran() -> None:
    play = Play(reclaim_instance_interval=60)
    ran = play.create()
    for host in ("host1", "host2", "host3"):
        play.ask("PUT", "/os-services/disable", {"host": host, "binary": "nova-compute"}, "admin", minor=52)
    failed = play.create("web2")
    assert play.state(failed) == ("ERROR", None)
    for id in (ran, failed):
        assert play.ask("DELETE", f"/servers/{id}").code == 204
    assert play.state(ran) == ("SOFT_DELETED", None)
    assert play.ask("GET", f"/servers/{failed}", who="admin").code == 404


@case("delete", "locked server")
def check_delete_of_a_locked_server() -> None:
    play = Play()
    id = play.create()
    play.act(id, "lock")
    assert play.ask("DELETE", f"/servers/{id}").code == 409
    assert play.ask("DELETE", f"/servers/{id}", who="admin").code == 204


@case("create-image", "PAUSED")
def check_image_of_a_paused_server_with_a_volume() -> None:
    play = Play()
    id = volume_backed(play)
    assert play.act(id, "pause").code == 202
    assert play.act(id, "createImage", {"name": "copy"}).code == 202


@case("console-url-rdp", "RDP console")
def check_rdp_console() -> None:
    play = Play(vnc_enabled=True, spice_enabled=True, serial_console_enabled=True, mks_enabled=True)
    id = play.create()
    assert play.act(id, "os-getRDPConsole", {"type": "rdp-html5"}, minor=5).code == 400
    body = {"remote_console": {"protocol": "rdp", "type": "rdp-html5"}}
    assert play.ask("POST", f"/servers/{id}/remote-consoles", body).code == 400


def migrate_as_manager(key: str, arguments: object) -> list[int]:
    """The codes of a member and of a manager."""
    play = Play()
    id = play.create()
    demo = play.callers["demo"]
    play.callers["manager"] = demo._replace(roles=("reader", "member", "manager"))
    return [play.act(id, key, arguments, who).code for who in ("demo", "manager")]


@case("migrate", "manager")
def check_migrate_by_a_manager() -> None:
    assert migrate_as_manager("migrate", None) == [403, 202]


@case("live-migrate", "manager")
def check_live_migrate_by_a_manager() -> None:
    assert migrate_as_manager("os-migrateLive", {"host": None, "block_migration": "auto"}) == [403, 202]


@case("live-migrate", "2016")
def check_live_migrate_without_host() -> None:
    play = Play()
    id = play.create()
    more = {"block_migration": False, "disk_over_commit": False}
    assert play.act(id, "os-migrateLive", more, "admin", minor=1).code == 400
    assert (
        play.act(
            id, "os-migrateLive", {"host": None, "block_migration": True, "disk_over_commit": False}, "admin", minor=1
        ).code
        == 202
    )


@case("add-floating-ip", "ACTIVE or STOPPED")
def check_floating_ip_in_other_statuses() -> None:
    play = Play()
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    body = {"floatingip": {"floating_network_id": public}}
    for state in (None, "os-stop", "pause", "suspend", "rescue"):
        id = play.create()
        assert state is None or play.act(id, state).code in (200, 202)
        address = play.ask("POST", "/v2.0/floatingips", body, service="network").body["floatingip"]
        arguments = {"address": address["floating_ip_address"]}
        assert play.act(id, "addFloatingIp", arguments, minor=43).code == 202, state


@case("filters", "description")
def check_filter_by_description() -> None:
    play = Play()
    play.create("web1", description="first")
    play.create("web2", description="second")
    for minor in (1, 96):
        assert names(play, "admin", minor, all_tenants="1", description="first") == ["web1", "web2"]
        assert names(play, "admin", minor, all_tenants="1", display_description="first") == ["web1"]


@case("filters", "vm_state=ACTIVE")
def check_filter_by_vm_state() -> None:
    play = Play()
    play.create()
    assert names(play, vm_state="ACTIVE") == []
    assert names(play, vm_state="active") == ["web1"]


@case("filters", "auto_disk_config=AUTO")
def check_filter_by_disk_config() -> None:
    play = Play()
    play.create("web1", **{"OS-DCF:diskConfig": "AUTO"})
    play.create("web2", **{"OS-DCF:diskConfig": "MANUAL"})
    for value, found in (("AUTO", []), ("MANUAL", []), ("1", ["web1"]), ("0", ["web2"])):
        assert names(play, "admin", all_tenants="1", auto_disk_config=value) == found


@case("filters", "unknown filter")
def check_unknown_filter() -> None:
    play = Play()
    assert [list_code(play, minor, nonsense="1") for minor in (1, 74, 75, 96)] == [200, 200, 400, 400]


@case("filters", "SOFT_DELETED")
def check_filter_for_soft_deleted_servers() -> None:
    play = Play(reclaim_instance_interval=60)
    id = play.create()
    play.ask("DELETE", f"/servers/{id}")
    assert names(play, status="SOFT_DELETED") == names(play, status="SOFT_DELETED", soft_deleted="True") == []
    assert names(play, "admin", all_tenants="1", status="SOFT_DELETED") == []
    assert names(play, "admin", all_tenants="1", status="SOFT_DELETED", soft_deleted="True") == ["web1"]
    assert play.act(id, "restore").code == 202


@case("filters", "status UNKNOWN")
@case("UNKNOWN", "filter status")
def check_filter_by_unknown() -> None:
    play = Play()
    assert [list_code(play, minor, status="UNKNOWN") for minor in (37, 38, 69, 96)] == [200, 400, 400, 400]


@case("personality", "base64")
def check_size_of_files() -> None:
    play = Play()
    body = {"name": "w", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}]}
    for size, code in ((7680, 202), (7681, 403), (10240, 403)):
        files = [{"path": "/a", "contents": base64.b64encode(b"x" * size).decode()}]
        assert play.ask("POST", "/servers", {"server": body | {"personality": files}}, minor=56).code == code


@case("password", "change-password")
def check_change_of_a_refused_password() -> None:
    play = Play(password_pattern="[0-9]{8}")
    id = play.create(adminPass="short")
    assert play.state(id) == ("ERROR", None)
    assert play.act(id, "changePassword", {"adminPass": "12345678"}).code == 409


@case("MIGRATING", "cold migration")
def check_status_of_a_cold_migration() -> None:
    play = Play(clock="manual")
    id = play.create()
    play.advance(60)
    assert play.act(id, "migrate", None, "admin").code == 202
    assert play.state(id)[0] == "RESIZE"


@case("REVERT_RESIZE", "revert-resize")
def check_status_of_a_failed_resize() -> None:
    play = Play(clock="manual")
    failed, reverted = play.create("web1"), play.create("web2")
    play.advance(60)
    add_fault(play.cloud, does="fail", action="resize", phase="resize_finish", server="web1")
    seen = set()
    for id in (failed, reverted):
        assert play.act(id, "resize", {"flavorRef": "2"}).code == 202
    for _ in range(200):
        play.advance(0.2)
        seen.add(play.state(failed)[0])
    assert "REVERT_RESIZE" not in seen and play.state(failed) == ("ERROR", None)
    assert play.act(reverted, "revertResize").code == 202
    assert play.state(reverted)[0] == "REVERT_RESIZE"


DIFFERENCES = {
    word: list(lesson.differs) for word, lesson in {**read_lessons(), **read_subjects()}.items() if lesson.differs
} | {status: [text] for status, text in statuses.DIFFERENCES.items()}


@pytest.mark.parametrize(("word", "text"), CASES)
def test_difference_is_as_explained(word, text):
    assert any(text in sentence for sentence in DIFFERENCES[word])
    CASES[word, text]()


def test_every_difference_has_a_case():
    for word, sentences in DIFFERENCES.items():
        for sentence in sentences:
            assert any(word == each and text in sentence for each, text in CASES), (word, sentence)


# By hand: the administrative actions of the documents, whose policy defaults "enable only users with the
# administrative role", and those that enable "the administrative role or the owner".
ADMINISTRATIVE = ("inject-network-info", "reset-state")
OWN = ("change-password", "create-backup", "lock", "pause", "unpause", "suspend", "resume", "unlock")


def test_roles_of_other_actions_are_those_of_the_documents():
    from novasim.teach.rights import lowest_role

    assert {name: lowest_role(ACTIONS[name]) for name in (*ADMINISTRATIVE, *OWN)} == {
        **dict.fromkeys(ADMINISTRATIVE, "admin"),
        **dict.fromkeys(OWN, "member"),
    }
