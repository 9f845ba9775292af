"""Start and end of a command's process: which modules it imports, and what still runs when it exits quickly."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from platformdirs import user_data_dir

from novasim.cli.default_cloud import default_path

MAIN = "import sys; from novasim.__main__ import main; sys.argv = ['novasim', '--version']; main()"
HEAVY = """
    asyncio csv dataclasses fnmatch ipaddress orjson platformdirs psycopg random rich secrets shutil sqlite3 subprocess
    tempfile urllib.parse yaml
    http.client novasim.remote.connection
    novasim.devtools novasim.library novasim.lifecycle.actions novasim.lifecycle.checks novasim.scenarios novasim.teach
    novasim.simulation.effects novasim.simulation.faults novasim.simulation.instance_actions
    novasim.recorder novasim.records.entry novasim.store.addresses novasim.store.sql novasim.store.record_file
    novasim.store.redaction novasim.control.record
    novasim.simulation.scheduling novasim.simulation.time.agenda novasim.simulation.time.tasks
""".split()


def run(code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM")}
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory) -> str:
    path = str(tmp_path_factory.mktemp("startup") / "cloud.json")
    line = ["--cloud", path, "create", "web1", "--flavor", "m1.tiny", "--image", "cirros"]
    done = run("from novasim.cli.main import main; main()", *line, NOVASIM_CLOCK="instant")
    assert done.returncode == 0, done.stderr
    return path


def imported_modules(*words: str, **environment: str) -> set[str]:
    """The modules that a command imports."""
    code = (
        "import sys\nfrom novasim.cli.main import cli\n"
        "cli.main(sys.argv[1:], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    return set(run(code, *words, **environment).stderr.split())


def modules_of_click() -> set[str]:
    """The modules that click itself imports; with Python 3.10 its import of uuid brings subprocess."""
    return set(run("import sys, click\nprint(*sys.modules, file=sys.stderr)").stderr.split())


@pytest.mark.parametrize("clock", ["instant", "manual"])
def test_show_in_json_imports_nothing_heavy(cloud, clock):
    imported = imported_modules("--cloud", cloud, "show", "web1", "-f", "json", NOVASIM_CLOCK=clock)
    assert "novasim.api.compute.servers.show" in imported
    assert sorted(imported.intersection(HEAVY) - modules_of_click()) == []


def test_change_without_a_record_imports_nothing_of_it(cloud):
    imported = imported_modules("--cloud", cloud, "set", "web1", "--description", "x", NOVASIM_CLOCK="instant")
    assert "novasim.simulation.time.tasks" in imported
    recording = [name for name in imported if name.startswith("novasim.recorder") or "record_file" in name]
    assert recording == []


def test_openstack_server_list_imports_only_its_part_of_the_table(cloud):
    imported = imported_modules("--cloud", cloud, "openstack", "server", "list", NOVASIM_CLOCK="instant")
    assert "novasim.cli.openstack.table.compute.servers" in imported
    others = {name for name in imported if name.startswith("novasim.cli.openstack.table.")}
    assert others == {f"novasim.cli.openstack.table.compute{name}" for name in ("", ".servers", ".server_details")}
    assert not imported.intersection({"rich", "yaml", "novasim.lifecycle.actions"})


@pytest.mark.parametrize("line", ["report -o {}/report.html", "graph -f svg", "history web1 --plot -f svg"])
def test_pictures_import_no_http_client(cloud, tmp_path, line):
    imported = imported_modules("--cloud", cloud, *line.format(tmp_path).split(), NOVASIM_CLOCK="instant")
    assert "novasim.teach.graph.shapes" in imported
    assert not imported.intersection({"http.client", "ssl", "sqlite3", "psycopg"})


@pytest.mark.skipif(sys.platform != "linux", reason="other systems need platformdirs")
def test_default_cloud_needs_no_platformdirs(tmp_path):
    imported = imported_modules("list", "-f", "json", XDG_DATA_HOME=str(tmp_path))
    assert "novasim.api.compute.servers.listing.pages" in imported
    assert "platformdirs" not in imported


@pytest.mark.parametrize("home", ["/home/ann", "relative", None])
@pytest.mark.parametrize("data_home", ["/data", "relative", "", None])
def test_default_path_is_that_of_platformdirs(monkeypatch, home, data_home):
    for name, value in (("HOME", home), ("XDG_DATA_HOME", data_home)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert default_path() == os.path.join(user_data_dir("novasim", appauthor=False), "cloud.json")


def test_exit_handlers_run():
    done = run(f"import atexit; atexit.register(print, 'goodbye'); {MAIN}")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "goodbye")


def test_exit_code_is_that_of_the_command():
    assert run(MAIN.replace("--version", "--no-such-option")).returncode == 2


def test_modules_are_not_torn_down():
    """A destructor that runs during the teardown says so; without this code it does not run."""
    told = "class Told:\n def __del__(self): print('torn down')\nimport novasim; novasim.told = Told()\n"
    assert "torn down" not in run(told + MAIN).stdout
    assert "torn down" in run(told + MAIN.replace("main()", "sys.setprofile(lambda *_: None); main()")).stdout


def test_thread_is_waited_for():
    waiting = "lambda: (threading.main_thread().join(), print('done'))"
    thread = f"import threading; threading.Thread(target={waiting}).start(); "
    assert run(thread + MAIN).stdout.splitlines()[-1] == "done"


def test_profiler_prints_its_report():
    command = [sys.executable, "-m", "cProfile", "-m", "novasim", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "function calls" in done.stdout
