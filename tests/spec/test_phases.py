"""
The phases of every action, their durations and events, and where failures end.

Task states and events are recorded from Nova; the durations are novasim's own, as documented in novasim-lifecycle(7).
"""

from __future__ import annotations

import json

from novasim.lifecycle.action import Action, Phase, Variant
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import TASK_STATES
from tests import each_case

# Action and variant, then its phases: task_state ("-": none shown), seconds, "*" and what makes it longer, "!" and the
# vm_state after a failure, events in the log; "|" separates those that have started when no host is found, and "..."
# marks events that end with the next phase.
PHASES = """
    create
      scheduling 0.3
      block_device_mapping 0.5 compute__do_build_and_run_instance ...
      networking 0.7 ...
      spawning 1.5 *image
    delete
      deleting 0.5 compute_terminate_instance
    delete local
      deleting 0
    delete soft
      soft-deleting 0.3 compute_soft_delete_instance
    force-delete
      deleting 0.5 compute_terminate_instance
    force-delete local
      deleting 0
    restore
      restoring 0.5 compute_restore_instance
    start
      powering-on 1 compute_start_instance
    stop
      powering-off 1 compute_stop_instance
    reboot
      rebooting 0.3
      reboot_pending 0.2
      reboot_started 1.5 compute_reboot_instance
    hard-reboot
      rebooting_hard 0.3
      reboot_pending_hard 0.2
      reboot_started_hard 1 compute_reboot_instance
    pause
      pausing 0.5 compute_pause_instance
    unpause
      unpausing 0.5 compute_unpause_instance
    suspend
      suspending 1 *ram compute_suspend_instance
    resume
      resuming 1 *ram compute_resume_instance
    crash-dump
      - 0.5 compute_trigger_crash_dump
    lock
      - 0 api_lock
    unlock
      - 0 api_unlock
    resize
      resize_prep 0.5 conductor_migrate_server cold_migrate | compute_prep_resize
      resize_migrating 2 *disk !error compute_resize_instance
      resize_migrated 0.5 !error
      resize_finish 1 !error compute_finish_resize
    confirm-resize
      - 0.5 compute_confirm_resize
    revert-resize
      resize_reverting 1 compute_revert_resize
      resize_reverting 1 compute_finish_revert_resize
    revert-resize stopped
      resize_reverting 1 compute_revert_resize
      resize_reverting 1 compute_finish_revert_resize
      powering-off 0.5 compute_stop_instance
    rebuild
      rebuilding 0.5 rebuild_server
      rebuild_block_device_mapping 0.5
      rebuild_spawning 2 *image compute_rebuild_instance
    rebuild stopped
      rebuilding 0.5 rebuild_server
      rebuild_block_device_mapping 0.5
      rebuild_spawning 2 *image compute_rebuild_instance
      powering-off 0.5 compute_stop_instance
    rescue
      rescuing 1.5 compute_rescue_instance
    unrescue
      unrescuing 1.5 compute_unrescue_instance
    shelve
      shelving 0.5
      shelving_image_pending_upload 0.5
      shelving_image_uploading 1.5 *disk compute_shelve_instance
      shelving_offloading 0.5
    shelve keep
      shelving 0.5
      shelving_image_pending_upload 0.5
      shelving_image_uploading 1.5 *disk compute_shelve_instance
    shelve volume
      shelving 1 compute_shelve_offload_instance
    shelve-offload
      shelving_offloading 0.5 compute_shelve_offload_instance
    unshelve
      unshelving 0.5 get_image_info schedule_instances
      spawning 1.5 *disk compute_unshelve_instance
    unshelve volume
      unshelving 0.5 schedule_instances
      spawning 1.5 *disk compute_unshelve_instance
    unshelve start
      powering-on 1 compute_start_instance
    change-password
      updating_password 0.5 compute_set_admin_password
    create-image
      image_snapshot_pending 0.2
      image_snapshot 0.5
      image_pending_upload 0.3
      image_uploading 1 *disk compute_snapshot_instance
    create-image volume
      - 0 api_snapshot_instance
    create-backup
      image_backup 0.5
      image_pending_upload 0.3
      image_uploading 1 *disk compute_backup_instance
    migrate
      resize_prep 0.5 conductor_migrate_server cold_migrate | compute_prep_resize
      resize_migrating 2 *disk !error compute_resize_instance
      resize_migrated 0.5 !error
      resize_finish 1 !error compute_finish_resize
    live-migrate
      migrating 0.5 conductor_live_migrate_instance | compute_check_can_live_migrate_destination compute_check_can_live_migrate_source
      migrating 2.5 *ram compute_live_migration compute_pre_live_migration compute_post_live_migration_at_destination
    live-migrate waited
      migrating 0.5 conductor_migrate_server | compute_check_can_live_migrate_destination compute_check_can_live_migrate_source
      migrating 2.5 *ram compute_live_migration compute_pre_live_migration compute_post_live_migration_at_destination
    evacuate
      rebuilding 0.5 rebuild_server
      rebuild_block_device_mapping 0.5
      rebuild_spawning 2 *image compute_rebuild_instance
    evacuate stopped
      rebuilding 0.5 rebuild_server
      rebuild_block_device_mapping 0.5
      rebuild_spawning 2 *image compute_rebuild_instance
      powering-off 0.5 compute_stop_instance
    evacuate left-off
      rebuilding 0.5 rebuild_server
      rebuild_block_device_mapping 0.5
      rebuild_spawning 2 *image compute_rebuild_instance
      powering-off 0.5 compute_stop_instance
    reset-state
      - 0
    attach-volume
      - 0.2
      - 0.5 compute_attach_volume
    attach-volume offloaded
      - 0 api_attach_volume
    detach-volume
      - 0.5 compute_detach_volume
    detach-volume offloaded
      - 0 api_detach_volume
    swap-volume
      - 1 compute_swap_volume *disk
    attach-port
      - 0 compute_attach_interface
    detach-port
      - 0 compute_detach_interface
"""  # noqa: E501
FAILS_TO_ERROR = set(
    "create delete force-delete restore reboot hard-reboot suspend resume confirm-resize revert-resize rebuild rescue "
    "unrescue evacuate".split()
)
CONCURRENT = {"lock", "unlock", "attach-volume", "detach-volume", "swap-volume", "attach-port", "detach-port"}


