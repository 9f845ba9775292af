"""The map of the house in CONTRIBUTING.md, held by reading the source: who imports whom, and who may do what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "novasim"

FACES = ("cli", "serve", "library")
FLOORS = [
    ("errors", "suggestions"),
    ("records",),
    ("lifecycle",),
    ("simulation",),
    ("store",),
    ("scenarios",),
    ("cloud",),
    ("control",),
    ("api",),
    ("render", "manual"),
    ("teach",),
    FACES,
    ("devtools", "testing"),
    ("__init__", "__main__"),
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

ONLY_IN = {
    "click": ("render/", "cli/", "serve/", "devtools/", "__main__.py"),
    "rich": ("render/", "cli/", "serve/"),
    "uvicorn": ("serve/",),
    "httptools": ("serve/",),
    "uvloop": ("serve/",),
    "tinydb": ("store/",),
    "time": ("simulation/time/clock.py",),
    "random": ("simulation/seeded.py",),
    "secrets": ("simulation/seeded.py",),
    "uuid": ("simulation/seeded.py",),
}
WALL_CLOCKS = {f"{kind}.{name}" for kind in ("datetime", "date") for name in ("now", "utcnow", "today")}
STATE_FIELDS = {"vm_state", "task_state", "power_state"}
VM_STATES = """
    active building paused suspended stopped rescued resized soft-delete deleted error shelved shelved_offloaded
""".split()
STATUSES = """
    ACTIVE BUILD REBUILD PAUSED SUSPENDED SHUTOFF RESCUE RESIZE VERIFY_RESIZE REVERT_RESIZE SOFT_DELETED DELETED
    ERROR SHELVED SHELVED_OFFLOADED REBOOT HARD_REBOOT PASSWORD MIGRATING UNKNOWN
""".split()
WORDS_OF_STATE = STATE_FIELDS.union(VM_STATES, STATUSES)


def problems(where: str, source: str) -> list[str]:
    """Every rule that *source*, at the path *where* below the package, breaks."""
    tree = ast.parse(source)
    found = [*wrong_imports(where, tree), *wrong_clocks(where, tree)]
    if where.split("/")[0] in ("render", "teach", *FACES):
        found += judged_states(tree)
    return [f"novasim/{where}: {problem}" for problem in found]


def wrong_imports(where: str, tree: ast.Module) -> Iterator[str]:
    here = where.split("/")[0].removesuffix(".py")
    for name in imported(tree):
        top, _, rest = name.partition(".")
        if not where.startswith(ONLY_IN.get(top, ("",))):
            yield f"{top} has no place here"
        room = rest.split(".")[0]
        if top == "novasim" and room not in ("", "__version__", here) and FLOOR.get(room, 99) >= FLOOR[here]:
            yield f"{here} may not import from {room}"


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names of all imports, also those inside functions and those by name (import_module, lazy tables)."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module="novasim", names=names):
                yield from (f"novasim.{alias.name}" for alias in names)
            case ast.ImportFrom(module=module, level=level):
                yield module or "" if not level else "novasim.a_relative_import"
            case ast.Constant(str(text)) if re.fullmatch(rf"novasim\.({'|'.join(FLOOR)})(\.\w+)*(:\w+)?", text):
                yield text.partition(":")[0]
            case ast.JoinedStr([ast.Constant(str(text)), *_]) if re.match(r"novasim\.\w+\.", text):
                yield text


def wrong_clocks(where: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if ".".join(name.split(".")[-2:]) in WALL_CLOCKS and where != "simulation/time/clock.py":
                yield f"{name} looks at the wall clock"
            if name == "os.urandom" and where != "simulation/seeded.py":
                yield f"{name} is chance without a seed"


def judged_states(tree: ast.Module) -> Iterator[str]:
    """Conditions in which a face judges a server's state for itself, instead of asking lifecycle/."""
    for node in ast.walk(tree):
        match node:
            case ast.If(test) | ast.IfExp(test) | ast.While(test) | ast.Assert(test):
                conditions = [test]
            case ast.comprehension(ifs=ifs):
                conditions = ifs
            case ast.match_case(pattern=pattern):
                conditions = [pattern]
            case _:
                continue
        for part in (part for condition in conditions for part in ast.walk(condition)):
            named = getattr(part, "attr", getattr(part, "value", None))
            if isinstance(named, str) and named in WORDS_OF_STATE:
                yield f"line {part.lineno} judges {named!r}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_module_keeps_to_its_room(path):
    assert problems(path.relative_to(PACKAGE).as_posix(), path.read_text("utf-8")) == []


