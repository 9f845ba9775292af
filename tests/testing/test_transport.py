"""The adapter for `requests`, and the server in a thread: they answer as `serve` does."""

from __future__ import annotations

import io
import json
import threading

import pytest
import requests

from novasim import Cloud
from novasim.testing import CloudAdapter, Server
from tests.testing.http import list_names, log_in

URL = "http://cloud.example.com"


@pytest.fixture
def cloud():
    return Cloud.in_memory()


@pytest.fixture
def session(cloud):
    session = requests.Session()
    session.mount(URL, CloudAdapter(cloud))
    with log_in(f"{URL}/identity/v3", session=session):
        yield session


def body_of(cloud):
    image = cloud.id_of("image", "cirros")
    return {"server": {"name": "web1", "flavorRef": "1", "imageRef": image, "networks": "none"}}


def test_requests_change_the_cloud(cloud, session):
    version = {"OpenStack-API-Version": "compute 2.96"}
    created = session.post(f"{URL}/compute/v2.1/servers", json=body_of(cloud), headers=version)
    assert (created.status_code, created.reason) == (202, "Accepted")
    assert created.headers["openstack-api-version"] == "compute 2.96"
    assert created.headers["X-Compute-Request-ID"].startswith("req-")
    assert created.json()["server"]["links"][0]["href"].startswith(f"{URL}/compute")
    assert cloud.servers.get("web1").status == "ACTIVE"


def test_refusals_are_those_of_nova(cloud, session):
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    refused = session.post(f"{URL}/compute/v2.1/servers/{web1.id}/action", json={"os-start": None})
    assert refused.status_code == 409
    assert refused.json()["conflictingRequest"]["code"] == 409
    assert session.get(f"{URL}/compute/v2.1/servers", headers={"X-Auth-Token": "no"}).status_code == 401
    assert session.post(f"{URL}/compute/v2.1/servers", data=b"{").status_code == 400
    assert session.post(f"{URL}/compute/v2.1/servers", data=b" " * 200_000).status_code == 413


def test_data_of_images_is_accepted_from_files_and_iterators(session):
    for data in (b"12345", iter([b"123", b"45"]), io.BytesIO(b"12345")):
        body = {"name": "mine", "disk_format": "raw", "container_format": "bare"}
        image = session.post(f"{URL}/image/v2/images", json=body).json()["id"]
        headers = {"Content-Type": "application/octet-stream"}
        assert session.put(f"{URL}/image/v2/images/{image}/file", data=data, headers=headers).status_code == 204
        assert session.get(f"{URL}/image/v2/images/{image}").json()["size"] == 5


def test_a_head_request_has_no_content(session):
    response = session.head(f"{URL}/compute/v2.1/servers")
    assert (response.status_code, response.content) == (200, b"")


def test_the_same_bytes_as_over_http(cloud, session):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    with Server(cloud) as server, log_in(f"{server.url}/identity/v3") as other:
        for path in ("compute/v2.1/servers/detail", "image/v2/images", "identity/v3", "network/v2.0/ports", "nowhere"):
            ours, theirs = session.get(f"{URL}/{path}"), other.get(f"{server.url}/{path}")
            assert ours.status_code == theirs.status_code
            assert ours.text.replace(URL, "") == theirs.text.replace(server.url, "")
            changing = {"date", "x-openstack-request-id", "x-compute-request-id", "content-length", "connection"}
            assert {name for name in theirs.headers if name.lower() not in changing} == {
                name for name in ours.headers if name.lower() not in changing
            }


def test_a_server_changes_clouds(cloud):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    threads = threading.active_count()
    with Server(cloud) as server:
        auth_url = f"{server.url}/identity/v3"
        cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
        assert list_names(auth_url) == ["web1"]
        for _ in range(3):
            server.serve(Cloud.in_memory())
            assert list_names(auth_url) == []
    assert threading.active_count() == threads


def test_a_server_stops_while_clients_are_connected(cloud):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    with requests.Session() as session:
        with Server(cloud) as server:
            assert session.get(f"{server.url}/compute").status_code == 200
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server.url}/compute")


def test_settings_name_user_and_project(cloud):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    with Server(cloud) as server:
        settings = server.settings("alice", "web")
    assert (settings["username"], settings["project_name"], settings["region_name"]) == ("alice", "web", "RegionOne")
    assert json.dumps(settings)
