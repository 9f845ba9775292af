"""The command `classroom run`: a command in every cloud."""

from __future__ import annotations

import click

from novasim.classroom.room import Room
from novasim.classroom.status import require_cloud
from novasim.cli.classroom.options import room_option
from novasim.cli.errors.exit import run_command
from novasim.errors import UsageError
from novasim.render.output import print_line, print_message

REFUSED = frozenset(
    (
        *("classroom", "serve", "dashboard", "run", "lesson", "quiz", "demo", "manual", "help", "completion", "watch"),
        *("join", "openstack"),
    )
)
"""Commands that do not act on the cloud, or need a terminal."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@room_option
@click.pass_context
def run(ctx: click.Context, room: Room, words: tuple[str, ...]) -> None:
    """
    Run a command of novasim in every cloud.

    A failure does not stop the others. The exit code is that of the first failure.

    Example: novasim classroom run --room room -- fault add spawn --times 1

    Example: novasim classroom run --room room -- --as admin host set host2 --down
    """
    words = words[1:] if words[0] == "novasim" else words
    _check(ctx, words)
    failed: dict[str, int] = {}
    for name in room.cloud_names():
        print_line(f"--- {name}")
        if code := _run(ctx, room.cloud_path(name), words):
            failed[name] = code
    count = len(room.cloud_names())
    problems = ", ".join(f"{name} (exit code {code})" for name, code in failed.items())
    print_message(f"{count - len(failed)} of {count} clouds: done.{f' Failed: {problems}.' if failed else ''}")
    ctx.exit(next(iter(failed.values()), 0))


def _check(ctx: click.Context, words: tuple[str, ...]) -> None:
    """
    Check the command before it runs anywhere.

    Raises:
        UsageError: it does not act on the cloud of a student, or names another cloud.
    """
    root = ctx.find_root().command
    assert isinstance(root, click.Group)
    names = [word for word in words if root.get_command(ctx, word)]
    if any(word.partition("=")[0] == "--cloud" for word in words):
        raise UsageError("The command runs in the clouds of the classroom; leave --cloud out.")
    if not names:
        raise UsageError(f"{words[0]!r} is not a command of novasim.")
    if names[0] in REFUSED:
        raise UsageError(f"{names[0]} is not a command that runs in every cloud.")
    if words[words.index(names[0]) :][:2] == ("cloud", "init"):
        raise UsageError(
            "A new cloud would not have the passwords of the classroom. Use: novasim classroom reset --all"
        )


def _run(ctx: click.Context, path: str, words: tuple[str, ...]) -> int:
    root = ctx.find_root().command

    def execute() -> object:
        require_cloud(path)
        return root.main(["--cloud", path, *words], "novasim", standalone_mode=False)

    return run_command(execute)
