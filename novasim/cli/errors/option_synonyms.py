"""Options of other clients that novasim does not have, with what does the same."""

from __future__ import annotations

# The command, "" for the options before all commands; its options, with the command line to use instead.
BY_COMMAND: dict[str, dict[str, str]] = {
    "": {
        "--debug": "novasim --show-request COMMAND",
        "--os-cloud": "novasim --as USER[@PROJECT] COMMAND",
        "--os-compute-api-version": "novasim --api-version 2.N COMMAND",
        "--os-project-name": "novasim --as USER@PROJECT COMMAND",
        "--os-username": "novasim --as USER COMMAND",
        "--verbose": "novasim --show-request COMMAND",
        "-v": "novasim --show-request COMMAND",
    },
    "console-url": {f"--{kind}": f"novasim console-url SERVER --type {kind}" for kind in ("novnc", "serial")},
    "delete": {"-y": "novasim delete --yes"},
    "force-delete": {"-y": "novasim force-delete --yes"},
    "host set": {"--state": "novasim --as admin host set HOST --down (or --up)"},
    "list": {
        "--sort-ascending": "novasim list --sort name:asc",
        "--sort-column": "novasim list --sort name:asc",
        "--sort-descending": "novasim list --sort name:desc",
        "-a": "novasim list --all-projects",
    },
    "migrate": {
        "--confirm": "novasim confirm-resize SERVER",
        "--live": "novasim --as admin live-migrate SERVER",
        "--live-migration": "novasim --as admin live-migrate SERVER",
        "--revert": "novasim revert-resize SERVER",
    },
    "rebuild": {"-y": "novasim rebuild --yes"},
    "resize": {"--confirm": "novasim confirm-resize SERVER", "--revert": "novasim revert-resize SERVER"},
    "set": {
        "--password": "novasim change-password SERVER",
        "--root-password": "novasim change-password SERVER",
        "--state": "novasim --as admin reset-state SERVER --state STATE",
    },
    "shelve": {"--offload": "novasim --as admin shelve-offload SERVER"},
    "show": {"--diagnostics": "novasim --as admin diagnostics SERVER"},
}
# Options of the output of the openstack client, which all its commands have.
OF_ALL = {
    "--fit-width": "COLUMNS=100 novasim COMMAND",
    "--max-width": "COLUMNS=100 novasim COMMAND",
    "--noindent": "novasim COMMAND -f json | jq -c",
    "--quote": "novasim COMMAND -f csv",
}


def find_option_synonym(command: str, option: str) -> str:
    """What does the same as an option that a command does not have; "" if nothing does."""
    return BY_COMMAND.get(command, {}).get(option) or OF_ALL.get(option, "")
