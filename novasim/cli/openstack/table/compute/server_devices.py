"""The commands `server add`, `server remove` and `server volume`: devices and addresses of servers."""

from __future__ import annotations

from novasim.cli.openstack.call import ApiError, Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, const, flag, opt, ref, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row, Run

INTERFACE = "Port ID, Server ID, Network ID|net_id, MAC Address|mac_addr, Port State, Fixed IPs|fixed_ips|dicts"
ATTACHED = "ID|volumeId, Server ID|serverId, Volume ID|volumeId, Device, Tag, Delete On Termination"
ATTACHMENTS = (
    "Device, Server ID|serverId, Volume ID|volumeId, Tag, Delete On Termination?|delete_on_termination, Attachment ID,"
    " BlockDeviceMapping UUID|bdm_uuid"
)
SHARES = "Share ID, Status, Tag"
INTERFACE_MINOR, ATTACHMENT_MINOR, SHARE_MINOR = 70, 89, 97
NO_SHARES = (
    "Service 'shared-file-system' is disabled because its configuration could not be loaded. The service is not present"
    " in the service catalog: public endpoint for shared-file-system service in RegionOne region not found"
)


def _path(call: Call, rest: str) -> str:
    return f"/servers/{call.find_id('server', call.args.server)}/{rest}"


def _attach_interface(call: Call, kind: str, key: str) -> Item:
    path = _path(call, "os-interface")
    body = build(call, {key: ref(kind), "tag": opt("tag")})
    if getattr(call.args, "fixed_ip_address", None):
        body["fixed_ips"] = [{"ip_address": call.args.fixed_ip_address}]
    response = call.send("POST", path, {"interfaceAttachment": body}, minor=INTERFACE_MINOR)
    interface: Item = response.body["interfaceAttachment"]
    return {**interface, "server_id": path.split("/")[2]}


def add_interface(kind: str, key: str) -> Run:
    """Attach an interface to a server."""

    def run(call: Call) -> None:
        _attach_interface(call, kind, key)

    return run


def add_fixed_ip(call: Call) -> Output:
    """Attach an interface with a fixed IP to a server, and show it."""
    interface = _attach_interface(call, "network", "net_id")
    return show_item(interface, INTERFACE + (", Tag" if call.args.tag else ""))


def remove_port(call: Call) -> None:
    """Detach a port."""
    path = _path(call, "os-interface")
    call.send("DELETE", f"{path}/{call.find_id('port', call.args.port)}", minor=INTERFACE_MINOR)


def remove_network(call: Call) -> None:
    """Detach all interfaces in a network."""
    path = _path(call, "os-interface")
    network = call.find_id("network", call.args.network)
    for interface in call.send("GET", path, minor=INTERFACE_MINOR).body["interfaceAttachments"]:
        if interface["net_id"] == network:
            call.send("DELETE", f"{path}/{interface['port_id']}", minor=INTERFACE_MINOR)


def remove_fixed_ip(call: Call) -> None:
    """Remove a fixed IP."""
    call.act(call.find_id("server", call.args.server), "removeFixedIp", {"address": call.args.ip_address})


def add_floating_ip(call: Call) -> None:
    """Associate a floating IP with a port of the server."""
    address = call.find_id("floating ip", call.args.ip_address)
    ports = call.list("port", [("device_id", call.find_id("server", call.args.server))])
    if not ports:
        raise CommandError("No attached ports found to associate floating IP with")
    fixed = call.args.fixed_ip_address
    if fixed:
        ports = [port for port in ports if any(each["ip_address"] == fixed for each in port["fixed_ips"])]
        if not ports:
            raise CommandError(f"No port found for fixed IP address {fixed}")
    _associate(call, address, [port["id"] for port in ports], {"fixed_ip_address": fixed} if fixed else {})


def _associate(call: Call, address: str, ports: list[str], more: Item) -> None:
    """Associate with the first port whose network a router connects to that of the address."""
    for number, port in enumerate(ports, 1):
        try:
            call.update("floating ip", address, {"port_id": port, **more})
            return
        except ApiError as error:
            if number == len(ports) or error.code != 404:
                raise


def remove_floating_ip(call: Call) -> None:
    """Disassociate a floating IP."""
    call.update("floating ip", call.find_id("floating ip", call.args.ip_address), {"port_id": None})


def change_security_groups(action: str, done: str) -> Run:
    """Add security groups to a server, or remove them."""

    def run(call: Call) -> None:
        server, groups = call.find_id("server", call.args.server), call.args.security_group
        verb, link = ("add", "to") if action == "addSecurityGroup" else ("remove", "from")
        for group in groups:
            message = f"Failed to {verb} security group with name or ID '{group}' {link} server '{server}'"
            with call.attempt(message):
                call.act(server, action, {"name": group})
        call.check_failures(len(groups), f"security groups were not {done}")

    return run


