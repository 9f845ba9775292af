"""`novasim dashboard`: the two servers, what it prints, and how it ends. Horizon itself is in tests/browser."""

from __future__ import annotations

import signal
import stat
import sys
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.serve.server_process import ForkedServer, becomes_true
from tests.test_packaging import run

HINT = " 'novasim serve' prints the URL of its cloud."
ENDED = "novasim: the dashboard has ended."


def test_two_servers_that_end_together(start, tmp_path):
    dashboard = start()
    settings = dashboard.settings()
    folders = list(dashboard.temporary.iterdir())
    assert [stat.S_IMODE(each.stat().st_mode) for each in folders] == [0o700]
    keystone = settings["OPENSTACK_KEYSTONE_URL"]
    with urlopen(keystone) as response:
        assert response.status == 200
    code, out, err = dashboard.stop()
    api = keystone.removesuffix("/identity/v3")
    assert (code, err.splitlines()[-1]) == (0, ENDED)
    assert out.splitlines()[-2:] == [
        "Log in as demo or admin; the password is secret.",
        f"Servers on a picture of the lifecycle: {api}/live",
    ]
    assert f"lab.json at {api} (clients: OS_AUTH_URL={keystone})" in out
    assert dashboard.is_removed()
    with pytest.raises(URLError):
        urlopen(dashboard.url)


def test_horizon_ends_if_the_command_is_killed(start):
    dashboard = start()
    dashboard.stop(signal.SIGKILL)
    assert becomes_true(dashboard.is_removed)
    with pytest.raises(URLError):
        urlopen(dashboard.url)


def test_the_command_ends_if_horizon_does(start):
    dashboard = start()
    with pytest.raises(OSError):
        urlopen(f"{dashboard.url}die")
    code, _, err = dashboard.stop(0)
    assert (code, err.splitlines()[-2:]) == (1, ["novasim: Horizon has ended: out of memory", ENDED])


def test_horizon_that_cannot_start(start, tmp_path):
    (tmp_path / "horizon" / "django" / "core" / "management.py").write_text("raise ImportError('no Sass')", "utf-8")
    dashboard = start()
    code, out, err = dashboard.stop(0)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1] == "novasim: Horizon cannot start: ImportError: no Sass"
    assert dashboard.is_removed()


def test_many_clouds_are_regions(start):
    dashboard = start("--clouds", "lab", "--create", "ann,bob", cloud="")
    settings = dashboard.settings()
    (first, ann), (second, bob) = settings["AVAILABLE_REGIONS"]
    assert (ann, bob) == ("ann", "bob")
    assert first.endswith("/ann/identity/v3") and second.endswith("/bob/identity/v3")
    assert settings["USER_MENU_LINKS"][-1]["url"] == first.removesuffix("ann/identity/v3")
    out = dashboard.stop()[1]
    assert "in a new cloud, the password is secret" in out
    assert out.splitlines()[-1].endswith("/NAME/live")


def test_the_clouds_of_a_running_server(start, tmp_path):
    server = ForkedServer(tmp_path / "lab.json")
    try:
        dashboard = start(cloud=server.url)
        assert dashboard.settings()["OPENSTACK_KEYSTONE_URL"] == f"{server.url}/identity/v3"
        assert dashboard.stop()[::2] == (0, f"novasim: starting Horizon, which takes a few seconds.\n{ENDED}\n")
        assert server.request("GET", "/identity/v3").code == 200
        other = start("--cloud", f"{server.url}/ann")
        assert other.stop(0)[::2] == (2, f"novasim: There is no cloud at {server.url}/ann.{HINT}\n")
        in_use = start("--api-port", str(server.port))
        code, _, err = in_use.stop(0)
        assert code == 2 and "Address already in use" in err and "--cloud URL" in err
    finally:
        server.stop()


def test_horizon_is_an_extra(tmp_path):
    code = "import sys; sys.modules['waitress'] = None; from novasim.__main__ import main; main()"
    done = run(sys.executable, "-c", code, "--cloud", "c.json", "dashboard", cwd=tmp_path)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert " -m pip install " in done.stderr and "'horizon>=27,<28'" in done.stderr
    assert not list(tmp_path.iterdir())
