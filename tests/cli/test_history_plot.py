"""history --plot: the actions of a server as bars."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

SVG = "{http://www.w3.org/2000/svg}"


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


def test_plot_is_text_or_a_picture(user):
    user.create("web1")
    assert "--plot draws text or, with -f svg, a picture" in user("history web1 --plot -f json", code=2).stderr
    assert "-f svg needs --plot" in user("history web1 -f svg", code=2).stderr


def test_the_picture_has_a_row_for_each_action(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("record start")
    user("create '<b>&' --flavor m1.tiny --image cirros --network private")
    user("clock advance 1h")
    user("resize '<b>&' --flavor m1.small")
    user("clock advance 1h")
    user("stop '<b>&'", code=4)
    drawn = user("history '<b>&' --plot -f svg --refusals").stdout
    picture = ET.fromstring(drawn)
    texts = [each.text for each in picture.iter(f"{SVG}text")]
    assert texts[0] == "<b>&"
    assert [text for text in texts if text in ("create", "resize", "stop", "409")] == [
        "create",
        "resize",
        "stop",
        "409",
    ]
    bars = [each for each in picture.iter(f"{SVG}rect") if "box" in each.get("class")]
    assert [float(one.get("x")) + float(one.get("width")) < float(two.get("x")) for one, two in pairwise(bars)] == [
        True
    ]
    assert len(list(picture.iter(f"{SVG}path"))) == 2 + 1 + 2  # idle gaps, and phases of create and resize
    assert drawn == user("history '<b>&' --plot -f svg --refusals").stdout
