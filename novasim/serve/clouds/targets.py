"""What options choose to serve: one cloud, many clouds, or a classroom."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from novasim.errors import UsageError
from novasim.remote import is_remote
from novasim.serve.clouds.many_clouds import ManyClouds
from novasim.serve.one_cloud import OneCloud
from novasim.serve.options import CloudChoice

if TYPE_CHECKING:
    from novasim.serve.one_cloud import Target


def choose_target(choice: CloudChoice, session: Any, workers: int = 1) -> Target:
    """What is served. Raises UsageError if the options of the session and the command contradict each other."""
    if choice.path is None and "--cloud" in session.global_options and (choice.clouds or choice.classroom):
        choice = choice._replace(path=session.named_cloud)
    if choice.names and choice.classroom is None:
        raise UsageError("--names needs --classroom.")
    if choice.classroom is not None:
        if workers > 1:
            raise UsageError("A classroom has one process, which counts wrong join words: leave --workers out.")
        return _open_classroom(choice)
    if choice.clouds is None:
        if choice.create or choice.create_on_use:
            raise UsageError("--create and --create-on-use need --clouds.")
        if is_remote(choice.path or session.path):
            raise UsageError("That cloud is behind a server already. Name a file or a database with --cloud.")
        return OneCloud(choice.path or session.path)
    if choice.path or os.environ.get("NOVASIM_RECORD"):
        option = "--cloud is" if choice.path else "--record and NOVASIM_RECORD are"
        raise UsageError(f"{option} for one cloud, and --clouds is for many.")
    return ManyClouds(choice.clouds, choice.create, choice.create_on_use)


def _open_classroom(choice: CloudChoice) -> Target:
    """The classroom to serve. Raises UsageError if another option contradicts it, RoomError if it cannot be used."""
    from novasim.serve.classroom.target import Classroom

    if choice.path or choice.clouds or choice.create or choice.create_on_use or os.environ.get("NOVASIM_RECORD"):
        raise UsageError(
            "A classroom has its own clouds and records: leave out --cloud, --clouds, --create, --create-on-use and "
            "--record, and unset NOVASIM_RECORD."
        )
    context = click.get_current_context().find_root()
    assert isinstance(context.command, click.Group)
    commands = frozenset(context.command.list_commands(context))
    return Classroom(str(choice.classroom), commands, choice.names)
