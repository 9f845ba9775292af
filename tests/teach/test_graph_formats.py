"""All formats name the same actions and statuses, and each is valid."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from itertools import count

import pytest

from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import STATUSES
from novasim.teach.graph import dot, mermaid, svg, text
from novasim.teach.graph.edges import resting_statuses
from novasim.teach.graph.selection import select_chart
from tests import each_case

DRAWN = {"text": text.draw, "mermaid": mermaid.draw, "dot": dot.draw, "svg": svg.draw}
WORD = r"(?<![\w-]){}(?![\w-])"
SVG = "{http://www.w3.org/2000/svg}"


def words_in(drawn: str, words: list[str]) -> set[str]:
    return {word for word in words if re.search(WORD.format(re.escape(word)), drawn.replace("\\n", "\n"))}


@pytest.mark.parametrize("form", DRAWN)
def test_every_action_and_every_status_is_named(form):
    drawn = DRAWN[form](select_chart())
    if form == "svg":  # what can be read in the picture, not what is told of it
        drawn = "\n".join(each.text or "" for each in ET.fromstring(drawn).iter(f"{SVG}text"))
    assert words_in(drawn, list(ACTIONS)) == set(ACTIONS)
    assert words_in(drawn, list(resting_statuses())) == set(resting_statuses())


@each_case("form", ["text", "mermaid", "dot"])
@each_case("around", sorted(STATUSES))
def test_formats_agree_around_every_status(form, around):
    chosen = select_chart(around)
    drawn = DRAWN[form](chosen)
    assert words_in(drawn, list(ACTIONS)) == {edge.action for edge in chosen.edges}
    assert around in drawn or around not in resting_statuses()


@pytest.mark.parametrize(
    ("around", "expected", "absent"),
    [
        ("SUSPENDED", "suspend resume hard-reboot shelve create-image delete reset-state", "pause start lock restore"),
        ("RESIZE", "resize migrate", "delete confirm-resize reset-state"),
        ("PASSWORD", "change-password", "delete reboot"),
        ("DELETED", "delete force-delete", "reset-state restore"),
        ("soft_deleted", "delete restore attach-volume force-delete", "shelve"),
    ],
)
def test_around_a_status(around, expected, absent):
    names = {edge.action for edge in select_chart(around).edges}
    assert names >= set(expected.split())
    assert not names & set(absent.split())


def test_the_picture_describes_the_selection():
    assert ">Only pause to, from and through PAUSED.<" in svg.draw(select_chart("paused", ["pause"]))
    assert ">Only 6 actions.<" in svg.draw(select_chart(actions=list(ACTIONS)[:6]))


def test_selected_actions():
    assert {edge.action for edge in select_chart(actions=["resize", "confirmResize"]).edges} == {
        "resize",
        "confirm-resize",
    }
    assert "PAUSED" not in text.draw(select_chart(actions=["resize"]))


@pytest.mark.parametrize(
    ("around", "actions", "message"),
    [
        ("PAUSE", [], "There is no status 'PAUSE'. Did you mean PAUSED?"),
        ("stopped", [], "stopped is a vm_state; its status is SHUTOFF."),
        ("xyzzy", [], "There is no status 'xyzzy'. Choose from: ACTIVE, BUILD, "),
        ("", ["xyzzy"], "There is no action 'xyzzy'. See: novasim explain"),
        ("", ["resise"], "There is no action 'resise'. Did you mean resize"),
        ("PAUSED", ["resize"], "None of these actions leads to, from or through PAUSED: resize."),
    ],
)
def test_an_invalid_selection_is_refused_with_a_suggestion(around, actions, message):
    with pytest.raises(UsageError) as refusal:
        select_chart(around, actions)
    assert str(refusal.value).startswith(message)


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100])
def test_text_keeps_to_its_width(width):
    assert max(map(len, text.draw(select_chart(), width).splitlines())) <= width


def test_each_status_is_a_heading_once():
    heads = [line for line in text.draw(select_chart()).splitlines() if line in resting_statuses()]
    assert len(heads) == len(set(heads)) == len(resting_statuses()) - 1  # nothing leads from DELETED


def test_text_has_an_ascii_form():
    assert text.draw(select_chart()).translate(text.IN_ASCII).isascii()


def test_text_of_three_actions():
    assert (
        text.draw(select_chart(actions=["pause", "unpause", "evacuate"]), 60)
        == """\
ACTIVE
├─▶ SHUTOFF  evacuate! (admin)
├─▶ PAUSED   pause
└── stays    evacuate! (admin)

SHUTOFF
└── stays    evacuate! (admin)

PAUSED
└─▶ ACTIVE   unpause

ERROR
└─▶ ACTIVE   evacuate! (admin)

(manager), (admin): requires that role; ! after a name: a
failure ends in ERROR.
"""
    )


# --- mermaid and dot -------------------------------------------------------------------------------------------------

STATEMENT = re.compile(
    r"%% .+|state \"[\w ]+\" as \w+|(\w+|\[\*\]) --> \w+ : [^:;#]+|note (left|right) of \w+|end note"
    r"|classDef \w+ [\w:#,-]+|class \w+(,\w+)* \w+"
)


@each_case("around", ["", *sorted(STATUSES)])
def test_mermaid_has_only_statements_of_state_diagrams(around):
    first, *lines = mermaid.draw(select_chart(around)).splitlines()
    assert first == "stateDiagram-v2"
    inside = False
    for line in map(str.strip, lines):
        assert (inside and line != "end note") or STATEMENT.fullmatch(line), line
        inside = line.startswith("note ") or (inside and line != "end note")
    assert not inside


def test_mermaid_declares_each_status_that_it_uses():
    drawn = mermaid.draw(select_chart())
    declared = set(re.findall(r'state ".+" as (\w+)', drawn))
    used = {end for pair in re.findall(r"(\S+) --> (\S+)", drawn) for end in pair} - {"[*]"}
    assert used == declared


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("around", ["", "PAUSED", "RESIZE"])
def test_graphviz_reads_dot(around):
    drawn = dot.draw(select_chart(around))
    done = subprocess.run(["dot", "-Tplain"], input=drawn, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    moves = {(edge.source, edge.target) for edge in select_chart(around).edges if not edge.keeps_status}
    assert sum(line.startswith("edge ") for line in done.stdout.splitlines()) == len(moves)


def test_dot_draws_edges_with_a_role_dashed():
    lines = dot.draw(select_chart()).splitlines()
    dashed = {re.findall(r'"([^"]+)"', line)[2] for line in lines if "style=dashed" in line}
    assert dashed == {"reset-state (admin)", "shelve-offload (admin)"}


def test_names_of_servers_are_escaped_in_every_format():
    from novasim.teach.graph.chart import Journey

    name = 'a"b\\<c>&\n--> end note'
    journey = Journey(name, (), "ACTIVE", "ACTIVE")
    chosen = select_chart()._replace(journey=journey)
    ET.fromstring(svg.draw(chosen))
    for form, plain in zip(DRAWN, count(), strict=False):
        assert len(DRAWN[form](chosen).splitlines()) - len(DRAWN[form](select_chart()).splitlines()) < 12, plain
