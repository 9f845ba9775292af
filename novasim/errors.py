"""All errors of novasim as data: HTTP code, fault name, text and exit code."""

from __future__ import annotations

MAX_LINE = 2_000  # characters of a message on stderr

EXIT_BY_HTTP = {
    **dict.fromkeys((400, 405, 406, 415, 421), 6),
    **dict.fromkeys((401, 403, 413, 429), 5),
    404: 3,
    409: 4,
    **dict.fromkeys((410, 501), 10),
    500: 1,
    **dict.fromkeys((502, 503, 504), 9),
}

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


def exit_code_for(http: int) -> int:
    """The exit code of a command for a refusal with an HTTP code from 400 to 599."""
    return EXIT_BY_HTTP.get(http, EXIT_BY_HTTP[500 if http >= 500 else 400])


class NovasimError(Exception):
    """An error that ends a command with one line and an exit code, without a traceback."""

    exit_code = 1

    @property
    def line(self) -> str:
        """The text in one line. The middle of a long text, which repeats a long value, is left out."""
        text = " ".join(str(self).replace("<br />", " ").split())
        half = MAX_LINE // 2
        return text if len(text) <= MAX_LINE else f"{text[:half]} ... {text[-half:]}"


class UsageError(NovasimError):
    """An invalid argument or option."""

    exit_code = 2


class StillWaiting(NovasimError):
    """A wait that timed out."""

    exit_code = 7


class WentToError(NovasimError):
    """A server that went to ERROR during a wait."""

    exit_code = 8


class CloudFileError(NovasimError):
    """
    A cloud that cannot be used.

    Args:
        problem: A sentence that names the file and what is wrong with it.
        remedy: A sentence that says what the user can do.
    """

    exit_code = 9

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem = problem


class NovaFault(NovasimError):
    """
    A refusal by the simulated API. It contains what is wrong; the interfaces decide how to show it.

    Args:
        facts: Values for the text, which are kept for explanations.

    Source: error bodies recorded from Nova.
    """

    http = 500
    text = "{reason}"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.text.format(**facts))
        self.facts = facts

    @property
    def fault(self) -> str:
        """The key of the error body, such as "conflictingRequest"."""
        return FAULT_BY_HTTP.get(self.http, "computeFault")

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        """The exit code of a command that is refused."""
        return exit_code_for(self.http)


class BadRequest(NovaFault):
    """A malformed request, or a value that cannot be used."""

    http = 400


class Unauthorized(NovaFault):
    """No valid token, or an unknown caller."""

    http = 401


class Forbidden(NovaFault):
    """The caller is not allowed to do this, or a quota is exceeded."""

    http = 403


class NotFound(NovaFault):
    """Something does not exist, or the caller cannot see it."""

    http = 404


class MethodNotAllowed(NovaFault):
    """A path that exists, but not with this method."""

    http = 405
    text = "The method {method} is not allowed for this resource."

    @property
    def allowed(self) -> list[str]:
        """The methods of the path."""
        allowed = self.facts["allowed"]
        return list(allowed) if isinstance(allowed, list) else []


class NotAcceptable(NovaFault):
    """A microversion out of range."""

    http = 406


class Conflict(NovaFault):
    """A request that is not possible in the present state."""

    http = 409


class Gone(NovaFault):
    """An operation that was removed from Nova."""

    http = 410
    text = "This resource is no longer available. No forwarding address is given."


class TooLarge(NovaFault):
    """A body or header that is too large."""

    http = 413
    text = "Request is too large."


class UnsupportedMediaType(NovaFault):
    """A Content-Type that is not supported."""

    http = 415
    text = "Unsupported Content-Type"


class TooSlow(NovaFault):
    """A body that did not arrive in time."""

    http = 408
    text = "The request body was not received in time."


class InternalFault(NovaFault):
    """A bug of novasim. The text is Nova's for unexpected errors."""

    text = (
        "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if "
        "possible.\n{kind}"
    )


class CellDown(InternalFault):
    """
    A server or a host in a cell that cannot be reached. Nova answers with its text for unexpected errors.

    Args:
        facts: `host`, and `kind`, Nova's exception if it is not the one for servers.
    """

    def __init__(self, **facts: object) -> None:
        super().__init__(**{"kind": "<class 'nova.exception.NovaException'>", **facts})


class Unavailable(NovaFault):
    """A cloud that cannot be read or saved at the moment."""

    http = 503


class OverLimit(NovaFault):
    """A request that exceeds a quota of the volume service."""

    http = 413


class NotSimulated(NovaFault):
    """A feature of Nova that is not simulated."""

    http = 501


class InjectedRefusal(NovaFault):
    """A refusal by an injected fault, whose id is the fact `fault_id`."""

    def __init__(self, code: int, **facts: object) -> None:
        self.http = code
        super().__init__(**facts)


class NoSuchRoute(NotFound):
    """A path or action that does not exist at this microversion."""

    text = "The resource could not be found."


class NoSuchPath(NotFound):
    """A path that does not exist at any microversion. The error body is the one of Nova's router."""

    text = "The resource could not be found.<br /><br />\n\n\n"


class NoSuchUrl(NotFound):
    """A path that the identity service does not have. The text is that of its web framework."""

    text = (
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling and "
        "try again."
    )


class ServerNotFound(NotFound):
    """A server that does not exist, or that the caller cannot see."""

    text = "Instance {server} could not be found."


class PolicyRefusal(Forbidden):
    """A policy rule that the caller does not meet."""

    text = "Policy doesn't allow {rule} to be performed."


class Locked(Conflict):
    """A server that is locked for this caller."""

    text = "Instance {server} is locked"


class WrongState(Conflict):
    """A vm_state or task_state in which the action is not possible."""

    text = "Cannot '{action}' instance {server} while it is in {attr} {state}"

    @property
    def is_busy(self) -> bool:
        """Whether the task_state, rather than the vm_state, blocks the action."""
        return self.facts["attr"] == "task_state"


class InvalidState(Conflict):
    """A server that has never run or, for a few actions, is locked."""

    text = "Instance {server} is in an invalid state for '{action}'"


class NotReady(Conflict):
    """A server without a host."""

    text = "Instance {server} is not ready"


class QuotaExceeded(Forbidden):
    """A request that exceeds a quota of the project."""

    text = "Quota exceeded for {resources}: Requested {requested}, but already used {used} of {limits} {resources}"
