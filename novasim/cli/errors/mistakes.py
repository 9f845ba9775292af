"""Advice about missing, too small and unknown arguments of a command, with values that fit."""

from __future__ import annotations

from collections.abc import Callable

from novasim.cli.session import Session
from novasim.errors import NovaFault
from novasim.lifecycle.images import FlavorNeeds

Lines = list[str]
NOT_PRINTABLE = "The name must be: printable characters"  # in Nova's message
_BY_FACT = {
    "disabled_option": "This cloud has the option {0} off. To switch it on: {novasim} config set {0} true",
    "removed_console": "Nova no longer has consoles of the type {0}. For its text: {novasim} console-log SERVER",
}


def explain_mistake(session: Session, error: NovaFault) -> Lines:
    """
    Lines that help against a refusal of arguments; empty for all other refusals.

    Raises:
        NovasimError: the caller is not allowed to see what could be listed.
    """
    if isinstance(needs := error.facts.get("needs"), FlavorNeeds):
        return [_list_fitting_flavors(session, needs), *_explain_limit(session, error)]
    if error.facts.get("missing") == "imageRef":
        return _list_images(session)
    novasim = session.command_line()
    if lines := [
        text.format(error.facts[fact], novasim=novasim) for fact, text in _BY_FACT.items() if fact in error.facts
    ]:
        return lines
    if NOT_PRINTABLE in str(error):
        return ["Allowed: printable characters up to U+FFFF (most emoji are beyond it), and no spaces at the ends."]
    explain = _UNKNOWN.get(str(error.facts.get("unknown")))
    if explain is None and "sort_key" in str(error):
        return _list_sort_keys()
    return explain(session) if explain else []


def _list_fitting_flavors(session: Session, needs: FlavorNeeds) -> str:
    flavors = session.get("/flavors/detail")["flavors"]
    fitting = [
        flavor["name"]
        for flavor in sorted(flavors, key=lambda flavor: (flavor["ram"], flavor["disk"]))
        if flavor["ram"] >= needs.ram and (flavor["disk"] >= needs.disk or not flavor["disk"])
    ]
    disk = f" and a disk of {needs.disk} GiB" if needs.disk else ""
    shown = f"Flavors that fit: {', '.join(fitting)}." if fitting else "No flavor fits."
    return f"Needed: {needs.ram} MiB of RAM{disk}. {shown}"


def _explain_limit(session: Session, error: NovaFault) -> Lines:
    """Explain why another flavor is no way out, or why a smaller one was refused."""
    action = error.facts.get("row")
    if action == "rebuild":
        return [f"Resize the server first, or choose another image: {session.command_line('image', 'list')}"]
    return ["A resize cannot shrink the disk of a server."] if action == "resize" and "disk" in str(error) else []


def _list_images(session: Session) -> Lines:
    from novasim.api.resources import RESOURCES, list_items

    images = sorted(image["name"] or image["id"] for image in list_items(session, RESOURCES["image"]))
    known = f" Choose from: {', '.join(images)}." if images else ""
    line = f"Try: {_repeat(session, '--image', images[0])}" if images else ""
    return [f"A server boots from an image (--image), or from a volume (--volume).{known}", *([line] if line else [])]


def _repeat(session: Session, *more: str) -> str:
    """The command line again, with more words."""
    return session.command_line(*session.words, *more)


def _list_key_pairs(session: Session) -> Lines:
    names = sorted(item["keypair"]["name"] for item in session.get("/os-keypairs")["keypairs"])
    if names:
        return [f"Your key pairs: {', '.join(names)}."]
    return [f"You have no key pair yet. To create one: {session.command_line('keypair', 'create', 'NAME')}"]


def _list_statuses(session: Session) -> Lines:
    from novasim.lifecycle.status import STATUSES

    return [f"Choose from: {', '.join(sorted(STATUSES))}."]


def _list_sort_keys() -> Lines:
    from novasim.cli.servers.list import SORT_KEYS

    return [f"Besides these, --sort knows {', '.join(sorted(SORT_KEYS))}. Servers sort by vm_state, not by status."]


_UNKNOWN: dict[str, Callable[[Session], Lines]] = {"key_name": _list_key_pairs, "status": _list_statuses}
