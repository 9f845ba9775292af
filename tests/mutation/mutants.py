"""The mutants of a module, as mutmut makes them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import mutmut


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
    """Whether no rule depends on a node: annotations, texts for readers, or None as the default of a flag."""
    node, inside = nodes[-1], nodes[-2]
    if node.type == "annassign" and getattr(node.children[-1], "value", "") == "True":
        return True  # it was False in the source: mutmut has negated it in the tree before it comes to the default
    if any(outer.type == "annassign" and inner is outer.children[1] for outer, inner in pairwise(nodes)):
        return True
    if node.type not in ("string", "fstring"):
        return False
    if inside.type == "strings":
        inside = nodes[-3]
    if inside.type == "argument":
        return getattr(inside.children[0], "value", "") in ("source", "requires", "remedy")
    return inside.type == "arglist" and inside.children[2] is node and _is_row(nodes[-3])


def _is_row(call: Any) -> bool:
    return bool(call.type == "trailer" and getattr(call.parent.children[0], "value", "") == "Action")
