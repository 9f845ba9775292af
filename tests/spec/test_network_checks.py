"""The checks of ports, addresses, security groups, tags and metadata: what they refuse, with which code and text."""

from __future__ import annotations

import pytest

from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.records import FloatingIp, Network, Port, SecurityGroup
from tests import each_case
from tests.spec.samples import OWNER, server
from tests.spec.test_checks import list_refusals

FIXED = [{"subnet_id": "n4", "ip_address": "192.0.2.5"}]
NO_GROUPS = "Network requires port_security_enabled and subnet associated in order to apply security groups."
TAKEN = Conflict(reason="Fixed IP 192.0.2.9 is already in use.")
OUTSIDE = BadRequest(reason="Invalid input received: Fixed IP 198.51.100.1 is not a valid ip address for network n.")
FULL = BadRequest(reason="No fixed IP addresses available for network: n")
NO_ROUTER = BadRequest(reason="Unable to associate floating IP 203.0.113.1")
TOO_MANY = Forbidden(reason="Maximum number of metadata items exceeds 128")
INVALID_TAG = (
    "Tag '{}' is invalid. It must be a non empty string without characters '/' and ','. Validation error message: "
)


def port(**fields: object) -> Port:
    usual = {"network_id": "n", "project_id": "p", "mac_address": "m", "created_at": "", "updated_at": ""}
    return Port(**{"id": "x", "fixed_ips": FIXED, **usual, **fields})


def group(id: str = "g") -> SecurityGroup:
    return SecurityGroup(id=id, name="web", project_id="p", created_at="", updated_at="")


def network(id: str = "n") -> Network:
    return Network(id=id, name="private", project_id="p", created_at="", updated_at="")


def floating_ip(**fields: object) -> FloatingIp:
    usual = {"network_id": "e", "project_id": "p", "created_at": "", "updated_at": ""}
    return FloatingIp(**{"id": "f", "address": "203.0.113.1", **usual, **fields})


IN_GROUP = port(security_groups=["g"])
IP = {"floating_ip_ref": "203.0.113.1", "floating_ip": floating_ip()}

ONE_REFUSAL = [
    # security groups
    ("add-security-group", {"group_ref": " ", "groups": (group(),)}, BadRequest, "Security group name cannot be empty"),
    (
        "add-security-group",
        {"group_ref": "web", "groups": (group(), group("h"))},
        Conflict,
        "Multiple security_group matches found for name 'web', use an ID to be more specific.",
    ),
    ("add-security-group", {"group_ref": "web"}, NotFound, "Security group web is not found for project p"),
    (
        "add-security-group",
        {"group_ref": "web", "groups": (group(),), "server_ports": ()},
        NotFound,
        "instance_id s could not be found as device id on any ports",
    ),
    ("add-security-group", {"server_ports": (port(), port(fixed_ips=[]))}, BadRequest, NO_GROUPS),
    ("add-security-group", {"server_ports": (port(more={"port_security_enabled": False}),)}, BadRequest, NO_GROUPS),
    ("add-security-group", {"group_ref": "web", "groups": (group(),), "server_ports": (IN_GROUP,)}, None, ""),
    ("remove-security-group", {"group_ref": "web", "groups": (group(),), "server_ports": (port(), IN_GROUP)}, None, ""),
    (
        "remove-security-group",
        {"group_ref": "web", "groups": (group(),), "server_ports": (port(fixed_ips=[]),)},
        NotFound,
        "Security group web not associated with the instance s",
    ),
    # interfaces
    ("attach-port", {"port_ref": "x"}, NotFound, "Port id x could not be found."),
    (
        "attach-port",
        {"port": port(more={"binding:vnic_type": "direct"})},
        BadRequest,
        "Failed to claim PCI device for s during interface attach",
    ),
    ("attach-port", {"port": port(project_id="q")}, BadRequest, "Port x not usable for instance s."),
    ("attach-port", {"port": port(device_id="d")}, Conflict, "Port x is still in use."),
    (
        "attach-port",
        {"port": port(more={"dns_name": "db"})},
        BadRequest,
        "Port x not usable for instance s. Value db assigned to dns_name attribute does not match instance's hostname ",
    ),
    ("attach-port", {"port_ref": "x", "port": port(), "networks": (network(),)}, None, ""),
    ("attach-port", {"network_ref": "n", "networks": ()}, NotFound, "Network n could not be found."),
    (
        "attach-port",
        {"networks": ()},
        BadRequest,
        "No specific network was requested and none are available for project 'p'.",
    ),
    (
        "attach-port",
        {"networks": (network(), network("o"))},
        BadRequest,
        "Multiple possible networks found, use a Network ID to be more specific.",
    ),
    (
        "attach-port",
        {"networks": (network(),), "network_is_forbidden": True},
        Forbidden,
        "It is not allowed to create an interface on external network n",
    ),
    ("attach-port", {"network_takes_groups": False}, BadRequest, NO_GROUPS),
    ("attach-port", {"ports_left": 0}, Forbidden, "Maximum number of ports exceeded"),
    ("attach-port", {"ports_left": 1}, None, ""),
    ("attach-port", {"address_refusal": FULL}, BadRequest, str(FULL)),
    ("attach-port", {"fixed_ip_ref": "192.0.2.9", "address_refusal": TAKEN}, Conflict, str(TAKEN)),
    ("attach-port", {"fixed_ip_ref": "198.51.100.1", "address_refusal": OUTSIDE}, BadRequest, str(OUTSIDE)),
    # floating IPs, which exist to 2.43
    ("add-floating-ip", {"server_ports": ()}, BadRequest, "Instance network is not ready yet"),
    ("add-floating-ip", {"server_ports": (port(fixed_ips=[]),)}, BadRequest, "No fixed IPs associated to instance"),
    (
        "add-floating-ip",
        {"server_ports": (port(),), "fixed_ip_ref": "192.0.2.6"},
        BadRequest,
        "Specified fixed address not assigned to instance",
    ),
    (
        "add-floating-ip",
        {"server_ports": (port(),), **IP},
        BadRequest,
        "Unable to associate floating IP 203.0.113.1 to any fixed IPs for instance s. Instance has no fixed IPv4 "
        "addresses to associate.",
    ),
    ("add-floating-ip", {"floating_ip_ref": "203.0.113.1"}, NotFound, "floating IP not found"),
    ("add-floating-ip", {**IP, "association_refusal": NO_ROUTER}, BadRequest, str(NO_ROUTER)),
    ("remove-floating-ip", {"floating_ip_ref": "x"}, NotFound, "Floating IP not found for address x."),
    (
        "remove-floating-ip",
        {**IP, "server_ports": (port(),)},
        Conflict,
        "Floating IP 203.0.113.1 is not associated with instance s.",
    ),
    ("remove-floating-ip", {"floating_ip": floating_ip(port_id="x"), "server_ports": (port(),)}, None, ""),
    # tags, metadata, items
    ("tag-add", {"tag": "a/b"}, BadRequest, INVALID_TAG.format("a/b") + "'a/b' does not match '^[^,/]*$'"),
    ("tag-add", {"tag": "a" * 61}, BadRequest, INVALID_TAG.format("a" * 61) + f"'{'a' * 61}' is too long"),
    ("tag-add", {"tag": "a" * 60}, None, ""),
    ("tag-delete", {"tag": "a"}, NotFound, "Instance s has no tag 'a'"),
    ("metadata-delete-item", {"metadata_key": "a"}, NotFound, "Metadata item was not found"),
    *((f"metadata-{verb}", {"item_refusal": TOO_MANY}, Forbidden, str(TOO_MANY)) for verb in ("create", "replace")),
    ("metadata-set-item", {"item_refusal": TOO_MANY}, Forbidden, str(TOO_MANY)),
    ("metadata-delete-item", {"item_refusal": TOO_MANY}, None, ""),
    *(
        (name, {"item_refusal": TOO_MANY}, Forbidden, str(TOO_MANY))
        for name in ("create-image", "create-backup", "rebuild")
    ),
    # the zone of a server, certificates, backups
    (
        "set",
        {"zone": "north"},
        Conflict,
        "Server can only be pinned to its current availability zone 'None', but 'north' was requested.",
    ),
    (
        "rebuild",
        {"volume_backed": True, "trusted_certs": ("c",)},
        BadRequest,
        "Image certificate validation is not supported for volume-backed servers.",
    ),
    ("rebuild", {"trusted_certs": ("c",)}, None, ""),
    ("create-backup", {"volume_backed": True}, BadRequest, "Backup is not supported for volume-backed instances."),
]


