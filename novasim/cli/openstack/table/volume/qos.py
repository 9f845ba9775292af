"""The commands `volume qos`, for quality-of-service specs of volume types."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.kinds import KINDS
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

KIND = "volume qos"
COLUMNS = "ID, Name, Consumer, Associations||list, Properties|specs|dict"
FIELDS = "consumer id name properties|specs|dict"
PROPERTIES = "[--property <key=value>]..."


def _send(call: Call, method: str, id: str, rest: str, body: Item | None = None) -> Item:
    kind = KINDS[KIND]
    query = [("vol_type_id", call.find_id("volume type", call.args.volume_type))] if rest.endswith("associate") else ()
    path = f"{call.kind_path(kind)}/{id}{rest}"
    found: Item = call.send(method, path, body, query, kind.service, kind.minor).body
    return found


def _list_types(call: Call, id: str) -> list[str]:
    return [each["name"] for each in _send(call, "GET", id, "/associations")["qos_associations"]]


def list_qos(call: Call) -> Output:
    """List QoS specs, with the volume types that have them."""
    items = [{**item, "associations": _list_types(call, item["id"])} for item in call.list(KIND)]
    return show_items(items, COLUMNS)


def show_qos(call: Call) -> Output:
    """Show QoS specs."""
    item = call.find(KIND, call.args.qos_spec)
    types = _list_types(call, item["id"])
    return show_item({**item, "associations": types}, f"associations||list {FIELDS}" if types else FIELDS)


def create_qos(call: Call) -> Output:
    """Create QoS specs."""
    args = call.args
    body = {"name": args.name, "consumer": args.consumer or "both", **(args.property or {})}
    return show_item(call.create(KIND, body), FIELDS)


def set_qos(call: Call) -> None:
    """
    Change the properties of QoS specs.

    Raises:
        CommandError: a part of it has failed.
    """
    args, item = call.args, call.find(KIND, call.args.qos_spec)
    if args.no_property:
        with call.attempt("Failed to clean qos properties"):
            _send(call, "PUT", item["id"], "/delete_keys", {"keys": [*item["specs"]]})
    if args.property:
        with call.attempt("Failed to set qos property"):
            call.update(KIND, item["id"], args.property)
    if call.failures:
        raise CommandError("One or more of the set operations failed")


def unset_qos(call: Call) -> None:
    """Remove properties of QoS specs."""
    id = call.find_id(KIND, call.args.qos_spec)
    if call.args.property:
        _send(call, "PUT", id, "/delete_keys", {"keys": call.args.property})


def delete_qos(call: Call) -> None:
    """Delete QoS specs."""
    for name in call.args.qos_spec:
        with call.attempt(f"Failed to delete QoS specification with name or ID '{name}'"):
            call.delete(KIND, call.find_id(KIND, name), [("force", call.args.force)])
    call.check_failures(len(call.args.qos_spec), "QoS specifications failed to delete")


def associate(call: Call) -> None:
    """Give QoS specs to a volume type."""
    _send(call, "GET", call.find_id(KIND, call.args.qos_spec), "/associate")


def disassociate(call: Call) -> None:
    """Take QoS specs from a volume type, or from all."""
    id = call.find_id(KIND, call.args.qos_spec)
    if call.args.volume_type:
        _send(call, "GET", id, "/disassociate")
    elif call.args.all:
        _send(call, "GET", id, "/disassociate_all")


ROWS = (
    Row("volume qos list", "", "List QoS specs.", list_qos, LIST),
    Row("volume qos show", "<qos-spec>", "Show QoS specs.", show_qos, OBJECT),
    Row(
        "volume qos create",
        f"<name> [--consumer {{front-end,back-end,both}}] {PROPERTIES}",
        "Create QoS specs.",
        create_qos,
        OBJECT,
    ),
    Row("volume qos set", f"<qos-spec> [--no-property] {PROPERTIES}", "Change properties of QoS specs.", set_qos),
    Row("volume qos unset", "<qos-spec> [--property <key>]...", "Remove properties of QoS specs.", unset_qos),
    Row("volume qos delete", "<qos-spec>... [--force]", "Delete QoS specs.", delete_qos),
    Row("volume qos associate", "<qos-spec> <volume-type>", "Give QoS specs to a volume type.", associate),
    Row(
        "volume qos disassociate",
        "<qos-spec> [--volume-type <volume-type> | --all]",
        "Take QoS specs from volume types.",
        disassociate,
    ),
)
