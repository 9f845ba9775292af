"""The cloud file: create, check, save and restore it."""

from __future__ import annotations

import os
from typing import Any

import click

from novasim.cli.control.cloud_copies import copy, export_cloud, import_cloud, print_backup
from novasim.cli.files import FORCE
from novasim.cli.options import output_options, pass_session
from novasim.cli.record.states import diff, fork
from novasim.cli.session import Session
from novasim.control import worlds
from novasim.errors import CloudFileError, UsageError
from novasim.render.output import escape_controls, print_line, print_message, report_new_record
from novasim.simulation.time import clock
from novasim.store import open_store
from novasim.store.addresses import hide_passwords


@click.group()
def cloud() -> None:
    """
    Create, check, save and restore the cloud file.

    Example: novasim cloud path
    """


@cloud.command()
@click.option("--hosts", type=int, default=3, show_default=True, help="Number of compute hosts.")
@click.option(
    "--quota",
    type=click.Choice(["default", "unlimited"]),
    default="default",
    show_default=True,
    help="Quotas of projects.",
)
@click.option("--seed", type=int, help="Seed that makes ids, addresses and times repeatable. [env: NOVASIM_SEED]")
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False), help="YAML file that describes the cloud.")
@click.option("--force", is_flag=True, help="Replace an existing cloud; the old file is kept as PATH.bak.1.")
@click.option("-q", "--quiet", is_flag=True, help="Print only the path.")
@pass_session
def init(
    session: Session, hosts: int, quota: str, seed: int | None, scenario: str | None, force: bool, quiet: bool
) -> None:
    """
    Create a cloud with the default world or with that of a scenario.

    Example: novasim cloud init --hosts 100 --quota unlimited --seed 7
    """
    data, build = _read_scenario(scenario) if scenario else ({}, None)
    _create(session, force, hosts=hosts, unlimited=quota == "unlimited", seed=seed, build=build)
    if not quiet:
        _report_overrides(session, data, seed)
    print_line(hide_passwords(session.path))


def _read_scenario(path: str) -> tuple[dict[str, Any], worlds.Builder]:
    """The content of a scenario, and the function that creates its world. The file may be a pipe: it is read once."""
    from novasim.scenarios.builder import make_builder
    from novasim.scenarios.reader import read_scenario

    scenario = read_scenario(path)
    return scenario.data, make_builder(scenario)


def _report_overrides(session: Session, scenario: dict[str, Any], seed: int | None) -> None:
    """Say on stderr which variables decide instead of the scenario. *seed* is that of --seed."""
    by_variable = clock.read_seed_from_environment() if seed is None else None
    if by_variable is not None and scenario.get("seed") not in (None, by_variable):
        print_message(f"novasim: NOVASIM_SEED={by_variable} overrides the seed of the scenario, {scenario['seed']}.")
    if scenario.get("clock") and os.environ.get("NOVASIM_CLOCK"):
        from novasim.cli.control.clock import report_override

        report_override(session)


def _create(session: Session, force: bool, **world: Any) -> None:
    """Create a cloud, or with *force* replace the cloud that exists. *world* describes it to `create_world`."""
    if not session.exists():
        try:
            worlds.create_world(open_store(session.path), **world)
            report_new_record(session.path)
            return
        except UsageError:
            if not session.exists():
                raise  # otherwise another process has created the cloud meanwhile
    if not force:
        path = escape_controls(hide_passwords(session.path))
        raise UsageError(f"The cloud {path} already exists. --force replaces it and keeps a backup.")
    print_backup(session.states.replace(worlds.build_world(**world)))


@cloud.command()
@pass_session
def check(session: Session) -> None:
    """
    Check the cloud file for damage. The exit code is 9 if it is damaged.

    Example: novasim cloud check
    """
    problems = session.states.check()
    for problem in problems:
        print_line(problem)
    if problems:
        raise CloudFileError(f"{hide_passwords(session.path)} is damaged (problems: {len(problems)}).")
    print_line(f"{hide_passwords(session.path)}: no problems found.")


@cloud.command()
@click.argument("backup", required=False)
@pass_session
def restore(session: Session, backup: str | None) -> None:
    """
    Restore a backup of the cloud file: the newest without damage, or BACKUP (a number or a name of 'cloud saves').

    The file that it replaces becomes a backup, too.

    Example: novasim cloud restore
    """
    restored = session.states.restore(backup or "")
    print_message("Backups before this, the newest first:")
    for state in restored.backups:
        note = "restored" if state == restored.backup else restored.damaged.get(state.name, "")
        print_message(f"  {state.name}  {clock.format_time(state.time)}  {note}".rstrip())
    print_line(f"Restored from {restored.backup.path}, made at {clock.format_time(restored.backup.time)}.")
    print_backup(restored.kept.name if restored.kept else "")


@cloud.command()
@output_options
@pass_session
def saves(session: Session) -> None:
    """
    List the states that can be brought back, the newest first: backups (cloud restore), saved ones (cloud load).

    Example: novasim cloud saves
    """
    items = session.states.list_states()
    session.show_list(items, {"Name": "name", "Kind": "kind", "Time": "time", "Problem": "problem"}, "name")


@cloud.command()
@click.argument("name")
@FORCE
@pass_session
def save(session: Session, name: str, force: bool) -> None:
    """
    Save the state of the cloud under a name.

    Example: novasim cloud save before-upgrade
    """
    print_line(session.states.save(name, force))


@cloud.command()
@click.argument("name")
@pass_session
def load(session: Session, name: str) -> None:
    """
    Load a saved state. The current state is kept as PATH.bak.1.

    Example: novasim cloud load before-upgrade
    """
    print_backup(session.states.load(name))


@cloud.command()
@click.option("--before", metavar="TIME", help="Only servers deleted before 2026-01-31, 2026-01-31T12:00, or 2h ago.")
@output_options
@pass_session
def purge(session: Session, before: str | None) -> None:
    """
    Remove deleted servers with their actions and migrations, and expired tokens. It cannot be undone.

    Nova keeps deleted servers, and so does novasim, until they are purged; see: novasim explain purge.

    Example: novasim cloud purge --before 2h
    """
    from novasim.control.purge import purge_cloud

    session.show(session.control(purge_cloud, before)._asdict())


@cloud.command()
@pass_session
def path(session: Session) -> None:
    """
    Print the path of the cloud file.

    Example: novasim cloud path
    """
    print_line(hide_passwords(session.path))


@cloud.command()
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@pass_session
def reset(session: Session, yes: bool) -> None:
    """
    Replace the cloud with the default world. The old file is kept as PATH.bak.1.

    Example: novasim cloud reset --yes
    """
    if not (yes or click.confirm(f"Replace {escape_controls(hide_passwords(session.path))}?")):
        raise UsageError("Nothing was changed.")
    _create(session, force=True, hosts=3, unlimited=False, seed=None)


cloud.add_command(diff)
cloud.add_command(export_cloud)
cloud.add_command(import_cloud)
cloud.add_command(copy)
cloud.add_command(fork)
