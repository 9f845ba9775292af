"""The request of each action and its policy rule, from the API reference, not from the table."""

from __future__ import annotations

import json

import pytest

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS, BY_API, find_action
from tests import each_case

# action, method, path below /servers/{server_id}, key in the body, policy rule below os_compute_api, name in refusals
REQUESTS = """
    create                POST   -                      -                    servers:create                        -
    delete                DELETE .                      -                    servers:delete                        delete
    force-delete          POST   action                 forceDelete          os-deferred-delete:force              forceDelete
    restore               POST   action                 restore              os-deferred-delete:restore            restore
    start                 POST   action                 os-start             servers:start                         start
    stop                  POST   action                 os-stop              servers:stop                          stop
    reboot                POST   action                 reboot               servers:reboot                        reboot
    hard-reboot           POST   action                 reboot               servers:reboot                        reboot
    pause                 POST   action                 pause                os-pause-server:pause                 pause
    unpause               POST   action                 unpause              os-pause-server:unpause               unpause
    suspend               POST   action                 suspend              os-suspend-server:suspend             suspend
    resume                POST   action                 resume               os-suspend-server:resume              resume
    crash-dump            POST   action                 trigger_crash_dump   servers:trigger_crash_dump            trigger_crash_dump
    lock                  POST   action                 lock                 os-lock-server:lock                   lock
    unlock                POST   action                 unlock               os-lock-server:unlock                 unlock
    resize                POST   action                 resize               servers:resize                        resize
    confirm-resize        POST   action                 confirmResize        servers:confirm_resize                confirmResize
    revert-resize         POST   action                 revertResize         servers:revert_resize                 revertResize
    rebuild               POST   action                 rebuild              servers:rebuild                       rebuild
    rescue                POST   action                 rescue               os-rescue                             rescue
    unrescue              POST   action                 unrescue             os-unrescue                           unrescue
    shelve                POST   action                 shelve               os-shelve:shelve                      shelve
    shelve-offload        POST   action                 shelveOffload        os-shelve:shelve_offload              shelveOffload
    unshelve              POST   action                 unshelve             os-shelve:unshelve                    unshelve
    change-password       POST   action                 changePassword       os-admin-password                     changePassword
    create-image          POST   action                 createImage          servers:create_image                  createImage
    create-backup         POST   action                 createBackup         os-create-backup                      createBackup
    console-log           POST   action                 os-getConsoleOutput  os-console-output                     get_console_output
    console-url           POST   remote-consoles        -                    os-remote-consoles                    get_vnc_console
    console-url-vnc       POST   action                 os-getVNCConsole     os-remote-consoles                    get_vnc_console
    console-url-spice     POST   action                 os-getSPICEConsole   os-remote-consoles                    get_spice_console
    console-url-rdp       POST   action                 os-getRDPConsole     os-remote-consoles                    get_rdp_console
    console-url-serial    POST   action                 os-getSerialConsole  os-remote-consoles                    get_serial_console
    diagnostics           GET    diagnostics            -                    os-server-diagnostics                 get_diagnostics
    migrate               POST   action                 migrate              os-migrate-server:migrate             migrate
    live-migrate          POST   action                 os-migrateLive       os-migrate-server:migrate_live        os-migrateLive
    evacuate              POST   action                 evacuate             os-evacuate                           evacuate
    reset-state           POST   action                 os-resetState        os-admin-actions:reset_state          os-resetState
    inject-network-info   POST   action                 injectNetworkInfo    os-admin-actions:inject_network_info  injectNetworkInfo
    reset-network         POST   action                 resetNetwork         @                                     resetNetwork
    add-floating-ip       POST   action                 addFloatingIp        os-floating-ips:add                   addFloatingIp
    remove-floating-ip    POST   action                 removeFloatingIp     os-floating-ips:remove                removeFloatingIp
    add-fixed-ip          POST   action                 addFixedIp           os-multinic:add                       addFixedIp
    remove-fixed-ip       POST   action                 removeFixedIp        os-multinic:remove                    removeFixedIp
    add-security-group    POST   action                 addSecurityGroup     os-security-groups:add                addSecurityGroup
    remove-security-group POST   action                 removeSecurityGroup  os-security-groups:remove             removeSecurityGroup
    set                   PUT    .                      -                    servers:update                        -
    metadata-create       POST   metadata               -                    server-metadata:create                update_metadata
    metadata-replace      PUT    metadata               -                    server-metadata:update_all            update_metadata
    metadata-set-item     PUT    metadata/{key}         -                    server-metadata:update                update_metadata
    metadata-delete-item  DELETE metadata/{key}         -                    server-metadata:delete                delete_metadata
    tag-add               PUT    tags/{tag}             -                    os-server-tags:update                 update_tag
    tag-replace           PUT    tags                   -                    os-server-tags:update_all             update_tags
    tag-delete            DELETE tags/{tag}             -                    os-server-tags:delete                 delete_tag
    tag-delete-all        DELETE tags                   -                    os-server-tags:delete_all             delete_tags
    attach-volume         POST   os-volume_attachments  -                    os-volumes-attachments:create         attach_volume
    detach-volume         DELETE os-volume_attachments/{volume_id} -         os-volumes-attachments:delete         detach_volume
    swap-volume           PUT    os-volume_attachments/{volume_id} -         os-volumes-attachments:swap           swap_volume
    attach-port           POST   os-interface           -                    os-attach-interfaces:create           attach_interface
    detach-port           DELETE os-interface/{port_id} -                    os-attach-interfaces:delete           detach_interface
"""  # noqa: E501
ROWS = [line.split() for line in REQUESTS.strip().splitlines()]
IN_TWO_WORDS = ("metadata-", "tag-")  # with such names in refusals: "update metadata"


