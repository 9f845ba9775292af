"""What a learner is told: help, progress, servers with the same name, several goals at once."""

from __future__ import annotations

from tests.cli.lessons.test_course import in_lesson, place, solve


def test_subcommands_have_the_short_help_option(learner):
    assert learner("lesson start -h").stdout.startswith("Usage: ")


def test_list_shows_the_state_of_each_lesson(learner):
    learner("lesson start power")
    in_lesson(learner, "power", "novasim stop web1 --wait")
    in_lesson(learner, "power", "novasim stop web1")
    in_lesson(learner, "power", "novasim start web1 --wait")
    learner("lesson start reboot")
    states = {each["name"]: each["state"] for each in learner.json("lesson list")}
    assert (states["power"], states["reboot"], states["quota"]) == ("solved", "started", None)


def test_hint_names_servers_that_cannot_be_told_apart(learner):
    learner("lesson start power")
    in_lesson(learner, "power", "novasim create web1 --flavor m1.tiny --image cirros --wait")
    hints = [learner("lesson hint power").stdout for _ in range(3)]
    second = learner.json(f"--cloud {place(learner, 'power')} list")[0]["id"]
    assert hints[-1] == f"2 servers are named web1. Next: novasim delete {second} --wait\n(3 more after it)\n"


def test_lessons_are_proven_by_name_too(learner):
    assert "proven" in learner("lesson prove power").stdout


def test_settings_come_with_the_way_out(learner):
    assert "To leave it, unset NOVASIM_CLOUD and NOVASIM_LESSON." in learner("lesson start power").stderr


def test_show_without_a_name_shows_the_open_lesson(learner):
    learner("lesson start power")
    assert learner("lesson show").stdout.startswith("# Off and on\n")


def test_start_shows_which_goals_are_done(learner):
    said = learner("lesson start power").stderr
    assert "Lesson 2 of 26, about 4 minutes." in said
    assert "[x] 1. web1 is running\n[ ] 2. web1 was stopped and started" in said


def test_check_is_followed_by_the_end_of_the_lesson_once(learner, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    solve(learner, "power")
    first, second = learner("lesson"), learner("lesson")
    assert "Solved. You needed 3 commands" in first.stderr
    assert "Solved" not in second.output and second.stdout.endswith("Continue with: novasim lesson next\n")


def test_goal_that_only_needs_time_is_reported_with_the_command_to_wait(learner):
    learner("lesson start busy")
    for line in ("stop web1", "clock advance 10s"):
        learner(f"--cloud {place(learner, 'busy')} {line}")
    said = in_lesson(learner, "busy", "novasim start web1", "manual").stderr
    assert "[.] Not yet: web1 is running and not busy\n    web1 is busy (powering-on), " in said
    assert said.endswith(" s more: novasim clock advance --until web1=idle\n")
    assert "[.]" not in in_lesson(learner, "busy", "novasim reboot web1", "manual").stderr  # only once


def test_next_continues_after_the_present_lesson_and_comes_back_to_those_left_out(learner, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    learner("lesson start copies")
    assert "NOVASIM_LESSON=copies" in learner("lesson next").stdout
    solve(learner, "monday")
    learner("lesson check")
    assert "NOVASIM_LESSON=first-server" in learner("lesson next").stdout


def test_lesson_that_is_repeated_stays_solved(learner, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    solve(learner, "first-server")
    learner("lesson check")
    again = learner("lesson start first-server").stderr
    assert "You have solved this lesson. It begins again." in again and "[ ] 1. web1" in again
    assert learner.json("lesson list")[0]["state"] == "solved"
    assert "NOVASIM_LESSON=power" in learner("lesson next").stdout