def parse_phase(line: str) -> Phase:
    """Parse a phase."""
    task, seconds, *words = line.split()
    marks = {word[0]: word[1:] for word in words if word[0] in "*!"}
    events = [word for word in words if word[0] not in "*!"]
    unplaced = events.index("|") if "|" in events else 0
    continues = "..." in events
    events = tuple(word for word in events if word not in ("|", "..."))
    fails, grows_with = marks.get("!"), marks.get("*", "")
    return Phase(None if task == "-" else task, float(seconds), events, fails, grows_with, unplaced, continues)


def phases_by_variant() -> dict[tuple[str, str], list[Phase]]:
    """The phases above, by action and variant."""
    found: dict[tuple[str, str], list[Phase]] = {}
    phases: list[Phase] = []
    for line in PHASES.strip("\n").splitlines():
        if line.startswith("      "):
            phases.append(parse_phase(line))
        else:
            action, variant = [*line.split(), ""][:2]
            phases = found[action, variant] = []
    return found


@each_case(("name", "variant"), phases_by_variant())
def test_the_phases_of_each_variant(name, variant):
    assert list(ACTIONS[name].phases_for(variant)) == phases_by_variant()[name, variant]


def test_every_variant_is_specified():
    known = {
        (row.name, variant) for row in ACTIONS.values() for variant in ("", *row.variants) if row.phases_for(variant)
    }
    assert known == set(phases_by_variant())


def test_phases_show_task_states_of_nova():
    assert {phase.task_state for phases in phases_by_variant().values() for phase in phases} <= {None, *TASK_STATES}


def test_where_failures_end():
    assert {row.name: row.fails for row in ACTIONS.values() if row.fails} == dict.fromkeys(FAILS_TO_ERROR, "error")


def test_which_actions_are_concurrent():
    assert {row.name for row in ACTIONS.values() if row.concurrent} == CONCURRENT


def test_where_variants_end():
    assert {row.name: dict(row.other_ends) for row in ACTIONS.values() if row.other_ends} == {
        "delete": {"soft": "soft-delete"},
        "confirm-resize": {"stopped": "stopped"},
        "revert-resize": {"stopped": "stopped"},
        "rebuild": {"stopped": "stopped"},
        "shelve": {"keep": "shelved"},
        "evacuate": {"stopped": "stopped", "left-off": "stopped"},
        "reset-state": {"active": "active"},
    }


# Action, vm_state before, vm_states in which it can end, the usual one first. From the API reference; a server
# that was stopped before a resize, rebuild or evacuation is stopped afterwards.
ENDS = """
    stop           active     stopped
    lock           paused     paused
    delete         active     deleted soft-delete
    force-delete   active     deleted
    shelve         stopped    shelved_offloaded shelved
    rebuild        active     active
    rebuild        error      active
    rebuild        stopped    stopped
    evacuate       active     active stopped
    evacuate       error      active
    evacuate       stopped    stopped
    confirm-resize resized    active stopped
    revert-resize  resized    active stopped
    reset-state    paused     error active
    force-delete   soft-delete deleted
    shelve         paused     shelved_offloaded shelved
    unshelve       shelved    active
    live-migrate   paused     paused
    lock           suspended  suspended
"""


@each_case(("name", "before", "ends"), [line.split(maxsplit=2) for line in ENDS.strip().splitlines()])
def test_where_an_action_can_end(name, before, ends):
    assert list(ACTIONS[name].end_states(before)) == ends.split()


def test_which_actions_may_fail():
    by_phase = {"resize", "migrate"}
    assert {row.name for row in ACTIONS.values() if row.may_fail} == FAILS_TO_ERROR | by_phase


def test_an_unknown_variant_has_the_usual_phases():
    usual, special = (Phase("pausing"),), (Phase("unpausing", 2.0),)
    row = Action("a", "", phases=usual, variants={"x": special})
    assert (row.phases_for(), row.phases_for(""), row.phases_for("x")) == (usual, usual, special)
    assert Phase("pausing") == Phase("pausing", 0.0, (), None, "")
    assert row.phases_for("y") == usual


def test_the_recorded_events_belong_to_the_phases(shared):
    """The events that recorded requests wrote into the log are among those of the action's phases."""
    matrix = json.loads((shared / "nova-facts" / "matrix_settled.json").read_text("utf-8"))
    recorded = {
        (entry["action"], tuple(event for event, _ in entry["events"]))
        for outcome in matrix["outcomes"].values()
        for entry in outcome.get("actions", ())
        if entry["events"] and all(result == "Success" for _, result in entry["events"])
    }
    assert recorded
    known: dict[str, set[str]] = {}
    for row in ACTIONS.values():
        phases = [phase for variant in ("", *row.variants) for phase in row.phases_for(variant)]
        known.setdefault(row.log_name, set()).update(event for phase in phases for event in phase.events)
    assert [pair for pair in recorded if not set(pair[1]) <= known[pair[0]]] == []


def test_variants_are_stored_and_printed_as_their_values():
    values = "stopped left-off soft local keep start waited offloaded volume active".split()
    assert [str(variant) for variant in Variant] == [f"{variant}" for variant in Variant] == values
    assert json.dumps(list(Variant)) == json.dumps(values)
