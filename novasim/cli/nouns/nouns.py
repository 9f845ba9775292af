"""What surrounds a server: flavors, images, key pairs, volumes, networks and the rest, a group of commands each."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli import lookup
from novasim.cli.collection import Collection, add_delete, add_list, add_set, add_show
from novasim.cli.options import key_values, output_options, pass_session
from novasim.cli.session import Session


def _volume_path(session: Session) -> str:
    return f"/v3/{session.caller.project_id}/volumes"


FLAVORS = Collection(
    "flavor",
    "flavors",
    "compute",
    lambda s: "/flavors",
    lookup.flavor_id,
    detail="/flavors/detail",
    columns={
        "ID": "id",
        "Name": "name",
        "VCPUs": "vcpus",
        "RAM (MiB)": "ram",
        "Disk (GiB)": "disk",
        "Public": "os-flavor-access:is_public",
    },
    example="m1.tiny",
)
IMAGES = Collection(
    "image",
    "images",
    "image",
    lambda s: "/v2/images",
    lookup.image_id,
    bare=True,
    columns={
        "ID": "id",
        "Name": "name",
        "Status": "status",
        "Visibility": "visibility",
        "Min disk": "min_disk",
        "Min RAM": "min_ram",
    },
    example="cirros",
)
VOLUMES = Collection(
    "volume",
    "volumes",
    "volume",
    _volume_path,
    lookup.volume_id,
    below_detail="/detail",
    columns={"ID": "id", "Name": "name", "Status": "status", "Size (GiB)": "size", "Bootable": "bootable"},
    example="data",
)
NETWORKS = Collection(
    "network",
    "networks",
    "network",
    lambda s: "/v2.0/networks",
    lookup.network_id,
    columns={"ID": "id", "Name": "name", "Shared": "shared", "External": "router:external", "Subnets": "subnets"},
    example="backend",
)
PORTS = Collection(
    "port",
    "ports",
    "network",
    lambda s: "/v2.0/ports",
    lookup.port_id,
    columns={
        "ID": "id",
        "Name": "name",
        "MAC": "mac_address",
        "Addresses": "fixed_ips",
        "Status": "status",
        "Device": "device_id",
    },
    example="web1-port",
)
FLOATING_IPS = Collection(
    "floatingip",
    "floatingips",
    "network",
    lambda s: "/v2.0/floatingips",
    lookup.floating_ip_id,
    columns={"ID": "id", "Address": "floating_ip_address", "Fixed address": "fixed_ip_address", "Port": "port_id"},
    words=("floating address", "floating addresses"),
    example="203.0.113.7",
)
GROUPS = Collection(
    "security_group",
    "security_groups",
    "network",
    lambda s: "/v2.0/security-groups",
    lookup.security_group_id,
    columns={"ID": "id", "Name": "name", "Description": "description"},
    example="web",
)
KEYPAIRS = Collection(
    "keypair",
    "keypairs",
    "compute",
    lambda s: "/os-keypairs",
    lambda s, text: lookup.segment("key pair", text),
    wrapped="keypair",
    id_key="name",
    columns={"Name": "name", "Fingerprint": "fingerprint", "Type": "type"},
    words=("key pair", "key pairs"),
    example="mine",
)
SERVER_GROUPS = Collection(
    "server_group",
    "server_groups",
    "compute",
    lambda s: "/os-server-groups",
    lookup.server_group_id,
    columns={"ID": "id", "Name": "name", "Policy": "policy", "Members": "members"},
    example="web",
)


def _group(name: str, text: str, collection: Collection) -> click.Group:
    """A noun with list, show and delete."""
    group = click.Group(name, help=f"{text}\n\nExample: novasim {name} list")
    add_list(group, collection)
    add_show(group, collection)
    add_delete(group, collection)
    return group


flavor = _group("flavor", "Flavors: the sizes that servers can have (virtual CPUs, memory, disk).", FLAVORS)
image = _group("image", "Images: the disks that servers are made from.", IMAGES)
volume = _group("volume", "Volumes: disks that live apart from servers and can be plugged into them.", VOLUMES)
network = _group("network", "Networks that servers are plugged into.", NETWORKS)
port = _group("port", "Ports: the network interfaces of servers, with their addresses.", PORTS)
floating_ip = _group("floating-ip", "Floating addresses: public ones, to be led to a server of choice.", FLOATING_IPS)
security_group = _group("security-group", "Security groups: sets of rules for what reaches a server.", GROUPS)
keypair = _group("keypair", "Key pairs: the public SSH keys that a new server lets in.", KEYPAIRS)
server_group = _group("server-group", "Server groups: servers that shall share a host, or shall not.", SERVER_GROUPS)


for _noun, _things in ((volume, VOLUMES), (network, NETWORKS), (port, PORTS), (security_group, GROUPS)):
    add_set(_noun, _things)


spec_option = click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=key_values,
    help="Extra spec, such as hw:cpu_policy=dedicated (may be repeated).",
)


@flavor.command("set")
@click.argument("name")
@click.option("--description", help="New description (administrators).")
@spec_option
@click.option("--project", help="Project that may use a private flavor (ID).")
@output_options
@pass_session
def set_flavor(
    session: Session, name: str, description: str | None, properties: dict[str, str], project: str | None
) -> None:
    """
    Change the description, the extra specs or the projects of a flavor (administrators).

    Example: novasim --as admin flavor set m1.tiny --description "for tests"
    """
    path = f"/flavors/{lookup.flavor_id(session, name)}"
    with session.transaction(writes=True):
        if description is not None:
            session.request("PUT", path, {"flavor": {"description": description}})
        _specs_and_access(session, path, properties, project)
    session.show(session.get(path)["flavor"])


def _specs_and_access(session: Session, path: str, properties: dict[str, str], project: str | None) -> None:
    if properties:
        session.request("POST", f"{path}/os-extra_specs", {"extra_specs": properties})
    if project:
        session.request("POST", f"{path}/action", {"addTenantAccess": {"tenant": lookup.project_id(session, project)}})


@image.command("set")
@click.argument("name")
@click.option("--name", "new_name", help="New name.")
@click.option("--min-disk", type=int, help="Disk that a flavor must have, in GiB.")
@click.option("--min-ram", type=int, help="Memory that a flavor must have, in MiB.")
@click.option("--protected/--unprotected", default=None, help="Whether it is safe from being deleted.")
@click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=key_values,
    help="Property (may be repeated).",
)
@output_options
@pass_session
def set_image(session: Session, /, name: str, new_name: str | None, properties: dict[str, str], **changes: Any) -> None:
    """
    Change an image: its name, what it needs, its protection, its properties.

    Example: novasim image set my-image --min-ram 512 --protected
    """
    asked = {"name": new_name, **changes, **properties}
    paths = {key: "/" + key.replace("~", "~0").replace("/", "~1") for key in asked}
    steps = [{"op": "add", "path": paths[key], "value": value} for key, value in asked.items() if value is not None]
    path = f"/v2/images/{lookup.image_id(session, name)}"
    session.show(session.request("PATCH", path, steps, service="image").body)


@flavor.command("create")
@click.argument("name")
@click.option("--id", "flavor_id", help="ID (default: generated).")
@click.option("--vcpus", type=int, default=1, show_default=True, help="Virtual CPUs.")
@click.option("--ram", type=int, default=256, show_default=True, help="Memory in MiB.")
@click.option("--disk", type=int, default=0, show_default=True, help="First disk in GiB; 0 is the image's size.")
@click.option("--ephemeral", type=int, default=0, show_default=True, help="Second, scratch disk in GiB.")
@click.option("--swap", type=int, default=0, show_default=True, help="Swap disk in MiB.")
@click.option("--public/--private", default=True, help="Whether every project may use it.")
@click.option("--project", help="Project that may use a private flavor (ID).")
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
    Make a flavor, which is a size of servers (administrators).

    Example: novasim --as admin flavor create big --vcpus 8 --ram 16384 --disk 80
    """
    body: dict[str, Any] = {
        "name": name,
        **sizes,
        "OS-FLV-EXT-DATA:ephemeral": ephemeral,
        "os-flavor-access:is_public": public,
    }
    body |= {"id": flavor_id} if flavor_id else {}
    with session.transaction(writes=True):
        path = f"/flavors/{session.request('POST', '/flavors', {'flavor': body}).body['flavor']['id']}"
        _specs_and_access(session, path, properties, project)
    session.show(session.get(path)["flavor"])


