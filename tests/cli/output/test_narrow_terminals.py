"""Every command that reads, as it looks on terminals of several widths."""

from __future__ import annotations

import io
import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from novasim.cli.learning.manual import PAGES, read_page
from novasim.cli.learning.stories import STORIES
from novasim.render.fit import LONGEST_WORD, SHORT_NAME, fit_fields, fit_list
from novasim.render.markdown import format_markdown
from novasim.render.wrapping import fit_command, fit_comment
from tests import part
from tests.cli.output.hostile import run, world
from tests.cli.output.test_hostile_text import some_formats
from tests.cli.test_terminal import cloud as cloud_option
from tests.cli.test_terminal import typed

__all__ = ["world"]  # a fixture

IS_TABLE = re.compile(r"[╭│├╰]")
WHOLE = re.compile(
    r"SHELVED_OFFLOADED|VERIFY_RESIZE|(?<!')[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
HIDDEN = re.compile(r"novasim: hidden columns: (.+)\. To see them: -c COLUMN, or -f json\.\n")
WORDS = st.text("ab1-", min_size=1, max_size=LONGEST_WORD)
CELLS = st.lists(WORDS, max_size=5).map(" ".join)


@pytest.mark.parametrize("columns", part([40, 80, 120, 200], 2))
def test_tables_fit_the_terminal(world, monkeypatch, columns):
    path, lines = world
    monkeypatch.setenv("COLUMNS", str(columns))
    for line in part([each for each in lines if "graph" not in each], 2):
        code, out, err = run(path, line, True)
        assert code in (0, 3, 4, 8) and "internal error" not in err, (line, err)
        table = [each for each in out.splitlines() if IS_TABLE.match(each)]
        assert all(cell_len(each) <= columns for each in table), (line, out)


@pytest.mark.parametrize("who", ["", "--as admin "])
def test_every_format_works_on_a_terminal(world, monkeypatch, who):
    path, lines = world
    monkeypatch.setenv("COLUMNS", "80")
    for number, line in enumerate(sorted({each.removeprefix("--as admin ") for each in lines})):
        for option in some_formats(number, line):
            code, out, err = run(path, who + line + option, True)
            assert code not in (1, 2) and "internal error" not in err, (line, option, err)
            assert "Traceback" not in out + err


def test_words_that_matter_are_whole_at_80_columns(world, monkeypatch):
    path, lines = world
    for line in part([each for each in lines if " list" in each or " show" in each], 2):
        monkeypatch.setenv("COLUMNS", "400")
        everything = run(path, line, True)[1]
        monkeypatch.setenv("COLUMNS", "80")
        _, out, err = run(path, line, True)
        if " list" not in line:
            assert WHOLE.findall(out) == WHOLE.findall(everything), line
        elif hidden := HIDDEN.fullmatch(err):
            titles = {each.strip() for each in everything.splitlines()[1].split("│")}
            assert set(hidden[1].split(", ")) <= titles, line


def test_selected_columns_are_never_hidden(world, monkeypatch):
    path, _ = world
    monkeypatch.setenv("COLUMNS", "40")
    out, err = run(path, "list -c id -c name -c networks -c status", True)[1:]
    assert "Networks" in out.replace(" │\n│", "") or "Networ" in out
    assert err == ""


def test_long_list_on_a_real_terminal(tmp_path):
    option = cloud_option(tmp_path)
    typed([*option, "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"], NOVASIM_CLOCK="instant")
    typed([*option, "shelve", "web1"], NOVASIM_CLOCK="instant")
    for columns in (80, 120, 160):
        screen, code = typed([*option, "list", "--long"], columns, NOVASIM_CLOCK="instant", NO_COLOR="1")
        assert code == 0
        assert re.search(r"│ web1 │ SHELVED_OFFLOADED │", screen), screen


@given(
    st.lists(st.sampled_from(["ID", "Name", "Status", "Networks", "Image", "Zone", "Task"]), min_size=1, unique=True),
    st.data(),
    st.integers(LONGEST_WORD + 4, 200),
)
def test_lists_fit_and_no_word_is_broken(columns, data, width):
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=4))
    fitted = fit_list(columns, rows, width)
    assert sum(fitted.widths) + 3 * len(fitted.widths) + 1 <= width
    assert sorted([*fitted.columns, *fitted.hidden]) == sorted(columns)
    for row in (fitted.columns, *fitted.rows):
        for title, cell, wide in zip(fitted.columns, row, fitted.widths, strict=True):
            assert all(len(word) <= wide for word in cell.split()) or (title == "Name" and wide >= SHORT_NAME)


def test_a_long_name_is_broken_before_its_status_is_hidden():
    rows = [["5a1cf1d0", "database-with-a-long-name", "VERIFY_RESIZE"]]
    fitted = fit_list(["ID", "Name", "Status"], rows, 40)
    assert list(fitted.columns) == ["Name", "Status"] and fitted.widths[1] == len("VERIFY_RESIZE")
    assert fit_list(["ID", "Name", "Status"], rows, 60).widths == [8, 25, 13]


