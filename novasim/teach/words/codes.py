"""What the HTTP codes mean here, and what to do about them."""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """A code's meaning, and what helps ("" where nothing has to)."""

    means: str
    helps: str = ""


CODES: dict[int, Code] = {
    200: Code("Done, and here is what you asked for."),
    201: Code("Made."),
    202: Code(
        "Accepted, not done: the work goes on after the answer. Whether it ends well, the server's status tells.",
        "Wait for it (--wait, or novasim wait SERVER); look at the log if it fails (novasim history SERVER).",
    ),
    204: Code("Done; there is nothing to show."),
    300: Code("Several versions of the API are here; the body lists them."),
    400: Code(
        "The request cannot be understood, or names something that cannot be used.",
        "The message says which field or name. Asking again without changing it gives the same answer.",
    ),
    401: Code("Nova does not know who asks: no token, a wrong one, or one that has expired.", "Get a new token."),
    403: Code(
        "Nova knows who asks, and does not allow it: a policy rule, or a quota that is used up.",
        "novasim policy check ACTION shows the rule; novasim quota show the quota.",
    ),
    404: Code(
        "There is no such thing for this caller. What belongs to another project looks the same.",
        "Look at the name and at who asks (--as); some things exist only at some microversions.",
    ),
    405: Code("The path exists, but not with this method.", "The header Allow lists the methods."),
    406: Code("The microversion asked for does not exist here.", "Ask for one between 2.1 and the newest."),
    408: Code("A body was promised and did not come in time.", "Send it in full."),
    409: Code(
        "The request is fine, but not now: the server's state, its task or a lock stands against it.",
        "novasim why SERVER ACTION names everything that does; novasim plan SERVER STATUS leads to another state.",
    ),
    410: Code("Nova has removed this and has nothing in its place."),
    413: Code("More was sent, or asked for, than is taken."),
    415: Code("The body's type is none that is taken.", "Send JSON, and say so: Content-Type: application/json."),
    500: Code("novasim itself failed. That is a fault to be reported."),
    501: Code("Nova can do it, but it is not simulated.", "The message names the nearest thing that is."),
    503: Code("The cloud file cannot be read or saved at the moment.", "See: novasim cloud check"),
}