@image.command("create")
@click.argument("name")
@click.option("--min-disk", type=int, default=0, show_default=True, help="Disk that a flavor must have, in GiB.")
@click.option("--min-ram", type=int, default=0, show_default=True, help="Memory that a flavor must have, in MiB.")
@click.option("--public", is_flag=True, help="For all projects (administrators).")
@click.option("--file", "file", type=click.File("rb"), help="Content; size and checksum are kept.")
@click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=key_values,
    help="Property (may be repeated).",
)
@output_options
@pass_session
def create_image(
    session: Session, name: str, min_disk: int, min_ram: int, public: bool, file: Any, properties: dict[str, str]
) -> None:
    """
    Make an image; servers can be made from it once it has content (--file).

    Example: novasim image create my-image --file disk.qcow2 --min-disk 1
    """
    body = {
        "name": name,
        "min_disk": min_disk,
        "min_ram": min_ram,
        "container_format": "bare",
        "disk_format": "qcow2",
        **properties,
    }
    body |= {"visibility": "public"} if public else {}
    content = None if file is None else file.read()
    with session.transaction(writes=True):
        made = session.request("POST", "/v2/images", body, service="image").body
        if content is not None:
            session.request("PUT", f"/v2/images/{made['id']}/file", content, service="image")
    session.show(session.get(f"/v2/images/{made['id']}", service="image"))


