"""The command `novasim run`: a script with a cloud, a server and an environment of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess  # nosec B404 # it runs the user's script
import sys
from collections.abc import Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from novasim.errors import UsageError
from novasim.remote import is_remote
from novasim.remote.clients import client_variables
from novasim.render.output import print_message
from novasim.serve import listener
from novasim.serve.client_settings import issue_token, request_variables, split_user
from novasim.simulation.time.clock import ALL_MODES

if TYPE_CHECKING:
    from novasim.cloud import Cloud
    from novasim.records.entry import Entry

DEFAULT_USER = "demo"
NOT_FOUND, NOT_EXECUTABLE, BY_SIGNAL = 127, 126, 128  # exit codes of shells


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--junit", metavar="FILE", help="Write a report for CI systems, in JUnit's XML.")
@click.option(
    "--clock", "mode", type=click.Choice(ALL_MODES), default="instant", show_default=True, help="Mode of the clock."
)
@click.option("--hosts", type=int, default=3, show_default=True, help="Number of compute hosts.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the cloud.")
@click.option("--scenario", metavar="FILE", help="Begin with the cloud that a YAML file describes.")
@click.option(
    "--openstack", "has_shim", is_flag=True, help="Run each 'openstack' of the script as 'novasim openstack'."
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def run(
    ctx: click.Context,
    junit: str | None,
    mode: str,
    hosts: int,
    seed: int,
    scenario: str | None,
    has_shim: bool,
    command: tuple[str, ...],
) -> None:
    """
    Run a script with a cloud, an HTTP server and an environment of its own.

    The script and the programs that it starts use a new cloud: OpenStack clients find it by the variables OS_*, novasim
    by NOVASIM_CLOUD. Afterwards the cloud is removed, and a report on stderr says what was refused or has failed, and
    why. The exit code is that of the script.

    Example: novasim run --openstack -- openstack flavor list
    """
    if is_remote(ctx.obj.named_cloud):
        raise UsageError("run has a new cloud of its own. Leave --cloud out, and unset NOVASIM_CLOUD.")
    listener.require_stack()
    if junit:
        _create_file(junit)
    with TemporaryDirectory(prefix="novasim-") as folder:
        cloud = _create_cloud(os.path.join(folder, "cloud.json"), mode, hosts, seed, scenario)
        code = _run_with_server(cloud, command, ctx.obj.who, folder if has_shim else "")
        _report(command, code, _read_entries(cloud), junit)
    if code == NOT_FOUND and shutil.which(command[0]) and not has_shim and not shutil.which("openstack"):
        print_message("  OpenStack's client is not installed. To run it as 'novasim openstack', add --openstack.")
    ctx.exit(code)


def _create_file(path: str) -> None:
    """Create the file of the report before the script runs. Raises UsageError if that is impossible."""
    try:
        with open(path, "ab"):
            pass
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _create_cloud(path: str, mode: str, hosts: int, seed: int, scenario: str | None) -> Cloud:
    from novasim.control.clock import set_clock
    from novasim.control.record import start_record
    from novasim.control.worlds import open_cloud, replace_world

    build = None
    if scenario:
        from novasim.scenarios.builder import load_scenario

        build = load_scenario(scenario)
    replace_world(path, hosts, False, seed, build)
    cloud = open_cloud(path, resident=True)
    set_clock(cloud, mode)
    start_record(cloud)
    return cloud


def _run_with_server(cloud: Cloud, command: Sequence[str], who: str, shim_folder: str) -> int:
    from novasim.serve.background import BackgroundServer

    server = BackgroundServer(cloud)
    server.start()
    try:
        return _call(command, _environment(server.url, cloud, who, shim_folder))
    finally:
        server.stop()


def _environment(url: str, cloud: Cloud, who: str, shim_folder: str) -> dict[str, str]:
    """The variables of the script: those of this process, but for the cloud and the caller; the record is the same."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "NOVASIM_"))}
    user, project = split_user(who)
    of_clients = client_variables(url, user, project) | request_variables(url, issue_token(cloud, user, project))
    variables = {**kept, **of_clients, "NOVASIM_CLOUD": cloud.store.path, "NOVASIM_AS": who}
    if record := os.environ.get("NOVASIM_RECORD"):
        variables["NOVASIM_RECORD"] = os.path.join(os.getcwd(), record)
    if shim_folder:
        if who == DEFAULT_USER:
            del variables["NOVASIM_AS"]  # so that the script can choose another user with OS_USERNAME
        words = [sys.executable, "-m", "novasim", "openstack", "--install-shim", shim_folder]
        subprocess.run(words, env=variables, stdout=subprocess.DEVNULL, check=True)  # nosec B603 # novasim itself
        variables["PATH"] = os.pathsep.join((shim_folder, variables.get("PATH", os.defpath)))
    return variables


def _call(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """
    Run a command; return its exit code as a shell does.

    CTRL+C reaches the command, too, which decides how to end.
    """
    try:
        process = subprocess.Popen(command, env=variables)  # nosec B603 # the command that the user has given
    except (FileNotFoundError, PermissionError) as error:
        print_message(f"novasim: {command[0]}: {error.strerror}.")
        if os.path.isfile(command[0]):
            start = "./" if os.access(command[0], os.X_OK) else "sh "
            print_message(f"  To run this file: novasim run -- {start}{shlex.join(command)}")
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        return code if code >= 0 else BY_SIGNAL - code


def _read_entries(cloud: Cloud) -> list[Entry]:
    """What was recorded: requests that change something, refusals, and what happened by itself."""
    from novasim.control.past import get_record

    return list(get_record(cloud.store).read())


def _report(command: Sequence[str], code: int, entries: list[Entry], junit: str | None) -> None:
    from novasim.serve import run_report

    for line in run_report.describe_run(code, entries):
        print_message(line)
    if junit:
        with open(junit, "wb") as file:
            file.write(run_report.build_junit(command, code, entries))
