"""The steps of a game: requests, the clock, faults, outages of hosts and events in guests, drawn at random."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from novasim.control.faults import PREDEFINED
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import RANGES
from tests.games import compute_requests, service_requests
from tests.games.templates import PARAMETER, Ref, draw, draw_path

CALLERS = ("demo",) * 9 + ("mate",) * 3 + ("admin",) * 4 + ("other", "reader")
MINORS = (1, 19, 24, 25, 35, 43, 49, 53, 56, 60, 67, 68, 76, 79, 84, 85, 90, 92, 93, 95, *12 * [96], 104)
VOLUME_MINORS = (0, 27, 44, 64, 66, 71)
OUTAGES = {"host-crash": 1, "stuck": 2, "lose": 2, "fail": 6, "slow": 1}
PHASES = sorted(
    {
        (name, phase.task_state)
        for name, action in ACTIONS.items()
        for course in (action.phases, *action.variants.values())
        for phase in course
        if phase.task_state and not action.concurrent
    }
)
REQUESTS = (*compute_requests.REQUESTS, *service_requests.REQUESTS)
WEIGHTS = [weight for weight, *_ in REQUESTS]


OPENING = (  # things that a game begins with: service, path, body, microversion
    ("volume", "/v3/{own_project}/volumes", {"volume": {"size": 1}}, 71),
    ("volume", "/v3/{own_project}/volumes", {"volume": {"size": 1, "imageRef": Ref("image", 0)}}, 71),
    ("volume", "/v3/{own_project}/volumes", {"volume": {"size": 1, "multiattach": True}}, 71),
    ("network", "/v2.0/ports", {"port": {"network_id": Ref("network", 0)}}, 0),
    ("network", "/v2.0/ports", {"port": {"network_id": Ref("network", 0)}}, 0),
    ("network", "/v2.0/security-groups", {"security_group": {"name": "x"}}, 0),
    ("network", "/v2.0/floatingips", {"floatingip": {"floating_network_id": Ref("public_network", 0)}}, 0),
    ("volume", "/v3/{own_project}/snapshots", {"snapshot": {"volume_id": Ref("volume", 1)}}, 71),
    ("compute", "/os-server-groups", {"server_group": {"name": "g", "policy": "anti-affinity"}}, 96),
    ("compute", "/servers", draw(compute_requests.CREATE_FROM_IMAGE, Random(1)), 96),
    ("compute", "/servers", draw(compute_requests.CREATE_FROM_VOLUME, Random(2)), 96),
)


class Send(NamedTuple):
    """A request. Its path and body have references."""

    who: str
    service: str
    method: str
    path: str
    params: dict[str, Ref]
    body: Any
    minor: int

    def __str__(self) -> str:
        path = PARAMETER.sub(lambda match: repr(self.params.get(match[1], match[0])), self.path)
        return f"{self.who} {self.minor}: {self.method} {self.service} {path} {self.body or ''}"


class Advance(NamedTuple):
    """Move the clock by some seconds."""

    seconds: float


class Power(NamedTuple):
    """Switch a host off or on; with `service`, only report its compute service as down or up."""

    host: Ref
    up: bool
    service: bool


class Cell(NamedTuple):
    """Make the cell of a host unreachable, or reachable again."""

    host: Ref
    down: bool


class Break(NamedTuple):
    """Inject a fault."""

    fault: dict[str, Any]


class Repair(NamedTuple):
    """Remove all faults."""


class Guest(NamedTuple):
    """Something that happens in a guest."""

    server: Ref
    event: str


def list_opening() -> list[Step]:
    """The first steps of a game: a few volumes, ports and servers."""
    return [
        *(Send("demo", service, "POST", path, {}, body, minor) for service, path, body, minor in OPENING),
        Advance(8.0),
    ]


Step = Send | Advance | Power | Cell | Break | Repair | Guest


def draw_step(random: Random) -> Step:
    """Draw a step."""
    kind = random.choices(("send", "advance", "power", "cell", "break", "repair", "guest"), (100, 25, 4, 3, 6, 2, 3))[0]
    if kind == "advance":
        return Advance(random.choice((0.1, 0.4, 0.8, 1.5, 3.0, 8.0, 30.0)))
    if kind == "power":
        return Power(Ref("host", random.randrange(12)), random.random() < 0.6, random.random() < 0.4)
    if kind == "cell":
        return Cell(Ref("host", random.randrange(12)), random.random() < 0.4)
    if kind == "break":
        return Break(_draw_fault(random))
    if kind == "guest":
        return Guest(Ref("server", random.randrange(12)), random.choice(("shutdown", "crash", "reboot")))
    return Repair() if kind == "repair" else draw_request(random)


def draw_request(random: Random) -> Send:
    """Draw a request."""
    _, service, method, path, body, who = random.choices(REQUESTS, WEIGHTS)[0]
    caller = who if who and random.random() < 0.85 else random.choice(CALLERS)
    minors = {"compute": MINORS, "volume": VOLUME_MINORS}.get(service) or RANGES.get(service, (0, 0, 0))[2:]
    return Send(caller, service, method, *draw_path(path, random), draw(body, random), random.choice(minors))


def _draw_fault(random: Random) -> dict[str, Any]:
    if random.random() < 0.3:
        return {"name": random.choice(sorted(PREDEFINED)), "times": random.choice((1, 1, 3))}
    kind = random.choices(list(OUTAGES), list(OUTAGES.values()))[0]
    action, phase = random.choice(PHASES)
    fault = {"does": kind, "action": action, "times": 1}
    if kind != "lose":
        fault["phase"] = phase
    return fault | ({"factor": 5.0} if kind == "slow" else {}) | ({"message": "broken"} if kind == "fail" else {})