@keypair.command("create")
@click.argument("name")
@click.option(
    "--public-key",
    type=click.File("r", encoding="utf-8", errors="replace"),
    help="Key to import (default: a new one is made).",
)
@click.option("--private-key", type=click.File("w"), help="File for the private key (default: printed).")
@output_options
@pass_session
def create_keypair(session: Session, name: str, public_key: Any, private_key: Any) -> None:
    """
    Import a public key, or have a pair made; the private key is shown this once.

    Example: novasim keypair create mine --public-key ~/.ssh/id_ed25519.pub
    """
    body = {"name": name} | ({"public_key": public_key.read().strip()} if public_key else {})
    with session.transaction(writes=True):  # a private key that cannot be kept is of no use to anybody
        made = session.request("POST", "/os-keypairs", {"keypair": body}, minor=91).body["keypair"]
        if private_key is not None and "private_key" in made:
            private_key.write(made.pop("private_key"))
            private_key.flush()
    if "private_key" in made and session.fmt == "table" and not session.quiet:
        click.echo(made["private_key"], nl=False)
        return
    session.show({"id": made["name"], **made})


@volume.command("create")
@click.argument("name")
@click.option("--size", type=int, help="Size in GiB.")
@click.option("--image", "source_image", help="Image to copy.")
@click.option("--snapshot", help="Volume snapshot to copy (ID).")
@click.option("--multiattach", is_flag=True, help="May be attached to several servers.")
@output_options
@pass_session
def create_volume(
    session: Session, name: str, size: int | None, source_image: str | None, snapshot: str | None, multiattach: bool
) -> None:
    """
    Make a volume: empty, or from an image or a snapshot.

    Example: novasim volume create data --size 10
    """
    body: dict[str, Any] = {"name": name} | ({"size": size} if size is not None else {})
    body |= {"imageRef": lookup.image_id(session, source_image)} if source_image else {}
    body |= {"snapshot_id": snapshot} if snapshot else {}
    body |= {"multiattach": True} if multiattach else {}
    session.show(session.request("POST", _volume_path(session), {"volume": body}, service="volume").body["volume"])


@network.command("create")
@click.argument("name")
@click.option("--subnet", "cidr", metavar="CIDR", help="Address range of a subnet to make with it.")
@click.option("--shared", is_flag=True, help="For all projects (administrators).")
@click.option("--external", is_flag=True, help="With floating addresses (administrators).")
@output_options
@pass_session
def create_network(session: Session, name: str, cidr: str | None, shared: bool, external: bool) -> None:
    """
    Make a network, at once with a range of addresses if one is named.

    Example: novasim network create backend --subnet 192.0.2.0/24
    """
    body = {"name": name, "shared": shared, "router:external": external}
    with session.transaction(writes=True):
        made = session.request("POST", "/v2.0/networks", {"network": body}, service="network").body["network"]
        if cidr:
            subnet = {"network_id": made["id"], "cidr": cidr, "name": f"{name}-subnet"}
            session.request("POST", "/v2.0/subnets", {"subnet": subnet}, service="network")
    session.show(session.get(f"/v2.0/networks/{made['id']}", service="network")["network"])


