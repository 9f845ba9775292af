"""Ports of a server whose evacuation fails."""

from __future__ import annotations

from novasim.control import faults, hosts
from novasim.records import Port
from tests.play import Play


def test_a_failed_evacuation_leaves_the_ports_on_the_old_host():
    play = Play()
    server = play.create()
    host = play.server(server).host
    hosts.change_host(play.cloud, host, up=False)
    faults.add_fault(play.cloud, does="fail", action="evacuate", phase="rebuild_block_device_mapping", message="broken")
    assert play.act(server, "evacuate", {}, "admin").code == 200
    assert (play.state(server)[0], play.server(server).host) == ("ERROR", host)
    assert {port.host for port in play.all(Port)} == {host}