@each_case(("name", "facts", "kind", "words"), ONE_REFUSAL)
def test_one_check_refuses_with_the_code_and_words(name, facts, kind, words):
    assert list_refusals(name, minor=30, **facts) == ([(kind, words)] if kind else [])


@each_case(("name", "facts", "kind", "words"), [case for case in ONE_REFUSAL if case[2]])
def test_the_code_is_that_of_the_refusal(name, facts, kind, words):
    row, known = ACTIONS[name], Facts(**{"minor": 30, **facts})
    subject = server(vm_state=sorted(row.vm_states or {"active"})[0])
    failing = [value for value in (*row.first_checks, *row.checks) if not value.holds(subject, OWNER, known)]
    assert [value.code for value in failing] == [kind.http]


def test_a_server_on_no_host_is_in_no_zone_for_a_floating_ip():
    words = (
        "Unable to associate floating IP 203.0.113.1 to fixed IP 192.0.2.5 for instance s. Error: Fixed IP not found "
    )
    facts = {**IP, "server_ports": (port(),), "fixed_ip": "192.0.2.5"}
    assert list_refusals("add-floating-ip", **facts) == [(BadRequest, words + "for address 192.0.2.5.")]
    assert list_refusals("add-floating-ip", fields={"availability_zone": "nova"}, **facts) == []


def test_fifty_tags_are_enough_even_if_the_new_one_is_among_them():
    full = {"tags": [str(number) for number in range(50)]}
    refusal = [(BadRequest, "The number of tags exceeded the per-server limit 50")]
    assert list_refusals("tag-add", fields=full, tag="new") == list_refusals("tag-add", fields=full, tag="0") == refusal
    assert list_refusals("tag-add", fields={"tags": full["tags"][1:]}, tag="new") == []


@pytest.mark.parametrize(
    ("pinned", "zone", "refusal"),
    [
        (None, "nova", ""),
        ("north", "north", ""),
        ("north", None, ""),
        ("north", "nova", "Cannot change pinned availability zone directly. Unpin first by setting "),
    ],
)
def test_a_pinned_server_is_unpinned_first(pinned, zone, refusal):
    fields = {"availability_zone": "nova", "pinned_availability_zone": pinned}
    words = [words for _, words in list_refusals("set", fields=fields, zone=zone)]
    assert words == ([f"{refusal}pinned_availability_zone to null."] if refusal else [])
