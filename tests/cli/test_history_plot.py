"""history --plot: the actions of a server as bars."""

from __future__ import annotations


def test_plot_has_a_row_for_each_action(user):
    user("clock set real")
    user.create("web1")
    user("stop web1 --wait")
    lines = user("history web1 --plot").stdout.splitlines()
    assert [line.split()[1] for line in lines] == ["create", "stop"]
    assert all("█" in line or "#" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)


def test_plot_shows_refusals_of_the_record(user):
    user.create("web1")
    assert "Refusals are kept only in a record" in user("history web1 --plot --refusals", code=2).stderr
    user("record start")
    user("start web1", code=4)
    last = user("history web1 --plot --refusals").stdout.splitlines()[-1]
    assert last.split()[1] == "start"
    assert last.endswith("409")


def test_plot_is_text(user):
    user.create("web1")
    assert "--plot draws text" in user("history web1 --plot -f json", code=2).stderr
