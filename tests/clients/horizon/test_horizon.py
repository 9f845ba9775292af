"""Horizon, as it is delivered, in front of a simulated cloud: its pages, launches, actions and tabs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.clients.horizon.visitor import EXPECTED_REFUSALS, Visitor
from tests.dashboard.process import DashboardProcess
from tests.processes import PLAIN

pytestmark = pytest.mark.skipif("NOVASIM_BROWSER" not in os.environ, reason="make clients runs these tests for minutes")

INSTANCES = "/project/instances/"
ADMIN_INSTANCES = "/admin/instances/"
STEPS = ["Source", "Flavor", "Networks", "Network Ports", "Security Groups", "Key Pair", "Configuration"]
STEPS += ["Server Groups", "Scheduler Hints", "Metadata"]

Fill = Callable[[Visitor], None] | None


def choose(name: str, text: str) -> Fill:
    return lambda visitor: visitor.choose(name, text)


def name_snapshot(visitor: Visitor) -> None:
    visitor.page.locator(".modal input[name=name]").fill("monday")


# An action, what its form needs, and the status afterwards.
ACTIONS: list[tuple[str, Fill, str]] = [
    ("Create Snapshot", name_snapshot, "Active"),
    ("Associate Floating IP", choose("ip_id", "198.51.100."), "Active"),
    ("Disassociate Floating IP", None, "Active"),
    ("Attach Interface", choose("network", "private"), "Active"),
    ("Detach Interface", choose("port", "10.0."), "Active"),
    ("Edit Instance", None, "Active"),
    ("Attach Volume", choose("volume", "data"), "Active"),
    ("Detach Volume", choose("volume", "data"), "Active"),
    ("Edit Security Groups", None, "Active"),
    ("Rescue Instance", choose("image", "cirros"), "Rescue"),
    ("Unrescue Instance", None, "Active"),
    ("Pause Instance", None, "Paused"),
    ("Resume Instance", None, "Active"),
    ("Suspend Instance", None, "Suspended"),
    ("Resume Instance", None, "Active"),
    ("Shelve Instance", None, "Shelved Offloaded"),
    ("Unshelve Instance", None, "Active"),
    ("Resize Instance", choose("flavor", "m1.small"), "Confirm or Revert Resize/Migrate"),
    ("Confirm Resize/Migrate", None, "Active"),
    ("Resize Instance", choose("flavor", "m1.medium"), "Confirm or Revert Resize/Migrate"),
    ("Revert Resize/Migrate", None, "Active"),
    ("Lock Instance", None, "Active"),
    ("Unlock Instance", None, "Active"),
    ("Soft Reboot Instance", None, "Active"),
    ("Hard Reboot Instance", None, "Active"),
    ("Shut Off Instance", None, "Shutoff"),
    ("Start Instance", None, "Active"),
    ("Rebuild Instance", choose("image", "debian-12"), "Active"),
]
ADMIN_ACTIONS: list[tuple[str, Fill, str]] = [
    ("Migrate Instance", None, "Confirm or Revert Resize/Migrate"),
    ("Confirm Resize/Migrate", None, "Active"),
    ("Live Migrate Instance", None, "Active"),
]


@pytest.fixture(scope="module")
def dashboard(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DashboardProcess]:
    """The command, with a log of all requests, in front of a cloud with a server."""
    if not all(map(find_spec, ("openstack_dashboard", "waitress", "uvicorn"))):
        pytest.skip("the extra novasim[dashboard] is not installed")
    folder = tmp_path_factory.mktemp("horizon")
    novasim(folder, "create web0 web1 web2 --flavor m1.tiny --image cirros --network private")
    novasim(folder, "volume create data --size 1")
    novasim(folder, "floating-ip create public")
    process = DashboardProcess(folder, "--log", "requests.log", NOVASIM_CLOCK="instant")
    yield process
    code, _, err = process.stop()
    assert (code, len(err.splitlines())) == (0, 2), err
    refused = [line for line in (folder / "requests.log").read_text().splitlines() if " refused: " in line]
    assert [line for line in refused if not EXPECTED_REFUSALS.match(line)] == []


def novasim(folder: Path, line: str) -> str:
    words = [*PLAIN, "--cloud", "lab.json", *line.split()]
    environment = {**os.environ, "NOVASIM_CLOCK": "instant"}
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True, env=environment).stdout


@pytest.fixture
def log_in(browser: Any, dashboard: DashboardProcess) -> Iterator[Callable[[str], Visitor]]:
    """A function that logs a user in. At the end there must have been no problem."""
    visitors: list[Visitor] = []

    def log_in(user: str) -> Visitor:
        visitors.append(Visitor(browser.new_page(viewport={"width": 1400, "height": 1000}), dashboard, user))
        return visitors[-1]

    yield log_in
    for visitor in visitors:
        visitor.page.close()
        assert visitor.problems == []


@pytest.mark.parametrize(
    ("user", "panels", "count"), [("demo", "project|identity", 17), ("admin", "admin|identity", 22)]
)
def test_every_page_opens(log_in, user, panels, count):
    visitor = log_in(user)
    pages = [path for path in visitor.list_pages() if re.match(rf"/({panels})/", path)]
    assert len(pages) >= count
    for path in pages:
        visitor.visit(path)
        assert visitor.page.url.rstrip("/") == visitor.url + path.rstrip("/")
        assert visitor.page.locator("h1").inner_text().strip(), path


@pytest.mark.parametrize("new_volume", ["No", "Yes"])
def test_launch_an_instance_in_every_step_of_the_form(log_in, dashboard, new_volume):
    name = f"volume-{new_volume.lower()}"
    visitor = log_in("demo")
    visitor.visit(INSTANCES)
    page = visitor.page
    page.click("#instances__action_launch-ng")
    form = page.locator("wizard")
    form.locator("input[name=name]").fill(name)
    for step in STEPS:
        form.locator("li.nav-item").filter(has=page.get_by_text(step, exact=True)).locator("a").click()
        section = form.locator(".step:visible")
        section.wait_for()
        if step == "Source":
            form.locator("label.btn:visible").filter(has_text=new_volume).first.click()
            form.locator("tr:visible").filter(has_text="cirros").locator("button").first.click()
        elif step == "Flavor":
            form.locator("tr:visible").filter(has_text="m1.tiny").locator("button").first.click()
        visitor.settle()
        assert len(section.inner_text().split()) > 5, step
    form.locator("button.finish").click()
    page.locator(f'tr[data-display="{name}"]').filter(has_text="Active").wait_for()
    server = json.loads(novasim(dashboard.folder, f"show {name} -f json"))
    assert len(server["os-extended-volumes:volumes_attached"]) == (new_volume == "Yes")


@pytest.mark.parametrize(
    ("user", "name", "path", "actions"),
    [("demo", "web0", INSTANCES, ACTIONS), ("admin", "web1", ADMIN_INSTANCES, ADMIN_ACTIONS)],
)
def test_actions_in_the_menu_of_an_instance(log_in, user, name, path, actions):
    visitor = log_in(user)
    row = visitor.page.locator(f'tr[data-display="{name}"]')
    for label, fill, status in actions:
        visitor.visit(path)
        visitor.start_action(name, label)
        if visitor.page.locator(".modal:visible").count():
            if fill:
                fill(visitor)
            visitor.submit()
        visitor.visit(path)
        row.filter(has_text=status).wait_for()
    visitor.start_action(name, "Delete Instance")
    visitor.submit()
    row.wait_for(state="detached")


def test_tabs_of_an_instance(log_in):
    visitor = log_in("demo")
    visitor.visit(INSTANCES)
    page = visitor.page
    page.get_by_role("link", name="web2", exact=True).click()
    shown = {"Overview": "m1.tiny", "Interfaces": "10.0.0.", "Log": "web2 login:", "Console": "", "Action Log": "req-"}
    tabs = page.locator("ul.nav-tabs a")
    tabs.first.wait_for()
    assert tabs.all_inner_texts() == list(shown)
    for tab, text in shown.items():
        tabs.filter(has_text=re.compile(f"^{tab}$")).click()
        page.locator(".tab-pane.active").filter(has_text=text).wait_for()
        visitor.settle()
