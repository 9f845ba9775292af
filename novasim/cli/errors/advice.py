"""Advice after a refusal: the planner's hint for an action on a server, and general help for other requests."""

from __future__ import annotations

from novasim.cli.errors.mistakes import explain_mistake
from novasim.cli.lookup import MIN_PREFIX, find_id, server_id
from novasim.cli.session import Session
from novasim.errors import (
    CellDown,
    InjectedRefusal,
    NovaFault,
    NovasimError,
    PolicyRefusal,
    QuotaExceeded,
    ServerNotFound,
)
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import SHOW_QUOTA
from novasim.suggestions import did_you_mean

Lines = list[str]
RIGHTS = ("is disallowed by policy", "You are not authorized to")


def list_advice(session: Session, error: NovaFault, server: str, action: str, has_suggestion: bool) -> Lines:
    """
    Lines of advice after *action* was refused on the server that the user calls *server*.

    Args:
        has_suggestion: Whether a name has been suggested, so that a list of all names is not needed.
    """
    try:
        mistake = [] if has_suggestion else explain_mistake(session, error)
        if mistake:
            return mistake
        if "user_without_role" in error.facts:
            return [_role_advice(session, error)]
        if isinstance(error, ServerNotFound):
            return _name_advice(session, error)
        refused = ACTIONS.get(str(error.facts.get("row")), ACTIONS.get(action))
        if refused is None or refused.name == "create" or isinstance(error, CellDown):
            return _general_advice(session, error)
        return _action_advice(session, error, server, refused)
    except NovasimError:  # the advice needs requests of its own, which may be refused, too
        return []


def _action_advice(session: Session, error: NovaFault, server: str, action: Action) -> Lines:
    from novasim.cli.learning.situations import open_situation_by_id
    from novasim.teach.hints import list_hints

    id = str(error.facts.get("server") or server_id(session, server))
    name = server or session.get(f"/servers/{id}")["server"]["name"]
    with open_situation_by_id(session, id, name) as situation:
        return list(list_hints(situation, action, error, _as_administrator(session)))


def _as_administrator(session: Session) -> str:
    """The command line as an administrator would type it; "" if it names or selects several servers."""
    params = session.command.params if session.command else {}
    if len(params.get("servers", ("one",))) != 1:
        return ""
    group, words = params.get("group"), session.words
    if group:  # each project has groups of the same names
        words = tuple(find_id(session, "security-group", group) if word == group else word for word in words)
    return session.command_line(*words, who="admin")


def _general_advice(session: Session, error: NovaFault) -> Lines:
    """Advice for requests that are not an action on a server."""
    if isinstance(error, CellDown):
        from novasim.teach.commands import quote_operand
        from novasim.teach.reasons import CELL_DOWN, CELL_UP

        name = str(error.facts["host"])
        words = {"host": quote_operand(name), "host_name": name, "admin": "novasim --as admin"}
        return [text.format_map(words) for text in (CELL_DOWN, CELL_UP)]
    if isinstance(error, InjectedRefusal):
        from novasim.teach.reasons import INJECTED

        return [INJECTED, f"List the faults: {session.command_line('fault', 'list')}"]
    if isinstance(error, QuotaExceeded):
        return [SHOW_QUOTA.format(novasim=session.command_line())]
    if _is_about_rights(error) and not session.caller.is_admin:
        return [f"{session.who} is not allowed to do this. {_help_by_administrator(session)}"]
    return []


def _help_by_administrator(session: Session) -> str:
    from novasim.cli.errors.rehearsal import find_refusal_to_administrator
    from novasim.teach.viewer import ADMINISTRATOR

    if refusal := find_refusal_to_administrator(session):
        return f"An administrator would be refused, too: {refusal.line}"
    return f"As administrator: {session.command_line(*session.words, who=ADMINISTRATOR)}"


def _role_advice(session: Session, error: NovaFault) -> str:
    """The command that gives a caller without a role one in the project."""
    user, project = str(error.facts["user_without_role"]), str(error.facts["project"])
    words = ("role", "add", "member", "--user", user, "--project", project)
    return f"As administrator: {session.command_line(*words, who='admin')}"


def _is_about_rights(error: NovaFault) -> bool:
    """Whether the caller lacks a right: in Nova, or in the words of the other services."""
    return isinstance(error, PolicyRefusal) or (error.http == 403 and any(words in str(error) for words in RIGHTS))


def _name_advice(session: Session, error: ServerNotFound) -> Lines:
    everyone = [("all_tenants", "1")] if session.caller.is_admin else []
    text, servers = str(error.facts["server"]), session.get("/servers", everyone)["servers"]
    if len(text) < MIN_PREFIX and any(each["id"].startswith(text) for each in servers):
        return [f"An ID can be shortened to its first {MIN_PREFIX} characters or more, not to {len(text)}."]
    names = {each["name"] for each in servers if "name" in each}
    near = did_you_mean(text, sorted(names)).strip()
    if not names:
        return ["You have no servers. To create one, see: novasim help create"]
    return [near or f"See: {session.command_line('list')}"]
