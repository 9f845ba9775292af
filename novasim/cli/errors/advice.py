"""What helps against a refusal, asked of those who explain; and the names that may have been meant."""

from __future__ import annotations

from novasim.cli.lookup import server_id
from novasim.cli.session import Session
from novasim.errors import NovaFault, NovasimError, PolicyRefusal, QuotaExceeded, ServerNotFound
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.suggestions import did_you_mean

Lines = list[str]


def advice(session: Session, error: NovaFault, server: str, action: Action | None) -> Lines:
    """Lines that help against a refusal of *action* on the server that the user calls *server*."""
    try:
        if isinstance(error, ServerNotFound):
            return _about_name(session, error)
        refused = ACTIONS.get(str(error.facts.get("row")), action)
        if refused is None or refused.name == "create":
            return _in_general(session, error)
        return _about_action(session, error, server, refused)
    except NovasimError:  # whoever advises asks the cloud, too, and may be refused as well
        return []


def _about_action(session: Session, error: NovaFault, server: str, action: Action) -> Lines:
    from novasim.cli.learning.situations import open_situation_by_id
    from novasim.teach.hints import list_hints

    id = str(error.facts.get("server") or server_id(session, server))
    called = server or session.get(f"/servers/{id}")["server"]["name"]
    with open_situation_by_id(session, id, called) as situation:
        return list(list_hints(situation, action, error))


def _in_general(session: Session, error: NovaFault) -> Lines:
    """What helps whatever was asked for."""
    if isinstance(error, QuotaExceeded):
        return ["What is used, and what is allowed: novasim quota show"]
    if isinstance(error, PolicyRefusal) and not session.caller.is_admin:
        return [f"{session.who} may not do that; the default administrator can be asked: novasim --as admin ..."]
    return []


def _about_name(session: Session, error: ServerNotFound) -> Lines:
    everybodys = [("all_tenants", "1")] if session.caller.is_admin else []
    names = {each["name"] for each in session.get("/servers", everybodys)["servers"]}
    near = did_you_mean(str(error.facts["server"]), sorted(names)).strip()
    return [near] if near else ["See: novasim list"] if names else []
