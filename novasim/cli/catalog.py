"""Which command stands where. A new command is a line here and a function there."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """
    A command.

    Args:
        where: "module:name" below the face's room. help: one line for the list of commands.
        made: Whether the name is a function that makes the command from its row in the action table.
        face: The room that has the command; the faces know nothing else of each other.
    """

    where: str
    help: str
    made: bool = False
    face: str = "cli"


def _plain(**helps: str) -> dict[str, Entry]:
    """Verbs without options of their own, made from their rows."""
    return {name.replace("_", "-"): Entry("verbs:plain_verb", text, made=True) for name, text in helps.items()}


CATALOG: tuple[tuple[str, dict[str, Entry]], ...] = (
    (
        "Servers",
        {
            "create": Entry("creating:create", "Make servers."),
            "list": Entry("listing:list_servers", "List servers."),
            "show": Entry("servers:show", "Show servers in full."),
            "set": Entry("servers:set_server", "Change a server's name, description, metadata, tags."),
            "unset": Entry("servers:unset_server", "Remove a server's description, metadata, tags."),
            "delete": Entry("verbs:delete", "Remove servers."),
            **_plain(force_delete="Remove servers for good, even soft-deleted ones."),
            **_plain(restore="Bring soft-deleted servers back."),
        },
    ),
    (
        "Power",
        {
            **_plain(start="Switch stopped servers on.", stop="Switch servers off."),
            "reboot": Entry("verbs:reboot", "Restart servers, softly or (--hard) by cutting their power."),
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
            "resize": Entry("verbs:resize", "Give servers another flavor."),
            **_plain(
                confirm_resize="Keep the new flavor or host.",
                revert_resize="Go back to the old flavor or host.",
            ),
            "rebuild": Entry("verbs:rebuild", "Put a fresh disk under servers."),
            "rescue": Entry("verbs:rescue", "Boot servers from a rescue image."),
            **_plain(
                unrescue="Boot rescued servers from their own disk.",
                shelve="Store servers as images and stop them.",
                shelve_offload="Free the hosts of shelved servers.",
            ),
            "unshelve": Entry("verbs:unshelve", "Bring shelved servers back."),
            "lock": Entry("verbs:lock", "Protect servers against changes."),
            **_plain(unlock="Lift the lock of servers."),
            "change-password": Entry("verbs:change_password", "Set the administrator's password of a guest."),
        },
    ),
    (
        "Images and consoles",
        {
            "create-image": Entry("verbs:create_image", "Make an image of a server."),
            "create-backup": Entry("verbs:create_backup", "Make a backup of a server, keeping the newest ones."),
            "console-log": Entry("consoles:console_log", "Show what a server printed."),
            "console-url": Entry("consoles:console_url", "Show where a server's console can be reached."),
            "diagnostics": Entry("consoles:diagnostics", "Show what the host knows of a running guest."),
        },
    ),
    (
        "Devices and addresses",
        {
            "attach-volume": Entry("devices:attach_volume", "Attach a volume."),
            "detach-volume": Entry("devices:detach_volume", "Detach a volume."),
            "attach-port": Entry("devices:attach_port", "Plug a network interface in."),
            "detach-port": Entry("devices:detach_port", "Unplug a network interface."),
            "add-floating-ip": Entry("devices:add_floating_ip", "Give a server a floating address."),
            "remove-floating-ip": Entry("devices:remove_floating_ip", "Take a floating address away."),
            "add-fixed-ip": Entry("devices:add_fixed_ip", "Give a server another address."),
            "remove-fixed-ip": Entry("devices:remove_fixed_ip", "Take an address away."),
            "add-security-group": Entry("devices:add_security_group", "Put a server into a security group."),
            "remove-security-group": Entry("devices:remove_security_group", "Take a server out of a security group."),
        },
    ),
    (
        "Administration of servers",
        {
            "migrate": Entry("moves:migrate", "Move servers to other hosts while they are off."),
            "live-migrate": Entry("moves:live_migrate", "Move running servers to other hosts."),
            "evacuate": Entry("moves:evacuate", "Rebuild servers of a dead host elsewhere."),
            "reset-state": Entry("moves:reset_state", "Set the recorded state of servers."),
            **_plain(
                inject_network_info="Write the network configuration into guests again.",
                reset_network="Removed from Nova; answers 410.",
            ),
        },
    ),
    (
        "Time",
        {
            "wait": Entry("times:wait", "Wait until servers reach a status."),
            "watch": Entry("times:watch", "Watch servers and what they are busy with."),
            "history": Entry("times:history", "Show what was asked of a server, and what came of it."),
            "clock": Entry("times:clock_group", "Show, set and advance the cloud's clock."),
        },
    ),
    (
        "Failure",
        {
            "fault": Entry("faults:fault", "Let things go wrong, on purpose and repeatably."),
            "guest": Entry("guests:guest", "Let a guest shut down, crash or reboot by itself."),
        },
    ),
    (
        "What servers are made of",
        {
            "flavor": Entry("nouns:flavor", "Sizes of servers."),
            "image": Entry("nouns:image", "Disks that servers are made from."),
            "keypair": Entry("nouns:keypair", "Public SSH keys that new servers let in."),
            "volume": Entry("nouns:volume", "Disks that live apart from servers."),
            "volume-snapshot": Entry("more_nouns:volume_snapshot", "Snapshots of volumes."),
            "network": Entry("nouns:network", "Networks."),
            "subnet": Entry("more_nouns:subnet", "Ranges of addresses of networks."),
            "router": Entry("more_nouns:router", "What joins networks."),
            "port": Entry("nouns:port", "Network interfaces."),
            "floating-ip": Entry("nouns:floating_ip", "Public addresses that can be led to servers."),
            "security-group": Entry("nouns:security_group", "Sets of rules for what reaches a server."),
            "security-group-rule": Entry("more_nouns:security_group_rule", "The rules in them."),
            "server-group": Entry("nouns:server_group", "Servers to be kept together, or apart."),
        },
    ),
    (
        "Hosts",
        {
            "host": Entry("hosts:host", "Compute hosts: what they have, whether they are up."),
            "service": Entry("host_services:service", "Compute services of the hosts."),
            "aggregate": Entry("aggregates:aggregate", "Sets of hosts, and availability zones."),
            "availability-zone": Entry("more_nouns:availability_zone", "Zones that servers can be placed in."),
            "migration": Entry("migrations:migration", "Moves of servers from host to host."),
        },
    ),
    (
        "The cloud",
        {
            "cloud": Entry("cloud:cloud", "Make, check, save and restore the cloud file."),
            "config": Entry("cloud:config", "Options of this cloud, under Nova's names."),
            "quota": Entry("nouns:quota", "How much a project may have."),
            "limits": Entry("more_nouns:limits", "What you may have, and how much of it is used."),
            "usage": Entry("usage:usage", "How long projects had servers, and how large."),
        },
    ),
    (
        "Callers and rights",
        {
            "project": Entry("identity:project", "Projects, to which servers and quotas belong."),
            "user": Entry("identity:user", "Users, who act in projects."),
            "role": Entry("identity:role", "Roles, and who has them where."),
            "policy": Entry("policy:policy", "Who may do what: the rules, and a file of your own."),
        },
    ),
    ("Serving", {"serve": Entry("command:serve", "Let OpenStack clients in.", face="serve")}),
    (
        "Learning",
        {
            "manual": Entry("manual:manual", "Read the manual: a tutorial and more."),
            "demo": Entry("demo:demo", "Watch one server live its whole life."),
            "explain": Entry("explaining:explain", "Explain an action, a status, a task_state or a code."),
            "why": Entry("judging:why", "Say what stands against an action on a server."),
            "can": Entry("judging:can", "List what can be done to a server now."),
            "plan": Entry("judging:plan", "Find the way to a status, and go it."),
            "graph": Entry("graph:graph", "Draw the lifecycle, or the way that a server came."),
        },
    ),
    ("The shell", {"completion": Entry("completion:completion", "Completion with TAB for bash, zsh and fish.")}),
)
