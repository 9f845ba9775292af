"""Recording a lesson: from commands to a file that is proven."""

from __future__ import annotations

from pathlib import Path

TYPED = """\
create web1 web2 --flavor m1.tiny --image cirros --wait
mark start
resize web1 --flavor m1.small --wait
novasim stop web1
confirm-resize web1 --wait
delete web2 --wait
mark solution
resize web1 --flavor m1.small --wait
delete web2 --wait
mark wrong "forgot to confirm"
resize web1 --flavor m1.small --wait
stop web1
revert-resize web1 --wait
mark wrong went back and kept web2
end
"""


def test_file_is_written_and_proven(learner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("40-mine.md")
    done = learner(f"lesson record {file}", input=TYPED)
    assert "2 wrong ways" in done.stdout
    text = file.read_text()
    assert "- web1: flavor is m1.small, host is host" in text
    assert "`gone web2`" in text
    assert "`refused web1 stop 409 in VERIFY_RESIZE`" in text
    assert "`done web1 resize confirm-resize`" in text
    assert "## Wrong: forgot to confirm" in text
    assert "TODO" in text
    assert learner(f"lesson prove {file}").stdout.endswith("wrong ways)\n")


def test_wrong_ways_are_found_if_none_was_played(learner, tmp_path):
    file = tmp_path / "mine.md"
    typed = TYPED[: TYPED.index("mark solution")]
    assert "proven" in learner(f"lesson record {file}", input=typed).stdout
    assert "## Wrong: " in file.read_text()


def test_mistakes_are_reported_and_recording_goes_on(learner, tmp_path):
    file = tmp_path / "mine.md"
    typed = "crate web1\nmark solution\nmark nothing\nserve\n" + TYPED
    done = learner(f"lesson record {file}", input=typed)
    for message in (
        "There is no command 'crate'",
        "First mark the start",
        "There are these marks",
        "have the command serve",
    ):
        assert message in done.stderr


def test_nothing_is_written_without_a_solution(learner, tmp_path):
    file = tmp_path / "mine.md"
    assert "There is no solution" in learner(f"lesson record {file}", 2, input="create web1\n").stderr
    assert not file.exists()
    file.write_text("mine")
    assert "exists" in learner(f"lesson record {file}", 2, input=TYPED).stderr
    assert file.read_text() == "mine"


def test_commands_that_only_read_and_those_taken_back_are_not_recorded(learner, tmp_path):
    file = tmp_path / "mine.md"
    typed = TYPED.replace("mark start\n", "delete web1\nundo\nundo now\nlist\nmark start\nundo\nlist\n", 1)
    typed = typed.replace("mark solution\n", "show web1\ndelete web1\nundo\nmark solution\n", 1)
    done = learner(f"lesson record {file}", input=typed)
    assert done.stderr.count("Taken back: novasim delete web1\n") == 2
    assert "This part has no command that can be taken back." in done.stderr
    assert "proven (5 goals, 2 wrong ways)" in done.stdout
    text = file.read_text()
    assert not any(word in text for word in ("novasim delete web1", "novasim list", "novasim show", "undo"))


def test_wrong_ways_for_goals_that_no_played_one_leaves_open_are_found(learner, tmp_path):
    file = tmp_path / "mine.md"
    forgotten = TYPED[TYPED.index("mark solution\n") : TYPED.index('mark wrong "forgot')]
    typed = TYPED.replace(forgotten, "mark solution\n").replace('mark wrong "forgot to confirm"\n', "")
    learner(f"lesson record {file}", input=typed)
    assert file.read_text().count("## Wrong: ") > 1
    assert "proven" in learner(f"lesson prove {file}").stdout


def test_folder_is_checked_before_the_recording(learner, tmp_path):
    assert "There is no folder" in learner(f"lesson record {tmp_path}/none/mine.md", 2, input=TYPED).stderr
