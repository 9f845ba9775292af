"""The command report: one page with everything, which loads nothing and in which names are only text."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

HOSTILE = '<img src=x onerror="alert(1)">'


class Page(HTMLParser):
    """The elements of a page with their attributes, its text, and the rows of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append("")
        self.handle_data(" ")

    def handle_data(self, data):
        self.text += data
        if self.rows:
            self.rows[-1] += data

    def row(self, words: str) -> str:
        (found,) = (row for row in (" ".join(row.split()) for row in self.rows) if words in row)
        return found


@pytest.fixture
def report(user, tmp_path):
    def write() -> str:
        path = Path(tmp_path, "report.html")
        user(f"report -o {path} --force")
        return path.read_text()

    return write


def test_the_page_has_the_whole_story(user, report):
    user("record start")
    user.create("web1")
    user.create("web2")
    user("--as admin create ops --flavor m1.tiny --image cirros --network private")
    user("stop web1")
    user("pause web1", code=4)
    user("--as admin lock web2 --reason audit")
    user("--as admin delete ops")
    user("--as admin host set host3 --down")
    page = Page(report())
    assert "host" in page.row("web1 demo SHUTOFF")
    assert "locked (audit)" in page.row("web2 demo ACTIVE")
    assert page.row("ops admin DELETED")
    refusal = page.row("demo pause web1 409")
    assert "while it is in vm_state stopped" in refusal
    assert " of 64 " in page.row("host3 down")
    assert page.row("demo 2 of 10 2 of 20 1024 of 51200")
    assert "of 45 moves" in page.text
    titles = re.findall(r"<title>(.*?)</title>", report())
    assert {"web1 of demo: SHUTOFF", "web2 of demo: ACTIVE", "ops of admin: DELETED"} <= set(titles)
    assert any("pause: 409. Cannot 'pause' instance" in title for title in map(unescape, titles))


def test_an_empty_cloud_without_a_record(user, report):
    page = Page(report())
    assert "There are no servers." in page.text
    assert "Nothing has happened in this cloud yet." in page.text
    assert page.text.count("novasim record start") == 2


def test_the_same_cloud_gives_the_same_bytes(user, report, monkeypatch):
    user("record start")
    user.create("web1")
    user("--as admin config set duration.hard-reboot 1h")  # it does not end between the two reports
    monkeypatch.setenv("NOVASIM_CLOCK", "real")
    user("reboot web1 --hard")
    before = user.path.read_bytes()
    assert report() == report()
    assert user.path.read_bytes() == before


def test_hostile_names_are_only_text_and_nothing_is_loaded(user, report):
    user("record start")
    user(f"create '{HOSTILE}' --flavor m1.tiny --image cirros --network private")
    ids = user("list -q").stdout.split()
    user(f"start {ids[0]}", code=4)
    text = report()
    page = Page(text)
    assert HOSTILE in page.text
    names = {name for name, _ in page.elements}
    assert not names & {"img", "script", "link", "iframe", "object", "base", "form"}
    attributes = {key for _, found in page.elements for key in found}
    assert not {key for key in attributes if key.startswith("on") or key in ("src", "style")}
    assert all(found.get("href", "#")[0] == "#" for _, found in page.elements)
    assert re.findall(r"(?:https?:)?//[a-z0-9.]+", text) == ["http://www.w3.org"]
    assert "default-src 'none'; style-src 'sha256-" in text
    assert "unsafe" not in text


def test_a_file_is_replaced_only_on_request(user, tmp_path):
    path = Path(tmp_path, "report.html")
    path.write_text("mine")
    assert "--force" in user(f"report -o {path}", code=2).stderr
    assert "belongs to this cloud" in user(f"report -o {user.path} --force", code=2).stderr
    assert path.read_text() == "mine"
    assert user("report -o -").stdout.startswith("<!DOCTYPE html>")


def test_refusals_of_an_earlier_cloud_at_the_same_path_are_left_out(user, report):
    user("record start")
    user.create("old")
    user("pause old")
    user("pause old", code=4)
    user.path.unlink()
    user.create("new")
    user("unpause new", code=4)
    page = Page(report())
    page.row("unpause new")
    assert "pause old" not in " ".join(page.text.split())
