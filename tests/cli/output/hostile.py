"""A cloud in which every free text is hostile, and the commands that read it."""

from __future__ import annotations

import io
import json
import shlex
from contextlib import redirect_stderr, redirect_stdout

import click
import pytest

from novasim.cli.main import cli
from tests.cli.test_nouns import AS_ADMIN, CREATED

FREE_TEXT = """
    name description locked_reason disabled_reason message details user_data_text email metadata properties tags
    extra_specs hostname drive fault key_name tag extra image_metadata
""".split()
SETUP = """
create web1 --flavor m1.tiny --image cirros --property a=b --tag c --description d
create web2 --flavor m1.tiny --image cirros
delete web2
--as admin migrate web1
confirm-resize web1
lock web1 --reason because
--as admin host set host1 --disable --disable-reason broken
--as admin fault add f1 --action pause --fail m
"""
KEPT = {"settings", "roles", "hosts"}  # tables whose names are ids, or decide who the caller is


def hostile(value, text):
    """The value of a field with all its text replaced."""
    if isinstance(value, dict):
        return (
            {text: text}
            if all(isinstance(item, str) for item in value.values())
            else {key: hostile(item, text) for key, item in value.items()}
        )
    if isinstance(value, list):
        return [text] if value else value
    return text if isinstance(value, str) else value


def poison(path, text):
    """Replace all free text in a cloud file."""
    tables = json.loads(path.read_text())
    for name, table in tables.items():
        for document in table.values():
            is_caller = document.get("name") in ("demo", "admin") and name in ("users", "projects")
            for field in FREE_TEXT:
                is_id = name in KEPT or is_caller
                if field in document and not (is_id and field == "name"):
                    document[field] = hostile(document[field], text)
            for event in document.get("events", ()):
                event["details"] = text
    path.write_bytes(json.dumps(tables).encode())


class Screen(io.TextIOWrapper):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal):
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n")
        self._terminal = terminal

    def isatty(self):
        return self._terminal

    def text(self):
        self.flush()
        return self.buffer.getvalue().decode()


def run(path, line, terminal):
    """The exit code, standard output and standard error of a command."""
    out, err = Screen(terminal), Screen(terminal)
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        cli.main(["--cloud", str(path), "--color", "never", *shlex.split(line)], prog_name="novasim")
    return ended.value.code, out.text(), err.text()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A cloud with one of everything, and the lines of all commands that read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "instant")
        patch.setenv("NOVASIM_PAGER", "cat")
        patch.setenv("NOVASIM_SEED", "1")
        path = tmp_path_factory.mktemp("hostile") / "cloud.json"
        for line in [*SETUP.strip().splitlines(), *CREATED.values(), "--as admin aggregate set a1 --property a=b"]:
            code, out, err = run(path, line, False)
            assert code == 0, (line, out, err)
        yield path, list(reading_lines(path))


def reading_lines(path):
    def ids(line):
        return run(path, f"{line} -q", False)[1].split()

    for words, has_argument in reading_commands():
        line = f"--as admin {' '.join(words)}"
        noun = words[0]
        if not has_argument:
            yield line
        elif noun in CREATED and words[1] == "show":
            caller = "--as admin " if noun in AS_ADMIN else ""
            yield f"{caller}{noun} show {ids(f'{caller}{noun} list')[0]}"
    web1 = ids("list")[0]
    for line in (
        "metadata {}",
        "metadata {} latest/meta-data/hostname",
        "metadata {} latest/meta-data/security-groups",
    ):
        yield "--as admin " + line.format(web1)
    for line in ("show {}", "history {}", "console-log {}", "diagnostics {}", "why {} stop", "can {}", "why {} resize"):
        yield "--as admin " + line.format(web1)
    yield from (f"why {web1} stop", f"can {web1}", f"plan {web1} PAUSED", "watch --times 1", "list --long")
    yield from ("--as admin list --deleted", f"graph --server {web1}", f"graph --server {web1} -f dot")
    yield from (f"stop {web1}", f"stop {web1[:-2]}", "volume show nothing", "--as admin fault show nothing")
    yield from ("cloud check", "--as admin host show host1", f"--as admin host explain {web1}")


def reading_commands():
    """The words of every list and show command, and whether it has an argument."""
    root = click.Context(cli)
    for name in cli.list_commands(root):
        command = cli.get_command(root, name)
        if not isinstance(command, click.Group):
            continue
        for sub in command.list_commands(click.Context(command)):
            if sub in ("list", "show") and name != "completion":
                params = command.get_command(click.Context(command), sub).params
                yield (name, sub), any(isinstance(param, click.Argument) for param in params)