@port.command("create")
@click.argument("name")
@click.option("--network", "on", required=True, help="Network (name or ID).")
@click.option("--fixed-ip", help="Address to ask for.")
@output_options
@pass_session
def create_port(session: Session, name: str, on: str, fixed_ip: str | None) -> None:
    """
    Make a port: a network interface, to be plugged into a server.

    Example: novasim port create web1-port --network private
    """
    body: dict[str, Any] = {"name": name, "network_id": lookup.network_id(session, on)}
    body |= {"fixed_ips": [{"ip_address": fixed_ip}]} if fixed_ip else {}
    session.show(session.request("POST", "/v2.0/ports", {"port": body}, service="network").body["port"])


@floating_ip.command("create")
@click.argument("network_name", metavar="NETWORK", default="public")
@output_options
@pass_session
def create_floating_ip(session: Session, network_name: str) -> None:
    """
    Take a floating address from an external network, for the project to use.

    Example: novasim floating-ip create public
    """
    body = {"floating_network_id": lookup.network_id(session, network_name)}
    answer = session.request("POST", "/v2.0/floatingips", {"floatingip": body}, service="network").body
    session.show(answer["floatingip"])


@security_group.command("create")
@click.argument("name")
@click.option("--description", default="", help="Description.")
@output_options
@pass_session
def create_security_group(session: Session, name: str, description: str) -> None:
    """
    Make a security group; it lets traffic out and none in until it gets rules.

    Example: novasim security-group create web --description "HTTP and SSH"
    """
    body = {"name": name, "description": description}
    answer = session.request("POST", "/v2.0/security-groups", {"security_group": body}, service="network").body
    session.show(answer["security_group"])


@server_group.command("create")
@click.argument("name")
@click.option(
    "--policy",
    default="affinity",
    show_default=True,
    type=click.Choice(["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"]),
    help="All on one host (affinity), each on another (anti-affinity), or (soft) as far as that is possible.",
)
@output_options
@pass_session
def create_server_group(session: Session, name: str, policy: str) -> None:
    """
    Make a server group; servers join it when they are made, with --hint group=ID.

    Example: novasim server-group create web --policy anti-affinity
    """
    body = {"name": name, "policy": policy}
    session.show(session.request("POST", "/os-server-groups", {"server_group": body}).body["server_group"])


@click.group()
def quota() -> None:
    """
    Quotas: how much a project may have.

    Example: novasim quota show
    """


@quota.command("show")
@click.argument("project", required=False)
@output_options
@pass_session
def show_quota(session: Session, project: str | None) -> None:
    """
    Show how much a project (default: one's own) may have and how much of it is used.

    Example: novasim quota show
    """
    id = project or session.caller.project_id
    figures = session.get(f"/os-quota-sets/{id}/detail")["quota_set"]
    flat = {name: f"{value['in_use']} of {value['limit']}" for name, value in figures.items() if name != "id"}
    session.show(flat if session.fmt == "table" else figures)


@quota.command("set")
@click.argument("project")
@click.option("--instances", type=int, help="Servers.")
@click.option("--cores", type=int, help="Virtual CPUs.")
@click.option("--ram", type=int, help="Memory in MiB.")
@click.option("--key-pairs", type=int, help="Key pairs of each user.")
@click.option("--server-groups", type=int, help="Server groups.")
@click.option("--force", is_flag=True, help="Even below what is used.")
@output_options
@pass_session
def set_quota(session: Session, /, project: str, force: bool, **limits: int | None) -> None:
    """
    Set how much a project may have (administrators); -1 is unlimited.

    Example: novasim --as admin quota set demo --instances 50 --cores 100
    """
    body: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    body |= {"force": True} if force else {}
    path = f"/os-quota-sets/{lookup.project_id(session, project)}"
    session.show(session.request("PUT", path, {"quota_set": body}).body["quota_set"])
