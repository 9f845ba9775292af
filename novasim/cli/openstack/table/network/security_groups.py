"""The commands `security group` and `security group rule`."""

from __future__ import annotations

from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import CELLS, Cell, format_dict
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, delete, opt, show, show_item, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.network.common import (
    OWNER,
    PAGE,
    PROJECT,
    TAG,
    TAG_FILTERS,
    TAGS,
    UNTAG,
    change_item,
    create_item,
    list_items,
    unset_tags,
)


def _rules_cell(value: Any) -> Cell:
    hidden = ("security_group_id", "tenant_id", "project_id")
    shown = [{key: each for key, each in rule.items() if each and key not in hidden} for rule in value or []]
    return Cell(value, "\n".join(map(format_dict, shown)))


CELLS |= {"rules": _rules_cell}
COLUMNS = "ID, Name, Description, Project|project_id, Tags, Shared"
FIELDS = """
    created_at description id is_shared|shared name project_id revision_number rules|security_group_rules|rules stateful
    tags updated_at
"""
RULES = (
    "ID, IP Protocol|protocol, Ethertype, IP Range|remote_ip_prefix, Port Range, Direction,"
    " Remote Security Group|remote_group_id, Remote Address Group|remote_address_group_id"
)
RULE = """
    created_at description direction ether_type|ethertype id normalized_cidr port_range_max port_range_min project_id
    protocol remote_address_group_id remote_group_id remote_ip_prefix revision_number security_group_id updated_at
"""
ICMP = ("icmp", "icmpv6", "ipv6-icmp", "1", "58")
ANY = {"IPv4": "0.0.0.0/0", "IPv6": "::/0"}
ICMP_ONLY = "ICMP IP protocol required with arguments --icmp-type and --icmp-code"


def create_rule(call: Call) -> Output:
    """Create a rule of a security group."""
    args = call.args
    protocol = None if args.protocol in (None, "any") else args.protocol.lower()
    version = args.ethertype or ("IPv6" if protocol in ("ipv6-icmp", "icmpv6", "58") else "IPv4")
    body: Item = {
        "security_group_id": call.find_id("security group", args.group),
        "protocol": protocol,
        "direction": "egress" if args.egress else "ingress",
        "ethertype": version,
        **_ports(call, protocol),
        **build(call, {"description": opt("description"), "project_id": OWNER}),
    }
    if args.remote_group:
        body["remote_group_id"] = call.find_id("security group", args.remote_group)
    else:
        body["remote_ip_prefix"] = args.remote_ip or ANY[version]
    return show_item(call.create("security group rule", body), RULE)


def _ports(call: Call, protocol: str | None) -> Item:
    args = call.args
    if args.icmp_type is None and args.icmp_code is not None:
        raise CommandError("Argument --icmp-type required with argument --icmp-code")
    if protocol not in ICMP and (args.icmp_type or args.icmp_code):
        raise CommandError(ICMP_ONLY)
    if args.dst_port and protocol not in ICMP:
        first, _, last = args.dst_port.partition(":")
        return {"port_range_min": int(first), "port_range_max": int(last or first)}
    pairs = (("port_range_min", args.icmp_type), ("port_range_max", args.icmp_code))
    return {key: value for key, value in pairs if value is not None}


def list_rules(call: Call) -> Output:
    """List the rules of a security group, or of all."""
    args = call.args
    group = call.find_id("security group", args.group) if args.group else None
    query = build(
        call, {"protocol": opt("protocol"), "project_id": OWNER, "limit": opt("limit"), "marker": opt("marker")}
    )
    query |= {"security_group_id": group} if group else {}
    query |= {"direction": "ingress" if args.ingress else "egress"} if args.ingress or args.egress else {}
    rules = [_describe(rule) for rule in call.list("security group rule", query.items())]
    return show_items(rules[: args.max_items], RULES + ("" if group else ", Security Group|security_group_id"))


def _describe(rule: Item) -> Item:
    prefix = rule["remote_ip_prefix"] or ANY.get(rule["ethertype"])
    return {**rule, "port_range": _describe_ports(rule), "remote_ip_prefix": prefix}


def _describe_ports(rule: Item) -> str:
    low, high = rule["port_range_min"], rule["port_range_max"]
    if rule["protocol"] in ICMP:
        parts = [f"type={low}" if low is not None else "", f"code={high}" if high is not None else ""]
        return ":".join(filter(None, parts))
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low}:{'' if high is None else high}"


def unset_group(call: Call) -> None:
    """Remove tags of a security group."""
    unset_tags(call, "security group", call.find("security group", call.args.group))


STATEFUL = "[--stateful | --stateless]"
CHANGES = {"name": opt("name"), "description": opt("description"), "stateful": switch("stateful", "stateless")}
ROWS = (
    Row(
        "security group list",
        f"{PROJECT} [--share | --no-share] {TAG_FILTERS} {PAGE}",
        "List security groups.",
        list_items("security group", COLUMNS, COLUMNS, {"project_id": OWNER, "shared": switch("share", "no_share")}),
        LIST,
    ),
    Row("security group show", "<group>", "Show a security group.", show("security group", FIELDS, "group"), OBJECT),
    Row(
        "security group create",
        f"<name> [--description <description>] {PROJECT} {STATEFUL} {TAG}",
        "Create a security group.",
        create_item(
            "security group",
            {
                "name": opt("name"),
                "description": lambda call: call.args.description or call.args.name,
                "stateful": switch("stateful", "stateless"),
                "project_id": OWNER,
            },
            FIELDS,
        ),
        OBJECT,
    ),
    Row(
        "security group set",
        f"<group> [--name <name>] [--description <description>] {STATEFUL} {TAGS}",
        "Change a security group.",
        change_item("security group", CHANGES, "group"),
    ),
    Row("security group unset", f"<group> {UNTAG}", "Remove tags of a security group.", unset_group),
    Row("security group delete", "<group>...", "Delete security groups.", delete("security group", "group", "group")),
    Row(
        "security group rule list",
        f"[<group>] [--protocol <protocol>] [--ethertype <version>] [--ingress | --egress] [--long] {PROJECT} {PAGE}",
        "List rules of security groups.",
        list_rules,
        LIST,
    ),
    Row("security group rule show", "<rule>", "Show a rule.", show("security group rule", RULE, "rule"), OBJECT),
    Row(
        "security group rule create",
        "<group> [--remote-ip <cidr> | --remote-group <group>] [--dst-port <port-range>] [--protocol <protocol>]"
        " [--description <description>] [--icmp-type <#type>] [--icmp-code <#code>] [--ingress | --egress]"
        f" [--ethertype {{IPv4,IPv6}}] {PROJECT}",
        "Create a rule of a security group.",
        create_rule,
        OBJECT,
    ),
    Row("security group rule delete", "<rule>...", "Delete rules.", delete("security group rule", "rule", "rule")),
)
