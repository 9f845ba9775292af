"""The command that requests an action, where it is not just the action's name and the server's."""

from __future__ import annotations

# {} is the server; nothing at all: only the API has it.
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
