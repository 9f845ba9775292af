"""
The action table: who may do what to a server, when, how long it takes and what follows. One row per action.

Sources named in the rows: "api-ref" is Nova's API reference; "matrix" are matrix_settled and matrix_task, recorded
from Nova. Durations are ours: short enough for a person who waits.
"""

from __future__ import annotations

from novasim.lifecycle import checks
from novasim.lifecycle.action import IDLE, Action, Phase
from novasim.lifecycle.states import (
    ACTIVE,
    DELETED,
    ERROR,
    PAUSED,
    RESCUED,
    RESIZED,
    SHELVED,
    SHELVED_OFFLOADED,
    SOFT_DELETED,
    STOPPED,
    SUSPENDED,
    TASK_STATES,
)  # fmt: skip

OS = "os_compute_api:"

NOT_RESIZING = frozenset({ACTIVE, STOPPED, PAUSED, SUSPENDED})
DEVICES = frozenset({ACTIVE, PAUSED, STOPPED, RESIZED, SHELVED, SHELVED_OFFLOADED, SOFT_DELETED})
NICS = frozenset({ACTIVE, PAUSED, STOPPED})
HARD_REBOOT_TASKS = frozenset(
    {
        None, "rebooting", "reboot_pending", "reboot_started", "rebooting_hard",
        "pausing", "unpausing", "suspending", "resuming",
    }
)  # fmt: skip

CONSOLE_TASKS: frozenset[str | None] = frozenset({None, *TASK_STATES - {"deleting", "migrating"}})

RESIZE_PHASES = (
    Phase("resize_prep", 0.5, ("conductor_migrate_server", "cold_migrate", "compute_prep_resize"), unplaced=2),
    Phase("resize_migrating", 2.0, ("compute_resize_instance",), ERROR, "disk"),
    Phase("resize_migrated", 0.5, (), ERROR),
    Phase("resize_finish", 1.0, ("compute_finish_resize",), ERROR),
)
LIVE_CHECKS = ("compute_check_can_live_migrate_destination", "compute_check_can_live_migrate_source")
LIVE_MOVE = Phase(
    "migrating",
    2.5,
    ("compute_live_migration", "compute_pre_live_migration", "compute_post_live_migration_at_destination"),
    grows_with="ram",
)
REBUILD_PHASES = (
    Phase("rebuilding", 0.5, ("rebuild_server",)),
    Phase("rebuild_block_device_mapping", 0.5),
    Phase("rebuild_spawning", 2.0, ("compute_rebuild_instance",), grows_with="image"),
)
THEN_STOP = Phase("powering-off", 0.5, ("compute_stop_instance",))
SHELVE_PHASES = (
    Phase("shelving", 0.5),
    Phase("shelving_image_pending_upload", 0.5),
    Phase("shelving_image_uploading", 1.5, ("compute_shelve_instance",), grows_with="disk"),
)
DELETE_PHASES = (Phase("deleting", 0.5, ("compute_terminate_instance",)),)

