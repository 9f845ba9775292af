"""The live page in a real browser: what it shows, and that it stays right."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.browser.measures import MEASURE_CONTRAST, MEASURE_LETTERS
from tests.serve.live.streams import create, novasim
from tests.serve.server_process import ServerProcess, becomes_true

HOSTILE = "<img src=x onerror=alert(1)>"

FOLLOW_MARKER = """() => {
  window.places = new Set();
  const follow = () => {
    const now = document.querySelector("#picture .marker").getAttribute("transform");
    places.add(now);
    requestAnimationFrame(follow);
  };
  follow();
}"""
"""Collect the places of the only marker in `places`."""


def marker(watched, name: str):
    return watched.page.get_by_role("button", name=name)


def open_page(watched, server: ServerProcess, query: str = "") -> None:
    watched.page.goto(f"{server.url}/live{query}")
    watched.page.get_by_text("connected", exact=True).wait_for()
    assert becomes_true(Path(f"{server.path}.record").exists)  # only the record has refusals


def test_a_server_appears_and_moves(live, watched):
    open_page(watched, live)
    create(live, "web1")
    marker(watched, "web1 of demo: ACTIVE").wait_for()
    watched.page.wait_for_timeout(1200)  # until it stands still
    watched.page.evaluate(FOLLOW_MARKER)
    novasim(live, "resize", "web1", "--flavor", "m1.small")
    marker(watched, "web1 of demo: VERIFY_RESIZE").wait_for()
    # It is seen on its way along the arrow; a busy machine draws few pictures.
    assert becomes_true(lambda: watched.page.evaluate("places.size") >= 3)
    novasim(live, "delete", "web1")
    marker(watched, "web1").wait_for(state="detached")
    assert watched.requests == [f"{live.url}/live", f"{live.url}/live/events"]


def test_a_refusal_shows_why_and_marks_the_arrow(live, watched):
    create(live, "web1")
    open_page(watched, live)
    novasim(live, "stop", "web1")
    novasim(live, "pause", "web1", code=4)
    refusal = watched.page.get_by_role("status", name="Last refusal")
    refusal.get_by_text("demo pause web1: 409. web1 is SHUTOFF; pause needs ACTIVE.").wait_for()
    assert watched.page.locator(".wanted").get_attribute("data-edge") == "ACTIVE>PAUSED"
    assert "web1 is SHUTOFF" in watched.page.get_by_role("list", name="What happened").inner_text()


def test_hostile_names_are_only_text(live, watched):
    create(live, HOSTILE, '"><script>alert(1)</script>')
    open_page(watched, live)
    marker(watched, f"{HOSTILE} of demo: ACTIVE").click()
    watched.page.get_by_text("Accepted now").wait_for()
    assert watched.page.locator("img").count() == 0
    assert watched.page.locator("script").count() == 1


def test_clicks_show_commands_and_the_keyboard_works(live, watched):
    create(live, "web1")
    open_page(watched, live)
    marker(watched, "web1 of demo: ACTIVE").focus()
    watched.page.keyboard.press("Enter")
    details = watched.page.get_by_role("region", name="Details")
    details.get_by_text("novasim stop web1", exact=True).wait_for()
    assert details.get_by_text("novasim start web1").count() == 0
    watched.page.keyboard.press("Escape")
    details.wait_for(state="hidden")
    watched.page.get_by_role("button", name="Command of pause").click()
    details.get_by_text("novasim pause SERVER").wait_for()


def test_more_than_twelve_servers_become_a_number(live, watched):
    novasim(live, "--as", "admin", "quota", "set", "demo", "--instances", "20")
    create(live, *(f"web{number}" for number in range(13)))
    open_page(watched, live)
    watched.page.get_by_role("button", name="13 servers are ACTIVE").click()
    details = watched.page.get_by_role("region", name="Details")
    assert details.get_by_role("button", name=re.compile("web")).count() == 13
    novasim(live, "delete", "web12")
    watched.page.locator("#picture").get_by_role("button", name="web3 of demo: ACTIVE").wait_for()


def test_a_host_that_is_down(live, watched):
    create(live, "web1")
    host = novasim(live, "--as", "admin", "show", "web1", "-f", "value", "-c", "OS-EXT-SRV-ATTR:host").strip()
    open_page(watched, live)
    novasim(live, "--as", "admin", "host", "set", host, "--down")
    marker(watched, "web1 of demo: ACTIVE, host down").wait_for()
    novasim(live, "stop", "web1")
    waiting = marker(watched, "web1 of demo: ACTIVE, waits in stop, host down")
    waiting.wait_for()
    assert waiting.locator(".ring").get_attribute("visibility") == "hidden"
    assert f"{host}\ndown" in watched.page.get_by_role("list", name="Hosts").inner_text()


def test_the_page_is_right_again_after_the_server_paused(live, watched):
    create(live, "web1")
    open_page(watched, live)
    live.process.send_signal(signal.SIGSTOP)
    novasim(live, "stop", "web1")
    live.process.send_signal(signal.SIGCONT)
    marker(watched, "web1 of demo: SHUTOFF").wait_for()


def test_the_page_is_right_again_after_a_cut_connection(live, watched):
    create(live, "web1")
    open_page(watched, live)
    live.stop()
    watched.page.get_by_text("connection lost").wait_for()
    novasim(live, "stop", "web1")
    again = ServerProcess(live.path, "--live", "open", "--port", str(live.port))
    try:
        marker(watched, "web1 of demo: SHUTOFF").wait_for()
    finally:
        again.stop()
    assert len(set(watched.last_ids)) == 1
    assert all("ERR_" in text for text in watched.complaints)
    watched.complaints.clear()


def test_an_empty_cloud(live, watched):
    open_page(watched, live)
    watched.page.get_by_text("There are no servers.").wait_for()
    assert "Nothing has happened yet." in watched.page.evaluate("getComputedStyle(byId('feed'), '::after').content")
    create(live, "web1")
    watched.page.get_by_text("There are no servers.").wait_for(state="hidden")


def test_users_sign_in(watched, tmp_path):
    server = ServerProcess(tmp_path / "cloud.json")
    try:
        create(server, "web1")
        watched.page.goto(f"{server.url}/live")
        watched.page.get_by_label("User").fill("demo")
        watched.page.get_by_label("Password").fill("wrong")
        watched.page.get_by_role("button", name="Sign in").click()
        watched.page.get_by_text("User, password or project is wrong.").wait_for()
        watched.page.get_by_label("Password").fill("secret")
        watched.page.get_by_role("button", name="Sign in").click()
        marker(watched, "web1 of demo: ACTIVE").wait_for()
    finally:
        server.stop()
    assert all(re.search("401|ERR_", text) for text in watched.complaints)
    watched.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_can_be_read(live, watched, scheme):
    create(live, "web1", "web2")
    create(live, "ops1", who="admin")
    watched.page.emulate_media(color_scheme=scheme)
    open_page(watched, live)
    novasim(live, "start", "web1", code=4)
    watched.page.locator("#flash").wait_for()
    assert watched.page.evaluate(MEASURE_CONTRAST) == []
    watched.page.set_viewport_size({"width": 420, "height": 900})
    watched.page.get_by_role("heading", name="ACTIVE (3)").wait_for()
    assert watched.page.evaluate(MEASURE_LETTERS)[0] >= 11
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 420


def test_letters_on_a_projector(live, watched):
    create(live, "web1", "web12")
    open_page(watched, live, "?stage")
    novasim(live, "pause", "web1")
    novasim(live, "pause", "web1", code=4)
    watched.page.locator("#flash").wait_for()
    marker(watched, "web1 of demo: PAUSED").click()
    watched.page.get_by_text("novasim unpause web1").wait_for()
    size, text = watched.page.evaluate(MEASURE_LETTERS)
    assert size >= 18, text
    height = watched.page.evaluate("document.documentElement.scrollHeight")
    assert height <= 720


def test_reduced_motion(live, watched):
    create(live, "web1")
    watched.page.emulate_media(reduced_motion="reduce")
    open_page(watched, live)
    novasim(live, "stop", "web1")
    moved = marker(watched, "web1 of demo: SHUTOFF")
    moved.wait_for()
    places = {moved.get_attribute("transform") for _ in range(5)}
    assert len(places) == 1


def test_follow_one_server(live, watched):
    create(live, "web1", "web2")
    open_page(watched, live, "?follow=web1")
    marker(watched, "web2 of demo: ACTIVE").wait_for()
    assert "other" in marker(watched, "web2 of demo: ACTIVE").get_attribute("class")
    assert "other" not in marker(watched, "web1 of demo: ACTIVE").get_attribute("class")
