"""Flavors."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import item_path, project_id
from novasim.cli.options import output_options, parse_key_values, pass_session
from novasim.cli.session import Session

AUTO = "auto"  # as OpenStack's client and the nova client call a generated ID
COLUMNS = {
    "ID": "id",
    "Name": "name",
    "VCPUs": "vcpus",
    "RAM (MiB)": "ram",
    "Disk (GiB)": "disk",
    "Public": "os-flavor-access:is_public",
}

flavor = noun_group(
    "flavor",
    "Flavors: the sizes of servers (virtual CPUs, memory, disk).",
    COLUMNS,
    example="m1.tiny",
    as_admin=("delete",),
)


spec_option = click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=parse_key_values,
    help="Extra spec, such as hw:cpu_policy=dedicated (may be repeated).",
)


@flavor.command("create")
@click.argument("name")
@click.option("--id", "flavor_id", help="ID; by default, or with auto, it is generated.")
@click.option("--vcpus", type=int, default=1, show_default=True, help="Virtual CPUs.")
@click.option("--ram", type=int, default=256, show_default=True, help="Memory in MiB.")
@click.option("--disk", type=int, default=0, show_default=True, help="Root disk in GiB; 0 is the image's size.")
@click.option("--ephemeral", type=int, default=0, show_default=True, help="Ephemeral disk in GiB.")
@click.option("--swap", type=int, default=0, show_default=True, help="Swap disk in MiB.")
@click.option("--public/--private", default=True, help="Whether all projects have access.")
@click.option("--project", help="Project with access to a private flavor (name or ID).")
@spec_option
@output_options
@pass_session
def create_flavor(
    session: Session,
    /,
    name: str,
    flavor_id: str | None,
    ephemeral: int,
    public: bool,
    project: str | None,
    properties: dict[str, str],
    **sizes: int,
) -> None:
    """
    Create a flavor (administrators).

    Example: novasim --as admin flavor create big --vcpus 8 --ram 16384 --disk 80
    """
    body: dict[str, Any] = {
        "name": name,
        "id": None if flavor_id in ("", AUTO) else flavor_id,
        **sizes,
        "OS-FLV-EXT-DATA:ephemeral": ephemeral,
        "os-flavor-access:is_public": public,
    }
    with session.transaction(writes=True):
        path = f"/flavors/{create_item(session, 'flavor', body)['id']}"
        _set_specs_and_access(session, path, properties, project)
    session.show(session.get(path)["flavor"])


@flavor.command("set")
@click.argument("name")
@click.option("--description", help="New description (administrators).")
@spec_option
@click.option("--project", help="Project with access to a private flavor (name or ID).")
@output_options
@pass_session
def set_flavor(
    session: Session, name: str, description: str | None, properties: dict[str, str], project: str | None
) -> None:
    """
    Change the description, the extra specs or the access of a flavor (administrators).

    Example: novasim --as admin flavor set m1.tiny --description "for tests"
    """
    path = item_path(session, "flavor", name)
    with session.transaction(writes=True):
        if description is not None:
            session.request("PUT", path, {"flavor": {"description": description}})
        _set_specs_and_access(session, path, properties, project)
    session.show(session.get(path)["flavor"])


def _set_specs_and_access(session: Session, path: str, properties: dict[str, str], project: str | None) -> None:
    if properties:
        session.request("POST", f"{path}/os-extra_specs", {"extra_specs": properties})
    if project:
        session.request("POST", f"{path}/action", {"addTenantAccess": {"tenant": project_id(session, project)}})
