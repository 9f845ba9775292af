"""A browser for all tests: Debian's chromium, driven by Playwright. Without them, the tests are skipped."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve.server_process import TIMEOUT, ServerProcess

REQUIRED = os.environ.get("NOVASIM_BROWSER") == "required"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window. It ends with its tests, because no other event loop can run beside Playwright's."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    if chromium is None or sync_playwright is None:
        reason = "chromium is not installed" if chromium is None else "playwright is not installed"
        pytest.fail(reason) if REQUIRED else pytest.skip(reason)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        found = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield found
        found.close()


class Watched:
    """A page with what it has requested and complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.last_ids: list[str] = []  # with which streams were opened again
        self.complaints: list[str] = []
        page.on("request", self._add_request)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _add_request(self, request: Any) -> None:
        self.requests.append(request.url)
        if last_id := request.headers.get("last-event-id"):
            self.last_ids.append(last_id)


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    """A new page, 1280 x 720. At the end it must have no complaint."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(TIMEOUT * 1000)
    watched = Watched(page)
    yield watched
    page.close()
    assert watched.complaints == []


@pytest.fixture
def live(browser: Any, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server whose live page needs no token."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ServerProcess(tmp_path / "cloud.json", "--live", "open")
    yield server
    server.stop(signal.SIGKILL)
