"""Wrong arguments of running tasks: the damage is named, and no task ends in a bug of novasim."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from novasim.cloud import Cloud
from novasim.control import faults, hosts
from novasim.errors import CloudFileError
from novasim.lifecycle.actions import ACTIONS
from novasim.simulation.time.settle import settle
from novasim.store.documents import check_records
from novasim.store.memory import MemoryStore
from novasim.store.migrate import load
from tests import each_case
from tests.attack import extent
from tests.attack.damage.mutations import WRONG
from tests.cases.volumes.test_swap import SwapPlay

REQUESTS: dict[str, tuple[str, Any]] = {
    "create-backup": ("createBackup", {"name": "image1", "backup_type": "daily", "rotation": 1}),
    "create-image": ("createImage", {"name": "image1"}),
    "evacuate": ("evacuate", {}),
    "live-migrate": ("os-migrateLive", {"host": None, "block_migration": "auto"}),
    "migrate": ("migrate", None),
    "rebuild": ("rebuild", {"imageRef": None}),
    "resize": ("resize", {"flavorRef": "2"}),
    "shelve": ("shelve", None),
    "unshelve": ("unshelve", None),
}
NAMES = sorted([*REQUESTS, "attach-volume", "create", "detach-volume", "swap-volume"])
KINDS: list[str] = extent(["missing", "nested", "text"], ["missing", *WRONG])


def start(name: str, failing: str | None = None) -> bytes:
    """A cloud in which an action is running; *failing* is the phase in which it will fail."""
    play = SwapPlay("manual")
    if name == "evacuate":
        hosts.change_host(play.cloud, str(play.server(play.web1).host), up=False)
    if name == "unshelve":
        play.act(play.web1, "shelve", who="admin")
        play.advance(600)
        play.act(play.web1, "shelveOffload", who="admin")
        play.advance(600)
    if failing:
        faults.add_fault(play.cloud, does="fail", action=name, phase=failing, message="broken")
    request(play, name)
    return play.store.dump()


def request(play: SwapPlay, name: str) -> None:
    """Send the request for an action."""
    attachments, volume = f"/servers/{play.web1}/os-volume_attachments", {"volumeAttachment": {"volumeId": play.new}}
    if name in REQUESTS:
        key, arguments = REQUESTS[name]
        if name == "rebuild":
            arguments = {"imageRef": play.act(play.web1, "createImage", {"name": "image1"}).body["image_id"]}
            play.advance(60)
        answer = play.act(play.web1, key, arguments, who="admin")
    elif name == "create":
        assert play.create("web2")
        return
    elif name == "attach-volume":
        answer = play.ask("POST", attachments, volume)
    elif name == "detach-volume":
        answer = play.ask("DELETE", f"{attachments}/{play.old}")
    else:
        answer = play.swap()
    assert answer.code in (200, 202), answer


def list_damaged(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    """The name and kind of each wrong value of an argument of a task, and the cloud with it."""
    tables = json.loads(content)
    task = next(each for each in tables["tasks"].values() if not each.get("timer"))
    args = task["args"]
    for name in args:
        for kind in KINDS:
            task["args"] = {key: item for key, item in args.items() if key != name}
            if kind in WRONG:
                task["args"][name] = WRONG[kind]
            yield name, kind, json.dumps(tables).encode()


def finish(content: bytes) -> bytes:
    """The cloud in an hour."""
    store = MemoryStore(content)
    with Cloud(store, wall=lambda: 0.0).writing(is_request=False) as world:
        world.now += 3600
        settle(world)
    return store.dump()


@each_case("name", NAMES)
def test_wrong_argument_is_named(name):
    for failing in (None, *{phase.task_state for phase in ACTIONS[name].phases if phase.task_state}):
        content = start(name, failing)
        check_records(load(content, "sound")[0], "sound")
        check_records(load(finish(content), "sound")[0], "sound")
        for argument, kind, damaged in list_damaged(content):
            try:
                finish(damaged)
            except CloudFileError as error:
                assert "in table 'tasks', record '" in str(error), (argument, kind)
                assert "'args' " in str(error) and f"'{argument}'" in str(error), (argument, kind, error)
