"""The conformance runner reports every kind of difference."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import differences, runner
from tests.conformance.__main__ import main
from tests.conformance.answers import DISTORTIONS, Answer, level
from tests.conformance.differences import Finding, Row
from tests.conformance.recorded_form import in_recorded_form
from tests.conformance.stage import Stage, fixture_beside
from tests.conformance.symbols import Symbols, expand, volumes_in
from tests.conformance.tally import Tally

SAMPLES = Path(__file__).parent / "conformance" / "samples"
WALKS = SAMPLES / "walks.json"
WHOLE = SAMPLES / "whole_walks.json"


@pytest.fixture(scope="module")
def walks() -> list[dict[str, Any]]:
    return json.loads(WALKS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def whole() -> list[dict[str, Any]]:
    return json.loads(WHOLE.read_text(encoding="utf-8"))


def replay(walks: list[dict[str, Any]], rows: tuple[Row, ...] = ()) -> Tally:
    tally = Tally(rows)
    runner.WALKS.replay(walks, Stage.of(fixture_beside(WALKS)), tally, "")
    return tally


def test_same_replay_gives_same_figures(walks):
    once, again = replay(walks), replay(walks)
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
    tally = replay(changed)
    assert touched > 20
    assert len(tally.disagreements) == touched == tally.steps - tally.agreed


def test_every_value_of_a_whole_answer_is_compared(whole):
    changed, touched = copy.deepcopy(whole), 0
    for step in (step for walk in changed for step in walk["steps"] if "answer" in step):
        name = next(iter(step["answer"]))
        step["answer"][name] = {"another": step["answer"][name]}
        touched += 1
    assert touched > 15
    assert len(replay(changed).disagreements) == touched


@pytest.mark.parametrize("field", ["name", "volumes", "root_device", "groups", "ports", "security_groups"])
def test_every_field_of_a_server_is_compared(whole, field):
    changed = copy.deepcopy(whole)
    steps = [step for walk in changed for step in walk["steps"] if field in _changed(step)]
    for step in steps:
        step["after"]["changed"][field] = ["another"]
    assert steps and len(replay(changed).disagreements) == len(steps)


def _changed(step: dict[str, Any]) -> dict[str, Any]:
    after = step.get("after")
    return after.get("changed", {}) if isinstance(after, dict) else {}


def test_names_of_created_servers_are_compared(whole):
    changed = copy.deepcopy(whole)
    for step in (step for walk in changed for step in walk["steps"]):
        if "made" in step:
            step["made"] = step["made"][:1]
    assert [item.mismatches for item in replay(changed).disagreements] == [(("made", ["s2"], ["s2", "s3"]),)]


def test_a_server_that_should_be_gone_is_missed(walks):
    changed = copy.deepcopy(walks[:1])
    changed[0]["steps"][0]["after"] = "gone"
    assert replay(changed).disagreements[0].mismatches == (("server", "gone", "exists"),)


def test_a_disagreement_is_printed_and_the_exit_code_is_1(walks, tmp_path, capsys):
    changed = copy.deepcopy(walks[:1])
    changed[0]["steps"][1]["code"] = 202
    path = tmp_path / "other.json"
    path.write_text(json.dumps(changed))
    (tmp_path / "fixture.json").write_text((SAMPLES / "fixture.json").read_text())
    assert main([str(path)]) == 1
    out = capsys.readouterr().out
    assert 'walk 1 step 2: member 2.96 POST /servers/{s1}/action {"os-start": null} [active/unlocked/member]' in out
    assert "code expected 202, got 409 (Cannot 'start' instance {s1} while it is in vm_state active)" in out
    assert "other.json: agree 11 of 12 steps, 0 listed, 1 not" in out
    assert out.endswith("agree 11 of 12 steps\n")


def test_quiet_prints_only_figures(walks, tmp_path, capsys):
    assert main([str(WALKS), "--quiet", "--only", "walk 3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_groups_are_by_request_and_rule_with_the_largest_first(walks, tmp_path, capsys):
    changed = copy.deepcopy(walks[:2])
    for step in (step for walk in changed for step in walk["steps"] if step["method"] == "POST"):
        step["code"] = 299
    path = tmp_path / "other.json"
    path.write_text(json.dumps(changed))
    (tmp_path / "fixture.json").write_text((SAMPLES / "fixture.json").read_text())
    assert main([str(path), "--by", "action reboot"]) == 1
    lines = capsys.readouterr().out.splitlines()
    titles = [line for line in lines if " x " in line]
    assert titles and all("POST /servers/*/action reboot: Nova 299, novasim" in title for title in titles)
    assert [int(title.split()[0]) for title in titles] == sorted(
        (int(title.split()[0]) for title in titles), reverse=True
    )


def test_the_fixture_is_skipped(capsys):
    assert main([str(SAMPLES / "fixture.json"), str(WHOLE), "--quiet"]) == 0
    assert "fixture" not in capsys.readouterr().out


@pytest.mark.parametrize("content", ["{}", "[1]", '{"hosts": []}', "no json", "[{}]"])
def test_another_file_is_refused_in_one_line(tmp_path, capsys, content):
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
    assert expand("Value: {A x 3}. No.") == "Value: AAA. No."


def test_volumes_are_recognised_wherever_a_request_names_them():
    literal = "11111111-1111-4111-8111-111111111111"
    missing = {"volumeAttachment": {"volumeId": "{nov1}"}}
    device = {"block_device_mapping_v2": [{"uuid": literal, "source_type": "volume"}]}
    assert volumes_in("/servers/{s1}/os-volume_attachments/{v2}", None) == {"{v2}"}
    assert volumes_in("/servers/{sv}/os-volume_attachments", {"volumeAttachment": {"volumeId": "{vn}"}}) == {"{vn}"}
    assert volumes_in("/servers", {"server": device}) == {literal}
    assert volumes_in("/servers/{sv}/os-volume_attachments", {"volumeAttachment": {"volumeId": "bad"}}) == set()
    assert volumes_in("/servers/{s1}/os-volume_attachments", missing) == set()


# --- what the recorder distorts ------------------------------------------------------------------------------------

ACCEPTED = Answer(200, None, None, {})


def test_there_is_one_distortion_for_each_row_of_the_readme(shared):
    text = (shared / "nova-facts" / "more" / "README.md").read_text(encoding="utf-8")
    table = text[text.index("| request | place | why |") :].split("\n\n")[0].splitlines()[2:]
    assert [row.split(" | ")[1].replace("`", "") for row in table] == [distortion.place for distortion in DISTORTIONS]


@pytest.mark.parametrize(
    ("request_line", "theirs", "own"),
    [
        ("GET /servers/{s1}/diagnostics", {"memory": 1, "cpu0_time": 2}, {"memory": 5}),
        ("GET /os-hypervisors/detail", {"h": [{"id": 1, "running_vms": 3}]}, {"h": [{"id": 1, "uptime": "x"}]}),
        ("GET /servers", {"servers": [{"id": "b"}, {"id": "a"}]}, {"servers": [{"id": "a"}, {"id": "b"}]}),
        ("GET /os-keypairs/k", {"keypair": {"id": 1, "name": "k"}}, {"keypair": {"id": 2, "name": "k"}}),
        ("GET /servers?reservation_id=x", {"servers": [{}]}, {"servers": []}),
        ("GET /os-hosts", {"hosts": [{"service": "conductor"}]}, {"hosts": []}),
    ],
)
def test_distorted_places_are_levelled(request_line, theirs, own):
    one, other = level(request_line, ACCEPTED._replace(body=theirs), ACCEPTED._replace(body=own))
    assert one == other


@pytest.mark.parametrize(
    ("request_line", "theirs", "own"),
    [
        ("GET /servers/{s1}/diagnostics", {"memory": 1}, {"state": 1}),
        ("GET /os-hypervisors/detail", {"h": [{"id": 1}]}, {"h": [{"id": 2}]}),
        ("GET /servers?sort_key=display_name", {"servers": ["b", "a"]}, {"servers": ["a", "b"]}),
        ("GET /os-keypairs/k", {"keypair": {"name": "k"}}, {"keypair": {"name": "l"}}),
        ("GET /os-hosts", {"hosts": [{"service": "compute"}]}, {"hosts": []}),
    ],
)
def test_other_places_are_not_levelled(request_line, theirs, own):
    one, other = level(request_line, ACCEPTED._replace(body=theirs), ACCEPTED._replace(body=own))
    assert one != other


def test_an_internal_error_of_nova_is_replaced_by_any_refusal_but_not_by_another_internal_error():
    fault, refusal = Answer(500, "computeFault", "x", None), Answer(409, "conflictingRequest", "y", None)
    assert level("GET /servers", fault, refusal) == (refusal, refusal)
    assert level("GET /servers", refusal, fault) == (refusal, fault)


def test_values_that_each_cloud_makes_up_are_replaced_by_their_kind():
    body = {"adminPass": "abc", "created": "2026-01-01T00:00:00Z", "id": "11111111-1111-4111-8111-111111111111"}
    assert in_recorded_form(body) == {"adminPass": "<str>", "created": "{time}", "id": "{id}"}
    assert in_recorded_form({"links": [{}], "hours": 1.5, "name": "a" * 50}) == {
        "links": "<some>",
        "hours": "<number>",
        "name": "{a x 50}",
    }


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


def test_a_row_with_a_message_covers_only_refusals_with_it():
    row = ROW._replace(ours="409 message=No?host*")
    assert row.covers(finding(our_message="No host is up."))
    assert not row.covers(finding(our_message="Instance {s1} is locked"))
    assert not row.covers(finding())


def test_a_listed_difference_is_counted_apart(walks):
    changed = copy.deepcopy(walks[:1])
    changed[0]["steps"][1].update(code=500, key="computeFault")
    tally = replay(changed, (ROW,))
    assert (tally.steps, tally.agreed, tally.listed, tally.disagreements) == (12, 11, 1, [])


def test_a_row_with_a_missing_cell_is_refused():
    table = "| file | request | condition | recorded | ours | why |\n| --- | --- | --- | --- | --- | --- |\n"
    assert differences.parse_table(table + "| walks | a | b | 500 | 409 | because |\n")[0].why == "because"
    with pytest.raises(ValueError, match="needs 6 filled cells"):
        differences.parse_table(table + "| walks | a | b | 500 | 409 |\n")


def test_the_list_gives_a_reason_for_every_row():
    assert all(len(row.why) > 8 for row in differences.read_table())
