"""The image service, as its API reference has it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from novasim.records import ImageData
from tests.play import Play

FORMATS = {"disk_format": "raw", "container_format": "bare"}
KEYS = set(
    "id name status visibility size virtual_size min_disk min_ram checksum os_hash_algo os_hash_value owner "
    "container_format disk_format created_at updated_at tags protected os_hidden file self schema".split()
)


class Images:
    """The image service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        request = Request(self.play.callers[who], method, "/v2" + path, 1, tuple(query.items()), body, "image")
        return handle(self.play.cloud, request)

    def make(self, who: str = "demo", data: bytes | None = None, **attributes: Any) -> str:
        answer = self.ask("POST", "/images", FORMATS | attributes, who)
        assert answer.code == 201, answer.body
        if data is not None:
            assert self.ask("PUT", f"/images/{answer.body['id']}/file", data, who).code == 204
        return answer.body["id"]

    def names(self, who: str = "demo", **query: str) -> list[str]:
        answer = self.ask("GET", "/images", None, who, **query)
        assert answer.code == 200, answer.body
        return [image["name"] for image in answer.body["images"]]


@pytest.fixture
def images():
    return Images()


def test_what_is_saved_can_be_read_again(images):
    image = images.make(data=b"some bytes", name="mine")
    view = images.ask("GET", f"/images/{image}").body
    assert set(view) == KEYS
    assert (view["status"], view["size"]) == ("active", 10)
    assert view["checksum"] == hashlib.md5(b"some bytes").hexdigest()
    assert (view["os_hash_algo"], view["os_hash_value"]) == ("sha512", hashlib.sha512(b"some bytes").hexdigest())
    answer = images.ask("GET", f"/images/{image}/file")
    assert (answer.code, answer.body, answer.headers["Content-MD5"]) == (200, b"some bytes", view["checksum"])
    assert images.ask("PUT", f"/images/{image}/file", b"other").code == 409
    assert images.ask("DELETE", f"/images/{image}").code == 204
    assert images.play.all(ImageData) == []


def test_content_that_was_not_kept_is_not_made_up(images):
    big = images.make(data=b"x" * 65_537)
    assert images.ask("GET", f"/images/{big}").body["size"] == 65_537
    refusal = images.ask("GET", f"/images/{big}/file")
    assert refusal.code == 501
    assert "65537 bytes" in refusal.body["error"]["message"]
    assert images.ask("GET", f"/images/{images.play.image}/file").code == 501
    assert images.ask("GET", f"/images/{images.make()}/file").code == 204


def test_an_upload_needs_formats(images):
    image = images.ask("POST", "/images", {"name": "bare"}).body["id"]
    refusal = images.ask("PUT", f"/images/{image}/file", b"x")
    message = "Properties disk_format, container_format must be set prior to saving data."
    assert (refusal.code, refusal.body["error"]["message"]) == (400, message)


def test_staging_and_import(images):
    image = images.make()
    assert images.ask("GET", "/info/import").body["import-methods"]["value"] == ["glance-direct"]
    direct = {"method": {"name": "glance-direct"}}
    assert images.ask("POST", f"/images/{image}/import", direct).code == 409
    assert images.ask("PUT", f"/images/{image}/stage", b"abc").code == 204
    assert images.ask("GET", f"/images/{image}").body["status"] == "uploading"
    assert images.ask("POST", f"/images/{image}/import", {"method": {"name": "web-download"}}).code == 501
    assert images.ask("POST", f"/images/{image}/import", direct).code == 202
    assert images.ask("GET", f"/images/{image}/file").body == b"abc"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, 400),
        ([], 400),
        ({"name": 5}, 400),
        ({"name": "n" * 256}, 400),
        ({"min_disk": -1}, 400),
        ({"min_disk": True}, 400),
        ({"min_ram": 2**31}, 400),
        ({"visibility": "nonsense"}, 400),
        ({"visibility": "public"}, 403),
        ({"protected": "yes"}, 400),
        ({"tags": "one"}, 400),
        ({"disk_format": "nonsense"}, 400),
        ({"some_property": 5}, 400),
        ({"": "x"}, 400),
        ({"id": "nonsense"}, 400),
        ({"status": "active"}, 403),
        ({"checksum": "x"}, 403),
        ({"owner": "elsewhere"}, 403),
        ({f"p{n}": "x" for n in range(129)}, 400),
    ],
)
def test_an_image_that_cannot_be(images, body, code):
    assert images.ask("POST", "/images", body).code == code
    assert len(images.names()) == 3


