"""Horizon in a browser: a page that logs in, visits pages, and fills in forms."""

from __future__ import annotations

import re
from typing import Any

from tests.dashboard.process import DashboardProcess
from tests.serve.server_process import TIMEOUT

# What Horizon 27 does by itself, in front of any cloud: a member asks for the project that owns an image; the form to
# launch asks for a kind of resource that Glance has no namespaces for.
OWN_ERRORS = re.compile(r"403 /api/keystone/projects/\w+$|500 /api/glance/metadefs/namespaces/\S*OS::Cinder::Volumes$")
# Refusals by a cloud that Horizon expects: a user without a role in the domain; a member who reads another project.
EXPECTED_REFUSALS = re.compile(r"POST /identity/v3/auth/tokens 401|GET /identity/v3/projects/\w+ 403")
ALERTS = ".alert-danger:visible, .alert-warning:visible, .has-error:visible"


class Visitor:
    """A user who has logged in. `problems` are red messages, failed requests and errors of scripts."""

    def __init__(self, page: Any, dashboard: DashboardProcess, user: str) -> None:
        self.page, self.url = page, dashboard.url.rstrip("/")
        self.problems: list[str] = []
        page.set_default_timeout(TIMEOUT * 1000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("response", self._check)
        page.goto(self.url)
        page.fill("#id_username", user)
        page.fill("#id_password", "secret")
        page.click("#loginBtn")
        self.settle()

    def _check(self, response: Any) -> None:
        line = f"{response.status} {response.url.removeprefix(self.url)}"
        if response.status >= 400 and not OWN_ERRORS.fullmatch(line):
            self.problems.append(line)

    def settle(self) -> None:
        """Wait until all requests have been answered, and note the red messages."""
        self.page.wait_for_load_state("networkidle")
        self.problems += [
            " ".join(text.split()) for text in self.page.locator(ALERTS).all_inner_texts() if text.strip()
        ]

    def visit(self, path: str) -> None:
        """Open a page, unless it is open already."""
        if self.page.url != self.url + path:
            self.page.goto(self.url + path)
            self.settle()

    def list_pages(self) -> list[str]:
        """The paths of all pages in the menu at the left."""
        found = self.page.eval_on_selector_all("#sidebar a[href]", "all => all.map(each => each.getAttribute('href'))")
        return [path for path in dict.fromkeys(found) if re.match(r"/(project|admin|identity)/", path)]

    def choose(self, name: str, text: str) -> None:
        """Choose the option of a list whose text contains *text*. Horizon hides the list itself."""
        option = self.page.locator(f".modal select[name={name}] option").filter(has_text=text).first
        value = option.get_attribute("value")
        self.page.evaluate("([name, value]) => $(`.modal select[name=${name}]`).val(value).change()", [name, value])

    def submit(self) -> None:
        """Press the button of the open form, which closes it."""
        form = self.page.locator(".modal:visible")
        form.locator(".btn-primary:visible, .btn-danger:visible").last.click()
        form.wait_for(state="hidden")
        self.settle()

    def list_actions(self, row: str) -> list[str]:
        """What the menu of a row offers."""
        texts = self._actions(row).all_text_contents()
        return [" ".join(text.split()) for text in texts if text.strip()]

    def start_action(self, row: str, label: str) -> None:
        """Press an entry in the menu of a row."""
        entry = self._actions(row).filter(has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).first
        if not entry.is_visible():
            self.page.locator(f'tr[data-display="{row}"] .dropdown-toggle').first.click()
        entry.click()
        self.page.wait_for_timeout(300)
        self.settle()

    def _actions(self, row: str) -> Any:
        return self.page.locator(f'tr[data-display="{row}"] td.actions_column').locator("a, button")
