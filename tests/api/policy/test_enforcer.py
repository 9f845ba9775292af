"""Policy rules: Nova's recorded defaults, and the overrides of a cloud."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.enforcer import Enforcer
from novasim.api.policy.operations import DEPRECATED_RULES, list_operations
from novasim.errors import BadRequest
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, Settings
from tests import each_case
from tests.play import Play

# The callers of the recordings, and an identity of another service.
CALLERS = {
    "reader": Caller("reader", "p", ("reader",)),
    "member": Caller("member", "p", ("reader", "member")),
    "member2": Caller("member2", "p", ("reader", "member")),
    "manager": Caller("manager", "p", ("reader", "member", "manager")),
    "other": Caller("other", "q", ("reader", "member")),
    "admin": Caller("admin", "r", ("reader", "member", "admin")),
    "service": Caller("nova", "s", ("service",)),
}


SERVER = {"project_id": "p", "user_id": "member"}


# rule: who of the callers may do it to what belongs to the user member in the project p. By hand, from Nova's pages.
EXPECTED = """
    os_compute_api:servers:show                            reader member member2 manager admin
    os_compute_api:servers:start                           member member2 manager admin
    os_compute_api:os-migrate-server:migrate               manager admin
    os_compute_api:os-migrate-server:migrate:host          admin
    os_compute_api:os-evacuate                             admin
    os_compute_api:os-lock-server:unlock:unlock_override   admin
    os_compute_api:os-keypairs:show                        member admin
    os_compute_api:servers:migrations:index                manager admin
    os_compute_api:limits                                  reader member member2 manager other admin service
    os_compute_api:os-server-external-events:create        admin service
    compute:servers:resize:cross_cell
    admin_api                                              admin
    admin_or_owner                                         reader member member2 manager admin
    project_member_api                                     member member2 manager
    project_reader_api                                     reader member member2 manager
    project_manager_api                                    manager
    service_api                                            service