def add_volume(call: Call) -> Output:
    """Attach a volume."""
    path = _path(call, "os-volume_attachments")
    attributes = {
        "volumeId": ref("volume"),
        "device": opt("device", None),
        "tag": opt("tag"),
        "delete_on_termination": flag("enable_delete_on_termination"),
    }
    if call.args.disable_delete_on_termination:
        attributes["delete_on_termination"] = const(False)
    body = {"volumeAttachment": build(call, attributes)}
    return show_item(call.send("POST", path, body, minor=ATTACHMENT_MINOR).body["volumeAttachment"], ATTACHED)


def remove_volume(call: Call) -> None:
    """Detach a volume."""
    path = _path(call, "os-volume_attachments")
    call.send("DELETE", f"{path}/{call.find_id('volume', call.args.volume)}", minor=ATTACHMENT_MINOR)


def set_volume(call: Call) -> None:
    """Change whether a volume is deleted with the server."""
    args = call.args
    if args.delete_on_termination or args.preserve_on_termination:
        path = _path(call, "os-volume_attachments")
        id = call.find_id("volume", args.volume)
        body = {"volumeAttachment": {"volumeId": id, "delete_on_termination": args.delete_on_termination}}
        call.send("PUT", f"{path}/{id}", body, minor=ATTACHMENT_MINOR)


def list_volumes(call: Call) -> Output:
    """List the attachments of volumes."""
    body = call.send("GET", _path(call, "os-volume_attachments"), minor=ATTACHMENT_MINOR).body
    return show_items(body["volumeAttachments"], ATTACHMENTS)


def list_shares(call: Call) -> Output:
    """List the attachments of shares."""
    return show_items(call.send("GET", _path(call, "shares"), minor=SHARE_MINOR).body["shares"], SHARES)


def refuse_share(call: Call) -> None:
    """Refuse a command that needs the service of shares."""
    call.find("server", call.args.server)
    raise CommandError(NO_SHARES)


VOLUME_SET = "<server> <volume> [--delete-on-termination | --preserve-on-termination]"
ROWS = (
    Row(
        "server add fixed ip",
        "<server> <network> [--fixed-ip-address <ip-address>] [--tag <tag>]",
        "Add a fixed IP to a server.",
        add_fixed_ip,
        OBJECT,
    ),
    Row(
        "server add floating ip",
        "<server> <ip-address> [--fixed-ip-address <ip-address>]",
        "Associate a floating IP with a server.",
        add_floating_ip,
    ),
    Row(
        "server add network",
        "<server> <network> [--tag <tag>]",
        "Attach a network to a server.",
        add_interface("network", "net_id"),
    ),
    Row(
        "server add port",
        "<server> <port> [--tag <tag>]",
        "Attach a port to a server.",
        add_interface("port", "port_id"),
    ),
    Row(
        "server add security group",
        "<server> <security-group>...",
        "Add security groups to a server.",
        change_security_groups("addSecurityGroup", "added"),
    ),
    Row("server add share", "<server> <share> [--tag <tag>]", "Attach a share (not simulated).", refuse_share),
    Row(
        "server add volume",
        "<server> <volume> [--device <device>] [--tag <tag>]"
        " [--enable-delete-on-termination | --disable-delete-on-termination]",
        "Attach a volume to a server.",
        add_volume,
        OBJECT,
    ),
    Row("server remove fixed ip", "<server> <ip-address>", "Remove a fixed IP from a server.", remove_fixed_ip),
    Row("server remove floating ip", "<server> <ip-address>", "Disassociate a floating IP.", remove_floating_ip),
    Row("server remove network", "<server> <network>", "Detach a network from a server.", remove_network),
    Row("server remove port", "<server> <port>", "Detach a port from a server.", remove_port),
    Row(
        "server remove security group",
        "<server> <security-group>...",
        "Remove security groups from a server.",
        change_security_groups("removeSecurityGroup", "removed"),
    ),
    Row("server remove share", "<server> <share>", "Detach a share (not simulated).", refuse_share),
    Row("server remove volume", "<server> <volume>", "Detach a volume from a server.", remove_volume),
    Row("server volume list", "<server>", "List the volumes of a server.", list_volumes, LIST),
    Row("server volume set", VOLUME_SET, "Change an attached volume.", set_volume),
    Row("server volume update", VOLUME_SET, "Change an attached volume.", set_volume),
    Row("server share list", "<server>", "List the shares of a server.", list_shares, LIST),
)
