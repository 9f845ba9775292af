"""The clients of single services: cinderclient, glanceclient, neutronclient and keystoneclient."""

from __future__ import annotations

import io

import pytest

from tests.clients.conftest import NO_CLIENTS

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients


@pytest.fixture
def cinder(connect):
    client = pytest.importorskip("cinderclient.client", reason=NO_CLIENTS)
    return lambda who="demo", version="3.70": client.Client(version, session=connect(who).session)


@pytest.fixture
def glance(connect):
    return pytest.importorskip("glanceclient", reason=NO_CLIENTS).Client("2", session=connect().session)


def test_cinder_volumes_and_snapshots(cinder):
    client = cinder()
    volume = client.volumes.create(1, name="data", metadata={"a": "b"})
    assert client.volumes.get(volume.id).status == "available"
    snapshot = client.volume_snapshots.create(volume.id, name="before")
    copy = client.volumes.create(2, snapshot_id=snapshot.id, name="copy")
    assert {each.name for each in client.volumes.list(sort="name:asc")} == {"copy", "data"}
    client.volumes.extend(volume, 3)
    assert client.volumes.get(volume.id).size == 3
    snapshot.delete()
    for each in (volume, copy):
        each.delete()
    assert client.volumes.list() == []


def test_cinder_lists_of_what_there_is_not(cinder):
    client, admin = cinder(), cinder("admin")
    assert client.backups.list() == client.groups.list() == client.group_snapshots.list() == []
    assert client.consistencygroups.list() == client.transfers.list() == client.messages.list() == []
    assert admin.qos_specs.list() == []
    assert {each.binary for each in admin.services.list()} == {"cinder-scheduler", "cinder-volume", "cinder-backup"}
    assert client.availability_zones.list() and admin.pools.list() and client.limits.get().absolute


def test_cinder_groups_transfers_and_backups(cinder):
    client, admin = cinder(), cinder("admin")
    group_type = admin.group_types.create("together")
    default = client.volume_types.default()
    group = client.groups.create(group_type.id, default.id, name="g")
    volume = client.volumes.create(1, name="data", group_id=group.id, volume_type=default.id)
    snapshot = client.group_snapshots.create(group.id, name="before")
    assert [each.group_snapshot_id for each in client.volume_snapshots.list()] == [snapshot.id]
    copy = client.groups.create_from_src(None, group.id, name="copy")
    client.group_snapshots.delete(snapshot)
    for id in (copy["id"], group.id):
        client.groups.delete(id, delete_volumes=True)
    assert client.volumes.list() == client.groups.list() == []
    admin.group_types.delete(group_type)
    volume = client.volumes.create(1, name="data")
    backup = client.backups.create(volume.id, name="b")
    restored = client.restores.restore(backup.id)
    assert client.volumes.get(restored.volume_id).name == f"restore_backup_{backup.id}"
    transfer = client.transfers.create(volume.id)
    admin.transfers.accept(transfer.id, transfer.auth_key)
    assert [each.id for each in client.volumes.list()] == [restored.volume_id]
    client.backups.delete(backup.id)
    client.volumes.delete(restored.volume_id)
    admin.volumes.delete(volume.id)


def test_cinder_encryption_and_qos_specs(cinder):
    admin = cinder("admin")
    made = admin.volume_types.create("secret")
    settings = {"provider": "luks", "control_location": "front-end", "key_size": 256, "cipher": "aes-xts-plain64"}
    admin.volume_encryption_types.create(made, settings)
    assert admin.volume_encryption_types.get(made).provider == "luks"
    assert [each.volume_type_id for each in admin.volume_encryption_types.list()] == [made.id]
    specs = admin.qos_specs.create("fast", {"consumer": "front-end", "total_iops_sec": "500"})
    admin.qos_specs.set_keys(specs.id, {"read_iops_sec": "1"})
    admin.qos_specs.unset_keys(specs.id, ["total_iops_sec"])
    admin.qos_specs.associate(specs.id, made.id)
    assert [each.name for each in admin.qos_specs.get_associations(specs.id)] == ["secret"]
    admin.qos_specs.disassociate_all(specs.id)
    admin.qos_specs.delete(specs.id)
    admin.volume_encryption_types.delete(made)
    admin.volume_types.delete(made)


def test_cinder_types_and_quotas(cinder):
    admin = cinder("admin")
    made = admin.volume_types.create("fast")
    made.set_keys({"tier": "1"})
    assert made.get_keys() == {"tier": "1"}
    admin.volume_types.delete(made)
    project = admin.client.session.get_project_id()
    assert admin.quotas.update(project, volumes=5).volumes == 5
    assert admin.quotas.get(project, usage=True).volumes["limit"] == 5
    admin.quotas.delete(project)


