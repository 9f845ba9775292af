"""The format of lessons: what is read, and the line number of each mistake."""

from __future__ import annotations

import pytest

from novasim.devtools.lesson_page import EXAMPLE
from novasim.teach.lessons import checks
from novasim.teach.lessons.checks import Condition, parse_check
from novasim.teach.lessons.errors import LessonError
from tests import each_case
from tests.teach.lessons.conftest import parse


def change(number: int, line: str | None) -> str:
    """The example with another line, or without it."""
    lines = EXAMPLE.splitlines()
    lines[number - 1 : number] = [] if line is None else [line]
    return "\n".join(lines)


def test_example_is_read():
    lesson = parse(EXAMPLE, "folder/02-power.md")
    assert (lesson.name, lesson.number, lesson.title, lesson.minutes, lesson.clock) == (
        "power",
        2,
        "Off and on",
        4,
        "real",
    )
    assert [goal.number for goal in lesson.goals] == [16, 18]
    assert [command.words for command in lesson.solution] == [("stop", "web1", "--wait"), ("stop", "web1")]
    assert [(way.name, way.still_open) for way in lesson.wrong_ways] == [
        ("stopped it once", frozenset({2})),
        ("started it again", frozenset({1})),
    ]


@each_case(
    ("number", "line", "reason"),
    [
        (1, "Off and on", "The first line has to be the title"),
        (3, "- minute: 4", "There is no field 'minute'. Did you mean minutes?"),
        (3, "- minutes: many", "'minutes' is a whole number"),
        (3, "- clock: instant", "'clock' is real or manual"),
        (5, "## Wold", "'## Wold' is not a heading of a lesson. Did you mean World?"),
        (7, "    novasim crate web1", "There is no command 'crate'"),
        (7, "    novasim create web1 'web2", "A quotation mark is missing"),
        (7, "    rm web1", "A command line begins with novasim"),
        (7, "    novasim create web1 | sh", "Lessons have no shell"),
        (7, "    novasim create web1; novasim list", "Lessons have no shell"),
        (7, "    novasim create $HOME", "Lessons have no shell"),
        (7, "    novasim create web1\0", "A command line has no control characters"),
        (7, "    novasim create $(novasim list)\0", "A command line has no control characters"),
        (7, "    novasim create $(rm web1)", "A command line begins with novasim"),
        (7, "    novasim create $(novasim serve)", "Lessons do not have the command serve"),
        (7, "    novasim serve", "Lessons do not have the command serve"),
        (7, "    novasim cloud init", "Lessons do not have the command cloud"),
        (7, "    novasim --cloud other.json list", "Before the command, lessons have only --as and --api-version"),
        (7, "    novasim clock set real", "lessons have only show and advance"),
        (7, "    novasim create web1 --user-data /etc/passwd", "'/etc/passwd' is outside the folder"),
        (7, "    novasim create web1 --user-data=../secret", "is outside the folder"),
        (7, "    novasim create web1 --file /etc/motd=~/secret", "is outside the folder"),
        (7, "    novasim", "The name of a command is missing"),
        (7, "novasim list", "Below 'World' every line is a command"),
        (15, "web1 is off", "A goal is a sentence that begins with '- '"),
        (15, "- web1 is off\n  web1 status=SHUTOFF", "has to be its check, between backticks"),
        (16, "  `web1 statu=SHUTOFF`", "There is no key 'statu'. Did you mean status?"),
        (16, "  `web1 status=OFF`", "There is no status or task_state 'OFF'"),
        (18, "  `refused web1 stop 200`", "200 is not the HTTP code of a refusal"),
        (18, "  `refused web1 halt 409`", "There is no action 'halt'"),
        (18, "  `refused web1 stop`", "The form of this check is: refused SERVER ACTION CODE [in STATUS]"),
        (22, "    ! novasim stop web1", "Only a command of the world may begin with '! '"),
        (29, "Open then: 3", "numbers of goals, from 1 to 2"),
        (25, "## Solution", "There are two sections 'Solution'"),
    ],
)
def test_mistake_is_reported_with_its_line(number, line, reason):
    with pytest.raises(LessonError) as error:
        parse(change(number, line))
    assert error.value.number == number
    assert reason in error.value.reason
    assert error.value.exit_code == 6


def test_missing_sections_are_named():
    with pytest.raises(LessonError, match="The section '## Goals' is missing"):
        parse("# Title\n\n## Task\n\nDo it.\n\n## Solution\n\n    novasim list\n")
    with pytest.raises(LessonError, match="A wrong way ends with 'Open then: '"):
        parse(change(29, None))


def test_paths_of_requests_and_devices_are_allowed():
    for line in (
        "novasim request GET /servers/detail",
        "novasim attach-volume web1 data --device /dev/vdc",
        "novasim subnet create s --network private --subnet-range 192.0.2.0/24",
        "novasim delete $(novasim list -q)",
    ):
        assert parse(change(7, f"    {line}")).world[0].line == line


@each_case(
    ("text", "check"),
    [
        (
            "web1 status=ACTIVE|SHUTOFF host!=",
            checks.ServerIs("web1", (Condition("status", ("ACTIVE", "SHUTOFF")), Condition("host", ("",), True))),
        ),
        ("gone web1", checks.ServerGone("web1")),
        ("image golden", checks.ImageExists("golden", False)),
        ("image golden absent", checks.ImageExists("golden", True)),
        ("volume data status=available", checks.VolumeIs("data", (Condition("status", ("available",)),))),
        ("host host1 servers=0", checks.HostIs("host1", (Condition("servers", ("0",)),))),
        ("count servers status=ACTIVE >= 3", checks.ServerCount((Condition("status", ("ACTIVE",)),), ">=", 3)),
        ("count moves >= 6", checks.MoveCount(">=", 6)),
        ("count servers = 0", checks.ServerCount((), "=", 0)),
        ("refused web1 stop 409 in VERIFY_RESIZE", checks.Refused("web1", "stop", 409, "VERIFY_RESIZE")),
        ("refused web1 start 409 in powering-off", checks.Refused("web1", "start", 409, "powering-off")),
        ("done web1 resize revert-resize", checks.Done("web1", ("resize", "revert-resize"))),
        ("never web1 reset-state", checks.Never("web1", ("reset-state",))),
        (
            'web1 locked_reason="two words" metadata.role=db',
            checks.ServerIs("web1", (Condition("locked_reason", ("two words",)), Condition("metadata.role", ("db",)))),
        ),
    ],
)
def test_forms_of_checks(text, check):
    assert parse_check(text) == check
