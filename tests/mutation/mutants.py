"""The mutants of a module, as mutmut makes them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import mutmut

TYPE = re.compile(r"\s*(TypeVar\(|(Callable|dict|list)\[)")


class Mutant(NamedTuple):
    """One change to one module. The path is relative to the root of the project."""

    path: Path
    id: mutmut.RelativeMutationID

    @property
    def line(self) -> int:
        """The number of the changed line."""
        return int(self.id.line_number) + 1

    @property
    def module(self) -> str:
        """The name of the changed module."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    def source(self) -> str:
        """The module with the change."""
        return str(mutmut.mutate(mutmut.Context(self.path.read_text("utf-8"), self.id, filename=str(self.path)))[0])

    def diff(self) -> str:
        """The changed lines before and after."""
        before, after = self.path.read_text("utf-8").splitlines(), self.source().splitlines()
        changes = list(difflib.unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join([f"{self.path}:{self.line}", *changes])


def list_mutants(path: Path) -> list[Mutant]:
    """All changes to a module that could break a rule."""
    ignored = set()

    def note(context: mutmut.Context) -> None:
        if is_without_meaning(context.stack):
            ignored.add(context.mutation_id_of_current_index)

    mutmut.mutmut_config = SimpleNamespace(pre_mutation_ast=note)
    ids = mutmut.list_mutations(mutmut.Context(path.read_text("utf-8"), filename=str(path)))
    mutmut.mutmut_config = None
    return [Mutant(path, id) for id in ids if id not in ignored]


def is_without_meaning(nodes: Sequence[Any]) -> bool:
    """Whether no rule depends on a node."""
    node = nodes[-1]
    if any(outer.type == "annassign" and inner is outer.children[1] for outer, inner in pairwise(nodes)):
        return True  # an annotation
    if any(each.type == "expr_stmt" and TYPE.match(each.children[-1].get_code()) for each in nodes):
        return True  # the name of a type
    if node.type == "decorator":
        return getattr(node.children[1], "value", "") == "cache"
    if node.type == "annassign":  # mutmut has negated False in the tree before it comes to the default
        return getattr(node.children[-1], "value", "") == "True"
    return node.type in ("string", "fstring") and _is_for_readers(nodes)


def _is_for_readers(nodes: Sequence[Any]) -> bool:
    """Whether a text is for readers of rows and checks, or of an error that no user sees."""
    level = 3 if nodes[-2].type == "strings" else 2  # a text of several parts
    text, inside = nodes[1 - level], nodes[-level]
    if "{novasim}" in text.get_code() or "{admin}" in text.get_code():
        return True  # a remedy
    if inside.type == "argument":
        return getattr(inside.children[0], "value", "") in ("source", "requires", "remedy")
    if inside.type == "arglist":
        return inside.children[2] is text and _name_of_call(inside.parent) == "Action"
    return _name_of_call(inside) == "InvalidKey"


def _name_of_call(trailer: Any) -> str:
    return getattr(trailer.parent.children[0], "value", "") if trailer.type == "trailer" else ""
