"""The parts of namespaces in request bodies."""

from __future__ import annotations

from typing import Any

from novasim.errors import BadRequest, Conflict, Forbidden

View = dict[str, Any]
READ_ONLY = ("self", "schema", "created_at", "updated_at")
MAX_NAME = 80  # characters


def check_writable(body: View) -> None:
    """Refuse (403) attributes that requests cannot set."""
    for name in READ_ONLY:
        if name in body:
            raise Forbidden(reason=f"Attribute '{name}' is read-only.")


def check_name(name: str) -> str:
    """Return a name. Raises BadRequest: it is empty or too long (400)."""
    if not 1 <= len(name) <= MAX_NAME:
        raise BadRequest(reason=f"A name must have 1 to {MAX_NAME} characters, not {len(name)}.")
    return name


def check_new_name(name: str, items: list[View], message: str) -> None:
    """Refuse (409) a name that an item of a list has."""
    if any(item["name"] == name for item in items):
        raise Conflict(reason=message)


def read_property(body: View) -> View:
    """The schema of a property: the default value is text, and the name is no part of it."""
    schema = {name: value for name, value in body.items() if name != "name"}
    return schema | ({"default": str(schema["default"])} if "default" in schema else {})


def read_properties(body: View) -> View:
    """The properties of a body by name."""
    return {check_name(name): read_property(value) for name, value in (body.get("properties") or {}).items()}


def read_object(body: View, time: str) -> View:
    """An object of a body, with the time of its creation."""
    return {
        "name": check_name(body["name"]),
        "description": body.get("description"),
        "required": list(body.get("required") or ()),
        "properties": read_properties(body),
        "created_at": time,
        "updated_at": time,
    }


def read_association(body: View, time: str) -> View:
    """An association of a body with a type of resource, with the time of its creation."""
    names = ("prefix", "properties_target")
    check_name(body["name"])
    return {
        "name": body["name"],
        **{name: body[name] for name in names if name in body},
        "created_at": time,
        "updated_at": time,
    }


def read_tag(name: str, time: str) -> View:
    """A tag, with the time of its creation."""
    return {"name": check_name(name), "created_at": time, "updated_at": time}
