"""Fields: what is left out, the names of Nova's API, names of earlier versions, and faults."""

from __future__ import annotations

import json
import subprocess

import pytest

from novasim.api.schemas.validator import first_error
from novasim.control.worlds import preview_cloud
from novasim.devtools.table_pages import render_table_pages
from novasim.errors import UsageError
from novasim.records import Flavor, Host, Image, Network, Port, Project, Role, Router, Server, User
from novasim.scenarios.server_schema import SECTIONS, TOP_LEVEL
from novasim.scenarios.values import VALUES
from tests import each_case
from tests.processes import novasim_command

OWN = {
    "name": "web1",
    "metadata": {"role": "web"},
    "tags": ["prod"],
    "description": "front end",
    "hostname": "www",
    "accessIPv4": "192.0.2.9",
    "accessIPv6": "2001:db8::9",
    "config_drive": True,
    "locked": True,
    "locked_reason": "in use",
}


def names(cloud, kind):
    with cloud.reading() as world:
        return sorted((record.name, getattr(record, "vcpus", 0)) for record in world.tx.query(kind))


@pytest.mark.parametrize("text", ["servers: [{name: web1}]", "seed: 1", "hosts:\nusers:\nservers: []"])
def test_what_is_left_out_is_taken_from_the_default_world(open_scenario, text):
    cloud, default = open_scenario(text), preview_cloud()
    for kind in (Project, User, Role, Host, Flavor, Image, Network, Router):
        assert names(cloud.world, kind) == names(default, kind)


def test_a_server_needs_only_a_name(open_scenario):
    cloud = open_scenario("servers: [{name: web1}]")
    details = cloud.servers.get("web1").details
    assert (details["status"], details["flavor"]["original_name"]) == ("ACTIVE", "m1.tiny")
    assert list(details["addresses"]) == ["private"] and details["image"]["id"] == cloud.id_of("image", "cirros")
    assert cloud.as_("demo").caller.project_id == details["tenant_id"]


def test_fields_have_the_names_and_values_of_the_api(open_scenario):
    cloud = open_scenario(f"servers: [{json.dumps(OWN)}]")
    details = cloud.servers.get("web1").details
    shown = {name.rpartition(":")[2]: value for name, value in details.items()}
    assert {name: shown[name] for name in OWN} == OWN | {"config_drive": "True"}


def test_what_the_api_shows_can_be_written_back(open_scenario):
    text = (
        "{name: web1, created: '2026-01-02T03:04:05Z', updated: '2026-02-03T04:05:06Z', launched_at: 2026-01-02T03:05}"
    )
    details = open_scenario(f"servers: [{text}]").servers.get("web1").details
    assert (details["created"], details["updated"]) == ("2026-01-02T03:04:05Z", "2026-02-03T04:05:06Z")
    assert details["OS-SRV-USG:launched_at"] == "2026-01-02T03:05:00.000000"


def test_every_section_alone_gives_a_cloud(open_scenario):
    for text in (
        "projects: [{name: class1}]",
        "users: [{name: ann}]",
        "hosts: [{name: h1}]",
        "flavors: [{name: s, vcpus: 1, ram: 1024, disk: 1}]",
        "images: [{name: tiny}]",
        "networks: [{name: lan, shared: true, cidr: 192.0.2.0/24}]",
        "security_groups: [{name: web}]",
        "keypairs: [{name: k, user: demo}]",
        "volumes: [{name: data}]",
        "faults: [{name: spawn}]",
    ):
        who = "ann" if "ann" in text else "demo"
        cloud = open_scenario(f"{text}\nservers: [{{name: web1}}]", who)
        assert cloud.servers.get("web1").status == "ACTIVE", text


def test_a_scenario_without_a_network_has_servers_without_ports(open_scenario):
    for text in ("networks: []\nservers: [{name: a}]", "servers: [{name: a, network: none}]"):
        with open_scenario(text).world.reading() as world:
            assert [server.vm_state for server in world.tx.query(Server)] == ["active"]
            assert world.tx.query(Port) == []


def test_a_server_keeps_its_id(open_scenario):
    id = "11111111-2222-4333-8444-555555555555"
    cloud = open_scenario(f"servers: [{{name: a, id: {id}, status: SHELVED}}, {{name: b}}]")
    assert cloud.servers.get("a").details["id"] == id
    with cloud.world.reading() as world:
        assert world.tx.query(Port)[0].device_id == id
        assert len({server.id for server in world.tx.query(Server)}) == 2


