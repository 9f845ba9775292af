"""The columns Project and User of `list`."""

from __future__ import annotations

import csv

import pytest

from novasim.render.fit import fit_list


@pytest.fixture
def owners(user):
    """Servers of two projects, one of them by a user whom the other members do not know."""
    user("--as admin user create ann --password secret --project demo --role member")
    for who, name in (("demo", "web1"), ("ann@demo", "web2"), ("admin", "db1")):
        user(f"--as {who} create {name} --flavor m1.tiny --image cirros -q")
    return user


def rows(text: str) -> list[tuple[str, ...]]:
    return sorted(map(tuple, list(csv.reader(text.splitlines()))[1:]))


def test_administrators_see_names_of_all_projects(owners):
    expected = [("db1", "admin", "admin"), ("web1", "demo", "demo"), ("web2", "demo", "ann")]
    assert rows(owners("--as admin list --all-projects -f csv -c Name -c Project -c User").stdout) == expected
    assert owners("--as admin list --long").stdout.splitlines()[1].endswith("| Project | User  |")


def test_members_see_their_own_names_only(owners):
    ann = owners.json("list --name web2 -c User")[0]["user_id"]
    shown = rows(owners("list -f csv -c Name -c Project -c User").stdout)
    assert shown == [("web1", "demo", "demo"), ("web2", "demo", ann)]


def test_programs_get_the_ids(owners):
    (server,) = owners.json("list --name web1")
    assert owners.json("list --name web1 -c Project -c User") == [
        {"tenant_id": server["tenant_id"], "user_id": server["user_id"]}
    ]
    assert owners("list --name web1 -f value -c tenant_id").stdout.strip() == server["tenant_id"]


def test_the_project_is_one_of_the_last_columns_that_a_narrow_terminal_hides():
    columns = ["ID", "Name", "Status", "Networks", "Host", "Created", "Project", "User"]
    fitted = fit_list(columns, [["x" * 12 for _ in columns]], 66)
    assert list(fitted.hidden) == ["Networks", "User", "Created", "Host"]
    assert list(fitted.columns) == ["ID", "Name", "Status", "Project"]