def test_every_room_has_its_floor_and_is_on_the_map():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms <= set(FLOOR)
    map_of_the_house = (PACKAGE.parent / "CONTRIBUTING.md").read_text("utf-8")
    entries = set(re.findall(r"`(\w+)(?:/|\.py)`", map_of_the_house))
    assert rooms - {"__init__", "__main__"} <= entries


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("records/server.py", "from novasim.lifecycle import states"),
        ("errors.py", "import novasim.records"),
        ("lifecycle/plan.py", "from novasim import store"),
        ("lifecycle/plan.py", "from novasim import Cloud"),
        ("lifecycle/plan.py", "from novasim.simulation.world import World"),
        ("lifecycle/plan.py", "def f():\n    from novasim.cli.main import main"),
        ("store/tiny.py", "from .. import cli"),
        ("store/tiny.py", "import_module('novasim.api.door')"),
        ("cloud.py", "load(f'novasim.api.{service}.routes')"),
        ("api/door.py", "if TYPE_CHECKING:\n    from novasim.render import view"),
        ("api/door.py", "import click"),
        ("api/door.py", "from rich.table import Table"),
        ("render/table.py", "from novasim.cli.main import main"),
        ("teach/why.py", "LAZY = {'why': 'novasim.cli.servers.show:why'}"),
        ("cli/main.py", "from novasim.serve import asgi"),
        ("cli/main.py", "import uvicorn"),
        ("cli/main.py", "from tinydb import TinyDB"),
        ("cli/main.py", "import time"),
        ("simulation/time/settle.py", "from random import choice"),
        ("simulation/time/clock.py", "import secrets"),
        ("api/request.py", "from uuid import uuid4"),
        ("api/request.py", "key = os.urandom(8)"),
        ("simulation/time/settle.py", "now = datetime.datetime.now(timezone.utc)"),
        ("simulation/time/settle.py", "today = date.today()"),
        ("cli/servers/show.py", "if server.vm_state == states.ACTIVE:\n    pass"),
        ("cli/servers/show.py", "if body['status'] in ('ACTIVE', 'SHUTOFF'):\n    pass"),
        ("teach/why.py", "word = 'yes' if server['task_state'] else 'no'"),
        ("render/table.py", "bad = [s for s in servers if s.status == 'ERROR']"),
        ("serve/asgi.py", "match status:\n    case 'DELETED':\n        pass"),
    ],
)
def test_the_rules_can_fail(where, source):
    assert len(problems(where, source)) >= 1


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("lifecycle/plan.py", "from novasim.records import Server\nfrom novasim.errors import NovaFault"),
        ("lifecycle/plan.py", "if server.vm_state == states.ACTIVE:\n    pass"),
        ("simulation/time/clock.py", "import time\nnow = datetime.now(timezone.utc)"),
        ("api/door.py", "now = clock.now(settings, wall, mode)"),
        ("store/tiny.py", "import tinydb"),
        ("cli/main.py", "import click\nfrom novasim import __version__\nfrom novasim.render import table"),
        ("render/theme.py", "COLOURS = {'ACTIVE': 'green', 'ERROR': 'red'}"),
        ("cli/main.py", "if fault.http == 409:\n    show(server.vm_state)"),
    ],
)
def test_what_is_allowed_passes(where, source):
    assert problems(where, source) == []
