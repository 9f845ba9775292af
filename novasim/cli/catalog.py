"""Which command stands where. A new command is a line here and a function there."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """
    A command.

    Args:
        target: "module:name" below *package*.
        help: One line for the list of commands.
        factory: Whether the name is a function that builds the command from its row in the action table.
        package: The interface that has the command. Interfaces do not import each other; only this table links them.
    """

    target: str
    help: str
    factory: bool = False
    package: str = "cli"


def _plain(**helps: str) -> dict[str, Entry]:
    """Verbs without options of their own, made from their rows."""
    return {
        name.replace("_", "-"): Entry("servers.verbs:plain_verb", text, factory=True) for name, text in helps.items()
    }


def _nouns(package: str, **helps: str) -> dict[str, Entry]:
    """The groups of nouns, each in a module of its own name below *package*."""
    return {name.replace("_", "-"): Entry(f"{package}.{name}:{name}", text) for name, text in helps.items()}


CATALOG: tuple[tuple[str, dict[str, Entry]], ...] = (
    (
        "Servers",
        {
            "create": Entry("servers.create:create", "Make servers."),
            "list": Entry("servers.list:list_servers", "List servers."),
            "show": Entry("servers.show:show", "Show servers in full."),
            "set": Entry("servers.show:set_server", "Change a server's name, description, metadata, tags."),
            "unset": Entry("servers.show:unset_server", "Remove a server's description, metadata, tags."),
            "delete": Entry("servers.verbs:delete", "Remove servers."),
            **_plain(force_delete="Remove servers for good, even soft-deleted ones."),
            **_plain(restore="Bring soft-deleted servers back."),
        },
    ),
    (
        "Power",
        {
            **_plain(start="Switch stopped servers on.", stop="Switch servers off."),
            "reboot": Entry("servers.verbs:reboot", "Restart servers, softly or (--hard) by cutting their power."),
            **_plain(
                pause="Freeze servers in memory.",
                unpause="Let paused servers go on.",
                suspend="Save servers to disk and stop them.",
                resume="Wake suspended servers.",
                crash_dump="Make the guests' kernels dump their memory.",
            ),
        },
    ),
    (
        "Change",
        {
            "resize": Entry("servers.verbs:resize", "Give servers another flavor."),
            **_plain(
                confirm_resize="Keep the new flavor or host.",
                revert_resize="Go back to the old flavor or host.",
            ),
            "rebuild": Entry("servers.rebuild:rebuild", "Put a fresh disk under servers."),
            "rescue": Entry("servers.rebuild:rescue", "Boot servers from a rescue image."),
            **_plain(
                unrescue="Boot rescued servers from their own disk.",
                shelve="Store servers as images and stop them.",
                shelve_offload="Free the hosts of shelved servers.",
            ),
            "unshelve": Entry("servers.verbs:unshelve", "Bring shelved servers back."),
            "lock": Entry("servers.verbs:lock", "Protect servers against changes."),
            **_plain(unlock="Lift the lock of servers."),
            "change-password": Entry("servers.verbs:change_password", "Set the administrator's password of a guest."),
        },
    ),
    (
        "Images and consoles",
        {
            "create-image": Entry("servers.images:create_image", "Make an image of a server."),
            "create-backup": Entry(
                "servers.images:create_backup", "Make a backup of a server, keeping the newest ones."
            ),
            "console-log": Entry("servers.consoles:console_log", "Show what a server printed."),
            "console-url": Entry("servers.consoles:console_url", "Show where a server's console can be reached."),
            "diagnostics": Entry("servers.consoles:diagnostics", "Show what the host knows of a running guest."),
        },
    ),
    (
        "Devices and addresses",
        {
            "attach-volume": Entry("servers.devices:attach_volume", "Attach a volume."),
            "detach-volume": Entry("servers.devices:detach_volume", "Detach a volume."),
            "attach-port": Entry("servers.devices:attach_port", "Plug a network interface in."),
            "detach-port": Entry("servers.devices:detach_port", "Unplug a network interface."),
            "add-floating-ip": Entry("servers.devices:add_floating_ip", "Give a server a floating address."),
            "remove-floating-ip": Entry("servers.devices:remove_floating_ip", "Take a floating address away."),
            "add-fixed-ip": Entry("servers.devices:add_fixed_ip", "Give a server another address."),
            "remove-fixed-ip": Entry("servers.devices:remove_fixed_ip", "Take an address away."),
            "add-security-group": Entry("servers.devices:add_security_group", "Put a server into a security group."),
            "remove-security-group": Entry(
                "servers.devices:remove_security_group", "Take a server out of a security group."
            ),
        },
    ),
    (
        "Administration of servers",
        {
            "migrate": Entry("servers.moves:migrate", "Move servers to other hosts while they are off."),
            "live-migrate": Entry("servers.moves:live_migrate", "Move running servers to other hosts."),
            "evacuate": Entry("servers.moves:evacuate", "Rebuild servers of a dead host elsewhere."),
            "reset-state": Entry("servers.moves:reset_state", "Set the recorded state of servers."),
            **_plain(
                inject_network_info="Write the network configuration into guests again.",
                reset_network="Removed from Nova; answers 410.",
            ),
        },
    ),
    (
        "Time",
        {
            "wait": Entry("servers.wait:wait", "Wait until servers reach a status."),
            "watch": Entry("servers.history:watch", "Watch servers and what they are busy with."),
            "history": Entry("servers.history:history", "Show what was asked of a server, and what came of it."),
            "clock": Entry("control.clock:clock_group", "Show, set and advance the cloud's clock."),
        },
    ),
    (
        "Failure",
        {
            **_nouns(
                "control",
                fault="Let things go wrong, on purpose and repeatably.",
                guest="Let a guest shut down, crash or reboot by itself.",
            ),
        },
    ),
    (
        "What servers are made of",
        {
            **_nouns(
                "nouns.compute",
                flavor="Sizes of servers.",
                keypair="Public SSH keys that new servers let in.",
                server_group="Servers to be kept together, or apart.",
            ),
            **_nouns("nouns.image", image="Disks that servers are made from."),
            **_nouns(
                "nouns.volume",
                volume="Disks that live apart from servers.",
                volume_snapshot="Snapshots of volumes.",
            ),
            **_nouns(
                "nouns.network",
                network="Networks.",
                subnet="Ranges of addresses of networks.",
                router="What joins networks.",
                port="Network interfaces.",
                floating_ip="Public addresses that can be led to servers.",
                security_group="Sets of rules for what reaches a server.",
                security_group_rule="The rules in them.",
            ),
        },
    ),
    (
        "Hosts",
        {
            **_nouns("control", host="Compute hosts: what they have, whether they are up."),
            **_nouns(
                "nouns.compute",
                service="Compute services of the hosts.",
                aggregate="Sets of hosts, and availability zones.",
                availability_zone="Zones that servers can be placed in.",
                migration="Moves of servers from host to host.",
            ),
        },
    ),
    (
        "The cloud",
        {
            **_nouns(
                "control",
                cloud="Make, check, save and restore the cloud file.",
                config="Options of this cloud, under Nova's names.",
            ),
            **_nouns(
                "nouns.compute",
                quota="How much a project may have.",
                limits="What you may have, and how much of it is used.",
                usage="How long projects had servers, and how large.",
            ),
        },
    ),
    (
        "Callers and rights",
        {
            **_nouns(
                "nouns.identity",
                project="Projects, to which servers and quotas belong.",
                user="Users, who act in projects.",
                role="Roles, and who has them where.",
            ),
            **_nouns(
                "control",
                policy="Who may do what: the rules, and a file of your own.",
            ),
        },
    ),
    ("Serving", {"serve": Entry("command:serve", "Start an OpenStack-compatible HTTP API.", package="serve")}),
    (
        "Learning",
        {
            "manual": Entry("learning.manual:manual", "Read the manual: a tutorial and more."),
            "demo": Entry("learning.demo:demo", "Watch one server live its whole life."),
            "explain": Entry("learning.explain:explain", "Explain an action, a status, a task_state or a code."),
            "why": Entry("learning.why:why", "List everything that blocks an action on a server."),
            "can": Entry("learning.why:can", "List all actions on a server and whether each would be accepted."),
            "plan": Entry("learning.plan:plan", "Find (or run) the shortest path to a status."),
            "graph": Entry("learning.graph:graph", "Draw the lifecycle, or the way that a server came."),
        },
    ),
    ("The shell", {"completion": Entry("shell.completion:completion", "Completion with TAB for bash, zsh and fish.")}),
)
