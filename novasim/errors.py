"""Every refusal novasim can give, as data: HTTP code, fault name, text, exit code."""

from __future__ import annotations

EXIT_BY_HTTP = {400: 6, 401: 5, 403: 5, 404: 3, 405: 6, 406: 6, 409: 4, 410: 10, 413: 5, 415: 6, 500: 1, 501: 10}

FAULT_BY_HTTP = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
    415: "badMediaType",
    501: "notImplemented",
    503: "serviceUnavailable",
}


class NovasimError(Exception):
    """Anything that ends a command with one line and an exit code, never with a traceback."""

    exit_code = 1

    @property
    def line(self) -> str:
        """Its text in one line."""
        return " ".join(str(self).replace("<br />", " ").split())


class UsageError(NovasimError):
    """The command was given words that it cannot take."""

    exit_code = 2


class StillWaiting(NovasimError):
    """The time allowed for a wait is over."""

    exit_code = 7


class WentToError(NovasimError):
    """A server went to ERROR while a command was waiting for it."""

    exit_code = 8


class CloudFileError(NovasimError):
    """The cloud file cannot be used; it names the file, the fault and the way out."""

    exit_code = 9


class NovaFault(NovasimError):
    """
    A refusal by the simulated API. It says what is wrong, never how that is shown.

    Args:
        facts: What the text needs, kept for whoever explains the refusal.

    Source: the fault bodies recorded from Nova (key and code per case).
    """

    http = 500
    text = "{reason}"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.text.format(**facts))
        self.facts = facts

    @property
    def fault(self) -> str:
        """The stable name of the error body."""
        return FAULT_BY_HTTP.get(self.http, "computeFault")

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        """The exit code of a command that ends with this refusal."""
        return EXIT_BY_HTTP.get(self.http, 1)


class BadRequest(NovaFault):
    """The request is malformed, or names what cannot be used."""

    http = 400


class Unauthorized(NovaFault):
    """No valid token or unknown caller."""

    http = 401


class Forbidden(NovaFault):
    """The caller may not do this, or a quota is used up."""

    http = 403


class NotFound(NovaFault):
    """There is no such thing for this caller."""

    http = 404


class MethodNotAllowed(NovaFault):
    """The path exists, but not with this method."""

    http = 405
    text = "The method {method} is not allowed for this resource."

    @property
    def allowed(self) -> list[str]:
        """The methods that the path exists with."""
        allowed = self.facts["allowed"]
        return list(allowed) if isinstance(allowed, list) else []


class NotAcceptable(NovaFault):
    """The microversion is out of range."""

    http = 406


class Conflict(NovaFault):
    """The state of things forbids the request."""

    http = 409


class Gone(NovaFault):
    """The operation was removed from Nova."""

    http = 410
    text = "This resource is no longer available. No forwarding address is given."


class TooLarge(NovaFault):
    """More was sent than is taken."""

    http = 413
    text = "Request is too large."


class UnsupportedMediaType(NovaFault):
    """What was sent is by its own account nothing that is taken here."""

    http = 415
    text = "Unsupported Content-Type"


class TooSlow(NovaFault):
    """A body was promised and did not come."""

    http = 408
    text = "The request did not come in full."


class InternalFault(NovaFault):
    """Something in novasim itself broke; the text is the one that Nova has for such things."""

    text = (
        "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if "
        "possible.\n{kind}"
    )


class Unavailable(NovaFault):
    """The cloud cannot be read or saved at the moment."""

    http = 503


class OverLimit(NovaFault):
    """The volume service's quota does not allow as much."""

    http = 413


class NotSimulated(NovaFault):
    """Nova can do it, this simulation does not."""

    http = 501


class InjectedRefusal(NovaFault):
    """A refusal that nothing in Nova's rules asks for: a fault of the simulation wanted it (`struck_by`, its id)."""

    def __init__(self, code: int, **facts: object) -> None:
        self.http = code
        super().__init__(**facts)


class NoSuchRoute(NotFound):
    """Neither path nor action exists at this microversion."""

    text = "The resource could not be found."


class NoSuchPath(NotFound):
    """The path exists at no microversion; Nova's router answers before Nova does, in a form of its own."""

    text = "The resource could not be found.<br /><br />\n\n\n"


class ServerNotFound(NotFound):
    """No server of that id is visible to the caller."""

    text = "Instance {server} could not be found."


class PolicyRefusal(Forbidden):
    """The policy rule does not hold for the caller."""

    text = "Policy doesn't allow {rule} to be performed."


class Locked(Conflict):
    """The server is locked against this caller."""

    text = "Instance {server} is locked"


class WrongState(Conflict):
    """The server's vm_state or task_state does not allow the action."""

    text = "Cannot '{action}' instance {server} while it is in {attr} {state}"

    @property
    def busy(self) -> bool:
        """Whether it is what the server is busy with, rather than its state, that forbids the action."""
        return self.facts["attr"] == "task_state"


class InvalidState(Conflict):
    """The state would do, but the server never ran, or (a few actions) is locked."""

    text = "Instance {server} is in an invalid state for '{action}'"


class NotReady(Conflict):
    """The server is on no host."""

    text = "Instance {server} is not ready"


class QuotaExceeded(Forbidden):
    """The project's quota does not allow as much."""

    text = "Quota exceeded for {resources}: Requested {requested}, but already used {used} of {limits} {resources}"
