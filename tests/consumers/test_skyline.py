"""Skyline's console in a browser: all pages of a member and of an administrator, and the life of a server."""

from __future__ import annotations

import re

import pytest

from tests.consumers.console import Console

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

COMPUTE = [
    "flavor",
    "image",
    "image/create",
    "instance",
    "instance/create",
    "instance-snapshot",
    "keypair",
    "server-group",
]
STORAGE = ["volume", "volume/create", "backup", "snapshot"]
NETWORK = ["networks", "port", "router", "floatingip", "security-group", "topo", "qos-policy"]
PAGES = [
    "/base/overview",
    *(f"/compute/{name}" for name in COMPUTE),
    *(f"/storage/{name}" for name in STORAGE),
    *(f"/network/{name}" for name in NETWORK),
    "/user/center",
    "/user/application-credentials",
]
ADMIN_PAGES = """
    /base/overview-admin
    /compute/aggregates-admin /compute/flavor-admin /compute/flavor-admin/create /compute/hypervisors-admin
    /compute/image-admin /compute/image-admin/create /compute/instance-admin /compute/instance-snapshot-admin
    /compute/server-group-admin
    /storage/backup-admin /storage/snapshot-admin /storage/storage-admin /storage/volume-admin
    /storage/volume-type-admin
    /network/floatingip-admin /network/networks-admin /network/port-admin /network/qos-policy-admin
    /network/router-admin /network/security-group-admin
    /identity/domain-admin /identity/project-admin /identity/project-admin/create /identity/role-admin
    /identity/user-admin /identity/user-admin/create /identity/user-group-admin /identity/user-group-admin/create
    /configuration-admin/info /configuration-admin/metadata /configuration-admin/setting
""".split()
# Skyline asks for the system roles of each user that logs in; Keystone refuses that to members, too.
SYSTEM_ROLES = re.compile(r"GET /api/openstack/regionone/keystone/v3/system/users/\w+/roles: 403$")


@pytest.fixture
def open_console(browser, skyline):
    """A function that opens the console as a user. At the end, no page may have shown a fault."""
    consoles = []

    def log_in(user: str) -> Console:
        consoles.append(Console(browser, skyline.url, user))
        return consoles[-1]

    yield log_in
    faults = [fault for console in consoles for fault in console.faults]
    assert [fault for fault in faults if not SYSTEM_ROLES.search(fault)] == []


@pytest.mark.parametrize(("user", "pages"), [("demo", PAGES), ("admin", ADMIN_PAGES)])
def test_pages(open_console, user, pages):
    console = open_console(user)
    for path in pages:
        console.open(path)


def test_life_of_a_server(open_console, connect):
    console = open_console("demo")
    page = console.page
    console.open("/compute/instance/create")
    page.check("tr:has-text('m1.small') input", force=True)
    page.click("text=Others")
    page.check("tr:has-text('cirros') input", force=True)
    page.click(".ant-select-selector:has-text('Please select type')", force=True)
    page.click(".ant-select-item-option:has-text('standard')")
    page.click("text=Next: Network Config")
    page.click("text=Shared Networks")
    page.check("tr:has-text('private') input", force=True)
    page.check("tr:has-text('View Rules') input", force=True)
    page.click("text=Next: System Config")
    page.fill("#SystemStep_name", "web1")
    page.click(".ant-radio-button-wrapper:has-text('Password')")
    page.fill("#SystemStep_password", "Secret-123")
    page.fill("#SystemStep_confirmPassword", "Secret-123")
    page.click("text=Next: Confirm Config")
    page.click("[class*=footer] button:has-text('Confirm') >> nth=-1")
    console.wait_for_row("web1", "Active")
    for action, status in [("Stop", "Shutoff"), ("Start", "Active"), ("Pause", "Paused"), ("Unpause", "Active")]:
        console.act("Instance Status", action)
        console.wait_for_row("web1", status)
    server = connect().get_server("web1")
    console.open(f"/compute/instance/detail/{server.id}")
    page.click(".ant-tabs-tab:has-text('Volumes')")
    console.wait_for_row("10GiB")
    assert server.addresses.keys() == {"private"} and len(server.attached_volumes) == 1
