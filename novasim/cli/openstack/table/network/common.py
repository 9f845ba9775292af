"""Options and requests that the commands of the network service share: tags, filters, pages, projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import CELLS, Cell, format_dict
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.kinds import KINDS
from novasim.cli.openstack.operations import Value, build, opt, ref, show_item, show_items, switch
from novasim.cli.openstack.rows import Run
from novasim.cli.openstack.usage import parse_pairs


def _routes_cell(value: Any) -> Cell:
    routes = [{"destination": each["destination"], "gateway": each["nexthop"]} for each in value or []]
    return Cell(value, "\n".join(map(format_dict, routes)))


CELLS |= {"routes": _routes_cell}
PROJECT = "[--project <project>] [--project-domain <project-domain>]"
TAG = "[--tag <tag>... | --no-tag]"
TAGS = "[--tag <tag>]... [--no-tag]"
UNTAG = "[--tag <tag>... | --all-tag]"
TAG_FILTERS = (
    "[--tags <tags>] [--any-tags~--tags-any <tags>] [--not-tags <tags>] [--not-any-tags~--not-tags-any <tags>]"
)
PAGE = "[--limit <#count>] [--marker <id>] [--max-items <#count>]"
FILTERS: Mapping[str, Value] = {
    "tags": opt("tags"),
    "tags-any": opt("any_tags"),
    "not-tags": opt("not_tags"),
    "not-tags-any": opt("not_any_tags"),
    "limit": opt("limit"),
    "marker": opt("marker"),
}
ADMIN_STATE = switch("enable", "disable")
OWNER = ref("project")


def list_items(kind: str, columns: str, long: str, query: Mapping[str, Value]) -> Run:
    """List a kind, filtered by options."""

    def run(call: Call) -> Output:
        items = select_items(call, kind, query)
        return show_items(items, long if getattr(call.args, "long", False) else columns)

    return run


def select_items(call: Call, kind: str, query: Mapping[str, Value]) -> list[Item]:
    """The resources of a kind that the options select."""
    return call.list(kind, build(call, {**query, **FILTERS}).items())[: call.args.max_items]


def create_item(kind: str, attributes: Mapping[str, Value], fields: str) -> Run:
    """Create a resource with its tags, and show it."""
    return lambda call: show_item(create_tagged(call, kind, attributes), fields)


def create_tagged(call: Call, kind: str, attributes: Mapping[str, Value]) -> Item:
    """Create a resource with its tags."""
    item = call.create(kind, build(call, attributes))
    if call.args.tag:
        item["tags"] = put_tags(call, kind, item["id"], call.args.tag)
    return item


def change_item(kind: str, attributes: Mapping[str, Value], key: str = "") -> Run:
    """Change a resource and its tags."""
    key = key or kind.replace(" ", "_")

    def run(call: Call) -> None:
        item = call.find(kind, getattr(call.args, key))
        if body := build(call, attributes):
            call.update(kind, item["id"], body)
        set_tags(call, kind, item)

    return run


def put_tags(call: Call, kind: str, id: str, tags: list[str]) -> list[str]:
    """Replace the tags of a resource; return them."""
    path = f"{call.kind_path(KINDS[kind])}/{id}/tags"
    found: list[str] = call.send("PUT", path, {"tags": sorted(tags)}, service="network").body["tags"]
    return found


def set_tags(call: Call, kind: str, item: Item) -> None:
    """Add the tags of `--tag`, and remove all others with `--no-tag`."""
    if call.args.no_tag or call.args.tag:
        old = [] if call.args.no_tag else item["tags"]
        put_tags(call, kind, item["id"], [*dict.fromkeys([*old, *(call.args.tag or [])])])


def unset_tags(call: Call, kind: str, item: Item) -> None:
    """Remove the tags of `--tag`, or all with `--all-tag`."""
    if call.args.all_tag or call.args.tag:
        removed = item["tags"] if call.args.all_tag else call.args.tag
        put_tags(call, kind, item["id"], [tag for tag in item["tags"] if tag not in removed])


def parse_route(text: str) -> Item:
    """destination=SUBNET,gateway=ADDRESS as a route of the API."""
    pairs = parse_pairs(text)
    return {"destination": pairs.get("destination"), "nexthop": pairs.get("gateway")}


def read_fixed_ips(call: Call) -> list[Item]:
    """The fixed IPs of `--fixed-ip`, with IDs of subnets."""
    found = []
    for pairs in map(parse_pairs, call.args.fixed_ip or ()):
        subnet = {"subnet_id": call.find_id("subnet", pairs["subnet"])} if "subnet" in pairs else {}
        found.append(subnet | ({"ip_address": pairs["ip-address"]} if "ip-address" in pairs else {}))
    return found


def remove_all(kept: list[Any], removed: list[Any], word: str) -> list[Any]:
    """
    The list without the removed values.

    Raises:
        CommandError: one of them is not in the list.
    """
    left = list(kept)
    for each in removed:
        if each not in left:
            raise CommandError(f"{word} {each}")
        left.remove(each)
    return left
