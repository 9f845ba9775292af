"""
The table of commands, in the order of `novasim --help`.

To add a command, add a row here and a function in the module that the row names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import click


class Entry(NamedTuple):
    """
    A command.

    Args:
        target: "module:name" below *package*.
        help: One line for the list of commands; "" for a subcommand, whose own help is listed.
        factory: Whether the name is a function that builds the command from its row in the action table.
        package: The interface that has the command. Interfaces do not import each other; only this table links them.
    """

    target: str
    help: str = ""
    factory: bool = False
    package: str = "cli"

    def load(self, name: str) -> click.Command:
        """Import the command, or build the one of that name."""
        from importlib import import_module

        from novasim.cli.help_option import add_paged_help

        module, _, function = self.target.partition(":")
        found = getattr(import_module(f"novasim.{self.package}.{module}"), function)
        command: click.Command = found(name) if self.factory else found
        add_paged_help(command)
        return command


# Commands and commands of groups that only read, by their last word.
READING = frozenset(
    (
        *("list", "show", "get", "check", "path", "export", "assignments", "explain", "status", "log"),
        *("diff", "fork", "metadata", "report", "suggest"),
        *("console-log", "diagnostics", "wait", "watch", "history", "why", "can", "plan", "graph", "request"),
    )
)
WITHOUT_PAST = frozenset(
    (
        *("wait", "watch", "log", "record status", "record check", "cloud check", "cloud diff"),
        *("coverage report", "coverage suggest"),
    )
)
"""Those that wait for a change, or are about the whole record or the file, rather than the cloud at one moment."""


def only_reads(context: click.Context | None) -> bool:
    """Whether a command changes nothing in the cloud."""
    if context is None or context.info_name not in READING:
        return False
    return context.params.get("method", "GET") in ("GET", "HEAD") and not context.params.get("runs")


def _plain(**helps: str) -> dict[str, Entry]:
    """Commands without options of their own, built from their rows."""
    return {
        name.replace("_", "-"): Entry("servers.verbs:plain_verb", text, factory=True) for name, text in helps.items()
    }


def _nouns(package: str, **helps: str) -> dict[str, Entry]:
    """Command groups, each in the module of its name in *package*."""
    return {name.replace("_", "-"): Entry(f"{package}.{name}:{name}", text) for name, text in helps.items()}


CATALOG: tuple[tuple[str, dict[str, Entry]], ...] = (
    (
        "Servers",
        {
            "create": Entry("servers.create:create", "Create servers."),
            "list": Entry("servers.list:list_servers", "List servers."),
            "show": Entry("servers.show:show", "Show the details of servers."),
            "set": Entry("servers.show:set_server", "Change the name, description, metadata or tags of a server."),
            "unset": Entry("servers.show:unset_server", "Remove the description, metadata or tags of a server."),
            "delete": Entry("servers.verbs:delete", "Delete servers."),
            **_plain(force_delete="Delete servers at once, even soft-deleted ones."),
            **_plain(restore="Restore soft-deleted servers."),
        },
    ),
    (
        "Power",
        {
            **_plain(start="Start stopped servers.", stop="Stop servers."),
            "reboot": Entry("servers.verbs:reboot", "Reboot servers, softly or (--hard) by a power cycle."),
            **_plain(
                pause="Pause servers in memory.",
                unpause="Unpause paused servers.",
                suspend="Suspend servers to disk.",
                resume="Resume suspended servers.",
                crash_dump="Trigger a crash dump in guests.",
            ),
        },
    ),
    (
        "Change",
        {
            "resize": Entry("servers.verbs:resize", "Change the flavor of servers."),
            **_plain(
                confirm_resize="Confirm a resize or a cold migration.",
                revert_resize="Revert a resize or a cold migration.",
            ),
            "rebuild": Entry("servers.rebuild:rebuild", "Rebuild servers from an image."),
            "rescue": Entry("servers.rebuild:rescue", "Boot servers from a rescue image."),
            **_plain(
                unrescue="Boot rescued servers from their own disk.",
                shelve="Shelve servers: stop them and store them as images.",
                shelve_offload="Remove shelved servers from their hosts.",
            ),
            "unshelve": Entry("servers.verbs:unshelve", "Start shelved servers again."),
            "lock": Entry("servers.verbs:lock", "Lock servers against changes."),
            **_plain(unlock="Unlock servers."),
            "change-password": Entry("servers.verbs:change_password", "Set the administrator password of guests."),
        },
    ),
    (
        "Images and consoles",
        {
            "create-image": Entry("servers.images:create_image", "Create images of servers."),
            "create-backup": Entry(
                "servers.images:create_backup", "Create backup images of servers and delete old ones."
            ),
            "console-log": Entry("servers.consoles:console_log", "Show the console output of a server."),
            "console-url": Entry("servers.consoles:console_url", "Show the URL of a server's console."),
            "diagnostics": Entry("servers.consoles:diagnostics", "Show hypervisor metrics of a guest."),
            "metadata": Entry("servers.metadata:metadata", "Show what a guest reads from the metadata service."),
        },
    ),
    (
        "Devices and addresses",
        {
            "attach-volume": Entry("servers.devices:attach_volume", "Attach a volume."),
            "detach-volume": Entry("servers.devices:detach_volume", "Detach a volume."),
            "attach-port": Entry("servers.devices:attach_port", "Attach a network interface."),
            "detach-port": Entry("servers.devices:detach_port", "Detach a network interface."),
            "add-floating-ip": Entry("servers.devices:add_floating_ip", "Associate a floating IP with a server."),
            "remove-floating-ip": Entry(
                "servers.devices:remove_floating_ip", "Disassociate a floating IP from a server."
            ),
            "add-fixed-ip": Entry("servers.devices:add_fixed_ip", "Add a fixed IP to a server."),
            "remove-fixed-ip": Entry("servers.devices:remove_fixed_ip", "Remove a fixed IP from a server."),
            "add-security-group": Entry("servers.devices:add_security_group", "Add a security group to servers."),
            "remove-security-group": Entry(
                "servers.devices:remove_security_group", "Remove a security group from servers."
            ),
        },
    ),
    (
        "Administration of servers",
        {
            "migrate": Entry("servers.moves:migrate", "Cold-migrate servers to other hosts."),
            "live-migrate": Entry("servers.moves:live_migrate", "Live-migrate running servers to other hosts."),
            "evacuate": Entry("servers.moves:evacuate", "Rebuild the servers of a failed host on other hosts."),
            "reset-state": Entry("servers.moves:reset_state", "Set the recorded state of servers."),
            **_plain(
                inject_network_info="Inject the network configuration into guests again.",
                reset_network="Reset the network (removed from Nova: always refused).",
            ),
        },
    ),
    (
        "Time",
        {
            "wait": Entry("servers.wait:wait", "Wait until servers reach a status."),
            "watch": Entry("servers.watch:watch", "Watch servers and their current tasks."),
            "history": Entry("servers.history:history", "Show the log of actions on a server."),
            "log": Entry("record.log:log", "Print the record of requests, refusals and events."),
            "undo": Entry("record.undo:undo", "Take back your last steps."),
            "redo": Entry("record.undo:redo", "Apply undone steps again."),
            "record": Entry("record.record:record", "Keep a record of every request."),
            "coverage": Entry("coverage.group:coverage", "Show which parts of the lifecycle a script has covered."),
            "report": Entry("learning.report:report", "Write the whole story of the cloud as one HTML page."),
            "clock": Entry("control.clock:clock_group", "Show, set and advance the cloud's clock."),
        },
    ),
    (
        "Failure",
        {
            **_nouns(
                "control",
                fault="Inject faults.",
                guest="Make a guest shut down, crash or reboot by itself.",
            ),
        },
    ),
    (
        "Resources",
        {
            **_nouns(
                "nouns.compute",
                flavor="Flavors: the sizes of servers.",
                keypair="Key pairs: SSH keys for new servers.",
                server_group="Server groups: affinity and anti-affinity.",
            ),
            **_nouns("nouns.image", image="Images that servers boot from."),
            **_nouns(
                "nouns.volume",
                volume="Volumes: block storage that can be attached to servers.",
                volume_snapshot="Snapshots of volumes.",
            ),
            **_nouns(
                "nouns.network",
                network="Networks.",
                subnet="Subnets: the address ranges of networks.",
                router="Routers between networks.",
                port="Ports: network interfaces.",
                floating_ip="Floating IPs: public addresses for servers.",
                security_group="Security groups: firewall rules for servers.",
                security_group_rule="Rules of security groups.",
            ),
        },
    ),
    (
        "Hosts",
        {
            **_nouns("control", host="Compute hosts: their capacity, usage and state."),
            **_nouns(
                "nouns.compute",
                service="Compute services on hosts.",
                aggregate="Host aggregates.",
                availability_zone="Availability zones.",
                migration="Migrations of servers between hosts.",
            ),
        },
    ),
    (
        "The cloud",
        {
            **_nouns(
                "control",
                cloud="Create, check, save and restore the cloud file.",
                config="Options of this cloud, named as in nova.conf.",
            ),
            **_nouns(
                "nouns.compute",
                quota="Quotas of projects.",
                limits="Limits and usage of your project.",
                usage="Usage of projects over time.",
            ),
        },
    ),
    (
        "Identity and policy",
        {
            **_nouns(
                "nouns.identity",
                project="Projects: the owners of servers and quotas.",
                user="Users.",
                role="Roles and role assignments.",
            ),
            **_nouns(
                "control",
                policy="Policy rules, and a policy file of your own.",
            ),
        },
    ),
    (
        "The API",
        {
            "serve": Entry("command:serve", "Start an OpenStack-compatible HTTP API.", package="serve"),
            "dashboard": Entry("command:dashboard", "Start Horizon, OpenStack's dashboard.", package="dashboard"),
            "run": Entry("run:run", "Run a script with a cloud and a server of its own.", package="serve"),
            "openstack": Entry("openstack.command:openstack", "Run a command of OpenStack's own client."),
            "request": Entry("request:request", "Send any request to the API and print its JSON body."),
        },
    ),
    (
        "Learning",
        {
            "help": Entry("first_screen:help_command", "Show the help of novasim or of a command."),
            "manual": Entry("learning.manual:manual", "Read the manual, with a tutorial."),
            "demo": Entry("learning.demo:demo", "Watch the whole life of one server."),
            "lesson": Entry("lessons.group:lesson", "Learn the lifecycle by lessons with goals."),
            "classroom": Entry("classroom.group:classroom", "Teach a class: a cloud for each student, one lesson."),
            "join": Entry("classroom.joining:join", "Join a class with a join word."),
            "quiz": Entry("learning.quiz:quiz", "Answer questions about the lifecycle."),
            "explain": Entry(
                "learning.explain:explain", "Explain an action, a status, a task_state, a code or a term."
            ),
            "why": Entry("learning.why:why", "List everything that blocks an action on a server."),
            "can": Entry("learning.why:can", "List all actions on a server and whether each would be accepted."),
            "plan": Entry("learning.plan:plan", "Find (or run) the shortest path to a status."),
            "graph": Entry("learning.graph:graph", "Draw the lifecycle, or the path of one server."),
        },
    ),
    ("The shell", {"completion": Entry("shell.completion:completion", "Complete with TAB in bash, zsh and fish.")}),
)
