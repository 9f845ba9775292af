"""The report in a real browser, without script and network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.measures import MEASURE_CONTRAST
from tests.cli.conftest import User

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on servers in several statuses, with refusals."""
    folder = tmp_path_factory.mktemp("report")
    user = User(folder / "cloud.json")
    user("cloud init --seed 1")
    user("clock set instant")
    user("record start")
    for name in ("web1", "web2", f"'{HOSTILE}'"):
        user(f"create {name} --flavor m1.tiny --image cirros --network private")
    user("--as admin create ops1 --flavor m1.tiny --image cirros --network private")
    user("pause web2")
    user("stop web2", code=4)
    user(f"report -o {folder / 'report.html'}")
    return folder / "report.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_complete_offline_and_without_script(browser, report, scheme):
    context = browser.new_context(offline=True, java_script_enabled=False, color_scheme=scheme)
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(report.as_uri())
    for name, status in (("web1", "ACTIVE"), ("web2", "PAUSED"), (HOSTILE, "ACTIVE"), ("ops1", "ACTIVE")):
        assert page.get_by_role("row").filter(has_text=name).filter(has_text=status).first.is_visible()
        assert page.get_by_role("link", name=f"{name} of").is_visible()
    assert page.get_by_text("while it is in vm_state paused").last.is_visible()
    assert page.locator("img, script").count() == 0
    assert (requests, complaints) == ([report.as_uri()], [])
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("media", "width"), [("screen", 420), ("print", 690)])
def test_it_can_be_read_on_screen_and_on_paper(browser, report, scheme, media, width):
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(report.as_uri())
    assert page.evaluate(MEASURE_CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (media == "print")
    page.close()