def test_patches_of_both_versions(images):
    image = images.make(name="mine", os_distro="debian")
    path = f"/images/{image}"
    new = [
        {"op": "replace", "path": "/name", "value": "other"},
        {"op": "add", "path": "/a~1b", "value": "x"},
        {"op": "remove", "path": "/os_distro"},
        {"op": "add", "path": "/tags", "value": ["one", "one"]},
    ]
    view = images.ask("PATCH", path, new).body
    assert (view["name"], view["a/b"], view["tags"], "os_distro" in view) == ("other", "x", ["one"], False)
    old = [{"replace": "/name", "value": "third"}, {"remove": "/a~1b"}]
    view = images.ask("PATCH", path, old).body
    assert (view["name"], "a/b" in view) == ("third", False)


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        (None, 400),
        ({}, 400),
        ([5], 400),
        ([{}], 400),
        ([{"op": "move", "path": "/name"}], 400),
        ([{"op": "add", "path": "name", "value": "x"}], 400),
        ([{"op": "add", "path": "/name/first", "value": "x"}], 400),
        ([{"op": "add", "path": "/", "value": "x"}], 400),
        ([{"op": "replace", "path": "/name"}], 400),
        ([{"op": "replace", "path": "/name", "value": 5}], 400),
        ([{"op": "replace", "path": "/nothing", "value": "x"}], 409),
        ([{"op": "remove", "path": "/nothing"}], 409),
        ([{"op": "remove", "path": "/name"}], 403),
        ([{"op": "replace", "path": "/status", "value": "active"}], 403),
        ([{"op": "replace", "path": "/id", "value": "x"}], 403),
        ([{"op": "replace", "path": "/visibility", "value": "public"}], 403),
        ([{"op": "replace", "path": "/name", "value": "x"}, {"op": "remove", "path": "/nothing"}], 409),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(images, patch, code):
    image = images.make(name="mine")
    before = images.ask("GET", f"/images/{image}").body
    assert images.ask("PATCH", f"/images/{image}", patch).code == code
    assert images.ask("GET", f"/images/{image}").body == before


def test_a_format_stays_once_there_is_data(images):
    image = images.make(data=b"x")
    patch = [{"op": "replace", "path": "/disk_format", "value": "qcow2"}]
    assert images.ask("PATCH", f"/images/{image}", patch).code == 403


def test_lists(images):
    one = images.make(name="one", data=b"1", tags=["red"], os_distro="debian", visibility="private")
    two = images.make(name="two, too", data=b"22", tags=["red", "blue"], min_ram=64)
    images.make(name="hidden", os_hidden=True)
    assert {"one", "two, too", "cirros"} <= set(images.names())
    assert images.names(os_hidden="true") == ["hidden"]
    assert images.names(name="one") == ["one"]
    assert set(images.names(name='in:one,"two, too"')) == {"one", "two, too"}
    assert set(images.names(id=f"in:{one},{two}")) == {"one", "two, too"}
    assert images.names(id="in:") == []
    assert set(images.names(tag="red")) == {"one", "two, too"}
    assert images.names(tag="blue") == ["two, too"]
    assert images.names(visibility="private") == ["one"]
    assert images.names(os_distro="debian") == ["one"]
    assert images.names(size_min="2", size_max="2") == ["two, too"]
    assert images.names(status="queued") == []
    assert images.names(owner="nobody") == []
    assert images.names(protected="TRUE") == []
    assert images.names(min_ram="64") == ["two, too", "cirros"]
    assert images.names(created_at="lt:2000-01-01T00:00:00Z") == []
    assert images.names(sort="name:asc", limit="2") == ["cirros", "debian-12"]
    assert images.names(sort_key="size", sort_dir="asc")[0] == "one"
    page = images.ask("GET", "/images", sort="name:asc", limit="2").body
    assert page["next"].startswith("/v2/images?sort=name%3Aasc&limit=2&marker=")
    assert images.names("other", tag="red") == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "-1"},
        {"limit": "x"},
        {"marker": "nowhere"},
        {"os_hidden": "perhaps"},
        {"size_min": "x"},
        {"created_at": "lt:nonsense"},
        {"member_status": "x"},
    ],
)
def test_a_list_that_cannot_be(images, query):
    assert images.ask("GET", "/images", **query).code == 400


def test_a_limit_of_very_many_digits_is_no_limit(images):
    assert len(images.names(limit="9" * 5000)) == 3


