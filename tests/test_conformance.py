"""The conformance runner sees what differs, and novasim agrees with what was recorded."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import differences, runner
from tests.conformance.__main__ import main
from tests.conformance.differences import Finding, Row
from tests.conformance.stage import Stage, fixture_beside
from tests.conformance.symbols import Symbols, volumes_in, written_out
from tests.conformance.tally import Tally

SAMPLES = Path(__file__).parent / "conformance" / "samples"
WALKS = SAMPLES / "walks.json"
RECORDED = {
    "traces_train.json": 3493,
    "matrix_settled.json": 4556,
    "matrix_task.json": 17883,
    "validation_train.json": 515,
    "queries_train.json": 214,
    "views.json": 366,
}


@pytest.fixture(scope="module")
def walks() -> list[dict[str, Any]]:
    return json.loads(WALKS.read_text(encoding="utf-8"))


def replayed(walks: list[dict[str, Any]], rows: tuple[Row, ...] = ()) -> Tally:
    tally = Tally(rows)
    runner.WALKS.replay(walks, Stage.of(fixture_beside(WALKS)), tally, "")
    return tally


# --- what the repository carries -----------------------------------------------------------------------------------


def test_own_walks_agree(capsys):
    assert main([str(WALKS)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "listed differences: 0"
    agree, steps = re.fullmatch(r"agree (\d+) of (\d+) steps", lines[-1]).groups()
    assert agree == steps and int(steps) > 100


def test_over_http_own_walks_agree_with_the_recording_and_with_the_door(capsys):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    assert main([str(WALKS), "--http", "--quiet"]) == 0
    agree, steps = re.search(r"agree (\d+) of (\d+) steps\n$", capsys.readouterr().out).groups()
    assert agree == steps and int(steps) > 100


@pytest.mark.parametrize("name", ["traces_train.json", "queries_train.json", "validation_train.json"])
def test_over_http_recorded_answers_are_those_of_the_door(shared, capsys, name):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    assert main([str(shared / "nova-facts" / name), "--http", "--quiet"]) == 0
    assert f"of {RECORDED[name]} steps\n" in capsys.readouterr().out


def test_same_replay_gives_same_figures(walks):
    once, again = replayed(walks), replayed(walks)
    assert (once.steps, once.agreed, once.extras) == (again.steps, again.agreed, again.extras)


WRONG = {
    "code": 299,
    "key": "computeFault",
    "status": "PASSWORD",
    "vm_state": "deleted",
    "task_state": "spawning",
    "power_state": 7,
    "locked": 0,
    "host": "host9",
    "moved": "nowhere",
}


@pytest.mark.parametrize("field", WRONG)
def test_every_field_that_counts_is_compared(walks, field):
    """A recording that says otherwise in one field of every step finds no step that agrees."""
    changed, touched = copy.deepcopy(walks), 0
    for step in (step for walk in changed for step in walk["steps"]):
        target = step if field in ("code", "key") else step.get("after")
        if isinstance(target, dict) and field in target:
            target[field] = WRONG[field]
            touched += 1
    tally = replayed(changed)
    assert touched > 20
    assert len(tally.found) == touched == tally.steps - tally.agreed


def test_a_server_that_should_be_gone_is_missed(walks):
    changed = copy.deepcopy(walks[:1])
    changed[0]["steps"][0]["after"] = "gone"
    assert replayed(changed).found[0].startswith("walk 1 step 1: member 2.96 POST /servers")


def test_a_disagreement_is_told_and_ends_with_1(walks, tmp_path, capsys):
    changed = copy.deepcopy(walks[:1])
    changed[0]["steps"][1]["code"] = 202
    path = tmp_path / "other.json"
    path.write_text(json.dumps(changed))
    (tmp_path / "fixture.json").write_text((SAMPLES / "fixture.json").read_text())
    assert main([str(path)]) == 1
    out = capsys.readouterr().out
    assert 'walk 1 step 2: member 2.96 POST /servers/{s1}/action {"os-start": null} [active/unlocked/member]' in out
    assert "code expected 202, got 409 (Cannot 'start' instance {s1} while it is in vm_state active)" in out
    assert out.endswith("agree 11 of 12 steps\n")


def test_quiet_prints_figures_alone(walks, tmp_path, capsys):
    assert main([str(WALKS), "--quiet", "--only", "walk 3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("content", ["{}", "[1]", '{"hosts": []}', "no json", "[{}]"])
def test_what_is_no_recording_is_refused_in_one_line(tmp_path, capsys, content):
    path = tmp_path / "file.json"
    path.write_text(content)
    (tmp_path / "fixture.json").write_text((SAMPLES / "fixture.json").read_text())
    assert main([str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_missing_file_is_refused(tmp_path):
    assert main([str(tmp_path / "nothing.json")]) == 2


# --- symbols -------------------------------------------------------------------------------------------------------


def test_names_and_ids_go_both_ways():
    symbols = Symbols()
    symbols.bind("s1", "0c5d1a52-6f06-4a0e-8a3c-3d1b5f3a7e11")
    body = symbols.ids_in({"name": "{s1}", "long": {"$repeat": ["a", 3]}, "other": "{1,255}"})
    assert body == {"name": "0c5d1a52-6f06-4a0e-8a3c-3d1b5f3a7e11", "long": "aaa", "other": "{1,255}"}
    assert symbols.names_in("Instance 0c5d1a52-6f06-4a0e-8a3c-3d1b5f3a7e11 is locked") == "Instance {s1} is locked"
    assert written_out("Value: {A x 3}. No.") == "Value: AAA. No."


def test_volumes_are_found_wherever_a_request_names_them():
    literal = "11111111-1111-4111-8111-111111111111"
    device = {"block_device_mapping_v2": [{"uuid": literal, "source_type": "volume"}]}
    assert volumes_in("/servers/{s1}/os-volume_attachments/{v2}", None) == {"{v2}"}
    assert volumes_in("/servers/{sv}/os-volume_attachments", {"volumeAttachment": {"volumeId": "{vn}"}}) == {"{vn}"}
    assert volumes_in("/servers", {"server": device}) == {literal}
    assert volumes_in("/servers/{sv}/os-volume_attachments", {"volumeAttachment": {"volumeId": "bad"}}) == set()


# --- listed differences --------------------------------------------------------------------------------------------

ROW = Row("walks", "POST /servers/*/action os-start", "active/*", "500", "409", "why not")


def finding(**changes: Any) -> Finding:
    fields = {
        "file": "walks",
        "request": "POST /servers/{s1}/action os-start",
        "condition": "active/unlocked/member",
        "code": 500,
        "our_code": 409,
        "fields": (("code", 500, 409), ("key", "computeFault", "conflictingRequest")),
    }
    return Finding(**fields | changes)


def test_a_row_covers_what_it_names_and_nothing_else():
    assert ROW.covers(finding())
    for other in ({"file": "matrix"}, {"request": "GET /servers"}, {"condition": "stopped/"}, {"our_code": 400}):
        assert not ROW.covers(finding(**other))


def test_a_row_with_equal_codes_covers_only_the_fields_it_names():
    row = ROW._replace(recorded="202 host=other", ours="202 host=same")
    same = {"code": 202, "our_code": 202}
    assert row.covers(finding(**same, fields=(("host", "other", "same"),)))
    assert not row.covers(finding(**same, fields=(("host", "other", "same"), ("status", "ACTIVE", "ERROR"))))


def test_a_listed_difference_is_counted_apart(walks):
    changed = copy.deepcopy(walks[:1])
    changed[0]["steps"][1].update(code=500, key="computeFault")
    tally = replayed(changed, (ROW,))
    assert (tally.steps, tally.agreed, tally.listed, tally.found) == (12, 11, 1, [])


def test_a_row_with_a_missing_cell_is_refused():
    table = "| file | request | condition | recorded | ours | why |\n| --- | --- | --- | --- | --- | --- |\n"
    assert differences.read(table + "| walks | a | b | 500 | 409 | because |\n")[0].why == "because"
    with pytest.raises(ValueError, match="needs 6 filled cells"):
        differences.read(table + "| walks | a | b | 500 | 409 |\n")


def test_the_list_gives_a_reason_for_every_row():
    assert all(len(row.why) > 8 for row in differences.listed())


# --- what was recorded ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(shared) -> Callable[[str], Tally]:
    """The result of a recorded file, which is replayed once."""
    return cache(lambda name: runner.replay_file(shared / "nova-facts" / name))


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_agree(recorded, name):
    """Nothing differs but what differences.md lists, and nothing was left out."""
    tally = recorded(name)
    assert tally.notes == []
    assert tally.found == []
    assert tally.steps == RECORDED[name]


def test_no_listed_difference_is_out_of_date(recorded):
    """Every row is still needed. Rows on walks repeat what the matrix shows, and need no walk of their own."""
    used = {row for name in RECORDED for row in recorded(name).used}
    assert [row for row in differences.listed() if row not in used and row.file != "walks"] == []
