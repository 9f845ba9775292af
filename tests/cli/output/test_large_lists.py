"""The work of a list grows with the number of servers, not with its square. Calls are counted, so no clock decides."""

from __future__ import annotations

import json
import sys

import pytest

from novasim.control.options import set_option
from novasim.control.worlds import open_cloud
from tests.benchmarks.clouds import create_cloud
from tests.cli.conftest import User

PAGE = 20


def count_calls(function):
    """The number of calls of functions, also of those in C, while a function runs."""
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture(scope="module")
def users(tmp_path_factory):
    """Users of clouds with 5, 10 and 20 pages of servers."""
    found = []
    for pages in (5, 10, 20):
        path = tmp_path_factory.mktemp("large") / "cloud.json"
        create_cloud(path, pages * PAGE)
        set_option(open_cloud(path), "max_limit", str(PAGE))
        found.append(User(path))
    return found


@pytest.mark.parametrize("line", ["list -q", "list -f value", "list -f json", "list --status ACTIVE --sort name -q"])
def test_work_is_linear(users, line):
    users[0](line)  # imports are not counted
    first, second, third = (count_calls(lambda user=user: user(line)) for user in users)
    assert third - second < 2.2 * (second - first), (first, second, third)


def test_lists_have_all_servers_in_the_order_of_the_pages(users):
    user, pages, query = users[1], [], ""
    for _ in range(10):
        page = json.loads(user(f"request GET /servers{query}").stdout)["servers"]
        assert len(page) == PAGE
        pages += [server["id"] for server in page]
        query = f"?marker={pages[-1]}"
    assert user.ids("list") == pages
    assert user.ids(f"list --limit {PAGE + 1}") == pages[: PAGE + 1]
    assert user.ids(f"list --marker {pages[2]} --limit 2") == pages[3:5]
