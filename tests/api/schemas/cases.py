"""Helpers of the schema tests: messages for bodies and queries, and bodies."""

from __future__ import annotations

from typing import Any

from novasim.api import schemas
from novasim.errors import BadRequest

UUID = "11111111-1111-4111-8111-111111111111"


NEWEST = 104


def error_of_body(name: str, minor: int, body: Any) -> str:
    """The refusal of a body, or nothing."""
    try:
        schemas.check_body(name, minor, body)
    except BadRequest as fault:
        return str(fault)
    return ""


def error_of_query(name: str, minor: int, *query: tuple[str, str]) -> str:
    try:
        schemas.check_query(name, minor, query)
    except BadRequest as fault:
        return str(fault)
    return ""


def new_server(**more: Any) -> dict[str, Any]:
    return {"server": {"name": "v", "flavorRef": "1", "imageRef": UUID, "networks": [{"uuid": UUID}], **more}}


def body_error(field: str, value: object, message: str) -> str:
    return f"Invalid input for field/attribute {field}. Value: {value}. {message}"


def query_error(key: str, value: str, message: str) -> str:
    return f"Invalid input for query parameters {key}. Value: {value}. {message}"
