"""A browser in Skyline's console."""

from __future__ import annotations

from typing import Any

TIMEOUT = 60_000  # milliseconds; an action takes less than one second, but the machine can be busy


class Console:
    """
    The console as one user sees it, in English.

    Attributes:
        faults: Answers of 400 and above, errors of scripts and red messages, each with the path of the page.
    """

    def __init__(self, browser: Any, url: str, user: str) -> None:
        self._url, self.faults = url, list[str]()
        self.page = browser.new_context(viewport={"width": 1500, "height": 950}).new_page()
        self.page.set_default_timeout(TIMEOUT)
        self.page.goto(url)
        self.page.evaluate("localStorage.setItem('lang', 'en')")
        self.page.goto(url)
        self.page.wait_for_selector(".ant-select-selection-item:has-text('Default')")
        self.page.fill("#normal_login_username", user)
        self.page.fill("#normal_login_password", "secret")
        self.page.on("response", self._add_answer)
        self.page.on("pageerror", lambda error: self._add(str(error)))
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".ant-menu")
        self.settle()

    def open(self, path: str) -> None:
        """Open a page and each of its tabs."""
        self.page.goto(self._url + path)
        self.settle()
        for tab in self.page.query_selector_all(".ant-tabs-tab")[1:]:
            tab.click()
            self.settle()
        if path not in self.page.url:
            self._add(f"the page leads to {self.page.url}")

    def settle(self) -> None:
        """Wait until the page has its answers."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(300)
        for message in self.page.query_selector_all(".ant-notification-notice-error, .ant-message-error, .ant-result"):
            self._add(message.inner_text())

    def act(self, group: str, action: str) -> None:
        """Request an action of the menu of the first row, and confirm it."""
        row = self.page.locator("tbody tr.ant-table-row").first
        row.get_by_text("More").hover()
        self.page.locator(f".ant-dropdown-menu-submenu-title:has-text('{group}')").hover()
        self.page.locator(f".ant-dropdown-menu-sub :text-is('{action}')").first.click()
        self.page.locator(".ant-modal-confirm-btns .ant-btn-primary").click()

    def wait_for_row(self, *words: str) -> None:
        """Wait until the first row has all words. The page renews its list itself."""
        row = "tbody tr.ant-table-row"
        self.page.wait_for_selector(row + "".join(f":has-text('{word}')" for word in words))

    def _add_answer(self, answer: Any) -> None:
        if answer.status >= 400:
            self._add(f"{answer.request.method} {answer.url.removeprefix(self._url)}: {answer.status}")

    def _add(self, fault: str) -> None:
        self.faults.append(f"{self.page.url.removeprefix(self._url)}: {fault}")
