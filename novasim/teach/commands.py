"""The commands that request actions."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from novasim.lifecycle.action import Action

# The commands that are not just the name of an action and the server ({}). Operands are in capitals; "" if there is no
# command, only a request.
COMMANDS: dict[str, str] = {
    "create": "create {} --flavor FLAVOR --image IMAGE",
    "hard-reboot": "reboot {} --hard",
    "resize": "resize {} --flavor FLAVOR",
    "set": "set {} --name NAME",
    "create-image": "create-image {} NAME",
    "create-backup": "create-backup {} NAME --type daily --rotation 7",
    "console-url-vnc": "--api-version 2.5 console-url {} --type novnc",
    "console-url-spice": "--api-version 2.5 console-url {} --type spice-html5",
    "console-url-rdp": "--api-version 2.5 console-url {} --type rdp-html5",
    "console-url-serial": "--api-version 2.5 console-url {} --type serial",
    "add-floating-ip": "add-floating-ip {} ADDRESS",
    "remove-floating-ip": "remove-floating-ip {} ADDRESS",
    "add-fixed-ip": "add-fixed-ip {} NETWORK",
    "remove-fixed-ip": "remove-fixed-ip {} ADDRESS",
    "add-security-group": "add-security-group {} GROUP",
    "remove-security-group": "remove-security-group {} GROUP",
    "attach-volume": "attach-volume {} VOLUME",
    "detach-volume": "detach-volume {} VOLUME",
    "swap-volume": "",
    "attach-port": "attach-port {} --network NETWORK",
    "detach-port": "detach-port {} PORT",
    "metadata-create": "set {} --property KEY=VALUE",
    "metadata-set-item": "set {} --property KEY=VALUE",
    "metadata-replace": "",
    "metadata-delete-item": "unset {} --property KEY",
    "tag-add": "set {} --tag TAG",
    "tag-replace": "",
    "tag-delete": "unset {} --tag TAG",
    "tag-delete-all": "",
}


def has_command(action: Action) -> bool:
    """Whether a command requests an action; of some only the API has a request."""
    return COMMANDS.get(action.name) != ""


def arrange_words(command: Sequence[str], operands: Sequence[str], options: Sequence[str] = ()) -> list[str]:
    """The words of a command line. If an operand begins with "-", all of them follow the options and "--"."""
    if any(operand.startswith("-") for operand in operands):
        return [*command, *options, "--", *operands]
    return [*command, *operands, *options]


def quote_operand(text: str) -> str:
    """An operand for a shell, after "--" if it begins with "-". No option may follow it."""
    return "-- " * text.startswith("-") + shlex.quote(text)


def command_words(
    action: Action, server: str, options: Mapping[str, str] | None = None, flags: Sequence[str] = ()
) -> list[str]:
    """
    The words of the command that requests an action; empty if only the API has it.

    Args:
        server: The name of the server.
        options: Options of the command by name, such as {"flavor": "m1.small"}; an operand of that name gets the value.
        flags: Further options without a value.
    """
    template = COMMANDS.get(action.name, f"{action.name} {{}}").split()
    if not template:
        return []
    values = {name.upper(): value for name, value in (options or {}).items()}
    first, words = template.index("{}"), [server if word == "{}" else values.get(word, word) for word in template]
    last = next((at for at in range(first, len(template)) if template[at].startswith("--")), len(template))
    others = {name: value for name, value in values.items() if name not in template}
    more = [word for name, value in others.items() for word in (f"--{name.lower()}", value)]
    return arrange_words(words[:first], words[first:last], [*words[last:], *more, *flags])


def name_command(action: str) -> str:
    """The command of an action without its operands, such as "reboot --hard". Without one it is the action's name."""
    words = COMMANDS.get(action, "").split()
    if "{}" not in words or words[place := words.index("{}") - 1] == action:
        return action
    return " ".join(word for word in (words[place], *words[place + 2 :]) if word.islower())
