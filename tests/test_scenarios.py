"""Scenarios: the world matches the file, mistakes are reported with their line, and nothing is created then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from novasim.errors import UsageError
from novasim.records import (
    Aggregate,
    Flavor,
    Host,
    Keypair,
    Network,
    Port,
    Project,
    SecurityGroup,
    Server,
    Settings,
    User,
)
from novasim.scenarios.builder import build_world
from novasim.scenarios.reader import read_scenario
from novasim.store.memory import MemoryStore
from tests.worlds import id_of

SMALL = """\
seed: 7
clock: manual
projects:
  - {name: demo, quotas: {instances: 50}}
hosts:
  - {name: h1, availability_zone: az1}
  - {name: h2, availability_zone: az2, vcpus: 4}
users:
  - {name: demo}
flavors:
  - {name: small, vcpus: 1, ram: 512, disk: 1}
images:
  - {name: cirros}
networks:
  - {name: private, shared: true, cidr: 10.1.0.0/24}
servers:
  - {name: web1, project: demo, flavor: small, image: cirros, network: private, addresses: [10.1.0.9]}
  - {name: db1, project: demo, flavor: small, image: cirros, vm_state: paused, host: h2, tags: [db], locked_by: owner}
"""


def made(text: str, folder: Path):
    path = folder / "world.yaml"
    path.write_text(text, "utf-8")
    store = MemoryStore()
    with store.write() as tx:
        build_world(tx, read_scenario(str(path)), 0.0, None)
    return store


def test_the_world_matches_the_scenario(tmp_path):
    with made(SMALL, tmp_path).read() as tx:
        web, db = tx.query(Server)
        assert (web.vm_state, web.power_state, web.host) == ("active", 1, "h1")
        assert (db.vm_state, db.power_state, db.host, db.availability_zone) == ("paused", 3, "h2", "az2")
        assert (db.tags, db.locked_by) == (["db"], "owner")
        assert tx.query(Port, {"device_id": web.id})[0].fixed_ips[0]["ip_address"] == "10.1.0.9"
        assert tx.get(Host, "h2").used_vcpus == 1
        assert tx.query(Project)[0].quotas == {"instances": 50}


def test_the_same_file_gives_the_same_world(tmp_path):
    one, other = made(SMALL, tmp_path), made(SMALL, tmp_path)
    keys = []
    for store in (one, other):
        with store.write() as tx:
            settings = tx.get(Settings, "cloud")
            keys.append(settings.token_key)
            settings.token_key = ""
            tx.put(settings)
            for user in tx.query(User):  # the key is in the salts of the passwords
                user.password_hash = ""
                tx.put(user)
    assert one.dump() == other.dump()
    assert len(set(keys)) == 2, "only the secret that tokens are signed with is each world's own"


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("vm_state: paused", "vm_sate: paused", 18, "Did you mean vm_state"),
        ("vm_state: paused", "vm_state: pausd", 18, "Did you mean paused"),
        ("flavor: small, image: cirros, network", "flavor: tiny, image: cirros, network", 17, "no flavor 'tiny'"),
        ("host: h2, tags", "host: h9, tags", 18, "no host 'h9'"),
        ("vcpus: 4", "vcpus: many", 7, "vcpus must be a whole number"),
        ("vcpus: 4", "vcpus: -4", 7, "must be between 1 and"),
        ("vcpus: 4", "vcpus: true", 7, "vcpus must be a whole number"),
        ("{name: cirros}", "{}", 13, "needs name"),
        ("{name: cirros}", "{nam: cirros}", 13, "Did you mean name?"),
        ("{name: cirros}", "cirros", 13, "must be a mapping, such as {name: cirros}, not 'cirros'"),
        ("instances: 50", "instanses: 50", 4, "Did you mean instances"),
        ("clock: manual", "clock: fast", 2, "Choose from: "),
        ("10.1.0.0/24", "10.1.0.0/99", 15, "cidr"),
        ("flavors:", "flavours:", 10, "Did you mean flavors"),
        ("flavors:", "flavors: [", 11, ""),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path, old, new, line, word):
    assert old in SMALL
    with pytest.raises(UsageError) as refusal:
        made(SMALL.replace(old, new), tmp_path)
    assert f"world.yaml, line {line}" in str(refusal.value)
    assert word in str(refusal.value)


def test_files_that_are_not_yaml_or_text_are_refused(tmp_path):
    for content in (b"\xff\xfe\x00", b"just words", b"- a\n- b\n", b"\tx: 1"):
        path = tmp_path / "bad.yaml"
        path.write_bytes(content)
        with pytest.raises(UsageError, match=r"bad\.yaml"):
            read_scenario(str(path))
    with pytest.raises(UsageError, match="No such file"):
        read_scenario(str(tmp_path / "missing.yaml"))


def test_the_recorded_world_can_be_described(shared, tmp_path):
    fixture = json.loads((shared / "nova-facts" / "fixture.json").read_text("utf-8"))
    with made(yaml.safe_dump(scenario_of(fixture)), tmp_path).read() as tx:
        assert [host.name for host in tx.query(Host)] == ["host1", "host2", "host3"]
        assert {a.name: a.hosts for a in tx.query(Aggregate)} == fixture["availability_zones"]
        assert [f.id for f in tx.query(Flavor)][-1] == "f_disabled"
        assert tx.get(User, "manager").roles == {"project-member": ["reader", "member", "manager"]}
        assert len(tx.query(SecurityGroup, {"project_id": "project-other"})) == 2
        assert tx.get(Keypair, "member/key1") and tx.query(Network)[0].shared
        world = fixture["query_world"]["servers"]
        assert [(s.name, s.vm_state, s.host) for s in tx.query(Server)] == [
            (s["name"], s["vm_state"], s["host"]) for s in world
        ]


def scenario_of(fixture):
    """The recorded world in a scenario's words."""
    callers = fixture["callers"]
    homes = {name: caller["project"].strip("{}").replace("_", "-") for name, caller in callers.items()}
    zone = {host: zone for zone, hosts in fixture["availability_zones"].items() for host in hosts}
    return {
        "seed": 1,
        "clock": "instant",
        "options": {"weight_classes": [], "shelved_offload_time": 0},
        "projects": [{"id": home, "name": home} for home in dict.fromkeys(homes.values())],
        "users": [
            {"id": name, "name": name, "project": homes[name], "roles": {homes[name]: caller["roles"]}}
            for name, caller in callers.items()
        ],
        "hosts": [{**host, "availability_zone": zone[host["name"]], "ram_mb": 80000} for host in fixture["hosts"]],
        "flavors": [{"name": flavor["id"], **flavor} for flavor in [*fixture["stock_flavors"], *fixture["flavors"]]],
        "images": [{**image, "id": id_of(image["id"].strip("{}"))} for image in fixture["images"]],
        "networks": [
            {
                "name": "private",
                "shared": True,
                "cidr": "192.168.0.0/16",
                "pool_start": "192.168.1.11",
                "pool_end": "192.168.9.249",
            }
        ],
        "security_groups": [{"name": "web", "project": home} for home in dict.fromkeys(homes.values())],
        "keypairs": [{"user": user, "name": key} for user, keys in fixture["keypairs"].items() for key in keys],
        "servers": [
            {
                "name": server["name"],
                "project": homes[server["owner"]],
                "user": server["owner"],
                "network": "private",
                "addresses": server["ip"],
                "locked_by": server["locked"] and "owner",
                "image": id_of(server["image"]),
                **{
                    name: server[name]
                    for name in (
                        "flavor",
                        "vm_state",
                        "task_state",
                        "power_state",
                        "tags",
                        "metadata",
                        "key_name",
                        "description",
                        "hostname",
                        "host",
                        "created_at",
                        "updated_at",
                        "launched_at",
                        "deleted",
                    )
                },
            }
            for server in fixture["query_world"]["servers"]
        ],
    }


def test_the_cell_of_a_host_may_be_down(tmp_path):
    text = SMALL.replace("{name: h2, ", "{name: h2, cell_down: true, ").replace(
        "{name: h1, ", "{name: h1, cell_down: false, "
    )
    with made(text, tmp_path).read() as tx:
        assert tx.get(Settings, "cloud").down_cells == ["h2"]
        assert "cell_down" not in vars(tx.get(Host, "h2"))
    with pytest.raises(UsageError, match="cell_down"):
        read_scenario(str(write(tmp_path, SMALL.replace("{name: h2, ", "{name: h2, cell_down: maybe, "))))


def write(folder: Path, text: str) -> Path:
    path = folder / "other.yaml"
    path.write_text(text, "utf-8")
    return path