ROWS = (
    # --- build and removal -------------------------------------------------------------------------------
    Action(
        "create", "Make a server from a flavor and an image or volume.", OS + "servers:create",
        path="/servers", recorded="create", ends=ACTIVE, fails=ERROR,
        phases=(
            Phase("scheduling", 0.3),
            Phase("block_device_mapping", 0.5),
            Phase("networking", 0.7),
            Phase("spawning", 1.5, ("compute__do_build_and_run_instance",), grows_with="image"),
        ),
        source="api-ref 'Create Server'; walks, POST /servers",
    ),
    Action(
        "delete", "Remove a server, at once or (reclaim_instance_interval) with time to restore it.",
        OS + "servers:delete",
        method="DELETE", path="/servers/{server_id}", called="delete", lock="locked", code=204, recorded="delete",
        fails=ERROR, phases=DELETE_PHASES, ends=DELETED, other_ends={"soft": SOFT_DELETED},
        variants={
            "local": (Phase("deleting", 0.0),),
            "soft": (Phase("soft-deleting", 0.3, ("compute_soft_delete_instance",)),),
        },
        source="api-ref 'Delete Server'; matrix 'DELETE', 'DELETE reclaim'",
    ),
    Action(
        "force-delete", "Remove a server for good, even if it is soft-deleted.",
        OS + "os-deferred-delete:force",
        api="forceDelete", lock="locked", recorded="delete",
        fails=ERROR, phases=DELETE_PHASES, ends=DELETED, variants={"local": (Phase("deleting", 0.0),)},
        source="api-ref 'Force-Delete Server'; matrix 'forceDelete'",
    ),
    Action(
        "restore", "Bring a soft-deleted server back.", OS + "os-deferred-delete:restore",
        api="restore", lock="invalid", vm_states=frozenset({SOFT_DELETED}), task_states=IDLE, launched=True,
        checks=(checks.within_quota,),
        fails=ERROR,
        phases=(Phase("restoring", 0.5, ("compute_restore_instance",)),), ends=ACTIVE, recorded="restore",
        source="api-ref 'Restore Soft-Deleted Instance'; matrix 'restore'",
    ),
    # --- power -------------------------------------------------------------------------------------------
    Action(
        "start", "Switch a stopped server on.", OS + "servers:start",
        api="os-start", called="start", lock="locked", on_host=True, launched=True,
        vm_states=frozenset({STOPPED}), task_states=IDLE,
        phases=(Phase("powering-on", 1.0, ("compute_start_instance",)),), ends=ACTIVE, recorded="start",
        source="api-ref 'Start Server'; matrix 'os-start'",
    ),
    Action(
        "stop", "Switch a server off; its disk and host stay reserved.", OS + "servers:stop",
        api="os-stop", called="stop", lock="locked", on_host=True, launched=True,
        vm_states=frozenset({ACTIVE, ERROR}), task_states=IDLE,
        phases=(Phase("powering-off", 1.0, ("compute_stop_instance",)),), ends=STOPPED, recorded="stop",
        source="api-ref 'Stop Server'; matrix 'os-stop'; surprises 'Stop and reboot'",
    ),
    Action(
        "reboot", "Ask the guest to restart (soft), or cut its power and restart it (--hard).",
        OS + "servers:reboot",
        api="reboot", select=("type", "SOFT"), lock="locked", launched=True,
        vm_states=frozenset({ACTIVE}), task_states=IDLE,
        fails=ERROR, phases=(
            Phase("rebooting", 0.3),
            Phase("reboot_pending", 0.2),
            Phase("reboot_started", 1.5, ("compute_reboot_instance",)),
        ),
        ends=ACTIVE, recorded="reboot",
        source="api-ref 'Reboot Server'; matrix 'reboot SOFT'",
    ),
    Action(
        "hard-reboot", "Cut the power of a server and restart it.", OS + "servers:reboot",
        api="reboot", select=("type", "HARD"), lock="locked", launched=True,
        vm_states=frozenset({ACTIVE, ERROR, PAUSED, STOPPED, SUSPENDED}), task_states=HARD_REBOOT_TASKS,
        fails=ERROR, phases=(
            Phase("rebooting_hard", 0.3),
            Phase("reboot_pending_hard", 0.2),
            Phase("reboot_started_hard", 1.0, ("compute_reboot_instance",)),
        ),
        ends=ACTIVE, recorded="reboot",
        source="api-ref 'Reboot Server'; matrix 'reboot HARD'; surprises 'Stop and reboot'",
    ),
    Action(
        "pause", "Freeze a server; its memory stays in RAM.", OS + "os-pause-server:pause",
        api="pause", lock="locked", launched=True, vm_states=frozenset({ACTIVE}), task_states=IDLE,
        phases=(Phase("pausing", 0.5, ("compute_pause_instance",)),), ends=PAUSED, recorded="pause",
        source="api-ref 'Pause Server'; matrix 'pause'",
    ),
    Action(
        "unpause", "Let a paused server go on.", OS + "os-pause-server:unpause",
        api="unpause", lock="locked", launched=True, vm_states=frozenset({PAUSED}), task_states=IDLE,
        phases=(Phase("unpausing", 0.5, ("compute_unpause_instance",)),), ends=ACTIVE, recorded="unpause",
        source="api-ref 'Unpause Server'; matrix 'unpause'",
    ),
    Action(
        "suspend", "Save a server's memory to disk and stop it.", OS + "os-suspend-server:suspend",
        api="suspend", lock="locked", launched=True, vm_states=frozenset({ACTIVE}), task_states=IDLE,
        fails=ERROR,
        phases=(Phase("suspending", 1.0, ("compute_suspend_instance",), grows_with="ram"),),
        ends=SUSPENDED, recorded="suspend",
        source="api-ref 'Suspend Server'; matrix 'suspend'",
    ),
    Action(
        "resume", "Wake a suspended server.", OS + "os-suspend-server:resume",
        api="resume", lock="locked", launched=True, vm_states=frozenset({SUSPENDED}), task_states=IDLE,
        fails=ERROR,
        phases=(Phase("resuming", 1.0, ("compute_resume_instance",), grows_with="ram"),),
        ends=ACTIVE, recorded="resume",
        source="api-ref 'Resume Suspended Server'; matrix 'resume'",
    ),
    Action(
        "crash-dump", "Make the guest's kernel crash and dump its memory.", OS + "servers:trigger_crash_dump",
        api="trigger_crash_dump", since=17, lock="locked", on_host=True, launched=True,
        vm_states=frozenset({ACTIVE, PAUSED, RESCUED, RESIZED, ERROR}), task_states=IDLE,
        phases=(Phase(None, 0.5, ("compute_trigger_crash_dump",)),), recorded="trigger_crash_dump",
        source="api-ref 'Trigger Crash Dump In Server'; matrix 'trigger_crash_dump'",
    ),
    # --- lock --------------------------------------------------------------------------------------------
    Action(
        "lock", "Protect a server against changes by everybody but administrators.", OS + "os-lock-server:lock",
        api="lock", recorded="lock", aside=True, phases=(Phase(None, 0.0, ("api_lock",)),),
        source="api-ref 'Lock Server'; matrix 'lock'; surprises 'Locks'",
    ),
    Action(
        "unlock", "Lift a lock.", OS + "os-lock-server:unlock",
        api="unlock", recorded="unlock", aside=True, phases=(Phase(None, 0.0, ("api_unlock",)),),
        checks=(checks.may_undo_the_lock,),
        source="api-ref 'Unlock Server'; matrix 'unlock'; surprises 'Locks'",
    ),
    # --- resize and rebuild ------------------------------------------------------------------------------
    Action(
        "resize", "Give a server another flavor; to be confirmed or reverted afterwards.", OS + "servers:resize",
        api="resize", lock="locked", launched=True, vm_states=frozenset({ACTIVE, STOPPED}), task_states=IDLE,
        checks=(
            checks.source_answers, checks.flavor_exists, checks.flavor_keeps_a_disk, checks.flavor_enabled,
            checks.flavor_differs, checks.within_quota, checks.flavor_fits_disk,
        ),
        phases=RESIZE_PHASES, ends=RESIZED, recorded="resize",
        source="api-ref 'Resize Server'; matrix 'resize ...'",
    ),
    Action(
        "confirm-resize", "Keep the new flavor or host and free the old one.", OS + "servers:confirm_resize",
        api="confirmResize", lock="locked", launched=True, vm_states=frozenset({RESIZED}), task_states=IDLE,
        checks=(checks.was_resized,),
        fails=ERROR,
        phases=(Phase(None, 0.5, ("compute_confirm_resize",)),), ends=ACTIVE, other_ends={"stopped": STOPPED},
        code=204, recorded="confirmResize",
        source="api-ref 'Confirm Resized Server'; matrix 'confirmResize'",
    ),
    Action(
        "revert-resize", "Go back to the old flavor or host.", OS + "servers:revert_resize",
        api="revertResize", lock="locked", launched=True, vm_states=frozenset({RESIZED}), task_states=IDLE,
        checks=(checks.was_resized,),
        fails=ERROR, phases=(
            Phase("resize_reverting", 1.0, ("compute_revert_resize",)),
            Phase("resize_reverting", 1.0, ("compute_finish_revert_resize",)),
        ),
        variants={
            "stopped": (
                Phase("resize_reverting", 1.0, ("compute_revert_resize",)),
                Phase("resize_reverting", 1.0, ("compute_finish_revert_resize",)),
                THEN_STOP,
            )
        },
        ends=ACTIVE, other_ends={"stopped": STOPPED}, recorded="revertResize",
        source="api-ref 'Revert Resized Server'; matrix 'revertResize'",
    ),
    Action(
        "rebuild", "Put a fresh disk from an image under a server; id, flavor, addresses stay.",
        OS + "servers:rebuild",
        api="rebuild", lock="locked", launched=True, vm_states=frozenset({ACTIVE, STOPPED, ERROR}),
        task_states=IDLE,
        checks=(checks.key_exists, checks.image_exists, checks.image_fits, checks.within_quota),
        phases=REBUILD_PHASES, variants={"stopped": (*REBUILD_PHASES, THEN_STOP)}, ends=ACTIVE,
        other_ends={"stopped": STOPPED}, fails=ERROR, recorded="rebuild",
        source="api-ref 'Rebuild Server'; matrix 'rebuild ...'",
    ),
    # --- rescue ------------------------------------------------------------------------------------------
    Action(
        "rescue", "Boot a server from a rescue image with its own disk attached.", OS + "os-rescue",
        api="rescue", lock="locked", launched=True, vm_states=frozenset({ACTIVE, STOPPED, ERROR}),
        task_states=IDLE, checks=(checks.rescue_image_usable,),
        fails=ERROR,
        phases=(Phase("rescuing", 1.5, ("compute_rescue_instance",)),), ends=RESCUED, code=200, recorded="rescue",
        source="api-ref 'Rescue Server'; matrix 'rescue'",
    ),
    Action(
        "unrescue", "Boot a rescued server from its own disk again.", OS + "os-unrescue",
        api="unrescue", lock="locked", launched=True, vm_states=frozenset({RESCUED}), task_states=IDLE,
        fails=ERROR,
        phases=(Phase("unrescuing", 1.5, ("compute_unrescue_instance",)),), ends=ACTIVE, recorded="unrescue",
        source="api-ref 'Unrescue Server'; matrix 'unrescue'",
    ),
    # --- shelve ------------------------------------------------------------------------------------------
    Action(
        "shelve", "Store a server as an image and stop it, to be unshelved later.", OS + "os-shelve:shelve",
        api="shelve", lock="locked", launched=True, vm_states=NOT_RESIZING, task_states=IDLE,
        phases=(*SHELVE_PHASES, Phase("shelving_offloading", 0.5)), variants={"keep": SHELVE_PHASES},
        ends=SHELVED_OFFLOADED, other_ends={"keep": SHELVED}, recorded="shelve",
        source="api-ref 'Shelve Server'; matrix 'shelve'; option shelved_offload_time",
    ),
    Action(
        "shelve-offload", "Free the host of a shelved server.", OS + "os-shelve:shelve_offload",
        api="shelveOffload", lock="locked", launched=True, vm_states=frozenset({SHELVED}), task_states=IDLE,
        phases=(Phase("shelving_offloading", 0.5, ("compute_shelve_offload_instance",)),),
        ends=SHELVED_OFFLOADED, recorded="shelveOffload",
        source="api-ref 'Shelf-Offload (Remove) Server'; matrix 'shelveOffload'",
    ),
    Action(
        "unshelve", "Bring a shelved server back.", OS + "os-shelve:unshelve",
        api="unshelve", lock="locked", launched=True, vm_states=frozenset({SHELVED, SHELVED_OFFLOADED}),
        task_states=IDLE,
        checks=(
            checks.offloaded_for_placement, checks.zone_exists,
            checks.may_choose_host(OS + "os-shelve:unshelve_to_host"), checks.host_exists,
            checks.host_in_zone,
        ),
        phases=(
            Phase("unshelving", 0.5, ("get_image_info", "schedule_instances")),
            Phase("spawning", 1.5, ("compute_unshelve_instance",), grows_with="disk"),
        ),
        variants={"start": (Phase("powering-on", 1.0, ("compute_start_instance",)),)},
        ends=ACTIVE, recorded="unshelve",
        source="api-ref 'Unshelve (Restore) Shelved Server'; matrix 'unshelve ...'; microversions 2.77, 2.91",
    ),
    # --- guest, images, consoles -------------------------------------------------------------------------
    Action(
        "change-password", "Set the administrator's password of the guest.", OS + "os-admin-password",
        api="changePassword", lock="invalid", launched=True, vm_states=frozenset({ACTIVE}), task_states=IDLE,
        phases=(Phase("updating_password", 0.5, ("compute_set_admin_password",)),), recorded="changePassword",
        source="api-ref 'Change Administrative Password'; matrix 'changePassword'; surprises 'Locks'",
    ),
    Action(
        "create-image", "Make an image (a snapshot) of a server.", OS + "servers:create_image",
        api="createImage", launched=True, vm_states=NOT_RESIZING, task_states=IDLE,
        phases=(
            Phase("image_snapshot_pending", 0.2),
            Phase("image_snapshot", 0.5),
            Phase("image_pending_upload", 0.3),
            Phase("image_uploading", 1.0, ("compute_snapshot_instance",), grows_with="disk"),
        ),
        recorded="createImage",
        source="api-ref 'Create Image'; matrix 'createImage'",
    ),
    Action(
        "create-backup", "Make a backup image of a server and keep only the newest ones of its type.",
        OS + "os-create-backup",
        api="createBackup", launched=True, vm_states=NOT_RESIZING, task_states=IDLE,
        phases=(
            Phase("image_backup", 0.5),
            Phase("image_pending_upload", 0.3),
            Phase("image_uploading", 1.0, ("compute_backup_instance",), grows_with="disk"),
        ),
        recorded="createBackup",
        source="api-ref 'Create Server Back Up'; matrix 'createBackup'",
    ),
    Action(
        "console-log", "Show what a server printed on its console.", OS + "os-console-output",
        api="os-getConsoleOutput", called="get_console_output", on_host=True, code=200,
        source="api-ref 'Show Console Output'; matrix 'os-getConsoleOutput'",
    ),
    Action(
        "console-url", "Give an address at which a server's console can be reached.", OS + "os-remote-consoles",
        path="/servers/{server_id}/remote-consoles", called="get_vnc_console", since=6, on_host=True,
        task_states=CONSOLE_TASKS, code=200,
        source="api-ref 'Create Remote Console'; matrix 'remote-consoles ...'",
    ),
    *(
        Action(
            f"console-url-{kind.lower()}", f"The {kind} console's address, as it was asked for before 2.6.",
            OS + "os-remote-consoles",
            api=f"os-get{kind}Console", called=f"get_{kind.lower()}_console", until=5, on_host=True,
            task_states=CONSOLE_TASKS, code=200,
            source="api-ref 'Get ... Console (DEPRECATED)'; microversion 2.6",
        )
        for kind in ("VNC", "SPICE", "RDP", "Serial")
    ),
    Action(
        "diagnostics", "Show what the host knows of a running guest.", OS + "os-server-diagnostics",
        method="GET", path="/servers/{server_id}/diagnostics", called="get_diagnostics", on_host=True, code=200,
        checks=(checks.powered_on,),
        source="api-ref 'Show Server Diagnostics'; matrix 'GET diagnostics'",
    ),
    # --- moves and the administrator's half --------------------------------------------------------------
    Action(
        "migrate", "Move a server to another host while it is off; to be confirmed or reverted.",
        OS + "os-migrate-server:migrate",
        api="migrate", launched=True, vm_states=frozenset({ACTIVE, STOPPED}), task_states=IDLE,
        host_policy=OS + "os-migrate-server:migrate:host", host_since=56,
        checks=(checks.source_answers, checks.other_host, checks.host_exists),
        phases=RESIZE_PHASES, ends=RESIZED, recorded="migrate",
        source="api-ref 'Migrate Server (migrate Action)'; matrix 'migrate ...'",
    ),
    Action(
        "live-migrate", "Move a running server to another host.", OS + "os-migrate-server:migrate_live",
        api="os-migrateLive", launched=True, vm_states=frozenset({ACTIVE, PAUSED}), task_states=IDLE,
        host_policy=OS + "os-migrate-server:migrate_live:host",
        checks=(checks.host_exists, checks.live_target_accepted),
        phases=(Phase("migrating", 0.5, ("conductor_live_migrate_instance", *LIVE_CHECKS), unplaced=1), LIVE_MOVE),
        variants={
            "waited": (Phase("migrating", 0.5, ("conductor_migrate_server", *LIVE_CHECKS), unplaced=1), LIVE_MOVE)
        },
        recorded="live-migration",
        source="api-ref 'Live-Migrate Server (os-migrateLive Action)'; matrix 'os-migrateLive'",
    ),
    Action(
        "evacuate", "Rebuild a server of a dead host on another one.", OS + "os-evacuate",
        api="evacuate", launched=True, vm_states=frozenset({ACTIVE, STOPPED, ERROR}),
        first_checks=(checks.evacuation_host_exists, checks.not_the_same_host,),
        checks=(checks.source_is_down,),
        phases=REBUILD_PHASES,
        variants={"stopped": (*REBUILD_PHASES, THEN_STOP), "left-off": (*REBUILD_PHASES, THEN_STOP)},
        ends=ACTIVE, other_ends={"stopped": STOPPED, "left-off": STOPPED}, fails=ERROR, code=200,
        recorded="evacuate",
        source="api-ref 'Evacuate Server'; matrix 'evacuate ...'; microversions 2.14, 2.29, 2.68, 2.95",
    ),
    Action(
        "reset-state", "Set the state in the records to active or error, whatever the guest does.",
        OS + "os-admin-actions:reset_state",
        api="os-resetState", recorded="resetState", phases=(Phase(None),),
        ends=ERROR, other_ends={ACTIVE: ACTIVE},
        source="api-ref 'Reset Server State'; matrix 'os-resetState ...'",
    ),
    Action(
        "inject-network-info", "Write the network configuration into the guest again.",
        OS + "os-admin-actions:inject_network_info",
        api="injectNetworkInfo", on_host=True,
        source="api-ref 'Inject Network Information'; matrix 'injectNetworkInfo'",
    ),
    Action(
        "reset-network", "Removed from Nova: always answers 410.", "@",
        api="resetNetwork", code=410, source="api-ref 'Reset Networking On A Server'; matrix 'resetNetwork'",
    ),
    # --- addresses and security groups -------------------------------------------------------------------
    Action(
        "add-floating-ip", "Give a server a floating address.", OS + "os-floating-ips:add",
        api="addFloatingIp", until=43,
        source="api-ref 'Add (Associate) Floating Ip'; matrix 'addFloatingIp ...'; microversion 2.44",
    ),
    Action(
        "remove-floating-ip", "Take a floating address from a server.", OS + "os-floating-ips:remove",
        api="removeFloatingIp", until=43,
        source="api-ref 'Remove (Disassociate) Floating Ip'; matrix 'removeFloatingIp ...'",
    ),
    Action(
        "add-fixed-ip", "Give a server another address on one of its networks.", OS + "os-multinic:add",
        api="addFixedIp", until=43, lock="locked", on_host=True,
        source="api-ref 'Add (Associate) Fixed Ip'; matrix 'addFixedIp ...'; surprises 'Faults of Nova itself'",
    ),
    Action(
        "remove-fixed-ip", "Take an address from a server.", OS + "os-multinic:remove",
        api="removeFixedIp", until=43, lock="locked", on_host=True,
        source="api-ref 'Remove (Disassociate) Fixed Ip'; matrix 'removeFixedIp ...'",
    ),
    Action(
        "add-security-group", "Put a server's ports into a security group.", OS + "os-security-groups:add",
        api="addSecurityGroup", source="api-ref 'Add Security Group To A Server'; matrix 'addSecurityGroup'",
    ),
    Action(
        "remove-security-group", "Take a server's ports out of a security group.",
        OS + "os-security-groups:remove",
        api="removeSecurityGroup",
        source="api-ref 'Remove Security Group From A Server'; matrix 'removeSecurityGroup'",
    ),
    # --- what has a path of its own ----------------------------------------------------------------------
    Action(
        "set", "Change name, description, addresses, host name.", OS + "servers:update",
        method="PUT", path="/servers/{server_id}", code=200,
        source="api-ref 'Update Server'; matrix 'PUT name'",
    ),
    *(
        Action(
            f"metadata-{verb}", text, f"{OS}server-metadata:{rule}",
            method=method, path=path, called=f"{word} metadata", lock="locked", launched=True,
            vm_states=NOT_RESIZING, code=code,
            source="api-ref 'Server metadata'; matrix 'metadata ...'",
        )
        for verb, text, rule, method, path, word, code in (
            ("create", "Add or change metadata items.", "create", "POST", "/servers/{server_id}/metadata", "update",
             200),
            ("replace", "Replace all metadata.", "update_all", "PUT", "/servers/{server_id}/metadata", "update", 200),
            ("set-item", "Set one metadata item.", "update", "PUT", "/servers/{server_id}/metadata/{key}", "update",
             200),
            ("delete-item", "Remove one metadata item.", "delete", "DELETE", "/servers/{server_id}/metadata/{key}",
             "delete", 204),
        )
    ),
    *(
        Action(
            f"tag-{verb}", text, f"{OS}os-server-tags:{rule}",
            method=method, path=path, called=called, vm_states=NOT_RESIZING, since=26, code=code,
            source="api-ref 'Server tags'; matrix 'tag put', 'tags replace'",
        )
        for verb, text, rule, method, path, called, code in (
            ("add", "Add one tag.", "update", "PUT", "/servers/{server_id}/tags/{tag}", "update tag", 201),
            ("replace", "Replace all tags.", "update_all", "PUT", "/servers/{server_id}/tags", "update tags", 200),
            ("delete", "Remove one tag.", "delete", "DELETE", "/servers/{server_id}/tags/{tag}", "delete tag", 204),
            ("delete-all", "Remove all tags.", "delete_all", "DELETE", "/servers/{server_id}/tags", "delete tags",
             204),
        )
    ),
    Action(
        "attach-volume", "Attach a volume to a server.", OS + "os-volumes-attachments:create",
        path="/servers/{server_id}/os-volume_attachments", called="attach_volume", lock="locked", launched=True,
        first_checks=(checks.shelved_devices_as("attach_volume"),), vm_states=DEVICES, task_states=IDLE, code=200,
        recorded="attach_volume",
        aside=True, phases=(Phase(None, 0.0, ("compute_attach_volume",)),),
        variants={"offloaded": (Phase(None, 0.0, ("api_attach_volume",)),)},
        source="api-ref 'Attach a volume to an instance'; matrix 'volume attach'; microversion 2.20",
    ),
    Action(
        "detach-volume", "Detach a volume from a server.", OS + "os-volumes-attachments:delete",
        method="DELETE", path="/servers/{server_id}/os-volume_attachments/{volume_id}", called="detach_volume",
        lock="locked", launched=True, vm_states=DEVICES, task_states=IDLE,
        first_checks=(checks.shelved_devices_as("detach_volume"), checks.has_the_volume),
        recorded="detach_volume", aside=True, phases=(Phase(None, 0.0, ("compute_detach_volume",)),),
        variants={"offloaded": (Phase(None, 0.0, ("api_detach_volume",)),)},
        source="api-ref 'Detach a volume from an instance'; matrix 'volume detach'; microversion 2.20",
    ),
    Action(
        "attach-port", "Plug a network interface into a server.", OS + "os-attach-interfaces:create",
        path="/servers/{server_id}/os-interface", called="attach_interface", lock="locked", launched=True,
        vm_states=NICS, task_states=IDLE, code=200, recorded="attach_interface",
        aside=True, phases=(Phase(None, 0.0, ("compute_attach_interface",)),),
        source="api-ref 'Create Interface'; matrix 'interface attach'",
    ),
    Action(
        "detach-port", "Unplug a network interface from a server.", OS + "os-attach-interfaces:delete",
        method="DELETE", path="/servers/{server_id}/os-interface/{port_id}", called="detach_interface",
        lock="locked", launched=True, vm_states=NICS, task_states=IDLE, recorded="detach_interface",
        aside=True, phases=(Phase(None, 0.0, ("compute_detach_interface",)),),
        source="api-ref 'Detach Interface'; matrix 'interface detach'",
    ),
)  # fmt: skip

ACTIONS: dict[str, Action] = {row.name: row for row in ROWS}

BY_API: dict[str, tuple[Action, ...]] = {}
for _row in ROWS:
    if _row.api:
        BY_API[_row.api] = (*BY_API.get(_row.api, ()), _row)


def row_for(api: str, arguments: object) -> Action:
    """The row of a request's action key; among rows that share a key, the one its arguments select."""
    rows = BY_API[api]
    for row in rows:
        if row.select and isinstance(arguments, dict):
            name, value = row.select
            if str(arguments.get(name)).upper() == value:
                return row
    return rows[0]
