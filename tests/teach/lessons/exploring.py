"""What learners may do in a lesson: every command on its servers, scrambled states, and an exhaustive search."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from novasim.lifecycle.actions import ACTIONS
from novasim.records import Flavor, FloatingIp, Host, Image, Port, SecurityGroup, Server, Volume
from novasim.simulation.world import World
from novasim.teach.commands import COMMANDS
from novasim.teach.lessons.checks import ImageExists, VolumeIs
from novasim.teach.lessons.hints.bound import ANY, Requests, count_needed, list_useful_requests
from novasim.teach.lessons.hints.proposals import REQUESTS, servers_of, to_command
from novasim.teach.lessons.hints.ways import describe_state, is_lost, try_command
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Playground
from novasim.teach.lessons.transitions import Transitions

CALLERS = ((), ("--as", "admin"))
MAX_TRIES = 60


def names_of(world: World, kind: type) -> list[str]:
    return [each.name or each.id for each in world.tx.query(kind)]


def ports_of(world: World, name: str) -> list[Port]:
    servers = world.tx.query(Server, {"name": name, "deleted": False})
    return [port for server in servers for port in world.tx.query(Port, {"device_id": server.id})]


def addresses_of(world: World, name: str) -> list[str]:
    fixed = [each["ip_address"] for port in ports_of(world, name) for each in port.fixed_ips]
    return [*(each.address for each in world.tx.query(FloatingIp)), *fixed]


VALUES: Mapping[str, Callable[[World, str], Sequence[str]]] = {
    "FLAVOR": lambda world, server: names_of(world, Flavor)[:3],
    "IMAGE": lambda world, server: [image.name or "" for image in world.tx.query(Image) if image.status == "active"][
        :2
    ],
    "NAME": lambda world, server: [f"{server}-copy"],
    "ADDRESS": addresses_of,
    "NETWORK": lambda world, server: ["private"],
    "GROUP": lambda world, server: names_of(world, SecurityGroup),
    "VOLUME": lambda world, server: names_of(world, Volume),
    "PORT": lambda world, server: [port.id for port in ports_of(world, server)],
    "KEY=VALUE": lambda world, server: ["role=web"],
    "KEY": lambda world, server: ["role"],
    "TAG": lambda world, server: ["blue"],
}


def commands_for(world: World, server: str, only: str = ANY) -> Iterator[Command]:
    """Every action on a server, or only one, for an owner and an administrator, with all arguments."""
    for name in ACTIONS if only == ANY else (only,):
        template = COMMANDS.get(name, f"{name} {{}}").split()
        if not template or name in REQUESTS:
            continue
        states = ("active", "error") if name == "reset-state" else ("",)
        values = [
            [server] if word == "{}" else VALUES[word](world, server) if word in VALUES else [word] for word in template
        ]
        for words, state, who in product(product(*values), states, CALLERS):
            yield to_command((*who, *words, *(("--state", state) if state else ())))
    if only in (ANY, "set"):
        yield from renames_to(world, server)


def renames_to(world: World, server: str) -> Iterator[Command]:
    """The commands that give the name of a missing server to another one."""
    names = [each.name for each in world.tx.query(Server, {"deleted": False})]
    if server not in names:
        yield from (to_command(("set", name, "--name", server)) for name in names)


def commands_for_others(lesson: Lesson, world: World) -> Iterator[Command]:
    """Commands that are not about a server: those of hosts, and of the images and volumes of goals."""
    for host in world.tx.query(Host):
        for option in ("--up", "--down", "--enable", "--disable"):
            yield to_command((*CALLERS[1], "host", "set", host.name, option))
    for goal in lesson.goals:
        if isinstance(goal.check, ImageExists):
            yield to_command(("image", "delete", goal.check.image))
        if isinstance(goal.check, VolumeIs):
            yield to_command(("volume", "create", goal.check.volume, "--size", "1"))


def list_commands(lesson: Lesson, playground: Playground, requests: Requests | None = None) -> list[Command]:
    """Every command on the servers of a lesson and on its other resources, or only these requests."""
    with playground.view() as view:
        world = view.world
        if requests is not None:
            return [command for name, action in sorted(requests) for command in commands_for(world, name, action)]
        present = [server.name for server in world.tx.query(Server, {"deleted": False})]
        names = dict.fromkeys((*sorted(present), *servers_of(lesson)))
        others = commands_for_others(lesson, world)
        return [*(command for name in names for command in commands_for(world, name)), *others]


def scramble(lesson: Lesson, start: Playground, transitions: Transitions, seed: int) -> Playground:
    """The world after up to five requests at random, of which no goal forbids any, and some that were refused."""
    chance, playground = random.Random(f"{lesson.name} {seed}"), start
    count, unchanged = chance.randint(1, 5), describe_state(lesson, start)
    for _ in range(MAX_TRIES):
        after, _ = transitions.run(playground, chance.choice(list_commands(lesson, playground)))
        playground = playground if is_lost(lesson, after.entries) else after
        accepted = sum(entry.is_accepted for entry in playground.entries)
        if accepted >= count and describe_state(lesson, playground) != unchanged:
            break
    return playground


def search(lesson: Lesson, start: Playground, transitions: Transitions, depth: int) -> list[Command] | None:
    """A way to the end of at most *depth* commands; None if there is none. States that need more are left out."""
    layer: list[tuple[Playground, list[Command]]] = [(start, [])]
    seen = {describe_state(lesson, start)}
    for left in range(depth, 0, -1):
        following = []
        for playground, way in layer:
            for command in useful_commands(lesson, playground, left):
                after = try_command(lesson, playground, transitions, command)
                if after is None or (state := describe_state(lesson, after)) in seen:
                    continue
                if not after.open_goals(lesson):
                    return [*way, command]
                seen.add(state)
                following.append((after, [*way, command]))
        layer = following
    return None


def useful_commands(lesson: Lesson, playground: Playground, left: int) -> list[Command]:
    """The commands that can begin a way of *left* commands. If all of them must close goals, others are left out."""
    needed = count_needed(lesson, playground)
    if needed > left:
        return []
    return list_commands(lesson, playground, list_useful_requests(lesson, playground) if needed == left else None)
