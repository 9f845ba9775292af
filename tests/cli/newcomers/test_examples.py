"""Every example in the help texts succeeds, in a cloud that has what it names."""

from __future__ import annotations

import pytest

from tests import part
from tests.cli.lessons.test_recording import TYPED
from tests.cli.newcomers.conftest import NO_CLOUD, REFUSED
from tests.cli.test_help import COMMANDS, examples

# A learner has solved the lesson "power".
POWER = "--cloud data/novasim/lessons/ann/power/cloud.json"
SOLVED = [
    "lesson start power",
    f"{POWER} stop web1 --wait",
    f"{POWER} stop web1 {REFUSED}",
    f"{POWER} start web1 --wait",
]

CLASSROOM = ["classroom init room --students roster.txt --lesson first-server"]

# What comes before an example, by its command.
BEFORE = {
    "restore": ["config set reclaim_instance_interval 3600", "delete web1"],
    "start": ["stop web1"],
    "unpause": ["pause web1"],
    "resume": ["suspend web1"],
    "confirm-resize": ["resize web1 --flavor m1.medium"],
    "revert-resize": ["resize web1 --flavor m1.medium"],
    "unrescue": ["rescue web1"],
    "shelve-offload": ["config set shelved_offload_time 3600", "shelve web1"],
    "unshelve": ["shelve web1"],
    "detach-volume": ["attach-volume web1 data"],
    "detach-port": ["attach-port web1 --port web1-port"],
    "remove-floating-ip": ["add-floating-ip web1 198.51.100.2"],
    "add-security-group": ["remove-security-group web1 default"],
    "rebuild": ["resize web1 --flavor m1.medium", "confirm-resize web1"],
    "metadata": ["rebuild web1 --image debian-12 --user-data policy.yaml"],
    "unset": ["set web1 --property role=web --tag prod"],
    "create": ["network delete backend", "delete web1"],
    "evacuate": ["--as admin host set host1 --down"],
    "keypair create": ["keypair delete mine"],
    "server-group create": ["server-group delete web"],
    "image create": ["image delete my-image"],
    "volume create": ["volume-snapshot delete data-monday", "volume delete data"],
    "volume delete": ["volume-snapshot delete data-monday"],
    "volume-snapshot create": ["volume-snapshot delete data-monday"],
    "network create": ["network delete backend"],
    "subnet create": ["subnet delete back-v4"],
    "port create": ["port delete web1-port"],
    "security-group create": ["security-group delete web"],
    "host create": ["--as admin host delete host9"],
    "aggregate create": ["--as admin aggregate delete rack1"],
    "aggregate unset": ["--as admin aggregate set rack1 --property ssd=true"],
    "aggregate add-host": ["delete web1 web2"],
    "aggregate remove-host": ["delete web1 web2", "--as admin aggregate add-host rack1 host1"],
    "migration show": ["--as admin migrate web1"],
    "migration force-complete": ["clock set manual", "--as admin live-migrate web1", "clock advance 1s"],
    "migration abort": ["clock set manual", "--as admin live-migrate web1", "clock advance 1s"],
    "project create": ["--as admin project delete class1"],
    "user create": ["--as admin user delete ann"],
    "role create": ["--as admin role delete operator"],
    "role remove": ["--as admin role add manager --user demo --project demo"],
    "clock advance": ["clock set manual"],
    "config unset": ["config set shelved_offload_time 3600"],
    "log": ["record start", "stop web1"],
    "record check": ["record start"],
    "coverage": ["record start", "stop web1"],
    "coverage report": ["record start", "stop web1"],
    "undo": ["record start", "stop web1"],
    "redo": ["record start", "stop web1", "undo"],
    "cloud diff": ["cloud save before-upgrade"],
    "coverage combine": ["record start", "stop web1"],
    "coverage diff": [
        "record start",
        "coverage combine cloud.json.record -o monday.record --force",
        "stop web1",
        "coverage combine cloud.json.record -o tuesday.record --force",
    ],
    "coverage suggest": ["record start", "stop web1"],
    "cloud init": [NO_CLOUD],
    "cloud import": ["cloud export lab.json"],
    "cloud copy": ["cloud export lab.json"],
    "cloud restore": ["cloud save before-upgrade", "cloud load before-upgrade"],
    "cloud load": ["cloud save before-upgrade"],
    "lesson check": ["lesson start first-server"],
    "lesson hint": ["lesson start first-server"],
    "lesson reset": ["lesson start first-server"],
    "lesson proof": SOLVED,
    **{
        f"classroom {name}": CLASSROOM
        for name in (
            "add",
            "students",
            "words",
            "status",
            "start",
            "reset",
            "run",
            "freeze",
            "thaw",
            "speed",
            "proof",
            "password",
        )
    },
    "lesson verify": [*SOLVED, "lesson proof power -o power.proof"],
}
ALLOWED = {
    "novasim reset-network web1": 10,  # Nova has removed it
    "novasim lesson check": 11,  # goals are open
}
INPUT = {
    "lesson record": TYPED,
}
NOT_RUN = {
    "novasim serve --port 8774": "it serves until it is stopped",
    "novasim serve --port 8774 --live open": "it serves until it is stopped",
    "novasim serve --clouds lab --create ann,bob": "it serves until it is stopped",
    "novasim serve --classroom room --host 0.0.0.0": "it serves until it is stopped",
    **dict.fromkeys(
        (
            "novasim dashboard --port 8080",
            "novasim dashboard --live open --log requests.log",
            "novasim dashboard --cloud http://127.0.0.1:8774",
        ),
        "it needs Horizon, and serves until it is stopped",
    ),
    "novasim join http://192.0.2.7:8774 ann-lee": "it needs the server of a class",
}
EXAMPLES = sorted({(words, line) for words, command in COMMANDS.items() for line in examples(command)})


@pytest.mark.parametrize(("words", "line"), part(EXAMPLES, 3))
def test_example_succeeds(reader, words, line):
    if line in NOT_RUN:
        pytest.skip(NOT_RUN[line])
    command = reader.prepare(BEFORE.get(words, ()), line)
    reader(command, ALLOWED.get(line, 0), input=INPUT.get(words, "a password\na password\n"))


def test_every_preparation_has_an_example():
    assert set(BEFORE) <= {words for words, _ in EXAMPLES}
