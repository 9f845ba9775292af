"""Hosts added, changed and removed, and moves forced onto a host."""

from __future__ import annotations

import pytest

from novasim.control import hosts as data_center
from novasim.errors import Conflict, NotFound, UsageError
from novasim.records import Host
from tests import each_case
from tests.simulation.hosts.helpers import assert_usage_is_exact, dies, host_of


class TestMachines:
    def test_a_host_is_added_and_used(self, play):
        data_center.add_host(play.cloud, "new", vcpus=2, ram_mb=4096)
        hosts = play.ask("GET", "/os-hypervisors", who="admin").body["hypervisors"]
        assert "new" in [each["hypervisor_hostname"] for each in hosts]

    def test_two_hosts_have_two_services(self, play):
        data_center.add_host(play.cloud, "a")
        data_center.add_host(play.cloud, "b")
        assert len({host.service_id for host in play.all(Host)}) == 5

    def test_a_host_with_servers_is_not_removed(self, play, web1):
        service = next(each.service_id for each in play.all(Host) if each.name == host_of(play, web1))
        refused = play.ask("DELETE", f"/os-services/{service}", who="admin")
        assert refused.code == 409
        assert "hosting instances" in str(refused.fault)

    def test_the_source_of_a_pending_resize_is_not_removed(self, play, web1):
        source = host_of(play, web1)
        play.act(web1, "migrate", None, "admin")
        play.advance(60)
        service = next(each.service_id for each in play.all(Host) if each.name == source)
        refused = play.ask("DELETE", f"/os-services/{service}", who="admin")
        assert refused.code == 409
        assert "in-progress migrations" in str(refused.fault)

    @each_case(
        ("name", "figures", "error"),
        [
            ("bad name", {}, UsageError),
            ("", {}, UsageError),
            ("-x", {}, UsageError),
            ("a/b", {}, UsageError),
            ("new", {"vcpus": 0}, UsageError),
            ("new", {"ram_mb": -1}, UsageError),
            ("new", {"cpu_allocation_ratio": 0}, UsageError),
            ("new", {"disk_gb": float("nan")}, UsageError),
            ("new", {"cpu_allocation_ratio": float("inf")}, UsageError),
            ("host1", {}, Conflict),
        ],
    )
    def test_nonsense_is_refused(self, play, name, figures, error):
        before = play.store.dump()
        with pytest.raises(error):
            data_center.add_host(play.cloud, name, **figures)
        assert play.store.dump() == before

    def test_changing_an_unknown_host_is_refused(self, play):
        with pytest.raises(NotFound):
            data_center.change_host(play.cloud, "nope", up=False)


class TestForcedMoves:
    """force exists for live migrations from 2.30 and for evacuations from 2.29, and is gone from 2.68 on."""

    def test_force_is_refused_since_2_68(self, play, web1):
        for key, more in (("os-migrateLive", {"block_migration": "auto"}), ("evacuate", {})):
            refused = play.act(web1, key, {"host": "host2", "force": True, **more}, "admin", minor=68)
            assert refused.code == 400
            assert "force" in str(refused.fault)

    def test_force_needs_a_host(self, play, web1):
        dies(play, web1)
        assert play.act(web1, "evacuate", {"force": True}, "admin", minor=67).code == 400

    def test_a_forced_evacuation_is_not_filtered(self, play, web1):
        dies(play, web1)
        target = next(host for host in ("host1", "host2", "host3") if host != host_of(play, web1))
        service = next(each.service_id for each in play.all(Host) if each.name == target)
        play.ask("PUT", f"/os-services/{service}", {"status": "disabled"}, "admin")
        assert play.act(web1, "evacuate", {"host": target, "force": True}, "admin", minor=67).code == 200
        play.advance(60)
        assert host_of(play, web1) == target
        assert_usage_is_exact(play)

    @pytest.mark.parametrize("how", ["full", "disabled", "down"])
    def test_a_move_to_an_unsuitable_host_fails_and_changes_nothing(self, play, web1, how):
        target = next(host for host in ("host1", "host2", "host3") if host != host_of(play, web1))
        if how == "full":
            data_center.change_host(play.cloud, target, ram_mb=513)
        if how == "down":
            data_center.change_host(play.cloud, target, up=False)
        if how == "disabled":
            service = next(each.service_id for each in play.all(Host) if each.name == target)
            play.ask("PUT", f"/os-services/{service}", {"status": "disabled"}, "admin")
        before = host_of(play, web1)
        assert play.act(web1, "migrate", {"host": target}, "admin").code == 202
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)
        assert host_of(play, web1) == before
        assert "No valid host was found" in play.server(web1).fault["message"]
        assert_usage_is_exact(play)
