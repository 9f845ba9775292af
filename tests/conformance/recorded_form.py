"""Bodies in the form of the recordings: without times, unnamed ids and values that each cloud makes up."""

from __future__ import annotations

import re
from typing import Any

from tests.conformance.symbols import ID

TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
REQUEST = re.compile(r"req-(\{\w+\}|[0-9a-f-]{36})")
MAC = re.compile(r"fa:16:3e(:[0-9a-f]{2}){3}")
REPEATED = re.compile(r"(.)\1{39,}")
KIND = re.compile(r"<\w+>")
KINDS = {bool: "<bool>", float: "<number>", int: "<number>", list: "<some>", dict: "<some>", str: "<str>"}
UNORDERED = ("members", "hosts_not_run", "extensions")

# Only the kind of these values is recorded.
LOOSE = frozenset(
    """
    adminPass hostId OS-EXT-SRV-ATTR:instance_name OS-EXT-SRV-ATTR:reservation_id reservation_id private_key
    fingerprint attachment_id console remote_console output traceback details service_state cpu_info host_ip
    hypervisor_version hypervisor_type current_workload guid disk_available_least dest_host mac_address mac_addr
    OS-EXT-IPS-MAC:mac_addr hours uptime total_hours total_vcpus_usage total_memory_mb_usage total_local_gb_usage
    links next servers_links instance_actions_links flavor_links usages_links tenant_usages_links tenant_usage_links
    migrations_links hypervisors_links flavors_links keypairs_links
    """.split()
)


def in_recorded_form(body: Any) -> Any:
    """A body that already has names for ids, in the form of the recordings. A recorded body stays as it is."""
    return _value("", body)


def shorten(value: Any) -> Any:
    """A value with "{c x n}" in its texts for 40 and more times the same character."""
    if isinstance(value, dict):
        return {shorten(key): shorten(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shorten(item) for item in value]
    return REPEATED.sub(_count, value) if isinstance(value, str) else value


def _count(match: re.Match[str]) -> str:
    return f"{{{match[1]} x {len(match[0])}}}"


def _value(key: str, value: Any) -> Any:
    if key in LOOSE:
        return _kind(value)
    if isinstance(value, dict):
        return {_text("", name): _value(name, item) for name, item in _without_ids(value).items()}
    if isinstance(value, list):
        items = [_value("", item) for item in value if not _is_elsewhere(key, item)]
        return sorted(items, key=str) if key in UNORDERED else items
    return _text(key, value) if isinstance(value, str) else value


def _kind(value: Any) -> str | None:
    if isinstance(value, str) and KIND.fullmatch(value):
        return value
    return None if value is None else KINDS[type(value)]


def _without_ids(value: dict[str, Any]) -> dict[str, Any]:
    """Without the running numbers of services, and what the double of Neutron wrote into security groups."""
    if "rules" in value and "tenant_id" in value:
        return value | {"description": ""}
    if "binary" in value and isinstance(value.get("id"), int):
        return value | {"id": "<number>"}
    service = value.get("service")
    if isinstance(service, dict) and isinstance(service.get("id"), int):
        return value | {"service": service | {"id": "<number>"}}
    return value


def _is_elsewhere(key: str, item: Any) -> bool:
    """Whether this is a control service, or the zone of the control services: each cloud has its own."""
    if not isinstance(item, dict):
        return False
    if key == "services":
        return item.get("binary") != "nova-compute"
    return key == "availabilityZoneInfo" and item.get("zoneName") == "internal"


def _text(key: str, text: str) -> str:
    if key == "public_key" and len(text) > 60:
        return f"{text.split()[0]} <key>"
    text = TIME.sub("{time}", REQUEST.sub("{request_id}", text))
    text = text.replace("/dev/sd", "/dev/vd")  # the fake driver names disks sda, sdb
    return REPEATED.sub(_count, ID.sub("{id}", MAC.sub("{mac}", text)))
