"""The command `demo`: the life of one server, step by step, in a temporary cloud."""

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
        "Create a server from a flavor and an image. Nova accepts the request at once and builds it afterwards.",
        "create web1 --flavor m1.tiny --image cirros --wait -c name -c status -c OS-EXT-STS:power_state -c addresses",
    ),
    ("The server is running.", "list"),
    ("Ask the guest to restart (a soft reboot).", "reboot web1 --wait"),
    ("Freeze it; its memory stays in RAM.", "pause web1 --wait"),
    ("Every action is accepted in certain states only. A paused server cannot be stopped.", "stop web1"),
    ("", "unpause web1 --wait"),
    (
        "Change the flavor. The server moves to another host and waits for a decision.",
        "resize web1 --flavor m1.small --wait",
    ),
    ("Until then it cannot be stopped.", "stop web1"),
    ("", "list"),
    ("Keep the new flavor, and free the old host.", "confirm-resize web1 --wait"),
    ("Lock the server against changes, even by its owner.", "lock web1 --reason 'backup running'"),
    ("This is refused:", "stop web1"),
    ("", "unlock web1"),
    ("Shelve the server: it becomes an image and leaves its host.", "shelve web1 --wait"),
    ("", "list"),
    ("", "unshelve web1 --wait"),
    ("Show every action on the server:", "history web1"),
    ("Delete the server.", "delete web1 --wait"),
    ("It is gone.", "show web1"),
)


@click.command()
@click.pass_context
def demo(ctx: click.Context) -> None:
    """
    Watch the life of one server, refusals included. Your own cloud is not touched.

    Example: novasim demo
    """
    with tempfile.TemporaryDirectory() as folder, _temporary_settings(os.path.join(folder, "demo.json")):
        options = ["--as", "demo"]
        options += [] if ctx.color is None else ["--color", "always" if ctx.color else "never"]
        for remark, line in STORY:
            _run_step(ctx.find_root().command, options, remark, line)
    click.echo("\nNow try it: novasim create web1 --flavor m1.tiny --image cirros --wait")


@contextmanager
def _temporary_settings(path: str) -> Iterator[None]:
    """Use the cloud file *path* and an instant clock, without the user's settings; print refusals on stdout."""
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("NOVASIM_")}
    settings = {"NOVASIM_CLOUD": path, "NOVASIM_CLOCK": "instant", "NOVASIM_PAGER": ""}
    os.environ |= settings
    try:
        with redirect_stderr(sys.stdout):
            yield
    finally:
        for name in settings:
            del os.environ[name]
        os.environ.update(saved)


def _run_step(novasim: click.Command, options: list[str], remark: str, line: str) -> None:
    click.echo()
    if remark:
        click.secho(f"# {remark}", fg="cyan")
    click.secho(f"$ novasim {line}", bold=True)
    code = novasim.main([*options, *shlex.split(line)], prog_name="novasim", standalone_mode=False)
    if code:
        click.echo(f"(exit code {code})")
