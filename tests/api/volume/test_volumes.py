"""Volumes: create, list, update, metadata. Source: the volume service's API (v3)."""

from __future__ import annotations

import pytest

from tests import each_case
from tests.api.volume.client import NOWHERE

PLAIN = set(
    "id name description size status volume_type availability_zone bootable multiattach encrypted snapshot_id "
    "source_volid consistencygroup_id replication_status migration_status metadata attachments user_id created_at "
    "updated_at links".split()
)


LATER = ("group_id", "service_uuid", "shared_targets")  # of microversion 3.60


def test_show_has_more_keys_than_create(cinder):
    made = cinder.ask("POST", "/volumes", {"volume": {"size": 2}}).body["volume"]
    assert set(made) == PLAIN
    assert set(cinder.show(made["id"])) == PLAIN | {"os-vol-tenant-attr:tenant_id", *LATER}
    assert set(cinder.show(made["id"], "admin")) == PLAIN | {
        "os-vol-tenant-attr:tenant_id",
        "os-vol-host-attr:host",
        "os-vol-mig-status-attr:migstat",
        "os-vol-mig-status-attr:name_id",
        "provider_id",
        *LATER,
    }
    image = cinder.ask("POST", "/volumes", {"volume": {"size": 2, "imageRef": cinder.play.image}}).body["volume"]
    assert (set(image), image["bootable"]) == (PLAIN, "true")
    assert cinder.show(image["id"])["volume_image_metadata"]["image_id"] == cinder.play.image


@each_case(
    ("attributes", "code"),
    [
        ({"size": 0}, 400),
        ({"size": -1}, 400),
        ({"size": "x"}, 400),
        ({"size": 1.5}, 400),
        ({"size": True}, 400),
        ({"size": None}, 400),
        ({"size": 2**31}, 400),
        ({"nonsense": 1}, 400),
        ({"name": "n" * 256}, 400),
        ({"metadata": {"k": 1}}, 400),
        ({"availability_zone": "nowhere"}, 400),
        ({"imageRef": NOWHERE}, 400),
        ({"volume_type": "nonsense"}, 404),
        ({"snapshot_id": NOWHERE}, 404),
        ({"source_volid": NOWHERE}, 404),
        ({"group_id": NOWHERE}, 404),
        ({"consistencygroup_id": NOWHERE}, 404),
        ({"backup_id": NOWHERE}, 404),
        ({"cluster_name": "c"}, 501),
        ({"size": 1001}, 413),
    ],
)
def test_invalid_volumes_are_refused(cinder, attributes, code):
    assert cinder.ask("POST", "/volumes", {"volume": {"size": 1, **attributes}}).code == code
    assert cinder.ask("GET", "/volumes").body == {"volumes": []}


@pytest.mark.parametrize("body", [None, {}, [], {"volume": None}, {"volume": []}])
def test_invalid_bodies_are_refused(cinder, body):
    assert cinder.ask("POST", "/volumes", body).code == 400


def test_lists_are_filtered_sorted_and_paged(cinder):
    ids = {name: cinder.volume(name=name, size=size) for name, size in (("a", 3), ("b", 1), ("c", 2))}
    cinder.act(ids["b"], "os-set_bootable", {"bootable": True})

    def names(**query):
        return [volume["name"] for volume in cinder.ask("GET", "/volumes/detail", **query).body["volumes"]]

    assert names() == ["c", "b", "a"]
    assert names(sort="name:asc") == ["a", "b", "c"]
    assert names(sort_key="size", sort_dir="desc") == ["a", "c", "b"]
    assert names(name="b") == ["b"]
    assert names(bootable="true") == ["b"]
    assert names(id=f"['{ids['a']}', '{ids['c']}']") == ["c", "a"]
    assert names(id=ids["b"]) == ["b"]
    assert names(id="[nonsense") == []
    assert names(status="in-use") == []
    assert names(metadata="{'k': 'v'}") == []
    assert cinder.ask("GET", "/volumes", metadata="nonsense(").code == 400
    first = cinder.ask("GET", "/volumes", limit="2", sort="name:asc").body
    assert [volume["name"] for volume in first["volumes"]] == ["a", "b"]
    assert f"marker={ids['b']}" in first["volumes_links"][0]["href"]
    assert names(sort="name:asc", marker=ids["b"]) == ["c"]
    assert cinder.ask("GET", "/volumes", who="other", all_tenants="1").body["volumes"] == []
    assert len(cinder.ask("GET", "/volumes", who="admin", all_tenants="1").body["volumes"]) == 3


