"""Templates of requests: values that are drawn at random, and references to things of the cloud."""

from __future__ import annotations

import re
from random import Random
from typing import Any, NamedTuple

PARAMETER = re.compile(r"\{(\w+)\}")


class OneOf:
    """Any of the values, which may be templates."""

    def __init__(self, *values: Any) -> None:
        self.values = values


class Some:
    """A template for the value of an object's key; the key is there with this probability."""

    def __init__(self, value: Any, probability: float = 0.3) -> None:
        self.value, self.probability = value, probability


class A(NamedTuple):
    """Any thing of a kind, such as a volume."""

    kind: str


class Ref(NamedTuple):
    """The thing at a position, counted modulo, among those of its kind that exist when the step is played."""

    kind: str
    number: int

    def __repr__(self) -> str:
        return f"<{self.kind} {self.number}>"


def draw(template: Any, random: Random) -> Any:
    """Draw a value for a template. References to things stay references."""
    if isinstance(template, OneOf):
        return draw(random.choice(template.values), random)
    if isinstance(template, A):
        return Ref(template.kind, random.randrange(12))
    if isinstance(template, dict):
        chosen = {key: value for key, value in template.items() if not _is_left_out(value, random)}
        return {key: draw(value.value if isinstance(value, Some) else value, random) for key, value in chosen.items()}
    if isinstance(template, list):
        return [draw(value, random) for value in template]
    return template


def _is_left_out(template: Any, random: Random) -> bool:
    return isinstance(template, Some) and random.random() >= template.probability


def draw_path(path: str, random: Random) -> tuple[str, dict[str, Ref]]:
    """Draw a reference for each parameter of a path such as /servers/{server}. Attached things belong together."""
    refs = {name: draw(A(name), random) for name in PARAMETER.findall(path)}
    for server, device in (("attached_server", "attached_volume"), ("plugged_server", "plugged_port")):
        if server in refs:
            refs[device] = Ref(device, refs[server].number)
    return path, refs


def fill(template: Any, find: Any) -> Any:
    """Replace each reference in a drawn value by the id that *find* returns for it."""
    if isinstance(template, Ref):
        return find(template)
    if isinstance(template, dict):
        return {key: fill(value, find) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, find) for value in template]
    return template
