"""The cloud file and Nova's options in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import click

from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.control import worlds
from novasim.errors import CloudFileError, UsageError
from novasim.store import open_store
from novasim.store.base import Store

REPLACED = ".replaced"  # behind the name of a cloud file in whose place a new one was put


@click.group()
def cloud() -> None:
    """
    Make, check, save and restore the cloud, which is one file.

    Example: novasim cloud path
    """


@cloud.command()
@click.option("--hosts", type=int, default=3, show_default=True, help="How many compute hosts.")
@click.option(
    "--quota",
    type=click.Choice(["default", "unlimited"]),
    default="default",
    show_default=True,
    help="How much each project may have.",
)
@click.option("--seed", type=int, help="Make ids, addresses and times repeatable. [env: NOVASIM_SEED]")
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False), help="YAML file that describes the world.")
@click.option("--force", is_flag=True, help="Replace a cloud that is there; the old file stays as PATH.replaced.")
@pass_session
def init(session: Session, hosts: int, quota: str, seed: int | None, scenario: str | None, force: bool) -> None:
    """
    Make a new cloud with the default world, or with the one of a scenario.

    Example: novasim cloud init --hosts 100 --quota unlimited --seed 7
    """
    described = worlds.read_scenario(scenario) if scenario else None
    make = partial(worlds.create_world, hosts=hosts, unlimited=quota == "unlimited", seed=seed, scenario=described)
    if force and os.path.exists(session.path):
        _replace(session.path, make)
    else:
        make(open_store(session.path))
    click.echo(session.path)


def _replace(path: str, make: Callable[[Store], None]) -> None:
    """Put a new cloud in place of the one that is there; the new one is whole before the old one is touched."""
    from tempfile import TemporaryDirectory

    from novasim.store.backup import copy_in

    try:
        folder = TemporaryDirectory(prefix=".novasim-", dir=os.path.dirname(os.path.realpath(path)))
    except OSError as error:
        raise CloudFileError(f"Cloud file {path} cannot be replaced: {error.strerror}.") from None
    with folder as beside:
        new = os.path.join(beside, "cloud.json")
        make(open_store(new))
        copy_in(new, path, aside=REPLACED)


@cloud.command()
@pass_session
def check(session: Session) -> None:
    """
    Look for damage in the cloud file; the exit code is 9 if there is any.

    Example: novasim cloud check
    """
    from novasim.store.check import check as problems_of

    problems = problems_of(session.path)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise CloudFileError(f"{session.path} cannot be used as it is (problems: {len(problems)}).")
    click.echo(f"{session.path} is sound.")


@cloud.command()
@pass_session
def restore(session: Session) -> None:
    """
    Bring back the newest backup of the cloud file.

    Example: novasim cloud restore
    """
    from novasim.store.backup import restore as bring_back

    click.echo(f"Restored from {bring_back(session.path)}.")


@cloud.command()
@click.argument("name")
@pass_session
def save(session: Session, name: str) -> None:
    """
    Keep the whole state of the cloud under a name, to be loaded again.

    Example: novasim cloud save before-upgrade
    """
    from novasim.store.backup import copy_out

    copy_out(session.path, _saved(session, name))
    click.echo(_saved(session, name))


@cloud.command()
@click.argument("name")
@pass_session
def load(session: Session, name: str) -> None:
    """
    Bring back a state that was saved; what is there now is lost unless it was saved, too.

    Example: novasim cloud load before-upgrade
    """
    from novasim.store.backup import copy_in

    if not os.path.exists(_saved(session, name)):
        known = ", ".join(_saved_names(session)) or "none"
        raise UsageError(f"No state was saved as {name!r}; saved are: {known}.")
    copy_in(_saved(session, name), session.path)


@cloud.command("export")
@click.argument("file", type=click.Path(dir_okay=False))
@pass_session
def export_cloud(session: Session, file: str) -> None:
    """
    Copy the cloud to a file, to be imported elsewhere.

    Example: novasim cloud export lab.json
    """
    from novasim.store.backup import copy_out

    copy_out(session.path, file)


@cloud.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@pass_session
def import_cloud(session: Session, file: str) -> None:
    """
    Put an exported cloud in place of this one; a damaged file changes nothing.

    Example: novasim cloud import lab.json
    """
    from novasim.store.backup import copy_in

    copy_in(file, session.path)


def _saved(session: Session, name: str) -> str:
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or name.startswith("."):
        raise UsageError(f"{name!r} cannot name a state; use letters, digits, hyphens, dots.")
    return f"{session.path}.saved-{name}"


def _saved_names(session: Session) -> list[str]:
    folder, base = os.path.split(os.path.abspath(session.path))
    begin = base + ".saved-"
    return sorted(entry.removeprefix(begin) for entry in os.listdir(folder) if entry.startswith(begin))


@cloud.command()
@pass_session
def path(session: Session) -> None:
    """
    Print where the cloud file is.

    Example: novasim cloud path
    """
    click.echo(session.path)


@cloud.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def reset(session: Session, yes: bool) -> None:
    """
    Begin anew with the default world; the old file stays as PATH.replaced.

    Example: novasim cloud reset --yes
    """
    if not (yes or click.confirm(f"Replace {session.path}?")):
        raise UsageError("Nothing was changed.")
    make = partial(worlds.create_world, hosts=3, unlimited=False, seed=None)
    if os.path.exists(session.path):
        _replace(session.path, make)
    else:
        make(open_store(session.path))