def test_metadata_is_added_replaced_and_removed(cinder):
    volume = cinder.volume(metadata={"a": "1"})
    path = f"/volumes/{volume}/metadata"
    assert cinder.ask("POST", path, {"metadata": {"b": "2"}}).body == {"metadata": {"a": "1", "b": "2"}}
    assert cinder.ask("PUT", path, {"metadata": {"c": "3"}}).body == {"metadata": {"c": "3"}}
    assert cinder.ask("PUT", path + "/c", {"meta": {"c": "4"}}).body == {"meta": {"c": "4"}}
    assert cinder.ask("PUT", path + "/c", {"meta": {"d": "4"}}).code == 400
    assert cinder.ask("GET", path + "/c").body == {"meta": {"c": "4"}}
    assert cinder.ask("DELETE", path + "/c").code == 200
    assert cinder.ask("DELETE", path + "/c").code == 404


def test_readers_cannot_write(cinder):
    volume = cinder.volume()
    assert cinder.ask("POST", "/volumes", {"volume": {"size": 1}}, "reader").code == 403
    assert cinder.act(volume, "os-extend", {"new_size": 2}, "reader").code == 403
    assert cinder.ask("DELETE", f"/volumes/{volume}", who="reader").code == 403
    assert cinder.ask("GET", f"/volumes/{volume}", who="reader").code == 200


def test_the_summary_counts_volumes_sizes_and_metadata(cinder):
    for size, colour in ((1, "red"), (2, "blue"), (3, "red")):
        cinder.volume(size=size, metadata={"colour": colour})
    assert cinder.ask("GET", "/volumes/summary").body["volume-summary"] == {
        "total_count": 3,
        "total_size": 6,
        "metadata": {"colour": ["red", "blue"]},
    }


def test_a_copy_has_the_image_metadata_of_its_source(cinder):
    first = cinder.volume(size=2, imageRef=cinder.play.image)
    copy = cinder.show(cinder.volume(size=2, source_volid=first))
    assert (copy["source_volid"], copy["bootable"]) == (first, "true")
    assert copy["volume_image_metadata"]["image_id"] == cinder.play.image
    assert cinder.ask("POST", "/volumes", {"volume": {"size": 1, "source_volid": first}}).code == 400


def test_name_description_and_metadata_change(cinder):
    volume = cinder.volume(name="a", metadata={"k": "1"})
    changed = cinder.ask("PUT", f"/volumes/{volume}", {"volume": {"name": "b", "metadata": {"l": "2"}}})
    assert (changed.body["volume"]["name"], changed.body["volume"]["metadata"]) == ("b", {"l": "2"})
    assert cinder.ask("GET", f"/volumes/{volume}/metadata").body == {"metadata": {"l": "2"}}
    emptied = cinder.ask("PUT", f"/volumes/{volume}", {"volume": {"name": None, "description": "d"}}).body["volume"]
    assert (emptied["name"], emptied["description"], emptied["metadata"]) == ("", "d", {"l": "2"})


