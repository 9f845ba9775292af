"""Commands of other clients, and words that users try, with the commands of novasim that do the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from novasim.cli.catalog import CATALOG

NO_SSH = "A simulated server runs no guest that answers to SSH. Its console output: novasim console-log"

# The words of a command line, and the command instead. Its operands in capitals get the words that follow, in order;
# without such operands, these words are repeated. A sentence in place of a command begins with a capital letter.
SYNONYMS: dict[str, str] = {
    # Words that users try
    "attach": "attach-volume",
    "boot": "create",
    "console": "console-log",
    "describe": "show",
    "destroy": "delete",
    "detach": "detach-volume",
    "edit": "set",
    "events": "history",
    "get": "show",
    "halt": "stop",
    "info": "show",
    "init": "cloud init",
    "kill": "delete",
    "launch": "create",
    "learn": "manual learn",
    "lesson skip": "lesson start LESSON",
    "lessons": "lesson list",
    "load": "cloud load",
    "ls": "list",
    "new": "create",
    "power": "start SERVER (or stop SERVER)",
    "power off": "stop",
    "power on": "start",
    "power-off": "stop",
    "power-on": "start",
    "poweroff": "stop",
    "poweron": "start",
    "ps": "list",
    "record list": "log",
    "record show": "log",
    "rename": "set SERVER --name NAME",
    "restart": "reboot",
    "rm": "delete",
    "save": "cloud save",
    "scenario": "cloud init --scenario FILE",
    "server": "list",
    "servers": "list",
    "shutdown": "stop",
    "snapshot": "create-image",
    "ssh": NO_SSH,
    "state": "show",
    "status": "show",
    "terminate": "delete",
    "tutorial": "manual tutorial",
    "undelete": "restore",
    "update": "set",
    "version": "--version",
    "vnc": "console-url",
    # The openstack client
    "availability zone": "availability-zone",
    "compute service": "service",
    "console log show": "console-log",
    "console url show": "console-url",
    "floating ip": "floating-ip",
    "hypervisor": "host",
    "limits show": "limits",
    "security group": "security-group",
    "security group rule": "security-group-rule",
    "server add fixed ip": "add-fixed-ip",
    "server add floating ip": "add-floating-ip",
    "server add network": "attach-port SERVER --network NETWORK",
    "server add port": "attach-port SERVER --port PORT",
    "server add security group": "add-security-group",
    "server add volume": "attach-volume",
    "server backup create": "create-backup SERVER NAME --type daily --rotation 1",
    "server dump create": "crash-dump",
    "server event list": "history",
    "server event show": "history",
    "server group": "server-group",
    "server image create": "create-image SERVER NAME",
    "server migration": "migration",
    "server remove fixed ip": "remove-fixed-ip",
    "server remove floating ip": "remove-floating-ip",
    "server remove port": "detach-port",
    "server remove security group": "remove-security-group",
    "server remove volume": "detach-volume",
    "server resize confirm": "confirm-resize",
    "server resize revert": "revert-resize",
    "server ssh": NO_SSH,
    "server volume list": "show SERVER",
    "volume snapshot": "volume-snapshot",
    # The nova client
    "backup": "create-backup SERVER NAME --type daily --rotation 1",
    "get-vnc-console": "console-url",
    "host-evacuate": "--as admin evacuate $(novasim --as admin list --all-projects --host HOST -q)",
    "hypervisor-list": "host list",
    "image-create": "create-image",
    "instance-action-list": "history",
    "interface-attach": "attach-port SERVER --network NETWORK",
    "interface-detach": "detach-port",
    "keypair-add": "keypair create",
    "live-migration": "live-migrate",
    "meta": "set SERVER --property KEY=VALUE",
    "resize-confirm": "confirm-resize",
    "resize-revert": "revert-resize",
    "root-password": "change-password",
    "trigger-crash-dump": "crash-dump",
    "volume-attach": "attach-volume",
    "volume-detach": "detach-volume",
}
MAX_WORDS = max(len(words.split()) for words in SYNONYMS)
CLIENT = "nova"
SERVERS = ("server", "servers", "instance", "instances", "vm", "vms")
VERBS = ("create", "delete", "list", "set", "show")
UNUSED = ("nova-compute",)  # operands of other clients that the commands of novasim do not have
OPERAND = re.compile(r"\b(?:SERVER|NAME|NETWORK|PORT|HOST|LESSON|FILE)\b")


def find_synonym(words: Sequence[str]) -> tuple[str, str] | None:
    """
    Find the command that does the same as the words of an unknown command; None if there is no synonym.

    The longest synonym wins. The remaining words are repeated, since options are those of the openstack client.

    Returns:
        The synonym, and a sentence that leads to the command.
    """
    for count in range(min(MAX_WORDS, len(words)), 0, -1):
        synonym = " ".join(words[:count])
        if command := SYNONYMS.get(synonym):
            return synonym, _sentence(command, words[count:])
        if count == 2 and words[0] in (CLIENT, *SERVERS) and _is_command(words[1]):
            return synonym, _sentence(words[1], words[2:])
    if not words:
        return None
    if words[0] == CLIENT and (found := find_synonym(words[1:])):
        return f"{CLIENT} {found[0]}", found[1]
    return _find_action(words[0]) or _find_hyphenated(words[0], words[1:])


def _find_hyphenated(name: str, rest: Sequence[str]) -> tuple[str, str] | None:
    """A noun and a verb with a hyphen, such as image-list, or a verb and "server", such as delete-server."""
    first, _, last = name.rpartition("-")
    if last in SERVERS and _is_command(first):
        return name, _sentence(first, rest)
    nouns = [noun for _, commands in CATALOG for noun, entry in commands.items() if entry.target.startswith("nouns.")]
    return (name, _sentence(f"{first} {last}", rest)) if first in nouns and last in VERBS else None


def _find_action(name: str) -> tuple[str, str] | None:
    """An action that another command requests, or only the API."""
    from novasim.lifecycle.actions import ACTIONS
    from novasim.teach.commands import command_words

    if name not in ACTIONS or _is_command(name):
        return None
    words = command_words(ACTIONS[name], "SERVER")
    line = f"Use: novasim {' '.join(words)}" if words else "Only the API has it"
    return name, f"{line}; see: novasim explain {name}"


def _sentence(command: str, rest: Sequence[str]) -> str:
    rest = [word for word in rest if word not in UNUSED]
    values = iter([word for word in rest if not word.startswith("-")])
    if OPERAND.search(command):
        line = OPERAND.sub(lambda operand: shlex.quote(next(values, operand[0])), command)
    else:
        line = f"{command} {shlex.join(rest)}".strip()
    return line if command[0].isupper() else f"Use: novasim {line}"


def _is_command(name: str) -> bool:
    return any(name in commands for _, commands in CATALOG)