def path_of(below: str) -> str:
    """The path of a request; "-" is the collection, "." the server itself."""
    return {"-": "/servers", ".": "/servers/{server_id}"}.get(below, f"/servers/{{server_id}}/{below}")


@each_case(("name", "method", "below", "key", "rule", "called"), ROWS)
def test_the_request_and_its_rule(name, method, below, key, rule, called):
    row = ACTIONS[name]
    assert (row.method, row.path, row.api_key or "-") == (method, path_of(below), key)
    assert row.policy == (rule if rule == "@" else f"os_compute_api:{rule}")
    assert (row.name_in_refusals or "-") == (called.replace("_", " ") if name.startswith(IN_TWO_WORDS) else called)


def test_every_request_is_specified():
    assert list(ACTIONS) == [name for name, *_ in ROWS]
    assert {key: [row.name for row in rows] for key, rows in BY_API.items()} == {
        key: [name for name, _, _, own, *_ in ROWS if own == key] for _, _, _, key, *_ in ROWS if key != "-"
    }


@each_case(("name", "method", "below", "key", "rule", "called"), ROWS)
def test_the_recorded_policy_guards_the_request(shared, name, method, below, key, rule, called):
    recorded = json.loads((shared / "nova-facts" / "policies.json").read_text("utf-8"))
    guarded = {entry["name"]: [tuple(pair) for pair in entry["operations"]] for entry in recorded}
    path = path_of(below) + (f" ({key})" if key != "-" else "")
    if rule != "@" and guarded[f"os_compute_api:{rule}"]:
        assert (method, path) in guarded[f"os_compute_api:{rule}"] or key == "os-getRDPConsole"  # listed nowhere


@each_case(
    ("arguments", "name"),
    [
        ({"type": "SOFT"}, "reboot"),
        ({"type": "hard"}, "hard-reboot"),
        ({"type": "Hard"}, "hard-reboot"),
        ({"type": "HARD"}, "hard-reboot"),
        ({"type": "soft"}, "reboot"),
        ({"type": None}, "reboot"),
        ({}, "reboot"),
        (None, "reboot"),
        ("HARD", "reboot"),
    ],
)
def test_the_type_of_a_reboot_selects_its_row(arguments, name):
    assert find_action("reboot", arguments).name == name


def test_only_reboots_share_a_key():
    assert find_action("os-start", {"type": "HARD"}).name == "start"
    assert {row.name: row.selector for row in ACTIONS.values() if row.selector} == {
        "reboot": ("type", "SOFT"),
        "hard-reboot": ("type", "HARD"),
    }


@pytest.mark.parametrize(
    ("arguments", "minor", "rule"),
    [
        ({"host": "h"}, 56, "named"),
        ({"host": "h"}, 57, "named"),
        ({"host": "h"}, 55, "usual"),
        ({"host": None}, 56, "usual"),
        ({}, 56, "usual"),
        (None, 56, "usual"),
        ("host", 56, "usual"),
    ],
)
def test_naming_a_host_requires_another_rule_from_its_microversion(arguments, minor, rule):
    row = Action("a", "", policy="usual", host_policy="named", host_since=56)
    assert row.rule_for(arguments, minor) == rule
    assert Action("a", "", policy="usual").rule_for(arguments, minor) == "usual"


def test_the_rules_for_a_named_host():
    assert {row.name: (row.host_policy, row.host_since) for row in ACTIONS.values() if row.host_policy} == {
        "migrate": ("os_compute_api:os-migrate-server:migrate:host", 56),
        "live-migrate": ("os_compute_api:os-migrate-server:migrate_live:host", 1),
    }


def test_the_defaults_of_a_row():
    row = Action("a", "")
    assert (row.method, row.path, row.success_code) == ("POST", "/servers/{server_id}/action", 202)
    assert {row.policy, row.host_policy, row.lock, row.api_key, row.refusal_name, row.name_in_refusals} == {""}
    assert row.log_name == row.source == row.end_argument == ""
    assert row.plan_arguments == () and row.cost == 100
    assert (row.since, row.until, row.host_since) == (1, 104, 1)
    assert not (row.must_have_launched or row.needs_host or row.concurrent or row.is_removed)
    assert not (row.lifts_lock or row.restores_host or row.host_may_be_down)
    assert row.is_instant and row.acts_on_server
    assert row.vm_states is row.task_states is row.ends is row.fails is row.selector is None
    assert row.first_checks == row.checks == row.phases == ()
    assert row.variants == row.other_ends == {}
    assert row._replace(api_key="os-a").name_in_refusals == "os-a"
    assert row._replace(api_key="os-a", refusal_name="a").name_in_refusals == "a"


def test_which_actions_a_hypervisor_may_not_support():
    """Those with 501 among the expected errors of Nova's API. A create fails with 400 and 409 in checks of its own."""
    unsupported = """
        pause unpause rescue unrescue change-password console-log console-url diagnostics attach-port detach-port
    """
    expected = {name: {501} for name in unsupported.split()} | {"create": {400, 409}}
    assert {row.name: set(row.other_codes) for row in ACTIONS.values() if row.other_codes} == expected
