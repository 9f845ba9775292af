"""Every recorded request against the schemas: Nova's errors in Nova's words, and no other errors."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pytest

from novasim.api import schemas
from novasim.errors import BadRequest

OPERATIONS = [
    ("POST", r"/servers", "servers.create"),
    ("GET", r"/servers", "servers.list"),
    ("GET", r"/servers/detail", "servers.detail"),
    ("GET", r"/servers/[^/]+", "servers.show"),
    ("PUT", r"/servers/[^/]+", "servers.update"),
    ("POST", r"/servers/[^/]+/metadata", "server_metadata.create"),
    ("PUT", r"/servers/[^/]+/metadata", "server_metadata.update_all"),
    ("PUT", r"/servers/[^/]+/metadata/.+", "server_metadata.update"),
    ("GET", r"/servers/[^/]+/tags", "server_tags.list"),
    ("PUT", r"/servers/[^/]+/tags", "server_tags.update_all"),
    ("PUT", r"/servers/[^/]+/tags/[^/]+", "server_tags.update"),
    ("POST", r"/servers/[^/]+/os-volume_attachments", "volume_attachments.create"),
    ("GET", r"/servers/[^/]+/os-volume_attachments", "volume_attachments.list"),
    ("PUT", r"/servers/[^/]+/os-volume_attachments/[^/]+", "volume_attachments.update"),
    ("POST", r"/servers/[^/]+/os-interface", "interfaces.create"),
    ("POST", r"/servers/[^/]+/remote-consoles", "remote_consoles.create"),
    ("GET", r"/servers/[^/]+/os-instance-actions", "instance_actions.list"),
    ("PUT", r"/os-services/[^/]+", "services.update"),
]


# What Nova's schemas say; every other refusal comes from elsewhere.
SCHEMA_WORDS = re.compile(
    r"Invalid input for (field/attribute|query parameters) |An invalid 'name' value was provided\. |"
    r"Additional properties are not allowed |'\w+' is a required property$|.* is not of type '\w+'(, '\w+')*$|"
    r"'\w+' do(es)? not match any of the regexes: "
)


class Case(NamedTuple):
    """One recorded request and the answer to it."""

    minor: int
    method: str
    path: str
    body: Any
    code: int
    message: str


def parse_minor(text: str | None) -> int:
    return {None: 1, "latest": 104}.get(text) or int(str(text).partition(".")[2] or 1)


def expand(value: Any) -> Any:
    """A recorded body with its symbols and repetitions written out."""
    if isinstance(value, dict):
        if set(value) == {"$repeat"}:
            return value["$repeat"][0] * value["$repeat"][1]
        return {replace_symbols(key): expand(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [expand(item) for item in value]
    return replace_symbols(value) if isinstance(value, str) else value


def replace_symbols(text: str) -> str:
    """Symbols such as {img_a} stand for ids; any well-formed one will do here."""
    text = re.sub(r"\{(.) x (\d+)\}", lambda found: found[1] * int(found[2]), text)
    return re.sub(
        r"\{([a-z]\w*)\}", lambda found: f"00000000-0000-4000-8000-{found[1].encode().hex()[-12:]:0>12}", text
    )


def read_cases(folder: Path) -> Iterator[Case]:
    for case in json.loads((folder / "validation_train.json").read_text("utf-8")):
        body = json.loads(case["raw_body"]) if "raw_body" in case else expand(case.get("body"))
        yield Case(
            parse_minor(case["microversion"]),
            case["method"],
            replace_symbols(case["path"]),
            body,
            case["code"],
            replace_symbols(case.get("message", "")),
        )
    for walk in json.loads((folder / "traces_train.json").read_text("utf-8")):
        for step in walk["steps"]:
            yield Case(
                parse_minor(step["mv"]),
                step["method"],
                replace_symbols(step["path"]),
                expand(step.get("body")),
                step["code"],
                replace_symbols(step.get("msg", "")),
            )
    for case in json.loads((folder / "queries_train.json").read_text("utf-8")):
        yield Case(
            parse_minor(case["mv"]),
            "GET",
            replace_symbols(case["path"]),
            None,
            case["code"],
            replace_symbols(case.get("msg", "")),
        )
    for request in json.loads((folder / "matrix_settled.json").read_text("utf-8"))["requests"].values():
        if parse_minor(request["microversion"]) == 96:
            yield Case(96, request["method"], replace_symbols(request["path"]), expand(request["body"]), 200, "")


def find_operation(case: Case) -> str | None:
    """The operation's name; None for what has no schema, or never reaches it."""
    path = case.path.partition("?")[0]
    if case.method == "POST" and path.endswith("/action"):
        return f"action.{next(iter(case.body))}" if isinstance(case.body, dict) and len(case.body) == 1 else None
    return next((name for method, form, name in OPERATIONS if case.method == method and re.fullmatch(form, path)), None)


def error_of_body(case: Case, name: str) -> str:
    """What the schemas say about a request; nothing if they let it pass."""
    query = tuple(parse_qsl(case.path.partition("?")[2], keep_blank_values=True))
    try:
        schemas.check(name, case.minor, query, case.body, case.method)
    except BadRequest as fault:
        return str(fault)
    return ""


def sort_allowed_values(message: str) -> str:
    """Nova lists some allowed values in an arbitrary order."""
    head, found, tail = message.partition(" is not one of ")
    return f"{head}{found}{sorted(map(repr, ast.literal_eval(tail)))}" if found else message


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[tuple[Case, str]]:
    found = [(case, find_operation(case)) for case in read_cases(shared / "nova-facts")]
    return [(case, name) for case, name in found if name]


def test_errors_of_schemas_have_novas_words(recorded):
    refused = [(case, name) for case, name in recorded if case.code == 400 and SCHEMA_WORDS.match(case.message)]
    different = [
        (name, case.minor, case.message[:300], answer[:300])
        for case, name in refused
        if sort_allowed_values(answer := error_of_body(case, name)) != sort_allowed_values(case.message)
    ]
    assert different == []
    assert len(refused) > 200


def test_valid_requests_are_accepted(recorded):
    # A 404 may mean that the request does not exist in that microversion, which comes before its schema.
    passed = [(case, name) for case, name in recorded if case.code != 404 and not SCHEMA_WORDS.match(case.message)]
    refused = [(name, case.minor, case.body, answer) for case, name in passed if (answer := error_of_body(case, name))]
    assert refused == []
    assert len(passed) > 2000
