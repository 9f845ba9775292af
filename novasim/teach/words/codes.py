"""The meaning of HTTP codes, and what helps."""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """The meaning of a code, and what helps ("" if nothing has to)."""

    meaning: str
    remedy: str = ""


CODES: dict[int, Code] = {
    200: Code("Done. The body has the result."),
    201: Code("Created."),
    202: Code(
        "Accepted, but not complete: the work continues after the answer. The server's status shows the result.",
        "Wait for it (--wait, or novasim wait SERVER). If it fails, show the log (novasim history SERVER).",
    ),
    204: Code("Done. There is no body."),
    300: Code("The path has several versions of the API; the body lists them."),
    400: Code(
        "The request is malformed, or names something that cannot be used.",
        "The message says which field or name. The same request gets the same answer.",
    ),
    401: Code("The caller is unknown: the token is missing, wrong or expired.", "Get a new token."),
    403: Code(
        "The caller is known but not allowed: a policy rule forbids the request, or a quota is used up.",
        "Show the rule (novasim policy check ACTION) or the quota (novasim quota show).",
    ),
    404: Code(
        "The caller sees nothing of that name. A resource of another project gives the same answer.",
        "Check the name and the caller (--as). Some resources exist only at some microversions.",
    ),
    405: Code("The path exists, but not with this method.", "The header Allow lists the methods."),
    406: Code("The microversion does not exist.", "Use a microversion between 2.1 and the newest."),
    408: Code("The body did not arrive in time.", "Send the whole body."),
    409: Code(
        "The request is valid, but the server's state, its task or a lock blocks it now.",
        "List what blocks it: novasim why SERVER ACTION. Find the way to another status: novasim plan SERVER STATUS.",
    ),
    410: Code("Nova has removed this without replacement."),
    413: Code("The request is too large, or a quota of the volume service is used up."),
    415: Code("The content type is not supported.", "Send JSON with Content-Type: application/json."),
    500: Code(
        "An unexpected error. Nova also answers so if the cell of a server or host cannot be reached, and an "
        "injected fault can have this code.",
        "If a cell cannot be reached: novasim --as admin host set HOST --cell-up. List the faults: novasim fault list. "
        "Otherwise please report the error.",
    ),
    501: Code(
        "The hypervisor cannot do this (here only because of an injected fault), or novasim does not simulate it.",
        "If it is not simulated, the message names the nearest request. Otherwise list the faults: novasim fault list.",
    ),
    503: Code(
        "The service is unavailable: an injected fault refused the request, or novasim serve cannot read or save the "
        "cloud file. A command that cannot use the cloud file has the exit code 9.",
        "List the faults: novasim fault list. If the message names the cloud file: novasim cloud check.",
    ),
}
