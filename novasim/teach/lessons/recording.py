"""Builds the file of a lesson from commands that a teacher has run: world, solution and wrong ways."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from novasim.records import Image, Server
from novasim.simulation.world import World
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.facts import find_servers, server_values
from novasim.teach.lessons.lesson import Command, WrongWay
from novasim.teach.lessons.parser import parse_lesson
from novasim.teach.lessons.playground import Execute, Playground, play
from novasim.teach.lessons.wrong_ways import find_wrong_ways, format_wrong_way

OFFERED_KEYS = ("status", "flavor", "image", "locked", "host")  # of a server, if they have changed
WORLD, SOLUTION, WRONG = "world", "solution", "wrong"


class Recording:
    """
    The commands of a teacher, in phases: the world, the solution, and wrong ways.

    Args:
        known: The names of all commands of novasim.
    """

    def __init__(self, execute: Execute, known: frozenset[str]) -> None:
        self._execute, self._known = execute, known
        self.playground = Playground.create()
        self.phase = WORLD
        self.world: list[Command] = []
        self.solution: list[Command] = []
        self.wrong_ways: list[WrongWay] = []
        self._present: list[Command] = self.world
        self._earlier: list[Playground] = []  # before each command of the present part
        self._start = self.playground
        self._end: Playground | None = None

    def add(self, command: Command, code: int, before: Playground) -> bool:
        """
        Add a command that was run in `playground`, if it has sent a request or changed something.

        Args:
            code: Its exit code. before: a copy of the playground from before it.

        Returns:
            Whether it was added. A command that only reads, such as list, is not part of a lesson.
        """
        has_sent = len(self.playground.entries) != len(before.entries)
        if not has_sent and self.playground.export() == before.export():
            return False
        if self.phase == WORLD and code:
            command = command._replace(must_fail=True)
        self._present.append(command)
        self._earlier.append(before)
        return True

    def undo(self) -> Command:
        """Take back the last command of the present part, and return it. ValueError: it has no command."""
        if not self._present:
            raise ValueError("This part has no command that can be taken back.")
        self.playground = self._earlier.pop()
        return self._present.pop()

    def mark_start(self) -> None:
        """The world is built; the next commands are the solution. ValueError: it was marked before."""
        if self.phase != WORLD:
            raise ValueError("The start has been marked already.")
        self.playground.entries.clear()
        self._start, self.playground = self.playground, self.playground.copy()
        self.phase, self._present, self._earlier = SOLUTION, self.solution, []

    def mark_solution(self) -> None:
        """
        The solution is complete; the next commands are a wrong way, from the start again.

        Raises:
            ValueError: No solution was recorded before.
        """
        if self.phase != SOLUTION or not self.solution:
            raise ValueError("First mark the start, and then run the commands of the solution.")
        self._end = self.playground
        self._begin_wrong_way()

    def mark_wrong(self, name: str) -> None:
        """The wrong way is complete, and the next one begins. ValueError: there are no commands in it."""
        if self.phase != WRONG or not self._present:
            raise ValueError("First mark the solution, and then run the commands of a wrong way.")
        self.wrong_ways.append(WrongWay(name, tuple(self._present), frozenset(), 0))
        self._begin_wrong_way()

    def _begin_wrong_way(self) -> None:
        self.phase, self._present, self.playground = WRONG, [], self._start.copy()
        self._earlier = []

    def write(self, path: str) -> str:
        """
        The file of the lesson, without texts. ValueError: there is no solution.

        Goals are the refusals of the solution, its other actions, and the state in which it leaves each server.
        """
        end = self._end or (self.playground if self.phase == SOLUTION else None)
        if end is None or not self.solution:
            raise ValueError("There is no solution; nothing was written.")
        title = os.path.basename(path).removesuffix(".md").lstrip("0123456789-").replace("-", " ").capitalize()
        goals = list(self._offer_goals(end))
        text = _format(title or "A lesson", self.world, goals, self.solution)
        lesson = parse_lesson(text, "lesson.md", self._known)
        ways = [self._finish(way, text) for way in self.wrong_ways]
        ways += find_wrong_ways(lesson, self._execute, ways)
        return text + "".join(f"\n{format_wrong_way(way)}" for way in ways) + "\n## Afterwards\n\nTODO\n"

    def _finish(self, way: WrongWay, text: str) -> WrongWay:
        """A wrong way with the goals that it leaves open."""
        lesson = parse_lesson(text, "lesson.md", self._known)
        playground = self._start.copy()
        play(playground, way.commands, self._execute)
        return way._replace(still_open=playground.open_goals(lesson))

    def _offer_goals(self, end: Playground) -> Iterator[tuple[str, str]]:
        """The sentence and the check of each goal."""
        with self._start.view() as before, end.view() as after:
            yield from _goals_about_servers(before.world, after.world)
            yield from _goals_about_images(before.world, after.world)
            yield from _goals_about_requests(after)


def _goals_about_servers(before: World, after: World) -> Iterator[tuple[str, str]]:
    names = [server.name for world in (before, after) for server in world.tx.query(Server, {"deleted": False})]
    for name in dict.fromkeys(names):
        old, new = find_servers(before, name), find_servers(after, name)
        if not new:
            yield f"{name} is gone", f"gone {name}"
            continue
        values = {key: server_values(after, new[0], key)[0] for key in OFFERED_KEYS}
        changed = {
            key: value
            for key, value in values.items()
            if (not old and key in ("status", "flavor")) or (old and server_values(before, old[0], key)[0] != value)
        }
        if changed:
            check = " ".join(f"{key}={value}" for key, value in changed.items())
            yield (
                f"{name}: {', '.join(f'{key} is {value or chr(39) * 2}' for key, value in changed.items())}",
                f"{name} {check}",
            )


def _goals_about_images(before: World, after: World) -> Iterator[tuple[str, str]]:
    known = {image.name for image in before.tx.query(Image)}
    for image in after.tx.query(Image):
        if image.name and image.name not in known:
            yield f"The image {image.name} exists", f"image {image.name}"


def _goals_about_requests(view: View) -> Iterator[tuple[str, str]]:
    done: dict[str, list[str]] = {}
    for entry in view.entries:
        if entry.is_accepted and entry.action != "create":
            done.setdefault(entry.name, []).append(entry.action)
    for name, actions in done.items():
        yield f"{name} has been through: {', '.join(actions)}", f"done {name} {' '.join(actions)}"
    refusals = dict.fromkeys(
        (entry.name, entry.action, entry.code, entry.task or entry.status)
        for entry in view.entries
        if not entry.is_accepted and entry.name
    )
    for name, action, code, state in refusals:
        where = f" in {state}" if state else ""
        yield f"{action} of {name} is refused{where}", f"refused {name} {action} {code}{where}"


def _format(title: str, world: Sequence[Command], goals: Sequence[tuple[str, str]], solution: Sequence[Command]) -> str:
    world_lines = "".join(f"    {'! ' * command.must_fail}{command.line}\n" for command in world)
    goal_lines = "".join(f"- {text}\n  `{check}`\n" for text, check in goals)
    solution_lines = "".join(f"    {command.line}\n" for command in solution)
    parts = [f"# {title}\n\n- minutes: 5\n\nTODO: What is this lesson about?\n"]
    if world_lines:
        parts.append(f"## World\n\n{world_lines}")
    parts += ["## Task\n\nTODO\n", f"## Goals\n\n{goal_lines}", f"## Solution\n\n{solution_lines}"]
    return "\n".join(parts)
