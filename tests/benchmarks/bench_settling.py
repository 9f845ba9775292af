"""
Processor time to apply 10,000 due tasks, as a ratio to writing the servers with json in the same run.

Run with `make bench`. It has no limit.
"""

from __future__ import annotations

import json
import time

from novasim.lifecycle.actions import ACTIONS
from novasim.records import Server, Settings
from novasim.simulation.default_world import add_hosts
from novasim.simulation.time.settle import settle
from novasim.simulation.time.tasks import start_task
from novasim.simulation.world import World
from tests.play import Play

SERVERS = 10_000


def bench_settling() -> None:
    play = Play("manual")
    project = play.callers["demo"].project_id
    quota = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}
    assert play.ask("PUT", f"/os-quota-sets/{project}", quota, "admin").code == 200
    with play.cloud.writing(is_request=False) as world:
        add_hosts(world, 500)
    play.create("s", min_count=SERVERS, max_count=SERVERS)
    play.advance(60)
    stop_all_servers(play)
    with play.store.write() as tx:
        settings = tx.get(Settings, "cloud")
        world = World(tx, settings, settings.sim_anchor + 60)
        servers = world.tx.query(Server)
        start = time.process_time()
        settle(world)
        settling = time.process_time() - start
    assert all(server.task_state is None for server in servers)
    start = time.process_time()
    json.dumps([vars(server) for server in servers])
    writing = time.process_time() - start
    ratio = settling / writing
    print(f"\nsettling {SERVERS} due tasks: {settling * 1000:.0f} ms, {ratio:.1f} x writing the servers with json")


def stop_all_servers(play: Play) -> None:
    """Start to stop every server, in one transaction."""
    with play.cloud.writing() as world:
        for server in world.tx.query(Server):
            start_task(world, ACTIONS["stop"], server, play.callers["demo"], {})
