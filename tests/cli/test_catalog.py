"""The catalog: every action has a command, and a command imports only what it needs."""

from __future__ import annotations

import subprocess
import sys

import click

from novasim.cli.catalog import CATALOG
from novasim.cli.main import cli
from novasim.lifecycle.actions import ACTIONS

DOCUMENTED = """
    create list show set unset delete force-delete restore start stop reboot pause unpause suspend resume resize
    confirm-resize revert-resize rebuild rescue unrescue shelve shelve-offload unshelve lock unlock change-password
    create-image create-backup migrate live-migrate evacuate reset-state reset-network inject-network-info crash-dump
    console-log console-url diagnostics add-floating-ip remove-floating-ip add-fixed-ip remove-fixed-ip
    add-security-group remove-security-group attach-volume detach-volume attach-port detach-port wait watch history
    clock config cloud demo
""".split()
PARTS_OF_OTHERS = {"hard-reboot": "reboot", "metadata": "set", "tag": "set", "console-url": "console-url"} | {
    "swap-volume": "request"
}
NAMES = [name for _, commands in CATALOG for name in commands]


def test_every_documented_command_exists_once():
    assert set(DOCUMENTED) <= set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def test_every_action_has_a_command():
    def command_of(action: str) -> str:
        return next((command for part, command in PARTS_OF_OTHERS.items() if action.startswith(part)), action)

    assert [action for action in ACTIONS if command_of(action) not in NAMES] == []


def test_catalog_entries_lead_to_the_commands():
    for name in NAMES:
        command = cli.get_command(click.Context(cli), name)
        assert command.name == name
        assert command.get_short_help_str(), name


def test_option_names_are_unique():
    for name in NAMES:
        command = cli.get_command(click.Context(cli), name)
        ctx = click.Context(command)
        names = command.list_commands(ctx) if isinstance(command, click.Group) else []
        for each in [command, *(command.get_command(ctx, inner) for inner in names)]:
            options = [param for param in each.get_params(ctx) if isinstance(param, click.Option)]
            words = [word for option in options for word in (*option.opts, *option.secondary_opts)]
            assert len(words) == len(set(words)), (name, each.name)
            assert each.help, (name, each.name)


def test_help_imports_no_command():
    code = (
        "import sys\nfrom novasim.cli.main import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "print(sorted(name for name in sys.modules if name.startswith('novasim')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert eval(done.stderr) == [
        "novasim",
        "novasim.cli",
        "novasim.cli.catalog",
        "novasim.cli.environment",
        "novasim.cli.errors",
        "novasim.cli.errors.exit",
        "novasim.cli.help_option",
        "novasim.cli.main",
        "novasim.errors",
    ]
