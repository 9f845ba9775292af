"""Handlers of the control interface. They get the whole cloud, and a body that its schema accepts."""

from __future__ import annotations

from typing import Any

from novasim.api.request import Response
from novasim.cloud import Cloud
from novasim.control import clock, faults, states

Body = dict[str, Any]


def reset(cloud: Cloud, body: Body) -> Body:
    """POST /reset: the first state of the cloud, or with a body a new default world. 400."""
    if body:
        states.replace_world(cloud, **body)
    else:
        states.load_state(cloud, states.FIRST)
    return clock.describe_clock(cloud)


def set_seed(cloud: Cloud, body: Body) -> Body:
    """POST /seed: the seed of all further requests. 400."""
    states.set_seed(cloud, body["seed"])
    return {"seed": body["seed"]}


def show_clock(cloud: Cloud, body: Body) -> Body:
    """GET /clock: its mode, the simulated time and the time of the next event."""
    return clock.describe_clock(cloud)


def change_clock(cloud: Cloud, body: Body) -> Body:
    """POST /clock: set the mode and the speed, then advance a manual clock. 400."""
    if "mode" in body:
        clock.require_mode(body["mode"])
    with cloud.transaction(writes=True) as nested:
        if "mode" in body or "speed" in body:
            clock.set_clock(nested, body.get("mode"), body.get("speed"))
        if "advance" in body:
            clock.advance_clock(nested, clock.parse_duration(str(body["advance"])))
    return clock.describe_clock(cloud)


def list_faults(cloud: Cloud, body: Body) -> Body:
    """GET /fault: all injected faults, with how often each was triggered."""
    return {"faults": faults.list_faults(cloud)}


def add_fault(cloud: Cloud, body: Body) -> Response:
    """POST /fault: inject a fault. 201, 400, 404."""
    return Response(201, faults.add_fault(cloud, **body))


def remove_fault(cloud: Cloud, body: Body, fault: str) -> Response:
    """DELETE /fault/{fault}: remove the faults with an id or a name. 204, 404."""
    faults.remove_faults(cloud, fault)
    return Response(204)


def clear_faults(cloud: Cloud, body: Body) -> Response:
    """DELETE /fault: remove all faults. 204."""
    faults.clear_faults(cloud)
    return Response(204)


def list_states(cloud: Cloud, body: Body) -> Body:
    """GET /save: the names of the saved states."""
    return {"names": states.list_states(cloud)}


def save(cloud: Cloud, body: Body) -> Body:
    """POST /save: save the present state under a name, until the server ends. 400."""
    states.save_state(cloud, body["name"])
    return {"name": body["name"]}


def load(cloud: Cloud, body: Body) -> Body:
    """POST /load: return to a saved state. 404."""
    states.load_state(cloud, body["name"])
    return clock.describe_clock(cloud)
