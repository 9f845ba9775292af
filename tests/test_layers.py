"""The layers and limits that CONTRIBUTING.md describes, checked by reading the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from novasim.cli.catalog import CATALOG
from tests import each_case

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "novasim"
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

INTERFACES = ("cli", "serve", "library")
LAYERS = [  # from the ground up: each may import only from those before it
    ("errors", "extras", "filelock", "jsonutils", "regex", "strutils", "suggestions"),
    ("fileutils",),
    ("records", "yamlutils"),
    ("lifecycle",),
    ("simulation",),
    ("store",),
    ("recorder",),
    ("cloud",),
    ("control",),
    ("api",),
    ("remote",),
    ("scenarios",),
    ("render", "manual"),
    ("teach",),
    ("classroom",),
    INTERFACES,
    ("dashboard", "devtools", "testing"),
    ("__init__", "__main__"),
]
parse = cache(ast.parse)  # each module once for all rules
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}
NAME_OF_MODULE = re.compile(rf"novasim\.({'|'.join(LAYER_OF)})(\.\w+)*(:\w+)?")

ONLY_IN = {
    "click": ("render/", "cli/", "serve/", "dashboard/", "devtools/", "__main__.py"),
    "rich": ("render/", "cli/", "serve/"),
    **dict.fromkeys(("uvicorn", "httptools", "uvloop"), ("serve/",)),
    **dict.fromkeys(("django", "waitress"), ("dashboard/",)),
    "tinydb": ("store/",),
    "time": ("simulation/time/clock.py",),
    **dict.fromkeys(("random", "secrets", "uuid"), ("simulation/seeded.py",)),
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
STATE_WORDS = STATE_FIELDS.union(VM_STATES, STATUSES)

MAX_LINES = 300
LONG_FILES = {"novasim/lifecycle/actions.py"}  # the action table
MAX_MODULES = 22  # in one folder
MAX_UNFORMATTED = 60  # "fmt: skip" comments
BANNED_WORDS = re.compile(r"\bis none\b|\bfor ever\b|stands against|speaks against|\bwhoever\b|ready-made|\blet in\b")


def find_violations(path: str, source: str) -> list[str]:
    """Every rule about imports, clocks and states that the module at *path* (below the package) breaks."""
    tree = parse(source)
    nodes = list(ast.walk(tree))
    violations = [*find_wrong_imports(path, tree, nodes), *find_wall_clocks(path, nodes)]
    if path.split("/")[0] in ("render", "teach", *INTERFACES):
        violations += find_state_conditions(nodes)
    return [f"novasim/{path}: {violation}" for violation in violations]


def find_wrong_imports(path: str, tree: ast.Module, nodes: list[ast.AST]) -> Iterator[str]:
    package = path.split("/")[0].removesuffix(".py")
    for name in [*list_imports(tree), *list_imports_by_name(nodes)]:
        top, _, rest = name.partition(".")
        if not path.startswith(ONLY_IN.get(top, ("",))):
            yield f"{top} may not be imported here"
        other = rest.split(".")[0]
        is_other = top == "novasim" and other not in ("", "__version__", package)
        if is_other and LAYER_OF.get(other, 99) >= LAYER_OF[package]:
            yield f"{package} may not import from {other}"


def list_imports(node: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, inside functions and for types as well."""
    for child in (each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr)):
        match child:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=0):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom():
                yield "novasim.a_relative_import"
            case _:
                yield from list_imports(child)


def list_imports_by_name(nodes: list[ast.AST]) -> Iterator[str]:
    """The modules that import_module and tables of lazy commands name in strings."""
    for node in nodes:
        match node:
            case ast.Constant(str(text)) if NAME_OF_MODULE.fullmatch(text):
                yield text.partition(":")[0]
            case ast.JoinedStr([ast.Constant(str(text)), *_]) if re.match(r"novasim\.\w+\.", text):
                yield text


