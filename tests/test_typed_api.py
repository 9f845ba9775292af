"""A program that uses novasim as a library. mypy checks the types in strict mode; as a test it also runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from novasim import Cloud, __version__
from novasim.api.request import Response
from novasim.errors import NovaFault
from novasim.library.clock import Clock
from novasim.library.config import Config
from novasim.library.faults import Faults
from novasim.library.hosts import Hosts
from novasim.library.quota import Quota
from novasim.library.request_log import LoggedRequest, RequestLog
from novasim.library.servers import Server, Servers
from novasim.records import Caller
from novasim.testing import CloudAdapter, mock_openstack

if TYPE_CHECKING:
    from typing_extensions import assert_type
else:

    def assert_type(value, kind):
        return value


def test_a_cloud_has_types(tmp_path: Path) -> None:
    cloud = Cloud.in_memory(clock="manual", seed=7, hosts=2)
    assert_type(cloud, Cloud)
    assert_type(Cloud.open(tmp_path / "cloud.json", who="admin"), Cloud)
    assert_type(cloud.as_("admin@demo"), Cloud)
    assert_type(cloud.caller, Caller)
    assert_type(cloud.id_of("flavor", "m1.tiny"), str)
    assert_type(cloud.request("GET", "/servers", query=[("status", "ACTIVE")]), Response)
    assert_type(__version__, str)


def test_servers_have_types() -> None:
    cloud = Cloud.in_memory()
    assert_type(cloud.servers, Servers)
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros", metadata={"role": "web"})
    assert_type(web1, Server)
    assert_type(cloud.servers.list(status="ACTIVE"), list[Server])
    assert_type(cloud.servers.get("web1").wait("ACTIVE", timeout=5), Server)
    assert_type((web1.id, web1.name, web1.status), tuple[str, str, str])
    assert_type(web1.details, dict[str, Any])
    web1.guest_event("reboot")
    assert_type(web1.act("pause"), Response)
    assert_type(web1.create_image("snap", {"a": "b"}), str)
    assert_type(web1.console_log(lines=5), str)
    assert_type((web1.host, repr(web1)), tuple[str, str])
    assert_type((web1.can("stop"), web1.why("stop")), tuple[bool, dict[str, Any]])
    assert_type((web1.plan("SHUTOFF"), web1.list_actions()), tuple[list[str], dict[str, bool]])
    assert_type(web1.history(), list[dict[str, Any]])
    try:
        web1.stop()
    except NovaFault as refusal:
        assert_type((refusal.http, refusal.fault, refusal.exit_code), tuple[int, str, int])


def test_clock_and_faults_have_types() -> None:
    cloud = Cloud.in_memory(clock="manual")
    assert_type(cloud.clock, Clock)
    assert_type(cloud.clock.advance("30s"), str)
    assert_type(cloud.clock.advance(1.5), str)
    assert_type((cloud.clock.now, cloud.clock.mode), tuple[str, str])
    assert_type(cloud.faults, Faults)
    assert_type(cloud.faults.add("spawn", times=1), str)
    assert_type(cloud.faults.list(), list[dict[str, Any]])


def test_hosts_have_types() -> None:
    cloud = Cloud.in_memory(hosts=1)
    assert_type(cloud.hosts, Hosts)
    cloud.hosts.add("host9", vcpus=8, shared_storage=True)
    cloud.hosts.set("host9", up=False, cell_down=True, ram_mb=1024)
    assert_type((cloud.hosts.list(), cloud.hosts.show("host9")), tuple[list[str], dict[str, Any]])


def test_options_quotas_states_and_requests_have_types() -> None:
    cloud = Cloud.in_memory()
    assert_type((cloud.config, cloud.quota), tuple[Config, Quota])
    cloud.config.set("shelved_offload_time", 60)
    cloud.quota.set("demo", instances=3)
    assert_type(cloud.quota.show(), dict[str, int])
    with cloud.rollback() as same, cloud.log_requests() as log, cloud.faults.inject("spawn") as fault:
        assert_type((same, log, fault), tuple[Cloud, RequestLog, str])
        assert_type((log.actions(), log.select("POST", code=409)), tuple[list[str], list[LoggedRequest]])


@mock_openstack(clock="stepping", hosts=1, seed=1, quota={"cores": 4}, user="admin")
def test_the_mock_has_types() -> None:
    with mock_openstack() as cloud:
        assert_type(cloud, Cloud)
        assert_type(CloudAdapter(cloud), CloudAdapter)
