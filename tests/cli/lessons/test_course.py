"""Taking lessons: start, check, hints, feedback, reset, next; and what happens to the learner's own cloud."""

from __future__ import annotations

import json
import os
import re
from hashlib import sha256
from pathlib import Path

from click.testing import CliRunner, Result

from novasim.cli.lessons import workplace
from novasim.cli.main import cli
from novasim.filelock import lock_file
from novasim.teach.lessons.proofs import seed_for
from tests.teach.lessons.conftest import LESSONS


def place(learner, lesson: str) -> Path:
    return Path(learner.path.parent, "data/novasim/lessons/ann", lesson, "cloud.json")


def in_lesson(learner, lesson: str, line: str, clock: str = "instant") -> Result:
    """Run a command as in the shell of a lesson. With the default clock, every task ends at once."""
    settings = {"NOVASIM_LESSON": lesson, "NOVASIM_CLOUD": str(place(learner, lesson)), "NOVASIM_CLOCK": clock}
    return CliRunner(env=settings).invoke(cli, line.split()[1:])


def solve(learner, name: str) -> None:
    """Start a lesson, and play its solution so that every task ends at once."""
    learner(f"lesson start {name}")
    for command in LESSONS[name].solution:
        words = command.line.removeprefix("novasim ")
        learner.run(f"--cloud {place(learner, name)} {words}")


def states(learner, lesson: str, code: int) -> list[str]:
    return [goal["state"] for goal in json.loads(learner(f"lesson check {lesson} -f json", code).stdout)]


def test_start_prints_settings_for_a_shell(learner, monkeypatch):
    monkeypatch.setenv("OS_CLOUD", "real")
    done = learner("lesson start power --shell bash")
    lines = done.stdout.splitlines()
    assert "unset OS_CLOUD;" in lines and "unset NOVASIM_CLOUD;" not in lines
    assert f"export NOVASIM_CLOUD={place(learner, 'power')};" in lines
    assert "export NOVASIM_LESSON=power;" in lines
    assert "Stop web1." in done.stderr
    assert "set -gx NOVASIM_LESSON power;" in learner("lesson start power --shell fish").stdout
    assert "$env:NOVASIM_LESSON = 'power'" in learner("lesson start power --shell powershell").stdout


def test_check_says_done_not_yet_and_open(learner):
    learner("lesson start power")
    cloud = f"--cloud {place(learner, 'power')}"
    assert states(learner, "power", 11) == ["done", "open", "open"]
    learner(f"{cloud} clock set manual")
    learner(f"{cloud} stop web1")
    learner(f"{cloud} clock advance 5s")
    learner(f"{cloud} stop web1", 4)
    learner(f"{cloud} start web1")
    assert states(learner, "power", 7) == ["not yet", "done", "done"]
    assert "web1 is busy (powering-on)" in learner("lesson check power", 7).stdout
    learner(f"{cloud} clock advance 5s")
    assert states(learner, "power", 0) == ["done", "done", "done"]


def test_commands_end_with_the_goals_that_have_changed(learner):
    learner("lesson start power")
    assert in_lesson(learner, "power", "novasim stop web1 --wait").stderr == "[ ] Open again: web1 is running\n"
    refused = in_lesson(learner, "power", "novasim stop web1")
    assert refused.exit_code == 4
    assert refused.stderr.endswith("[x] 1 of 3 goals done: Nova has refused to stop a server that is off\n")
    last = in_lesson(learner, "power", "novasim start web1 --wait").stderr
    assert "[x] 2 of 3 goals done: web1 is running\n[x] 3 of 3 goals done: web1 was stopped" in last
    assert "Solved. You needed 3 commands; the author needed 3." in last
    assert (place(learner, "power").parent / "prompt").read_text() == "(power 3/3)"


def test_broken_goal_says_so_at_once(learner):
    learner("lesson start reboot")
    done = in_lesson(learner, "reboot", "novasim stop web1 --wait")
    assert "[!] Lost: web1 was not switched off\n    stop of web1 was accepted" in done.stderr
    assert "To take it back: novasim undo" in done.stderr
    assert states(learner, "reboot", 11)[1] == "broken"
    hint = learner("lesson hint reboot").stdout
    assert hint.startswith("A goal is lost.\n") and "novasim undo\n" in hint and "lesson reset" in hint
    in_lesson(learner, "reboot", "novasim start web1 --wait")
    in_lesson(learner, "reboot", "novasim --as admin unlock web2")
    hint = learner("lesson hint reboot").stdout
    assert "To take it back, and what you have done since: novasim undo 3 --all\n" in hint
    in_lesson(learner, "reboot", "novasim undo 3 --all")
    assert states(learner, "reboot", 11)[1] == "done"
    in_lesson(learner, "reboot", "novasim stop web1 --wait")
    learner("lesson reset reboot")
    assert states(learner, "reboot", 11)[1] == "done"


def test_hints_are_written_ones_then_the_next_command(learner):
    learner("lesson start power")
    assert learner("lesson hint").stdout.startswith("Hint 1 of 2: ")
    assert learner("lesson hint").stdout.startswith("Hint 2 of 2: ")
    assert learner("lesson hint").stdout == "Next: novasim stop web1 --wait\n(2 more after it)\n"
    assert learner("lesson solution").stdout.splitlines()[0] == "novasim stop web1 --wait"