def test_limits_and_options_apply_only_after_the_creation(open_scenario):
    cloud = open_scenario(
        "options: {password_pattern: '[0-9]{40}'}\n"
        "projects: [{name: demo, quotas: {instances: 1}}]\n"
        "flavors: [{name: s, vcpus: 1, ram: 512, disk: 1, disabled: true}]\n"
        "images: [{name: old, status: deactivated}]\n"
        "servers: [{name: a}, {name: b}]"
    )
    assert [server.status for server in cloud.servers.list()] == ["ACTIVE", "ACTIVE"]
    assert cloud.get("/limits")["limits"]["absolute"]["maxTotalInstances"] == 1
    with cloud.world.reading() as world:
        assert world.tx.query(Flavor)[0].disabled
        assert world.option("password_pattern") == "[0-9]{40}" and not world.settings.durations


def test_servers_may_be_on_hosts_that_take_no_others(open_scenario):
    cloud = open_scenario(
        "hosts:\n"
        "- {name: h1, status: disabled, disabled_reason: repair}\n"
        "- {name: h2, forced_down: true}\n"
        "- {name: h3, state: down}\n"
        "- {name: h4, memory_mb: 2048, local_gb: 9}\n"
        "servers: [{name: a, host: h1}, {name: b, host: h2}, {name: c, host: h3}, {name: d}, {name: e}]",
        "admin",
    )
    placed = {each.name: each.details["OS-EXT-SRV-ATTR:host"] for each in cloud.servers.list(all_tenants="1")}
    assert placed == {"a": "h1", "b": "h2", "c": "h3", "d": "h4", "e": "h4"}
    services = {each["host"]: each for each in cloud.get("/os-services", [("binary", "nova-compute")])["services"]}
    assert (services["h1"]["status"], services["h1"]["disabled_reason"]) == ("disabled", "repair")
    assert [services[name]["state"] for name in ("h1", "h2", "h3", "h4")] == ["up", "down", "down", "up"]
    cloud.servers.get("c").act("evacuate", {})
    cloud.clock.advance("60s")
    assert cloud.servers.get("c").details["OS-EXT-SRV-ATTR:host"] == "h4"


def test_names_of_earlier_versions_are_read(open_scenario):
    cloud = open_scenario(
        "projects: [{name: demo}]\nusers: [{name: demo}, {name: root, roles: {demo: [admin]}}]\n"
        "hosts: [{name: h1, ram_mb: 4096, disk_gb: 50}, {name: h2, disabled: true}]\n"
        "flavors: [{name: s, vcpus: 1, ram: 512, disk: 1, public: false, access: [demo]}]\n"
        "images: [{name: i, project: demo}]\n"
        "servers:\n"
        "- {name: a, vm_state: paused, locked_by: owner, created_at: 2026-01-02, updated_at: 2026-01-03}\n"
        "- {name: b, deleted: true}\n"
        "- {name: c, deleted: false, vm_state: stopped}\n",
        "root",
    )
    with cloud.world.reading() as world:
        hosts, servers = world.tx.query(Host), world.tx.query(Server)
        assert [(host.ram_mb, host.disk_gb, host.disabled) for host in hosts] == [
            (4096, 50, False),
            (65536, 1000, True),
        ]
        assert [(server.name, server.vm_state, server.locked_by) for server in servers] == [
            ("a", "paused", "owner"),
            ("b", "deleted", None),
            ("c", "stopped", None),
        ]
        assert (servers[0].created_at[:10], servers[0].updated_at[:10]) == ("2026-01-02", "2026-01-03")
        assert not world.tx.query(Flavor)[0].is_public
        assert world.tx.query(Image)[0].owner == world.tx.query(Project)[0].id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("servers:\n- {name: a, created: 2026-01-01, created_at: 2026-01-02}", "created_at is the old name of created"),
        ("hosts:\n- {name: a, disabled: maybe}", "disabled must be true or false"),
        ("hosts:\n- {name: a, status: off}", "status must be text, not False"),
        ("hosts:\n- {name: a, state: upp}", "Did you mean up"),
        ("images:\n- {name: a, id: one}", "id is not valid"),
        ("servers:\n- {name: a, addresses: [192.0.2.1]}", "192.0.2.1"),
        ("servers:\n- {name: a, project: nobody}", "there is no project 'nobody'"),
        ("servers:\n- {name: a, key_name: none}", "Invalid key_name"),
        ("servers:\n- {name: a, availability_zone: az9}", "The requested availability zone is not available"),
        ("servers:\n- {name: a, flavor: m1.tiny, image: ubuntu-24.04}", "a cannot be created: "),
        ("servers:\n- {name: a, security_groups: [web]}", "web"),
        ("faults:\n- {does: stuk}", "Did you mean stuck"),
        ("faults:\n- {name: spwan}", "fault"),
        ("faults:\n- {does: delay}", "The seconds must be above 0"),
        ("faults:\n- {name: bad-gateway, server: w}", "A fault of the network affects requests, not servers"),
        ("faults:\n- {name: spawn, server: w, until: soon}", "'soon' is not a time"),
        ("faults:\n- {name: spawn, host: h9}", "There is no host 'h9'"),
    ],
)
def test_mistakes_are_named_with_their_line(open_scenario, text, words):
    with pytest.raises(UsageError) as refusal:
        open_scenario(text)
    assert "world.yaml, line 3: " in str(refusal.value)
    assert words in str(refusal.value)


