"""Text of other users: every command that reads prints it without control characters, one record per line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from novasim.cli.main import cli
from novasim.cli.shell.candidates import list_names
from novasim.cli.shell.scripts import Bash
from novasim.render.output import LINE_BREAKS, escape_controls, escape_json, is_control
from tests import extent
from tests.cli.output.hostile import poison, run, world
from tests.cli.test_terminal import cloud as cloud_option
from tests.cli.test_terminal import typed

__all__ = ["world"]  # a fixture

CONTROLS = "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(0x80, 0xA0)))
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = f"\x1b]0;title\x07\x1b[2J{CONTROLS}{BIDI}\u2028\u2029\ud800-end"
LETTERS = "é日本🙂مرحباשלום नमस्ते 👩\u200d👩\u200d👧 \u0645\u06cc\u200c\u062e e\u0301 🏴\U000e0067\U000e007f"
FORMATS = ("table", "json", "yaml", "csv", "value")


def formats_of(line):
    words = line.split()
    return ("",) if "graph" in words or "check" in words else tuple(f" -f {fmt}" for fmt in FORMATS)


def some_formats(number, line):
    """Every third format, beginning elsewhere for the next line; all in the full extent."""
    return formats_of(line)[extent(number % 3, 0) :: extent(3, 1)] or formats_of(line)


def controls_in(text, kept="\n"):
    return {char for char in text if is_control(char) and char not in kept}


def test_no_control_character_reaches_a_terminal(world):
    path, lines = world
    poison(path, HOSTILE)
    seen = set()
    for number, line in enumerate(lines):
        for option in some_formats(number, line):
            code, out, err = run(path, line + option, True)
            assert not controls_in(out, "\n\t" if "console-log" in line or "latest/" in line else "\n"), (
                line,
                option,
                out,
            )
            assert not controls_in(err), (line, option, err)
            assert "Traceback" not in err and "internal error" not in err, (line, option, err)
            assert code != 2, (line, err)
            seen |= {line} if "-end" in out + err else set()
    assert len(seen) > len(lines) / 2, sorted(set(lines) - seen)


TEXTS = st.text(st.sampled_from(sorted(set(CONTROLS + BIDI + LETTERS + "\u2028\ud800ab'\"\\,= "))), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, data=st.data(), terminal=st.booleans())
def test_formats_agree_and_have_one_record_per_line(world, text, data, terminal):
    path, lines = world
    poison(path, text)
    is_reader = re.compile(r"(?!.*(clock|nothing)).*(list|show)").match  # clock shows the real time, too
    line = data.draw(st.sampled_from(list(filter(is_reader, lines))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "manual")  # the same time in every command
        out = {fmt: run(path, f"{line} -f {fmt}", terminal)[1] for fmt in FORMATS}
    for fmt in FORMATS if terminal else ("table", "yaml"):
        assert not controls_in(out[fmt]), (line, fmt)
    content = json.loads(out["json"])
    assert yaml.safe_load(out["yaml"]) == content or "\ud800" in text
    records = len(content) if isinstance(content, list) else None
    table = list(csv.reader(io.StringIO(out["csv"])))
    assert len(out["csv"].splitlines()) == len(table)
    if records is not None and out["csv"]:
        assert len(table) == records + 1
        assert len(out["value"].splitlines()) == records


@given(st.text())
def test_only_controls_are_escaped(text):
    kept = "".join(char for char in text if not is_control(char))
    assert escape_controls(kept) == kept
    assert not controls_in(escape_controls(text), "")
    dumped = json.dumps(text, ensure_ascii=False)
    assert json.loads(escape_json(dumped)) == text
    assert not controls_in(escape_json(dumped))


def test_letters_of_all_scripts_stay():
    assert escape_controls(LETTERS) == LETTERS
    assert escape_controls(CONTROLS + BIDI).isascii()
    assert escape_controls("a\nb\tc\x1b", keep="\n\t") == "a\nb\tc\\x1b"
    assert all(is_control(char) for char in LINE_BREAKS)


def test_a_real_terminal_shows_a_refusal_without_escape_sequences(world):
    path, _ = world
    poison(path, HOSTILE)
    web1 = run(path, "list -q", False)[1].split()[0]
    for line in (f"stop {web1}", "list -f json", "list -f value -c name", "list"):
        words = [*cloud_option(path.parent), "--color", "never", *line.split()]
        screen, _ = typed(words, NOVASIM_CLOCK="instant", NOVASIM_PAGER="cat")
        assert not controls_in(screen, "\r\n"), line
        assert "-end" in screen or "stop" in line


def test_pipe_gets_the_data(world):
    path, _ = world
    text = "\x1b[31mred\u202e\x7f"
    poison(path, text)
    assert run(path, "list -f value -c name", False)[1] == text + "\n"
    assert run(path, "list -f csv -c name", False)[1] == f'"Name"\n"{text}"\n'
    assert json.loads(run(path, "list -f json", False)[1])[0]["name"] == text
    assert "\u202e\x7f" in run(path, "list -f json", False)[1]
    assert run(path, "volume list -f value -c name", False)[1].count("\n") == 1


def test_completion_offers_no_name_with_control_characters(world, monkeypatch):
    path, _ = world
    poison(path, HOSTILE)
    monkeypatch.setenv("NOVASIM_CLOUD", str(path))
    ctx = cli.make_context("novasim", ["volume", "show"], resilient_parsing=True)
    assert HOSTILE in list_names(ctx, "volume")
    assert Bash(cli, {}, "novasim", "_NOVASIM_COMPLETE").get_completions(["volume", "show"], "") == []


PRINTERS = {
    *("render/output.py", "render/table.py", "render/markdown.py"),
    *("cli/main.py", "cli/learning/demo.py", "cli/learning/graph.py", "cli/learning/manual.py", "cli/learning/text.py"),
    "cli/lessons/markdown.py",
}
"""Modules that print by themselves: the first one for the others, the rest only their own text or escaped text."""


def test_all_other_modules_print_by_the_functions_that_escape():
    package = Path(__file__).parents[3] / "novasim"
    printing = re.compile(r"click\.s?echo\(|\bprint\(")
    found = {
        path.relative_to(package).as_posix()
        for folder in ("cli", "serve", "render")
        for path in (package / folder).rglob("*.py")
        if printing.search(path.read_text())
    }
    assert found <= PRINTERS
