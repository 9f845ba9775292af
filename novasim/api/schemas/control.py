"""Bodies of the control interface."""

from __future__ import annotations

from typing import Any

from novasim.control.faults import ALL_KINDS, CODES
from novasim.control.network_faults import CODES as NETWORK_CODES
from novasim.control.network_faults import OF_REQUESTS, OF_SERVERS
from novasim.control.states import MAX_SEED
from novasim.control.worlds import MAX_HOSTS
from novasim.simulation.options import QUOTAS
from novasim.simulation.time.clock import ALL_MODES

TEXT = {"type": "string", "maxLength": 255}
NAME = {"type": "string", "minLength": 1, "maxLength": 255}
NUMBER = {"type": "number"}
SEED = {"type": "integer", "minimum": 0, "maximum": MAX_SEED}
MODE = {"type": "string", "enum": list(ALL_MODES)}
LIMITS = {"type": "integer", "minimum": -1, "maximum": 2**31 - 1}
NUMBERS: dict[str, Any] = dict.fromkeys(("probability", "factor", "since", "until", "seconds"), NUMBER)
TEXTS: dict[str, Any] = dict.fromkeys(("name", "message", *OF_SERVERS, *OF_REQUESTS), TEXT)


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


BODIES = {
    "control.reset": _object(
        hosts={"type": "integer", "minimum": 0, "maximum": MAX_HOSTS},
        seed=SEED,
        clock=MODE,
        quota={
            "oneOf": [
                {"type": "string", "enum": ["unlimited"]},
                {"type": "object", "properties": dict.fromkeys(QUOTAS, LIMITS), "additionalProperties": False},
            ]
        },
    ),
    "control.seed": _object(("seed",), seed=SEED),
    "control.clock": _object(
        mode=MODE,
        speed=NUMBER,
        advance={"oneOf": [{"type": "string", "pattern": "^[0-9.]{1,15}[smhd]?$"}, NUMBER]},
    ),
    "control.fault": _object(
        does={"type": "string", "enum": list(ALL_KINDS)},
        code={"type": "integer", "enum": sorted({*CODES, *NETWORK_CODES})},
        times={"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
        **NUMBERS,
        **TEXTS,
    ),
    "control.save": _object(("name",), name=NAME),
    "control.load": _object(("name",), name=NAME),
}
