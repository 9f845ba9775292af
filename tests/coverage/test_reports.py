"""Reports on coverage in HTML and in the format of JUnit."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest

from novasim.teach.coverage.formats import FORMATS, choose_format

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def walk(recorded):
    """A server that was stopped, started and paused."""
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    server.stop()
    server.start()
    server.pause()
    return recorded


def write(recorded, fmt: str) -> str:
    out = io.StringIO()
    FORMATS[fmt](recorded.coverage(), out)
    return out.getvalue()


def read_labels(page: str) -> dict[str, set[tuple[str, str]]]:
    """The classes and commands of the labels in the picture, by action."""
    picture = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + len("</svg>")])
    labels: dict[str, set[tuple[str, str]]] = {}
    for group in picture.iter(f"{SVG}g"):
        text, title = group.find(f"{SVG}text"), group.findtext(f"{SVG}title")
        labels.setdefault(str(text.text), set()).add((str(text.get("class")).split()[-1], str(title)))
    return labels


def test_html_shows_what_was_met_and_the_command_of_each_arrow(walk):
    labels = read_labels(write(walk, "html"))
    assert labels["pause"] == {("met", "novasim pause web1")}
    assert labels["start"] == {("met", "novasim start web1")}
    assert labels["stop"] == {("met", "novasim stop web1"), ("unmet", "novasim stop web1")}  # from ERROR
    assert labels["suspend"] == {("unmet", "novasim suspend web1")}
    assert ("unmet", "novasim --as admin reset-state web1 --state error") in labels["reset-state"]


def test_html_needs_no_network(walk):
    page = write(walk, "html")
    assert re.findall(r'(?:src|href)\s*=|https?://(?!www\.w3\.org/2000/svg")|<script', page) == []
    assert "Moves from status to status: 5 of 45; of what you use: 5 of 5" in page
    assert "no caller with the role admin" in page


def test_the_picture_without_coverage_is_unchanged():
    from novasim.teach.graph.selection import select_chart
    from novasim.teach.graph.svg import draw

    assert "unmet" not in draw(select_chart())


def test_junit_fails_what_is_missing_and_skips_the_rest(walk):
    root = ElementTree.fromstring(write(walk, "junit"))
    suites = {suite.get("name"): suite for suite in root}
    coverage = walk.coverage()
    for name, suite in suites.items():
        share, used = coverage.share(str(name)), coverage.share(f"{name}.used")
        found = [int(str(suite.get(key))) for key in ("tests", "failures", "skipped")]
        assert found == [share.total, used.total - used.met, share.total - used.total]
        assert found == [len(suite), len(list(suite.iter("failure"))), len(list(suite.iter("skipped")))]
    assert len(suites) == 10


@pytest.mark.parametrize(
    ("file", "fmt"), [("a.html", "html"), ("a.JSON", "json"), ("a.xml", "junit"), ("a.txt", "table"), ("-", "table")]
)
def test_the_name_of_a_file_decides_the_format(file, fmt):
    assert choose_format(file) == fmt
