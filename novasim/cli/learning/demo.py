"""One server's whole life, told step by step, in a cloud of its own that is gone afterwards."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import click

STORY = (
    (
        "A server is made from a flavor and an image. Nova accepts at once and builds afterwards.",
        "create web1 --flavor m1.tiny --image cirros --wait -c name -c status -c OS-EXT-STS:power_state -c addresses",
    ),
    ("It runs.", "list"),
    ("A soft reboot asks the guest to restart.", "reboot web1 --wait"),
    ("What runs cannot be started: every action has the states from which it is accepted.", "start web1"),
    (
        "A bigger flavor: the server moves to another host and waits for a decision.",
        "resize web1 --flavor m1.small --wait",
    ),
    ("Until then nothing else is possible.", "stop web1"),
    ("", "list"),
    ("The new size is kept; the old host's share is freed.", "confirm-resize web1 --wait"),
    ("A lock protects it against its own owner.", "lock web1 --reason 'backup running'"),
    ("So this is refused:", "stop web1"),
    ("", "unlock web1"),
    ("Shelved, it becomes an image and leaves its host.", "shelve web1 --wait"),
    ("", "list"),
    ("", "unshelve web1 --wait"),
    ("All that was asked of it:", "history web1"),
    ("And its end.", "delete web1 --wait"),
    ("It is gone.", "show web1"),
)


@click.command()
@click.pass_context
def demo(ctx: click.Context) -> None:
    """
    Watch one server live its whole life, refusals included. Your own cloud is not touched.

    Example: novasim demo
    """
    with tempfile.TemporaryDirectory() as folder, _settings_of_its_own(os.path.join(folder, "demo.json")):
        options = ["--as", "demo"]
        options += [] if ctx.color is None else ["--color", "always" if ctx.color else "never"]
        for words, line in STORY:
            _step(options, words, line)
    click.echo("\nNow yours: novasim create web1 --flavor m1.tiny --image cirros --wait")


@contextmanager
def _settings_of_its_own(path: str) -> Iterator[None]:
    """The cloud in a file of its own, every task ends at once, and refusals stand among the answers."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("NOVASIM_")}
    own = {"NOVASIM_CLOUD": path, "NOVASIM_CLOCK": "instant", "NOVASIM_PAGER": ""}
    os.environ |= own
    try:
        with redirect_stderr(sys.stdout):
            yield
    finally:
        for name in own:
            del os.environ[name]
        os.environ.update(kept)


def _step(options: list[str], words: str, line: str) -> None:
    from novasim.cli.main import cli

    click.echo()
    if words:
        click.secho(f"# {words}", fg="cyan")
    click.secho(f"$ novasim {line}", bold=True)
    code = cli.main([*options, *shlex.split(line)], prog_name="novasim", standalone_mode=False)
    if code:
        click.echo(f"(exit code {code})")
