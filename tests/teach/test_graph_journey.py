"""The path of a server follows its log, and is the most likely one where the log does not tell."""

from __future__ import annotations

import pytest

from novasim.teach.graph import dot, mermaid, svg, text
from novasim.teach.graph.journey import CurrentState, LogEntry, trace_journey
from novasim.teach.graph.selection import select_chart
from tests import each_case


def way(log: str, vm_state: str, task_state: str | None = None, status: str = "") -> list[str]:
    """The steps of a log; a name with ! failed."""
    entries = [LogEntry(name.rstrip("!"), name.endswith("!")) for name in log.split()]
    found = trace_journey("web1", entries, CurrentState(vm_state, task_state, status or "?"))
    return [f"{step.action} {step.source}>{step.target}" for step in found.steps]


BIRTH = ["create ->BUILD", "create BUILD>ACTIVE"]


@each_case(
    ("log", "vm_state", "expected"),
    [
        ("create", "active", []),
        ("create!", "error", None),
        ("create stop start", "active", ["stop ACTIVE>SHUTOFF", "start SHUTOFF>ACTIVE"]),
        ("create lock stop", "stopped", ["lock ACTIVE>ACTIVE", "stop ACTIVE>SHUTOFF"]),
        (
            "create resize confirmResize",
            "active",
            ["resize ACTIVE>VERIFY_RESIZE", "confirm-resize VERIFY_RESIZE>ACTIVE"],
        ),
        # only the end tells that it was off before
        (
            "create stop resize revertResize",
            "stopped",
            ["stop ACTIVE>SHUTOFF", "resize SHUTOFF>VERIFY_RESIZE", "revert-resize VERIFY_RESIZE>SHUTOFF"],
        ),
        # only the next entry tells that it was not offloaded at once
        (
            "create shelve shelveOffload",
            "shelved_offloaded",
            ["shelve ACTIVE>SHELVED", "shelve-offload SHELVED>SHELVED_OFFLOADED"],
        ),
        ("create shelve unshelve", "active", ["shelve ACTIVE>SHELVED_OFFLOADED", "unshelve SHELVED_OFFLOADED>ACTIVE"]),
        ("create resetState rebuild", "active", ["reset-state ACTIVE>ERROR", "rebuild ERROR>ACTIVE"]),
        ("create resetState stop", "stopped", ["reset-state ACTIVE>ERROR", "stop ERROR>SHUTOFF"]),
        ("create reboot", "active", ["reboot ACTIVE>ACTIVE"]),
        ("create pause reboot", "active", ["pause ACTIVE>PAUSED", "hard-reboot PAUSED>ACTIVE"]),
        ("create resize!", "error", ["resize ACTIVE>ERROR"]),
        ("create stop!", "active", ["stop ACTIVE>ACTIVE"]),
        ("create delete restore", "active", ["delete ACTIVE>SOFT_DELETED", "restore SOFT_DELETED>ACTIVE"]),
        # the guest switched itself off, of which there is no entry
        ("create start", "active", ["start SHUTOFF>ACTIVE"]),
        ("create an-action-of-the-future stop", "stopped", ["stop ACTIVE>SHUTOFF"]),
    ],
)
def test_the_path_of_a_log(log, vm_state, expected):
    birth = BIRTH if expected is not None else ["create ->BUILD", "create BUILD>ERROR"]
    found = way(log, vm_state)
    if log == "create resetState stop":  # a stop is accepted in ACTIVE, too
        assert found[-1].endswith(">SHUTOFF") and len(found) == 4
    else:
        assert found == birth + (expected or [])


def test_an_empty_log_has_no_path():
    assert way("", "active") == []
    assert text.draw(
        select_chart()._replace(journey=trace_journey("web1", [], CurrentState("active", None, "ACTIVE")))
    ).startswith("web1 is ACTIVE.\n\n")


@pytest.mark.parametrize(
    ("log", "now", "expected", "busy"),
    [
        ("create", CurrentState("building", "spawning", "BUILD"), ["create ->BUILD"], "create"),
        ("create resize", CurrentState("active", "resize_prep", "RESIZE"), BIRTH, "resize"),
        (
            "create stop migrate",
            CurrentState("stopped", "resize_finish", "RESIZE"),
            [*BIRTH, "stop ACTIVE>SHUTOFF"],
            "migrate",
        ),
        ("create delete", CurrentState("active", "deleting", "ACTIVE"), BIRTH, "delete"),
        (
            "create reboot lock",
            CurrentState("active", "reboot_started_hard", "HARD_REBOOT"),
            [*BIRTH, "lock ACTIVE>ACTIVE"],
            "hard-reboot",
        ),
    ],
)
def test_the_running_action_is_not_a_step(log, now, expected, busy):
    found = trace_journey("web1", [LogEntry(name) for name in log.split()], now)
    assert [f"{step.action} {step.source}>{step.target}" for step in found.steps] == expected
    assert found.running_action == busy
    assert found.state == f"{now.status} ({now.task_state})"


LOG = [LogEntry(name) for name in ("create", "stop", "start", "stop")]
STOPPED = select_chart()._replace(journey=trace_journey("web1", LOG, CurrentState("stopped", None, "SHUTOFF")))


def test_text_lists_the_path():
    drawn = text.draw(STOPPED)
    assert drawn.startswith(
        "web1 is SHUTOFF.\nIts path:\n   1  create: (new) → BUILD\n   2  create: BUILD → ACTIVE\n"
        "   3  stop: ACTIVE → SHUTOFF\n   4  start: SHUTOFF → ACTIVE\n   5  stop: ACTIVE → SHUTOFF\n"
    )
    assert "SHUTOFF  ◀ web1\n" in drawn
    assert "stop (steps 3 and 5), evacuate! (admin)" in drawn


def test_mermaid_and_dot_mark_the_path():
    assert "class SHUTOFF here" in mermaid.draw(STOPPED)
    assert "web1 is SHUTOFF" in mermaid.draw(STOPPED)
    lines = dot.draw(STOPPED).splitlines()
    thick = {line.split(" [")[0].strip() for line in lines if "penwidth" in line}
    way = {'"-" -> "BUILD"', '"BUILD" -> "ACTIVE"', '"ACTIVE" -> "SHUTOFF"', '"SHUTOFF" -> "ACTIVE"'}
    assert thick == {'"SHUTOFF"', *way}


def test_svg_marks_the_path():
    drawn = svg.draw(STOPPED)
    assert drawn.count('class="line path"') == 4
    assert 'class="box idle here"' in drawn
    assert ">The life of web1</text>" in drawn
    assert ">3·5</text>" in drawn


def test_svg_draws_the_running_action_dotted():
    def ahead(*log: str) -> int:
        found = trace_journey(
            "web1", [LogEntry(name) for name in log], CurrentState("active", "powering-off", "ACTIVE")
        )
        return svg.draw(select_chart()._replace(journey=found)).count('class="line path ahead"')

    assert ahead("create", "stop") == 1
    assert ahead("create", "stop", "start", "stop") == 0  # it has been there before


@each_case(
    "vm_state",
    """
    active building deleted error paused rescued resized shelved shelved_offloaded soft-delete stopped suspended
""".split(),
)
def test_a_name_is_pinned_to_every_status(vm_state):
    drawn = svg.draw(
        select_chart()._replace(journey=trace_journey("a-long-name-of-a-server", [], CurrentState(vm_state, None, "?")))
    )
    assert 'class="pin"' in drawn and "a-long-name-of-a-…" in drawn