def test_glance_images(glance):
    image = glance.images.create(name="mine", disk_format="raw", container_format="bare", os_distro="debian")
    glance.images.upload(image.id, io.BytesIO(b"data"))
    assert b"".join(glance.images.data(image.id)) == b"data"
    assert glance.images.update(image.id, min_ram=64, os_version="13").os_version == "13"
    glance.image_tags.update(image.id, "kept")
    assert [each.name for each in glance.images.list(filters={"tag": ["kept"]})] == ["mine"]
    names = [each.name for each in glance.images.list(sort_key=["name"], sort_dir=["asc"], page_size=2)]
    assert names == sorted(names) and len(names) >= 4
    glance.images.deactivate(image.id)
    glance.images.reactivate(image.id)
    glance.images.delete(image.id)


def test_glance_metadata_definitions(glance):
    names = {
        each.namespace for each in glance.metadefs_namespace.list(filters={"resource_types": ["OS::Nova::Flavor"]})
    }
    assert "OS::Compute::VirtCPUTopology" in names
    space = glance.metadefs_namespace.get("OS::Compute::VirtCPUTopology", resource_type="OS::Nova::Flavor")
    assert "hw:cpu_cores" in space["properties"]
    assert len(list(glance.metadefs_resource_type.list())) == 7


def test_glance_administrators_change_metadata_definitions(connect):
    client = pytest.importorskip("glanceclient", reason=NO_CLIENTS).Client("2", session=connect("admin").session)
    client.metadefs_namespace.create(namespace="lab", display_name="Lab", visibility="public")
    client.metadefs_property.create("lab", name="color", title="Color", type="string", enum=["red", "blue"])
    client.metadefs_object.create("lab", name="Paint", properties={"color": {"title": "Color", "type": "string"}})
    list(client.metadefs_tag.create_multiple("lab", tags=["a", "b"]))
    client.metadefs_resource_type.associate("lab", name="OS::Nova::Server", prefix="lab_")
    assert list(client.metadefs_namespace.get("lab", resource_type="OS::Nova::Server").properties) == ["lab_color"]
    assert {each.name for each in client.metadefs_tag.list("lab")} == {"a", "b"}
    client.metadefs_property.update("lab", "color", name="colour", title="Colour")
    client.metadefs_object.update("lab", "Paint", name="Ink")
    client.metadefs_tag.update("lab", "a", name="d")
    client.metadefs_namespace.update("lab", display_name="Laboratory")
    assert client.metadefs_namespace.get("lab").display_name == "Laboratory"
    client.metadefs_resource_type.deassociate("lab", "OS::Nova::Server")
    client.metadefs_namespace.delete("lab")


def test_neutron(connect):
    client = pytest.importorskip("neutronclient.v2_0.client", reason=NO_CLIENTS).Client(session=connect().session)
    network = client.create_network({"network": {"name": "lab"}})["network"]["id"]
    subnet = client.create_subnet({"subnet": {"network_id": network, "ip_version": 4, "cidr": "10.9.0.0/24"}})["subnet"]
    router = client.create_router({"router": {"name": "way"}})["router"]["id"]
    client.add_interface_router(router, {"subnet_id": subnet["id"]})
    (port,) = client.list_ports(network_id=network)["ports"]
    assert port["device_owner"] == "network:router_interface"
    client.remove_interface_router(router, {"subnet_id": subnet["id"]})
    client.delete_router(router)
    client.delete_network(network)
    assert client.list_networks(name="lab")["networks"] == []


def test_keystone(connect):
    client = pytest.importorskip("keystoneclient.v3.client", reason=NO_CLIENTS)
    keystone = client.Client(session=connect("admin").session, interface="public")
    project = keystone.projects.create("lab", "default")
    user = keystone.users.create("eve", password="secret", default_project=project)
    role = keystone.roles.list(name="member")[0]
    keystone.roles.grant(role, user=user, project=project)
    assert [each.role["id"] for each in keystone.role_assignments.list(user=user)] == [role.id]
    service = keystone.services.create("heat", "orchestration")
    endpoint = keystone.endpoints.create(service, "http://192.0.2.7:8004/v1", "public", region="RegionOne")
    assert [each.id for each in keystone.endpoints.list(service=service)] == [endpoint.id]
    keystone.endpoints.delete(endpoint)
    keystone.services.delete(service)
    me = keystone.session.get_user_id()
    trust = keystone.trusts.create(user, me, role_names=["admin"], project=keystone.session.get_project_id())
    assert [each.id for each in keystone.trusts.list(trustor_user=me)] == [trust.id]
    keystone.trusts.delete(trust)
    group = keystone.groups.create("staff")
    keystone.users.add_to_group(user, group)
    keystone.roles.grant(role, group=group, project=project)
    assert [each.id for each in keystone.users.list(group=group)] == [user.id]
    effective = keystone.role_assignments.list(user=user, effective=True)
    assert [each.links.get("membership", "").rpartition("/v3/")[2] for each in effective] == [
        *("", ""),
        *(f"groups/{group.id}/users/{user.id}" for _ in ("member", "reader")),
    ]
    keystone.groups.delete(group)
    assert keystone.credentials.list() == []
    keystone.users.delete(user)
    keystone.projects.delete(project)
