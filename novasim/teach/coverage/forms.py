"""How a suggestion writes an action: as commands for a shell, and as Python with the library."""

from __future__ import annotations

from typing import NamedTuple

from novasim.teach.coverage.scripts import ID, SERVER


class Form(NamedTuple):
    """
    How to write an action.

    Args:
        call: The method of the library with its arguments, after "server.". before: lines of Python before it.
        options: Operands and options of the command. setup: command lines before it.
        commands: Command lines that take the place of the usual one.
    """

    call: str
    options: dict[str, str] = {}
    commands: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


def _request(method: str, rest: str, body: str = "") -> tuple[str, ...]:
    return (f'novasim request {method} "/servers/{ID}/{rest}"' + (f" '{body}'" if body else ""),)


def _enable_console(kind: str, type: str, option: str) -> Form:
    """A console that an option of the cloud switches on."""
    return Form(
        f'act("console-url-{kind}", {{"type": "{type}"}})',
        setup=(f"novasim config set {option} true",),
        before=(f'cloud.config.set("{option}", "true")',),
    )


def _volume(name: str) -> str:
    """Python that creates a volume."""
    body = f'{{"volume": {{"size": 1, "name": "{name}"}}}}'
    return f'cloud.request("POST", f"/v3/{{cloud.caller.project_id}}/volumes", {body}, service="volume")'


ATTACH = (_volume("data"), 'server.attach_volume("data")')
ATTACH_COMMANDS = ("novasim volume create data --size 1", f"novasim attach-volume {SERVER} data")
ITEM = ('server.set_metadata_item("role", "web")',)
TAG = ('server.add_tag("web")',)
FLOATING_IP = (
    'body = {"floatingip": {"floating_network_id": cloud.id_of("network", "public")}}',
    'created = cloud.request("POST", "/v2.0/floatingips", body, service="network").body["floatingip"]',
    'address = created["floating_ip_address"]',
)
FLOATING_IP_COMMANDS = ("address=$(novasim floating-ip create public -f value -c floating_ip_address)",)
FIXED_IP = (
    'addresses = server.details["addresses"]["private"]',
    'address = next(each["addr"] for each in addresses if each["version"] == 4)',
)
SWAP = (  # in place of a migration, which only the volume service itself can begin
    *ATTACH,
    _volume("copy"),
    'body = {"os-reset_status": {"migration_status": "error"}}',
    "path = f\"/v3/{admin.caller.project_id}/volumes/{cloud.id_of('volume', 'data')}/action\"",
    'admin.request("POST", path, body, service="volume")',
)

SWAP_COMMANDS = (
    *ATTACH_COMMANDS,
    "novasim volume create copy --size 1",
    "data=$(novasim volume show data -f value -c id) copy=$(novasim volume show copy -f value -c id)",
    "project=$(novasim --as admin project show admin -f value -c id)",
    'novasim --as admin request --service volume POST "/v3/$project/volumes/$data/action" '
    """'{"os-reset_status": {"migration_status": "error"}}'""",
)

FORMS = {
    "reboot": Form("reboot()"),
    "hard-reboot": Form("reboot(hard=True)"),
    "resize": Form('resize("m1.small")', {"flavor": "m1.small"}),
    "rebuild": Form('rebuild("cirros")', {"image": "cirros"}),
    "change-password": Form('change_password("secret2")', {"password": "secret2"}),
    "create-image": Form('create_image("image1")', {"name": "image1"}),
    "create-backup": Form('create_backup("backup1", "daily", 1)', {"name": "backup1"}),
    "set": Form('set(description="mine")', commands=(f"novasim set {SERVER} --description mine",)),
    "metadata-create": Form('update_metadata({"role": "web"})', {"key=value": "role=web"}),
    "metadata-set-item": Form(
        'set_metadata_item("role", "web")', commands=_request("PUT", "metadata/role", '{"meta": {"role": "web"}}')
    ),
    "metadata-replace": Form(
        'replace_metadata({"role": "db"})', commands=_request("PUT", "metadata", '{"metadata": {"role": "db"}}')
    ),
    "metadata-delete-item": Form(
        'delete_metadata_item("role")',
        {"key": "role"},
        setup=(f"novasim set {SERVER} --property role=web",),
        before=ITEM,
    ),
    "tag-add": Form('add_tag("web")', {"tag": "web"}),
    "tag-replace": Form('replace_tags(["db"])', commands=_request("PUT", "tags", '{"tags": ["db"]}')),
    "tag-delete": Form('delete_tag("web")', {"tag": "web"}, setup=(f"novasim set {SERVER} --tag web",), before=TAG),
    "tag-delete-all": Form("delete_tags()", commands=_request("DELETE", "tags")),
    "attach-volume": Form('attach_volume("data")', {"volume": "data"}, setup=ATTACH_COMMANDS[:1], before=ATTACH[:1]),
    "detach-volume": Form('detach_volume("data")', {"volume": "data"}, setup=ATTACH_COMMANDS, before=ATTACH),
    "swap-volume": Form(
        'swap_volume("data", "copy")',
        setup=SWAP_COMMANDS,
        commands=(
            f'novasim request PUT "/servers/{ID}/os-volume_attachments/$data" '
            """"{\\"volumeAttachment\\": {\\"volumeId\\": \\"$copy\\"}}\"""",
        ),
        before=SWAP,
    ),
    "attach-port": Form('attach_port(network="private")', {"network": "private"}),
    "detach-port": Form(
        "detach_port(port)",
        {"port": "$port"},
        setup=(f"port=$(novasim attach-port {SERVER} --network private -f value -c port_id)",),
        before=('port = server.attach_port(network="private")["port_id"]',),
    ),
    "add-floating-ip": Form(
        "add_floating_ip(address)", {"address": "$address"}, setup=FLOATING_IP_COMMANDS, before=FLOATING_IP
    ),
    "remove-floating-ip": Form(
        "remove_floating_ip(address)",
        {"address": "$address"},
        setup=(*FLOATING_IP_COMMANDS, f"novasim add-floating-ip {SERVER} $address"),
        before=(*FLOATING_IP, "server.add_floating_ip(address)"),
    ),
    "add-fixed-ip": Form('add_fixed_ip("private")', {"network": "private"}),
    "remove-fixed-ip": Form(
        "remove_fixed_ip(address)",
        {"address": "$address"},
        setup=(f"address=$(novasim show {SERVER} -f json | grep -o '[0-9]*[.][0-9]*[.][0-9.]*' | head -1)",),
        before=FIXED_IP,
    ),
    "add-security-group": Form('add_security_group("default")', {"group": "default"}),
    "remove-security-group": Form('remove_security_group("default")', {"group": "default"}),
    "console-url-vnc": Form('act("console-url-vnc", {"type": "novnc"})'),
    "console-url-spice": _enable_console("spice", "spice-html5", "spice_enabled"),
    "console-url-rdp": Form('act("console-url-rdp", {"type": "rdp-html5"})'),
    "console-url-serial": _enable_console("serial", "serial", "serial_console_enabled"),
    "evacuate": Form(
        "evacuate()",
        setup=(
            f"host=$(novasim --as admin show {SERVER} -f json | grep -o 'host[0-9]' | head -1)",
            'novasim --as admin host set "$host" --down',
        ),
        before=("cloud.hosts.set(server.host, up=False)",),
    ),
}
"""The actions with arguments or preparations; the others are just their names."""


def find_form(action: str) -> Form:
    """How to write an action."""
    return FORMS.get(action, Form(action.replace("-", "_") + "()"))
