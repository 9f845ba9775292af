"""Every check of the action table as a value: its words, its remedy, the facts that it takes, the code of a refusal."""

from __future__ import annotations

import dis
import string
import subprocess
import sys

import pytest

from novasim.errors import NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Check, Facts, check
from novasim.records import Server
from tests import each_case
from tests.spec.samples import OWNER, host, image, server
from tests.spec.test_checks import ONE_REFUSAL

CHECKS = sorted({check for row in ACTIONS.values() for check in (*row.first_checks, *row.checks)}, key=lambda c: c.name)
PLACEHOLDERS = {"novasim", "admin", "server", "host", "host_up"}
WORDS = """
import novasim.lifecycle.actions as actions
print(*(check.requires for check in actions.ACTIONS["attach-volume"].first_checks))
"""


@each_case("value", CHECKS)
def test_every_check_has_words_and_a_remedy(value):
    assert value.requires.endswith(".") and value.requires[0].isupper()
    assert len(value.requires.split()) > 3
    assert len(value.remedy.split()) > 3
    assert {field for _, field, _, _ in string.Formatter().parse(value.remedy) if field is not None} <= PLACEHOLDERS


@each_case("value", CHECKS)
def test_a_check_takes_facts_that_exist_and_uses_all_of_them(value):
    assert set(value.facts) <= {"server", "caller", *Facts._fields}
    assert set(value.facts) <= names_used_by(value)


def names_used_by(value: Check) -> set[str]:
    """The parameters that the function of a check reads."""
    return {str(each.argval) for each in dis.get_instructions(value.function) if each.opname.startswith("LOAD_")}


def test_rows_that_share_a_name_share_the_check_but_for_what_it_was_made_with():
    names = [value.name for value in CHECKS]
    assert {name for name in names if names.count(name) > 1} == {"not_shelved_before_2_20", "volumes_are_in_use"}


def test_a_check_made_by_a_function_has_its_own_words():
    (attach,) = ACTIONS["attach-volume"].first_checks
    assert attach.requires == "Before microversion 2.20, the server is not shelved."
    by_name = {value.name: value for value in ACTIONS["unshelve"].checks}
    assert "os_compute_api:os-shelve:unshelve_to_host" in by_name["may_name_host"].requires


def test_the_words_survive_without_docstrings():
    printed = subprocess.run([sys.executable, "-OO", "-c", WORDS], check=True, capture_output=True, text=True)
    assert printed.stdout == "Before microversion 2.20, the server is not shelved.\n"


@each_case(("name", "facts", "kind", "words"), [case for case in ONE_REFUSAL if case[2]])
def test_the_code_is_that_of_the_refusal(name, facts, kind, words):
    row = ACTIONS[name]
    subject = server(vm_state=sorted(row.vm_states or {"active"})[0])
    known = Facts(**{"minor": 104, **facts})
    failing = [value for value in (*row.first_checks, *row.checks) if not value.holds(subject, OWNER, known)]
    assert [value.code for value in failing] == [kind.http]


def test_a_refusal_carries_the_name_of_its_check():
    @check(requires="Always refuses.", remedy="Nothing helps.", code=404)
    def never(server: Server, minor: int):
        yield NotFound(reason=f"{server.id} {minor}")

    assert (never.name, never.facts, never.code) == ("never", ("server", "minor"), 404)
    (refusal,) = never.refusals(server(), OWNER, Facts(minor=7))
    assert (str(refusal), refusal.facts["check"]) == ("s 7", "never")
    assert not never.holds(server(), OWNER, Facts())


def test_a_check_refuses_with_a_client_error_unless_it_says_otherwise():
    @check(requires="Always holds.", remedy="Nothing is needed.")
    def always():
        yield from ()

    assert (always.code, always.facts) == (400, ())
    assert always.holds(server(), OWNER, Facts(host=host(), image=image()))


@pytest.mark.parametrize(
    ("name", "code"), [("may_unlock", 403), ("not_shelved_before_2_20", 409), ("guest_is_running", 409)]
)
def test_the_code_of_refusals_that_need_a_certain_server(name, code):
    assert {value.code for value in CHECKS if value.name == name} == {code}


def test_a_row_finds_its_checks_by_name():
    assert ACTIONS["resize"].find_check("flavor_differs") in ACTIONS["resize"].checks
    assert ACTIONS["resize"].find_check("flavor_differs").name == "flavor_differs"
    assert ACTIONS["detach-volume"].find_check("not_shelved_before_2_20") in ACTIONS["detach-volume"].first_checks
    assert ACTIONS["resize"].find_check("host_exists") is None


UNREAD = """
disk_config flavor_ref flavor image_ref image quota_refusal host_name host source_host zone migration
boot_image_id boot_volume_size target_refusal volume_ref volume missing_volume new_volume_ref new_volume
used_device device_tag reached_disk_limit server_ports group_ref port_ref port network_ref networks
ports_left fixed_ip_ref address_refusal floating_ip_ref floating_ip fixed_ip association_refusal
tag metadata_key item_refusal
"""


def test_facts_are_unknown_by_default():
    facts = Facts()
    assert {name for name, value in facts._asdict().items() if value is None} == set(UNREAD.split())
    assert (facts.minor, facts.zone_known, facts.host_in_zone, facts.allowed("anything")) == (1, True, True, True)
    assert not (
        facts.key_missing
        or facts.needs_migration
        or facts.volume_backed
        or facts.snapshot_quota_excess
        or facts.has_arguments
        or facts.requests_placement
        or facts.network_is_forbidden
    )
    assert facts.network_takes_groups
