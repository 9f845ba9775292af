"""Finds documents that are not valid records: missing fields, wrong types, unknown states, invalid times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from novasim.records import Migration, Record, Server, Task
from novasim.records.base import describe_types, fields_of, form_of, required_fields, types_of_fields
from novasim.simulation.validation.rules import Rule, has_phase, special_rules, type_rule
from novasim.simulation.validation.task_arguments import find_argument_problems, find_unknown_migration

Rows = Mapping[str, Mapping[str, Any]]  # documents by number


def find_first_problem(kind: type[Record], rows: Rows) -> str:
    """The first error in a table, such as "record 'cloud': 'clock' should be a known value"; "" if there are none."""
    for document in _find_suspects(kind, rows):
        for problem in find_problems(kind, document):
            return f"record {document.get('id')!r}: {problem}"
    return ""


def find_problems(kind: type[Record], document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the errors in the fields of a document, such as "'vm_state' should be text"."""
    for field in sorted(required_fields(kind) - document.keys()):
        yield f"{field!r} is missing"
    rules = rules_of(kind)
    for field, value in document.items():
        if words := next((rule.words for rule in rules.get(field, ()) if not rule.check(value)), ""):
            yield f"{field!r} should be {words}"
    if kind is Server and "flavor" not in document:
        yield "'flavor' is missing"
    if kind is Task:
        if not has_phase(document):
            yield "'position' should be the number of a phase"
        yield from find_argument_problems(document)


def find_wrong_references(tables: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    """Yield the number and the problem of each task without the migration that it names. Its document is valid."""
    migrations = {str(document["id"]) for document in tables.get(Migration.table, {}).values()}
    for number, task in tables.get(Task.table, {}).items():
        if problem := find_unknown_migration(task, migrations):
            yield number, problem


def _find_suspects(kind: type[Record], rows: Rows) -> Iterator[Mapping[str, Any]]:
    """Documents that may be invalid, in a third of the time that `find_problems` takes for all."""
    checks = [(name, rule.check) for name, rules in rules_of(kind).items() for rule in rules if rule.needs_value]
    forms = set()  # names and types of the fields of documents that are checked
    for document in rows.values():
        form = form_of(document)
        is_checked = form in forms and kind is not Task  # its rules compare two fields
        if is_checked and all(check(document[name]) for name, check in checks if name in document):
            continue
        forms.add(form)
        yield document


def rules_of(kind: type[Record]) -> dict[str, list[Rule]]:
    """The rules for the values of each field, the one about its type first."""
    if kind not in _rules:
        hints = {name: hint for base in kind.__mro__ for name, hint in getattr(base, "__annotations__", {}).items()}
        types = types_of_fields(kind)
        rules = {name: [type_rule(str(hints[name]), describe_types(types[name]))] for name in fields_of(kind)}
        for name, rule in special_rules(kind, types):
            rules[name].append(rule)
        _rules[kind] = rules
    return _rules[kind]


_rules: dict[object, dict[str, list[Rule]]] = {}
