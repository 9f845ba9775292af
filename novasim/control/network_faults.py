"""
Injected faults of the network between clients and services. They affect requests over HTTP, whatever these ask for.

The first fault that matches a request is triggered, with its probability.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from novasim.errors import UsageError
from novasim.records import Fault
from novasim.simulation.faults import count_trigger, is_active
from novasim.simulation.seeded import Generator
from novasim.simulation.world import Records, World

ANSWER, DELAY, DROP, DROP_ANSWER, EXPIRE_TOKEN = "answer", "delay", "drop", "drop-answer", "expire-token"
KINDS = (ANSWER, DELAY, DROP, DROP_ANSWER, EXPIRE_TOKEN)
CODES = (429, 500, 502, 503, 504)
SERVICES = ("compute", "identity", "image", "network", "placement", "volume")
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
MAX_SECONDS = 600
OF_SERVERS = ("action", "phase", "server", "image", "flavor", "host", "project")
OF_REQUESTS = ("service", "method", "path")

PREDEFINED: dict[str, dict[str, Any]] = {
    "rate-limit": {"does": ANSWER, "code": 429, "seconds": 1.0},
    "bad-gateway": {"does": ANSWER, "code": 502},
    "gateway-timeout": {"does": ANSWER, "code": 504},
    "slow-answer": {"does": DELAY, "seconds": 2.0},
    "dropped-connection": {"does": DROP},
    "lost-answer": {"does": DROP_ANSWER},
    "expired-token": {"does": EXPIRE_TOKEN},
}


def check_network_fault(fields: dict[str, Any]) -> None:
    """
    Check a fault of the network.

    Raises:
        UsageError: a field is invalid, or has no effect on such a fault.
    """
    does = fields["does"]
    if of_servers := [name for name in OF_SERVERS if fields.get(name)]:
        raise UsageError(f"A fault of the network affects requests, not servers, so it has no {of_servers[0]}.")
    if fields.get("service", "compute") not in SERVICES:
        raise UsageError(f"There is no service {fields['service']!r}; choose one of: {', '.join(SERVICES)}.")
    if fields.get("method", "GET") not in METHODS:
        raise UsageError(f"There is no method {fields['method']!r}; choose one of: {', '.join(METHODS)}.")
    if does == ANSWER and fields.get("code") not in CODES:
        invalid = f", not {fields['code']}" if fields.get("code") else ""
        raise UsageError(f"The code of an answer must be one of {', '.join(map(str, CODES))}{invalid}.")
    seconds = fields.get("seconds", 0.0)
    if not 0 <= seconds <= MAX_SECONDS or (does == DELAY and not seconds):
        raise UsageError(f"The seconds must be above 0 and at most {MAX_SECONDS}, not {seconds:g}.")
    if seconds and does not in (ANSWER, DELAY):
        raise UsageError(f"A fault of the kind {does!r} has no seconds.")


def check_server_fault(fields: dict[str, Any]) -> None:
    """Raise UsageError if a fault of servers has fields of a fault of the network."""
    if given := [name for name in (*OF_REQUESTS, "seconds") if fields.get(name)]:
        raise UsageError(f"Only a fault of the network has the field {given[0]}.")


def has_network_faults(tx: Records) -> bool:
    """Whether any fault of the network can still be triggered."""
    return any(fault.does in KINDS and fault.times != 0 for fault in tx.query(Fault))


def trigger_network_fault(world: World, service: str, method: str, path: str, has_token: bool) -> Fault | None:
    """
    Count and return the first fault that matches a request and that chance triggers; otherwise None.

    Args:
        path: Below the root of the service.
    """
    for fault in world.tx.query(Fault):
        if fault.does not in KINDS or not _matches(world, fault, service, method, path):
            continue
        if fault.does == EXPIRE_TOKEN and not has_token:
            continue
        if _happens_by_chance(world, fault):
            count_trigger(world, fault.id)
            return fault
    return None


def _matches(world: World, fault: Fault, service: str, method: str, path: str) -> bool:
    return (
        is_active(world, fault)
        and fault.service in ("", service)
        and fault.method in ("", method)
        and (not fault.path or fnmatchcase(path, fault.path))
    )


def _happens_by_chance(world: World, fault: Fault) -> bool:
    """Let the cloud's seed and the number of the matching request decide."""
    if fault.probability >= 1:
        return True
    fault.seen += 1
    world.tx.put(fault)
    return Generator(world.settings.seed, f"network fault {fault.id} {fault.seen}").chance(fault.probability)