@given(st.lists(st.tuples(WORDS.map(lambda word: word[:35]), CELLS), min_size=1, max_size=5), st.integers(20, 120))
def test_fields_fit_or_are_no_table(rows, width):
    fitted = fit_fields(("Field", "Value"), rows, width)
    if fitted is None:
        return
    assert sum(fitted.widths) + 7 <= width and fitted.rows == rows
    assert all(len(word) <= fitted.widths[1] for _, value in rows for word in value.split())


def test_times_lose_their_date_and_ids_their_end():
    ids = ["5a1cf1d0-0000-4000-8000-000000000001", "5a1cf1d0-1000-4000-8000-000000000002"]
    rows = [[ids[0], "2026-11-28T08:21:45Z"], [ids[1], "2026-11-28T09:00:00.250000Z"]]
    assert fit_list(["ID", "Start"], rows, 40, ids).rows == [["5a1cf1d0-0", "08:21:45"], ["5a1cf1d0-1", "09:00:00"]]
    rows[1][1] = "2026-12-01T09:00:00Z"
    assert [row[1] for row in fit_list(["ID", "Start"], rows, 40, ids).rows] == ["11-28T08:21", "12-01T09:00"]
    assert fit_list(["ID", "Start"], rows, 80, ids).rows == rows


def test_words_to_explain_fit_the_terminal(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run(tmp_path / "none.json", "explain", True)
    assert code == 0 and max(map(len, out.splitlines())) <= 80 and len(out.splitlines()) < 40
    words = {word for line in out.splitlines() for word in re.split(r",? +", line)}
    assert {"create", "hard-reboot", "VERIFY_RESIZE", "409", "quota", "SHELVED_OFFLOADED"} <= words


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("page", part(sorted(PAGES), 2))
def test_output_in_the_manual_is_whole_at_80_columns(monkeypatch, page):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    text = read_page(page)
    code = [line for block in re.findall(r"(?ms)^```\w*\n(.*?)^```", text) for line in block.splitlines()]
    formatted = format_markdown(text, Tty())
    assert ("…" in formatted) == ("…" in text)  # no table cuts a word
    shown = {re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in formatted.splitlines()}
    assert [line for line in code if line.strip() and cell_len(line) <= 80 and line.rstrip() not in shown] == []


def test_remarks_and_commands_of_the_demo_are_not_torn(monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    for step in (step for story in STORIES.values() for step in story.steps):
        remark = fit_comment(step.remark, Tty())
        assert " ".join(line.removeprefix("# ") for line in remark.splitlines()) == step.remark
        command = fit_command(f"$ novasim {step.line}", Tty())
        joined = command.replace("\\\n", "")  # as a shell joins lines
        assert "\n" not in joined and shlex.split(joined) == ["$", "novasim", *shlex.split(step.line)]
        assert max(map(len, (remark + "\n" + command).splitlines())) <= 50


NARROW = [
    "manual",
    "explain",
    "explain resize",
    "explain glossary",
    "graph",
    "graph --around SHUTOFF",
    "graph --server web1",
    "why web1 pause",
    "plan web1 SHELVED",
    "plan web1 RESCUE",
]


@pytest.mark.parametrize("columns", [40, 60])
def test_text_fits_a_narrow_terminal(world, monkeypatch, columns):
    path, _ = world
    monkeypatch.setenv("COLUMNS", str(columns))
    for line in NARROW:
        code, out, _ = run(path, line, True)
        lines = [each for each in out.splitlines() if "novasim --cloud " not in each]  # commands are not broken
        assert code in (0, 4) and all(cell_len(each) <= columns for each in lines), (line, out)


def test_a_long_remark_of_a_plan_stays_a_comment(world, monkeypatch):
    path, _ = world
    monkeypatch.setenv("COLUMNS", "40")
    out = run(path, "--as admin plan web1 SHELVED", True)[1]
    assert out.startswith("# Shelved servers are offloaded at once\n# while the option shelved_offload_time\n")
    assert all(each.startswith(("# ", "novasim ")) for each in out.splitlines())


def test_columns_that_matter_are_shown_at_80_columns(world, monkeypatch):
    path, _ = world
    monkeypatch.setenv("COLUMNS", "80")
    for line, titles in {
        "can web1": ["Action", "Allowed", "Code", "Why not"],
        "--as admin migration list": ["ID", "Server", "Type", "Status", "From", "To"],
        "--as admin service list": ["Binary", "Host", "Status", "State", "Forced down"],
    }.items():
        shown = " ".join(run(path, line, True)[1].split("├")[0].split())
        assert all(word in shown for title in titles for word in title.split()), (line, shown)


def test_a_long_request_is_shown_so_that_it_can_be_copied(world, monkeypatch):
    path, _ = world
    monkeypatch.setenv("COLUMNS", "60")
    code, _, err = run(path, "--show-request start web1", True)
    request = err.partition("novasim: ")[0]
    assert code == 4 and "X-Auth-Token: $TOKEN" in request
    words = shlex.split(request)
    assert words[-1].endswith("/action") and "OpenStack-API-Version: compute 2.104" in words
    assert err.partition("novasim: ")[2].count("curl") == 0  # those that find the advice are not shown
