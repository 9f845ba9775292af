"""`novasim openstack` and the real client, command by command on the same cloud: output and exit code are the same."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from string import Template

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli as novasim
from tests.cli.openstack.test_tour import KEY, MORE
from tests.clients.conftest import NO_CLIENTS, Client, environment
from tests.clients.test_commands import FOLDER, read_commands
from tests.serve.server_process import ServerProcess

MIN_EQUAL = 0.95
DIFFERENT = {
    "server show --diagnostics adm": "the real client shows a Python object of the SDK as location",
    "keypair create k1": "the real client generates an Ed25519 key itself; here Nova generates an RSA key",
    "keypair create --type ssh --user demo k2": "as above",
    "usage list": "the period ends today; here it ends at the time of the cloud",
    "usage show": "as above",
    "usage show --project demo": "as above",
    "token issue": "each token is a new one",
    "server shw web1": "the real client suggests all commands that begin with the same word, on stdout",
    "server nope": "as above",
    "nope": "as above",
    "openstack": "as above",
    "server list --nope": "the real client connects before it parses the options of the command",
}
"""Commands with other output, each with the reason."""
ID = re.compile(r"\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32})\b")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PASSWORD = re.compile(r"(?<=\| adminPass {27}\| )\w{12}")
MAC = re.compile(r"fa:16:3e(:[0-9a-f]{2}){3}")


def normalize(text: str, known: str) -> str:
    """The output without new IDs, times, addresses of the server, passwords and MAC addresses, which differ."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return match[0] if match[0] in known else seen.setdefault(match[0], f"{len(seen):0{len(match[0])}}")

    text = PASSWORD.sub("*" * 12, TIME.sub(lambda match: "T" * len(match[0]), ID.sub(number, MAC.sub("MAC", text))))
    if not ADDRESS.search(text):
        return text
    return re.sub(r"[ -]+", " ", ADDRESS.sub("URL", text))  # ports have different widths


@pytest.mark.filterwarnings("ignore")  # deprecations between the clients
@pytest.mark.parametrize("folder", [FOLDER, MORE], ids=["servers and services", "formats and refusals"])
def test_output_and_exit_code_are_those_of_the_real_client(folder, tmp_path, monkeypatch):
    for module in ("uvicorn", "openstackclient.shell", "osc_placement"):
        pytest.importorskip(module, reason=NO_CLIENTS)
    served = ServerProcess(tmp_path / "cloud.json")
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    clients = {who: Client(environment(served, who)) for who in ("demo", "admin")}
    try:
        commands = [each for each in read_commands(folder) if not each.is_foreign]
        different = list(find_differences(commands, clients, Path(served.path), tmp_path))
    finally:
        for client in clients.values():
            client.close()
        assert served.stop() == (0, "")
    assert len(different) <= (1 - MIN_EQUAL) * len(commands)
    unexpected = [each for each in different if each.partition("\n")[0] not in DIFFERENT]
    assert not unexpected, "\n\n".join(unexpected)


def find_differences(commands, clients, cloud, folder):
    """
    Run each command by both: by novasim on a copy of the cloud file as the real client finds it.

    Yields:
        The commands with different output or exit code, each followed by both outputs.
    """
    values = {"FILE": str(folder / "file")}
    (folder / "file").write_text("some data")
    (folder / "file.pub").write_text(KEY)
    for name, _, _, admin, command in commands:
        words, who = shlex.split(Template(command).substitute(values)), "admin" if admin else "demo"
        copy = folder / "copy.json"
        shutil.copy(cloud, copy)
        known = cloud.read_text()
        done = CliRunner().invoke(novasim, ["--cloud", str(copy), "--as", who, "openstack", *words])
        code, output, errors = clients[who].run(words)
        if name:
            values[name] = output.splitlines()[0]
        ours, theirs = (
            (each, normalize(text, known)) for each, text in ((done.exit_code, done.stdout), (code, output))
        )
        if ours != theirs:
            yield f"{command}\n{code} {output}{errors}\n{done.exit_code} {done.stdout}{done.stderr}"
