"""An error on stderr: one line, then advice; with `-f json` Nova's error body."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from novasim.cli.errors.exit import print_error
from novasim.cli.session import Session
from novasim.errors import CloudFileError, NovaFault, NovasimError, ServerNotFound
from novasim.render.output import print_json, print_message

DECIDING_VARIABLES = {
    "NOVASIM_AS": ((401, 403, 404), "sets the caller; --as overrides it"),
    "NOVASIM_API_VERSION": ((400, 404, 406), "sets the microversion; --api-version overrides it"),
}
"""Variables that can cause a refusal if they are forgotten: its possible codes, and what the variable does."""
SAVED_BEFORE = "  The command has already changed the cloud: what it did before this error is saved."


def report_error(session: Session | None, error: NovasimError, server: str = "", action: str = "") -> None:
    """
    Print an error on stderr.

    Args:
        server: The name or ID that the user gave. action: the name of the requested action.
    """
    if session is not None and session.fmt == "json" and isinstance(error, NovaFault):
        from novasim.api.refusals import refusal_body

        print_json(json.dumps(refusal_body(error)), is_error=True)
        return
    print_error(error.line)
    if session is not None and isinstance(error, CloudFileError) and session.has_saved:
        print_message(SAVED_BEFORE)
    if session is not None and session.gives_advice and isinstance(error, NovaFault):
        _print_advice(session, error, server, action)
    for line in _explain_variables(session, error) if session is not None else ():
        print_message("  " + line)


def _print_advice(session: Session, error: NovaFault, server: str, action: str) -> None:
    from novasim.cli.errors.advice import list_advice
    from novasim.cli.errors.similar_names import suggest_known_names

    shown, session.show_request = session.show_request, False  # the requests that find the advice are not the user's
    near = suggest_known_names(session.command, error) if not isinstance(error, ServerNotFound) else []
    for line in dict.fromkeys([*near, *list_advice(session, error, server, action, bool(near))]):
        print_message("  " + line)
    session.show_request = shown


def _explain_variables(session: Session, error: NovasimError) -> Iterator[str]:
    """Name the environment variables that may have caused an error, since they are easily forgotten."""
    for name, value in session.variables.items():
        if name == "NOVASIM_CLOUD":
            if isinstance(error, CloudFileError) and not os.path.exists(value) and os.path.abspath(value) in str(error):
                yield f"{name} names this file; --cloud overrides it."
        elif isinstance(error, NovaFault) and error.http in DECIDING_VARIABLES[name][0]:
            yield f"{name}={value} {DECIDING_VARIABLES[name][1]}."


def find_damage(session: Session | None) -> CloudFileError | None:
    """The damage of the cloud file, which may be the cause of an unexpected exception; None if it is sound."""
    if session is None:
        return None
    try:
        if session.exists():
            session.states.require_sound()
    except CloudFileError as error:
        return error
    return None