def test_faults_are_injected_after_the_creation(open_scenario):
    cloud = open_scenario(
        "faults:\n- {name: no-valid-host, times: 1}\n- {does: refuse, action: reboot, code: 503, until: 2030-01-01}\n"
        "servers: [{name: web1}]"
    )
    assert [(each["name"], each["does"], each["triggered"]) for each in cloud.faults.list()] == [
        ("no-valid-host", "fail", 0),
        ("", "refuse", 0),
    ]
    cloud.servers.create("web2", "m1.tiny", "cirros")
    cloud.clock.advance("60s")
    assert [cloud.servers.get(name).status for name in ("web1", "web2")] == ["ACTIVE", "ERROR"]


def test_faults_of_the_network_are_injected(open_scenario):
    cloud = open_scenario(
        "faults:\n- {name: rate-limit, service: compute, times: 2}\n- {does: answer, code: 504, method: POST}\n"
        "- {does: delay, seconds: 0.5, path: '/servers*', probability: 0.1}\n- {name: dropped-connection}\n"
        "- {name: expired-token}"
    )
    fields = ("does", "code", "seconds", "service", "method", "path", "times", "probability")
    assert [tuple(each[name] for name in fields) for each in cloud.faults.list()] == [
        ("answer", 429, 1.0, "compute", "", "", 2, 1.0),
        ("answer", 504, 0.0, "", "POST", "", None, 1.0),
        ("delay", 0, 0.5, "", "", "/servers*", None, 0.1),
        ("drop", 0, 0.0, "", "", "", None, 1.0),
        ("expire-token", 0, 0.0, "", "", "", None, 1.0),
    ]


def test_the_clock_of_the_new_cloud_has_not_moved(open_scenario):
    text = "seed: 3\nservers: [{name: a, status: VERIFY_RESIZE}, {name: b, status: REBOOT}]"
    cloud = open_scenario(text)
    assert cloud.clock.now == "2026-01-01T00:00:00.000000Z"
    assert cloud.servers.get("a").details["created"] == "2026-01-01T00:00:00Z"


# ----- the manual page -----


@each_case("section", SECTIONS)
def test_every_field_is_explained_with_its_default(section):
    for name, field in SECTIONS[section].fields.items():
        assert field.help.endswith(".") and len(field.help) > len("Name."[:4])
        is_required = name in SECTIONS[section].required
        assert is_required or "efault" in field.help or (section, name) in NO_DEFAULT, (section, name)
        assert not field.help.startswith("Type:")


NO_DEFAULT = {
    *(("faults", name) for name in ("name", "code", "factor")),
    *(("projects", name) for name in ("quotas",)),
    ("servers", "vm_state"),
}


@each_case(
    ("section", "name"),
    [(section, name) for section, schemas in VALUES.items() for name, schema in schemas.items() if "enum" in schema],
)
def test_the_manual_page_names_all_allowed_values(section, name):
    text = SECTIONS[section].fields[name].help
    if name in ("vm_state", "task_state"):
        return  # 12 and 42 values, which novasim-lifecycle(7) lists
    assert all(str(value) in text for value in VALUES[section][name]["enum"]), text


def test_the_example_of_the_manual_page_gives_two_clouds(open_scenario):
    page = render_table_pages()["novasim-scenario.5"]
    example = (
        page.partition(".Sh EXAMPLES")[2].partition(".Ed")[0].partition("\n")[2].partition("\n")[2].replace("\\-", "-")
    )
    first, second = example.split("# A world of its own, in another file:\n")
    assert [server.status for server in open_scenario(first).servers.list()]
    cloud = open_scenario(second)
    assert {server.name for server in cloud.servers.list()} == {"web1", "db1"} and cloud.faults.list()


def test_every_field_of_the_top_level_is_explained():
    assert all(field.help for field in TOP_LEVEL.values())
    assert first_error(VALUES["servers"]["status"], "SHUTOFF") is None


def test_cloud_init_creates_a_cloud_from_servers_only(tmp_path):
    path = tmp_path / "world.yaml"
    path.write_text("servers: [{name: web1, status: SHUTOFF}]\n", "utf-8")
    command = [*novasim_command(), "--cloud", str(tmp_path / "lab.json")]
    subprocess.run([*command, "cloud", "init", "--scenario", str(path)], check=True, capture_output=True)
    listed = subprocess.run(
        [*command, "list", "-f", "value", "-c", "Status"], check=True, capture_output=True, text=True
    )
    assert listed.stdout == "SHUTOFF\n"