"""


def who_may(rule: str, target: dict[str, str] = SERVER, **overrides: str) -> list[str]:
    enforcer = Enforcer({name.replace("__", ":"): check for name, check in overrides.items()})
    return [name for name, caller in CALLERS.items() if enforcer.enforce(rule, caller, target)]


@each_case("line", EXPECTED.strip().splitlines())
def test_the_defaults_allow_the_documented_callers(line):
    rule, *may = line.split()
    assert who_may(rule) == may


def test_the_table_covers_every_default_check():
    named = {line.split()[0] for line in EXPECTED.strip().splitlines()}
    missing = set(DEFAULTS.values()) - {DEFAULTS[rule] for rule in named}
    assert missing == {DEFAULTS[rule] for rule in DEFAULTS if rule.endswith("_or_admin") or rule == "context_is_admin"}


def test_without_a_target_only_administrators_are_allowed():
    assert who_may("os_compute_api:servers:start", {}) == ["admin"]
    assert who_may("os_compute_api:limits", {}) == list(CALLERS)


def test_an_override_changes_only_its_rule():
    overrides = {"os_compute_api__servers__start": "role:reader and project_id:%(project_id)s"}
    assert who_may("os_compute_api:servers:start", **overrides) == ["reader", "member", "member2", "manager"]
    assert who_may("os_compute_api:servers:stop", **overrides) == ["member", "member2", "manager", "admin"]


def test_an_override_changes_rules_that_refer_to_it():
    everywhere = {"project_member_or_admin": "role:service"}
    assert who_may("os_compute_api:servers:start", **everywhere) == ["service"]


def test_context_is_admin_can_be_overridden():
    overrides = {"context_is_admin": "role:manager"}
    assert who_may("os_compute_api:os-evacuate", **overrides) == ["manager"]
    assert who_may("admin_api", **overrides) == ["manager"]
    assert Enforcer(overrides).is_admin(CALLERS["manager"])
    assert not Enforcer(overrides).is_admin(CALLERS["admin"])
    assert who_may("admin_api", context_is_admin="rule:admin_api") == []
    assert who_may("admin_api", context_is_admin="rule:admin_api or role:service") == ["service"]


def test_an_unknown_rule_falls_back_to_default():
    assert who_may("nonsense") == []
    assert who_may("nonsense", default="role:manager") == ["manager"]
    assert who_may("a", a="rule:nonsense", default="role:manager") == ["manager"]
    assert who_may("os_compute_api:servers:start", default="@") == ["member", "member2", "manager", "admin"]


def test_circular_rules_are_false():
    assert who_may("a", a="rule:b", b="rule:a or rule:b") == []
    assert who_may("a", a="rule:a or role:admin") == ["admin"]
    assert who_may("nonsense", default="rule:more_nonsense") == []


def test_an_override_by_a_deprecated_name_applies_to_the_new_rules():
    show, swap = "os_compute_api:os-hypervisors:show", "os_compute_api:os-unrescue"
    assert who_may(show, **{"os_compute_api__os-hypervisors": "role:manager"}) == ["manager"]
    assert who_may(show, **{"os_compute_api__os-hypervisors": "@", show.replace(":", "__"): "!"}) == []
    assert who_may(show, **{"os_compute_api__os-hypervisors": f"rule:{show}"}) == ["admin"]
    assert who_may(swap, **{"os_compute_api__os-rescue": "role:service"}) == ["service"]


def test_an_override_that_repeats_a_deprecated_default_changes_nothing():
    overrides = {"os_compute_api__os-volumes": "rule:admin_or_owner"}
    assert who_may("os_compute_api:os-volumes:create", **overrides) == ["member", "member2", "manager", "admin"]


def test_too_long_a_chain_of_rules_is_refused():
    chain = {f"r{number}": f"not rule:r{number + 1}" for number in range(3000)}
    with pytest.raises(BadRequest, match="too many rules refer to one another"):
        Enforcer(chain).enforce("r0", CALLERS["admin"], SERVER)
    assert Enforcer(chain).enforce("r2960", CALLERS["admin"], SERVER) is False


def test_deeply_nested_rules_in_a_chain_are_refused():
    chain = {f"r{number}": "(not " * 60 + f"rule:r{number + 1}" + ")" * 60 for number in range(40)}
    with pytest.raises(BadRequest, match=r"too many rules|too deep"):
        Enforcer(chain).enforce("r0", CALLERS["admin"], SERVER)


def override(play: Play, **policy: str) -> None:
    with play.store.write() as tx:
        settings = tx.get(Settings, "cloud")
        settings.policy = {f"os_compute_api:servers:{name}": check for name, check in policy.items()}
        tx.put(settings)


def test_overrides_of_a_cloud_apply_to_requests():
    play = Play()
    server = play.create()
    assert play.ask("GET", f"/servers/{server}", who="reader").code == 200
    override(play, show="role:member")
    assert play.ask("GET", f"/servers/{server}").code == 200
    refusal = play.ask("GET", f"/servers/{server}", who="reader")
    message = "Policy doesn't allow os_compute_api:servers:show to be performed."
    assert refusal.body == {"forbidden": {"code": 403, "message": message}}


def test_an_invalid_override_is_refused_by_name():
    play = Play()
    server = play.create()
    override(play, show="role:member nad role:reader")
    refusal = play.ask("GET", f"/servers/{server}")
    assert refusal.code == 400
    message = refusal.body["badRequest"]["message"]
    assert "os_compute_api:servers:show" in message
    assert "character 13 at 'nad'" in message


# Rules of requests that the recordings leave out; their defaults are in Nova's policy reference.
UNRECORDED = """
    os_compute_api:os-instance-usage-audit-log:list os_compute_api:os-instance-usage-audit-log:show
    os_compute_api:os-simple-tenant-usage:list os_compute_api:os-simple-tenant-usage:show
    os_compute_api:os-quota-class-sets:show os_compute_api:os-quota-class-sets:update os_compute_api:extensions
    os_compute_api:os-assisted-volume-snapshots:create os_compute_api:os-assisted-volume-snapshots:delete
    os_compute_api:os-security-groups:rule:create os_compute_api:os-security-groups:rule:delete
""".split()


def test_the_defaults_are_the_recorded_rules(shared):
    recorded = json.loads((shared / "nova-facts" / "policies.json").read_text("utf-8"))
    unrecorded = {name: check for name, check in DEFAULTS.items() if name in UNRECORDED}
    assert {rule["name"]: rule["check"] for rule in recorded} | unrecorded == DEFAULTS
    guarded = {rule["name"]: [" ".join(pair) for pair in rule["operations"]] for rule in recorded}
    assert {name: requests for name, requests in guarded.items() if requests} == list_operations()
    former = {rule["name"]: rule["deprecated_rule"] for rule in recorded if rule["deprecated_rule"]}
    renamed = {new: old for new, old in former.items() if old["name"] != new and not old["name"].startswith("rule:")}
    assert {new: (old["name"], old["check"]) for new, old in renamed.items()} == DEPRECATED_RULES


@each_case("row", ACTIONS.values())
def test_every_rule_of_the_action_table_has_a_default(row):
    assert {row.policy, row.host_policy} - {"", "@"} <= set(DEFAULTS)


def test_requests_do_not_load_the_policy_file_modules():
    loaded = "import sys, novasim.api.callers, novasim.api.context; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not {"ast", "difflib", "yaml", "dataclasses", "novasim.api.policy.operations"} & set(modules)
    assert "novasim.api.policy.defaults" in modules