def find_wall_clocks(path: str, nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today", "urandom"}:
            name = ast.unparse(node)
            if ".".join(name.split(".")[-2:]) in WALL_CLOCKS and path != "simulation/time/clock.py":
                yield f"{name} reads the wall clock"
            if name == "os.urandom" and path != "simulation/seeded.py":
                yield f"{name} is random without a seed"


def find_state_conditions(nodes: list[ast.AST]) -> Iterator[str]:
    """Conditions in which an interface decides by a server's state, which is for lifecycle/ alone."""
    for node in nodes:
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
            word = getattr(part, "attr", getattr(part, "value", None))
            if isinstance(word, str) and word in STATE_WORDS:
                yield f"line {part.lineno} decides by {word!r}"


def find_cycles(imports: dict[str, set[str]]) -> list[set[str]]:
    """The groups of modules that import each other, directly or through others (strongly connected components)."""
    reachable = {module: _reach(imports, module) for module in imports}
    cycles: list[set[str]] = []
    for module in imports:
        if module in reachable[module] and not any(module in cycle for cycle in cycles):
            cycles.append({other for other in reachable[module] if module in reachable[other]})
    return cycles


def _reach(imports: dict[str, set[str]], start: str) -> set[str]:
    reached, waiting = set[str](), [start]
    while waiting:
        new = imports[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


def read_imports() -> dict[str, set[str]]:
    """For each module of the package the other ones that it imports."""
    names = {path: ".".join(Path("novasim", path).with_suffix("").parts).removesuffix(".__init__") for path in MODULES}
    known = set(names.values())
    imports = {}
    for path, name in names.items():
        listed = list_imports(parse(MODULES[path].read_text("utf-8")))
        imports[name] = {each if each in known else each.rpartition(".")[0] for each in listed} & known - {name}
    return imports


@cache
def list_sources() -> list[Path]:
    """All Python files of the package and its tests."""
    return sorted([*MODULES.values(), *(ROOT / "tests").rglob("*.py")])


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_modules_keep_to_their_layers():
    violations = {name: find_violations(name, path.read_text("utf-8")) for name, path in MODULES.items()}
    assert {name: found for name, found in violations.items() if found} == {}


def test_every_package_has_a_layer_and_is_described():
    packages = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert packages <= set(LAYER_OF)
    described = set(re.findall(r"`(\w+)(?:/|\.py)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert packages - {"__init__", "__main__"} <= described


def test_no_modules_import_each_other():
    imports = read_imports()
    commands = [entry for _, entries in CATALOG for entry in entries.values()]
    imports["novasim.cli.main"] |= {f"novasim.{each.package}.{each.target.partition(':')[0]}" for each in commands}
    assert imports["novasim.cli.main"] <= imports.keys()
    assert find_cycles(imports) == []


def test_files_are_short():
    long = {relative(path) for path in list_sources() if len(path.read_text("utf-8").splitlines()) > MAX_LINES}
    assert long <= LONG_FILES


def test_folders_are_small():
    folders = {path.parent for path in list_sources()}
    assert [relative(folder) for folder in folders if len(list(folder.glob("*.py"))) > MAX_MODULES] == []


def test_little_is_kept_from_the_formatter():
    assert sum(path.read_text("utf-8").count("# fmt" + ": skip") for path in list_sources()) <= MAX_UNFORMATTED


def test_no_banned_words():
    texts = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".md", ".txt", ".html", ".svg", ".yaml")]
    lines = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in [*sorted(texts), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if BANNED_WORDS.search(line)
    ]
    assert lines == []


@each_case(
    ("path", "source"),
    [
        ("records/server.py", "from novasim.lifecycle import states"),
        ("errors.py", "import novasim.records"),
        ("lifecycle/plan.py", "from novasim import store"),
        ("lifecycle/plan.py", "from novasim import Cloud"),
        ("lifecycle/plan.py", "from novasim.simulation.world import World"),
        ("lifecycle/plan.py", "def f():\n    from novasim.cli.main import main"),
        ("store/tiny.py", "from .. import cli"),
        ("store/tiny.py", "import_module('novasim.api.dispatch')"),
        ("control/hosts.py", "from novasim.api.dispatch import handle"),
        ("cloud.py", "load(f'novasim.api.{service}.routes')"),
        ("api/dispatch.py", "if TYPE_CHECKING:\n    from novasim.render import view"),
        ("api/dispatch.py", "import click"),
        ("api/dispatch.py", "from rich.table import Table"),
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
def test_violations_are_found(path, source):
    assert len(find_violations(path, source)) >= 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("lifecycle/plan.py", "from novasim.records import Server\nfrom novasim.errors import NovaFault"),
        ("lifecycle/plan.py", "if server.vm_state == states.ACTIVE:\n    pass"),
        ("simulation/time/clock.py", "import time\nnow = datetime.now(timezone.utc)"),
        ("api/dispatch.py", "now = clock.now(settings, wall, mode)"),
        ("store/tiny.py", "import tinydb"),
        ("cli/main.py", "import click\nfrom novasim import __version__\nfrom novasim.render import table"),
        ("render/theme.py", "COLOURS = {'ACTIVE': 'green', 'ERROR': 'red'}"),
        ("cli/main.py", "if fault.http == 409:\n    show(server.vm_state)"),
    ],
)
def test_allowed_code_passes(path, source):
    assert find_violations(path, source) == []


def test_cycles_are_found():
    assert find_cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [{"b", "c"}]


def test_imports_in_functions_and_for_types_are_read():
    source = "if TYPE_CHECKING:\n    import novasim.a\nelse:\n    import novasim.b\ndef f():\n    import novasim.c"
    assert list(list_imports(ast.parse(source))) == ["novasim.a", "novasim.b", "novasim.c"]