def test_progress_is_changed_by_one_command_at_a_time(learner, monkeypatch):
    learner("lesson start power")
    monkeypatch.setattr(workplace, "LOCK_TIMEOUT", 0.0)
    with lock_file(os.path.join(workplace.home(), "lock"), 0.0, bool):
        assert "is locked by process" in learner("lesson hint", 2).stderr
    assert learner("lesson hint").stdout.startswith("Hint 1 of 2: ")


def test_next_starts_the_first_lesson_that_is_not_solved(learner):
    assert "NOVASIM_LESSON=first-server" in learner("lesson next").stdout
    for command in LESSONS["first-server"].solution:
        in_lesson(learner, "first-server", command.line)
    assert states(learner, "first-server", 0) == ["done", "done"]
    assert "NOVASIM_LESSON=power" in learner("lesson next").stdout


def test_next_notices_that_the_last_task_has_ended(learner):
    learner("lesson start power")
    for line in ("clock set manual", "stop web1", "clock advance 5s", "stop web1", "start web1"):
        learner.run(f"--cloud {place(learner, 'power')} {line}")
    learner(f"--cloud {place(learner, 'power')} clock advance 5s")  # outside the shell of the lesson
    after = learner("lesson next")
    assert "NOVASIM_LESSON=busy" in after.stdout
    assert "Solved. You needed 6 commands" in after.stderr and "Continue with" not in after.stderr


def test_lesson_of_the_learner_is_told_from_that_of_a_class(learner, monkeypatch):
    assert "This is a lesson" not in learner("lesson start power").stderr
    monkeypatch.setenv("NOVASIM_CLOUD", "http://127.0.0.1:1/bob")
    said = CliRunner().invoke(cli, ["lesson", "start", "power"]).stderr
    assert "This is a lesson of your own, not that of http://127.0.0.1:1/bob.\n" in said


def test_next_says_how_to_skip_a_lesson(learner):
    assert "To skip" not in learner("lesson next").stderr
    assert learner("lesson next").stderr.endswith("\nTo skip this lesson: novasim lesson start power\n")
    assert "To skip" not in learner("lesson start first-server").stderr


def test_without_a_lesson_the_first_one_is_named(learner):
    assert "novasim lesson start first-server" in learner("lesson", 3).stderr
    assert "novasim lesson start power" in learner("lesson check power", 2).stderr


def test_learners_do_not_collide(learner, monkeypatch):
    learner("lesson start power")
    monkeypatch.setenv("NOVASIM_LEARNER", "bob/../ann")
    learner("lesson start power")
    monkeypatch.setenv("NOVASIM_LEARNER", "bob_.._ann")
    learner("lesson check power", 2)
    folders = sorted(os.listdir(place(learner, "power").parent.parent.parent))
    assert folders == ["ann", f"bob_.._ann-{sha256(b'bob/../ann').hexdigest()[:8]}"]
    assert seed_for("ann", "power") != seed_for("bob", "power")


def test_own_cloud_is_not_touched(learner):
    learner("clock set instant")  # a server saves what is due later
    learner("create own --flavor m1.tiny --image cirros")
    before = learner.path.read_bytes()
    for name in ("power", "locks"):
        learner(f"lesson start {name}")
        for command in LESSONS[name].solution:
            in_lesson(learner, name, re.sub('"[^"]*"', "why", command.line))
        assert states(learner, name, 0)
        learner(f"lesson reset {name}")
    assert learner.path.read_bytes() == before


def test_lessons_of_a_folder_come_after_the_others(learner, tmp_path, monkeypatch):
    from novasim.devtools.lesson_page import EXAMPLE

    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "40-mine.md").write_text(EXAMPLE)
    (tmp_path / "extra" / "README.md").write_text("Lessons of our course.")
    monkeypatch.setenv("NOVASIM_LESSONS", str(tmp_path / "extra"))
    assert learner("lesson list -q").stdout.split()[-1] == "mine"
    (tmp_path / "extra" / "40-mine.md").write_text("no title")
    assert "40-mine.md:1: The first line has to be the title" in learner("lesson list", 6).stderr


def test_prove_reports_files_and_lines(learner, tmp_path):
    from novasim.devtools.lesson_page import EXAMPLE

    good, bad, worse = tmp_path / "good.md", tmp_path / "bad.md", tmp_path / "worse.md"
    good.write_text(EXAMPLE)
    bad.write_text(EXAMPLE.replace("Open then: 2", "Open then: 1"))
    worse.write_text(EXAMPLE.replace("## World", "## Worlds"))
    assert learner(f"lesson prove {good}").stdout == f"{good}: proven (2 goals, 2 wrong ways)\n"
    assert f"{bad}:25: 'stopped it once' leaves open goal 2" in learner(f"lesson prove {bad}", 11).stderr
    assert f"{worse}:5: '## Worlds'" in learner(f"lesson prove {worse} {good}", 6).stderr


def test_hand_out_is_a_page_without_the_solution(learner):
    page = learner("lesson show resize -f html").stdout
    assert page.startswith("<!DOCTYPE html>") and "<code>novasim lesson start resize</code>" in page
    assert "confirm-resize web1 web3" not in page
    assert "http" not in page


def test_mistake_in_another_lesson_does_not_disturb_an_open_one(learner, tmp_path, monkeypatch):
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "40-mine.md").write_text("no title")
    monkeypatch.setenv("NOVASIM_LESSONS", str(tmp_path / "extra"))
    assert "NOVASIM_LESSON=power" in learner("lesson start power").stdout
    assert "40-mine.md:1: The first line has to be the title" in learner("lesson start mine", 6).stderr