def test_a_volume_is_created_attached_extended_and_deleted(play):
    base = f"/v3/{play.callers['demo'].project_id}"

    def ask(method, path, body=None, who="demo"):
        return play.ask(method, base + path, body, who, service="volume")

    volume = ask("POST", "/volumes", {"volume": {"size": 2, "name": "data"}}).body["volume"]["id"]
    server = play.create()
    attach = {"volumeAttachment": {"volumeId": volume}}
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 200
    assert ask("GET", f"/volumes/{volume}").body["volume"]["status"] == "in-use"
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attach).code == 400
    assert ask("DELETE", f"/volumes/{volume}").code == 400
    assert play.ask("DELETE", f"/servers/{server}/os-volume_attachments/{volume}").code == 202
    assert ask("GET", f"/volumes/{volume}").body["volume"]["attachments"] == []
    assert ask("POST", f"/volumes/{volume}/action", {"os-extend": {"new_size": 1}}).code == 400
    assert ask("POST", f"/volumes/{volume}/action", {"os-extend": {"new_size": 5}}).code == 202
    assert ask("POST", f"/volumes/{volume}/action", {"os-unmanage": {}}).code == 501
    snapshot = ask("POST", "/snapshots", {"snapshot": {"volume_id": volume}}).body["snapshot"]["id"]
    assert ask("DELETE", f"/volumes/{volume}").code == 400
    assert ask("DELETE", f"/snapshots/{snapshot}").code == 202
    assert (
        play.ask("GET", f"/v3/{play.callers['other'].project_id}/volumes/{volume}", who="other", service="volume").code
        == 404
    )
    assert ask("DELETE", f"/volumes/{volume}").code == 202


@pytest.mark.parametrize("who", ["other", "admin"])
@pytest.mark.parametrize("path", ["/volumes", "/volumes/detail", f"/volumes/{NOWHERE}", "/types", "/limits"])
def test_the_project_in_the_path_must_be_that_of_the_caller(play, who, path):
    """Source: cinder/api/openstack/wsgi.py, Resource._process_stack; it holds for administrators, too."""
    demo = play.callers["demo"].project_id
    answer = play.ask("GET", f"/v3/{demo}{path}", who=who, service="volume")
    assert (answer.code, str(answer.fault)) == (400, "Malformed request url")


class TestImageReferences:
    def test_an_image_is_named_by_id_url_or_name(self, cinder):
        image = cinder.play.image
        for ref in (image, f"http://192.0.2.1/v2/images/{image}", "cirros"):
            volume = cinder.show(cinder.volume(imageRef=ref))
            assert volume["volume_image_metadata"]["image_id"] == image

    def test_an_ambiguous_or_unknown_name_is_refused(self, cinder):
        for _ in range(2):
            cinder.play.ask("POST", "/v2/images", {"name": "twin"}, service="image")
        assert cinder.ask("POST", "/volumes", {"volume": {"size": 1, "imageRef": "twin"}}).code == 409
        refusal = cinder.ask("POST", "/volumes", {"volume": {"size": 1, "imageRef": "nowhere"}})
        text = "Invalid image identifier or unable to access requested image."
        assert (refusal.code, refusal.body["badRequest"]["message"]) == (400, text)


class TestCount:
    def test_the_number_of_volumes_on_all_pages(self, cinder):
        for name in ("a", "b", "b"):
            cinder.volume(name=name)
        for path in ("/volumes", "/volumes/detail"):
            body = cinder.ask("GET", path, with_count="True", limit="1").body
            assert (body["count"], len(body["volumes"])) == (3, 1)
            assert cinder.ask("GET", path, with_count="True", name="b").body["count"] == 2
            assert "count" not in cinder.ask("GET", path, with_count="False").body
        for path in ("/snapshots", "/snapshots/detail", "/backups", "/backups/detail"):
            assert cinder.ask("GET", path, with_count="True").body["count"] == 0

    def test_from_3_45(self, cinder):
        path = f"/v3/{cinder.project}/volumes"
        for minor, has_count in ((44, False), (45, True)):
            body = cinder.play.ask("GET", path, minor=minor, service="volume", with_count="true").body
            assert ("count" in body) == has_count
