"""What a learner is told: help, progress, servers with the same name, several goals at once."""

from __future__ import annotations

from tests.cli.lessons.test_course import in_lesson, place


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
    hints = [learner("lesson hint power").stdout for _ in range(4)]
    assert "2 servers are named web1. Delete those that you do not need, by ID" in hints[-1]


def test_lessons_are_proven_by_name_too(learner):
    assert "proven" in learner("lesson prove power").stdout


def test_settings_come_with_the_way_out(learner):
    assert "To leave the lesson, unset NOVASIM_CLOUD and NOVASIM_LESSON." in learner("lesson start power").stderr


def test_exit_from_a_shell_in_a_shell_says_where_it_leads(learner, monkeypatch):
    from novasim.cli.lessons.starting import _describe_exit

    assert place(learner, "power")
    monkeypatch.setenv("NOVASIM_LESSON", "power")
    assert _describe_exit() == "To return to the shell of the lesson power: exit"
