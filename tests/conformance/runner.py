"""Recognises the kind of a recording from its content, makes the world it needs, and replays it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.conformance import cases, differences, matrix, queries, tasks, views, walks
from tests.conformance.stage import Stage, fixture_beside
from tests.conformance.tally import Tally


class NotARecording(Exception):
    """The file is none of the known kinds."""


class Kind(NamedTuple):
    """How one kind of recording is replayed, and whether on hosts, and under quotas, that bound nothing."""

    replay: Callable[[Any, Stage, Tally, str], None]
    roomy: bool
    unlimited: bool


WALKS = Kind(walks.replay, roomy=False, unlimited=False)
MATRIX = Kind(matrix.replay, roomy=True, unlimited=True)
TASKS = Kind(tasks.replay, roomy=True, unlimited=True)
CASES = Kind(cases.replay, roomy=False, unlimited=False)
QUERIES = Kind(queries.replay, roomy=True, unlimited=True)
VIEWS = Kind(views.replay, roomy=False, unlimited=True)


def kind_of(data: Any) -> Kind:
    """
    What kind of recording the content is.

    Raises:
        NotARecording: none of them.
    """
    if isinstance(data, dict):
        for key, kind in (("cells", MATRIX), ("task_states", TASKS), ("views", VIEWS)):
            if key in data:
                return kind
    if isinstance(data, list) and all(isinstance(item, dict) for item in data):
        first = data[0] if data else {"steps": []}
        for key, kind in (("steps", WALKS), ("method", CASES), ("path", QUERIES)):
            if key in first:
                return kind
    raise NotARecording("this is none of: walks, matrix of settled states, matrix of tasks, validation, queries, views")


def replay_file(path: Path, only: str = "", every: int = 1) -> Tally:
    """
    Replay one file.

    Args:
        only: Leave out what has not this text in its name.
        every: Replay every nth walk, cell or task_state only.

    Raises:
        NotARecording: the file cannot be read, or is of no known kind.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        fixture = fixture_beside(path)
    except (OSError, ValueError) as error:
        raise NotARecording(str(error)) from error
    kind = kind_of(data)
    if kind is TASKS:
        data["task_states"] = data["task_states"][::every]
    elif kind is WALKS:
        data = data[::every]
    elif kind is MATRIX:
        data["cells"] = matrix.select_cells(data["cells"], every)
    tally = Tally(differences.read_table())
    kind.replay(data, Stage.of(fixture, roomy=kind.roomy, unlimited=kind.unlimited), tally, only)
    return tally