def test_sharing(images):
    image = images.make(name="shared", data=b"x")
    members = f"/images/{image}/members"
    assert images.ask("GET", f"/images/{image}", who="other").code == 404
    assert images.ask("POST", members, {"member": "other"}).body["status"] == "pending"
    assert images.ask("POST", members, {"member": "other"}).code == 409
    assert images.ask("POST", members, {}).code == 400
    assert images.names("other", name="shared") == []
    assert images.names("other", name="shared", member_status="pending", visibility="shared") == ["shared"]
    assert images.ask("GET", f"/images/{image}", who="other").code == 200
    assert images.ask("PUT", members + "/other", {"status": "accepted"}).code == 403
    assert images.ask("PUT", members + "/other", {"status": "perhaps"}, "other").code == 400
    assert images.ask("PUT", members + "/other", {"status": "accepted"}, "other").body["status"] == "accepted"
    assert images.names("other", name="shared") == ["shared"]
    assert images.ask("PATCH", f"/images/{image}", [], "other").code == 403
    assert images.ask("GET", members + "/other").body["member_id"] == "other"
    assert images.ask("DELETE", members + "/other", who="other").code == 403
    assert images.ask("DELETE", members + "/other").code == 204
    assert images.ask("GET", f"/images/{image}", who="other").code == 404


def test_deactivation(images):
    image = images.make(data=b"x")
    assert images.ask("POST", f"/images/{images.make()}/actions/deactivate").code == 403
    assert images.ask("POST", f"/images/{image}/actions/deactivate").code == 204
    assert images.ask("GET", f"/images/{image}/file").code == 403
    body = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "none"}
    assert images.play.ask("POST", "/servers", {"server": body}).code == 400
    assert images.ask("POST", f"/images/{image}/actions/reactivate").code == 204
    assert images.ask("GET", f"/images/{image}/file").code == 200


def test_only_members_write(images):
    assert images.ask("POST", "/images", {}, "reader").code == 403
    assert images.ask("GET", "/images", who="reader").code == 200


@pytest.mark.parametrize("name", ["image", "images", "member", "members"])
def test_schemas(images, name):
    import jsonschema

    schema = images.ask("GET", f"/schemas/{name}").body
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["name"] == name
    if name == "image":
        jsonschema.validate(images.ask("GET", f"/images/{images.play.image}").body, schema)


def test_an_unknown_schema(images):
    assert images.ask("GET", "/schemas/nonsense").code == 404


def test_an_id_of_ones_own(images):
    wanted = "00000000-0000-4000-8000-000000000001"
    assert images.make(id=wanted) == wanted
    assert images.ask("POST", "/images", {"id": wanted}).code == 409


def test_tags_one_by_one(images):
    image = images.make(tags=["a"])
    path = f"/images/{image}/tags"
    assert images.ask("PUT", f"{path}/b").code == 204
    assert images.ask("PUT", f"{path}/b").code == 204
    assert images.ask("GET", f"/images/{image}").body["tags"] == ["a", "b"]
    assert images.ask("DELETE", f"{path}/a").code == 204
    assert images.ask("DELETE", f"{path}/a").code == 404
    assert images.ask("PUT", f"{path}/{'x' * 256}").code == 400
    assert images.ask("GET", f"/images/{image}").body["tags"] == ["b"]


def test_members_see_themselves_and_the_owner_sees_all(images):
    image = images.make(name="shared", data=b"x")
    members = f"/images/{image}/members"
    for project in ("other", "third"):
        assert images.ask("POST", members, {"member": project}).code == 200

    def seen(who: str) -> list[str]:
        return [one["member_id"] for one in images.ask("GET", members, who=who).body["members"]]

    assert (seen("demo"), seen("other"), seen("admin")) == (["other", "third"], ["other"], ["other", "third"])
    assert images.ask("GET", members + "/third", who="other").code == 404
    assert images.ask("GET", members + "/nobody").code == 404
    assert images.ask("PUT", members + "/nobody", {"status": "accepted"}, "admin").code == 404
    assert images.ask("DELETE", members + "/nobody").code == 404


def test_only_a_shared_image_has_members(images):
    image = images.make(visibility="private")
    assert images.ask("POST", f"/images/{image}/members", {"member": "other"}).code == 403


def test_a_community_image_is_found_by_who_looks_for_it(images):
    image = images.make(name="ours", visibility="community", data=b"x")
    assert images.names("other", name="ours") == []
    assert images.names("other", name="ours", visibility="community") == ["ours"]
    assert images.names("other", id=image) == ["ours"]
    assert images.names("demo", name="ours") == ["ours"]
    assert images.ask("GET", f"/images/{image}", who="other").code == 200
