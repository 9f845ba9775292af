"""Images: create, list, show, delete, tags, status. Source: the image service's API (v2)."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from tests import each_case
from tests.play import Play


@each_case(
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
def test_invalid_images_are_refused(glance, body, code):
    assert glance.ask("POST", "/images", body).code == code
    assert len(glance.names()) == 3


def test_default_images_belong_to_the_project_admin(glance):
    owners = {each["owner"] for each in glance.ask("GET", "/images").body["images"]}
    assert owners == {glance.play.callers["admin"].project_id}


def test_lists_are_filtered_sorted_and_paged(glance):
    one = glance.make(name="one", data=b"1", tags=["red"], os_distro="debian", visibility="private")
    two = glance.make(name="two, too", data=b"22", tags=["red", "blue"], min_ram=64)
    glance.make(name="hidden", os_hidden=True)
    assert {"one", "two, too", "cirros"} <= set(glance.names())
    assert glance.names(os_hidden="true") == ["hidden"]
    assert glance.names(name="one") == ["one"]
    assert set(glance.names(name='in:one,"two, too"')) == {"one", "two, too"}
    assert set(glance.names(id=f"in:{one},{two}")) == {"one", "two, too"}
    assert glance.names(id="in:") == []
    assert set(glance.names(tag="red")) == {"one", "two, too"}
    assert glance.names(tag="blue") == ["two, too"]
    assert glance.names(visibility="private") == ["one"]
    assert glance.names(os_distro="debian") == ["one"]
    assert glance.names(size_min="2", size_max="2") == ["two, too"]
    assert glance.names(status="queued") == []
    assert glance.names(owner="nobody") == []
    assert glance.names(protected="true") == []
    assert glance.names(min_ram="64") == ["two, too", "cirros"]
    assert glance.names(created_at="lt:2000-01-01T00:00:00Z") == []
    assert glance.names(sort="name:asc", limit="2") == ["cirros", "debian-12"]
    assert glance.names(sort_key="size", sort_dir="asc")[0] == "one"
    page = glance.ask("GET", "/images", sort="name:asc", limit="2").body
    assert page["next"].startswith("/v2/images?sort=name%3Aasc&limit=2&marker=")
    assert glance.names("other", tag="red") == []


@each_case(
    "query",
    [
        {"limit": "-1"},
        {"limit": "x"},
        {"marker": "nowhere"},
        {"os_hidden": "perhaps"},
        {"size_min": "x"},
        {"created_at": "lt:nonsense"},
        {"member_status": "x"},
        {"visibility": "x"},
        {"protected": "TRUE"},
        {"changes-since": "2026-01-01T00:00:00Z"},
        {"name": "ne:one"},
        {"status": "gt:active"},
        {"updated_at": "almost:2026-01-01T00:00:00Z"},
        {"sort_key": "owner"},
        {"sort_dir": "up"},
        {"sort": "name:up"},
        {"sort": "nonsense"},
        {"sort": "name", "sort_key": "name"},
    ],
)
def test_invalid_list_queries_are_refused(glance, query):
    assert glance.ask("GET", "/images", **query).code == 400


class TestSorting:
    @pytest.fixture
    def glance(self, glance):
        glance.play = Play("manual")
        for name, size in (("b", 1), ("a", 2), ("c", 2)):
            glance.make(name=name, data=b"x" * size, tags=["mine"])
            glance.play.advance(1)
        return glance

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({}, "cab"),
            ({"sort_key": "name"}, "cba"),
            ({"sort_key": "name", "sort_dir": "asc"}, "abc"),
            ({"sort_dir": "asc"}, "bac"),
            ({"sort": "name"}, "cba"),
            ({"sort": "size:asc,name:asc"}, "bac"),
            ({"sort": "size:asc"}, "bac"),
            ({"sort_key": "size", "sort_dir": "asc"}, "bac"),
        ],
    )
    def test_order(self, glance, query, names):
        assert "".join(glance.names(tag="mine", **query)) == names

    def test_directions_must_match_the_keys(self, glance):
        for count, code in ((1, 200), (2, 200), (3, 400)):
            query = (("sort_key", "name"), ("sort_key", "size"), *(("sort_dir", "asc") for _ in range(count)))
            assert handle(glance.play.cloud, glance.request("/images", query)).code == code


class TestFilters:
    def test_only_some_attributes_take_operators(self, glance):
        glance.make(name="one", os_distro="in:a,b", data=b"x")
        assert glance.names(name="eq:one") == glance.names(os_distro="in:a,b") == ["one"]
        assert glance.names(os_distro="a") == glance.names(owner="in:a,b") == []
        assert set(glance.names(status="in:active,queued")) >= {"one", "cirros"}

    def test_community_images_are_listed_on_request(self, glance):
        image = glance.make(name="ours", visibility="community")
        assert "ours" in glance.names()
        for who in ("other", "admin"):
            assert "ours" not in glance.names(who)
            assert glance.names(who, id=image) == []
            assert glance.names(who, visibility="community") == ["ours"]
            assert "ours" in glance.names(who, visibility="all")


def test_a_very_long_limit_is_ignored(glance):
    assert len(glance.names(limit="9" * 5000)) == 3


def test_a_deactivated_image_cannot_be_used(glance):
    image = glance.make(data=b"x")
    assert glance.ask("POST", f"/images/{glance.make()}/actions/deactivate").code == 403
    assert glance.ask("POST", f"/images/{image}/actions/deactivate").code == 204
    assert glance.ask("GET", f"/images/{image}/file").code == 403
    body = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "none"}
    assert glance.play.ask("POST", "/servers", {"server": body}).code == 400
    assert glance.ask("POST", f"/images/{image}/actions/reactivate").code == 204
    assert glance.ask("GET", f"/images/{image}/file").code == 200


def test_readers_cannot_write(glance):
    assert glance.ask("POST", "/images", {}, "reader").code == 403
    assert glance.ask("GET", "/images", who="reader").code == 200


@pytest.mark.parametrize("name", ["image", "images", "member", "members"])
def test_schemas_are_valid_json_schema(glance, name):
    import jsonschema

    schema = glance.ask("GET", f"/schemas/{name}").body
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["name"] == name
    if name == "image":
        jsonschema.validate(glance.ask("GET", f"/images/{glance.play.image}").body, schema)


def test_an_unknown_schema_is_not_found(glance):
    assert glance.ask("GET", "/schemas/nonsense").code == 404


def test_a_requested_id_is_used_once(glance):
    wanted = "00000000-0000-4000-8000-000000000001"
    assert glance.make(id=wanted) == wanted
    assert glance.ask("POST", "/images", {"id": wanted}).code == 409


def test_tags_are_added_and_removed(glance):
    image = glance.make(tags=["a"])
    path = f"/images/{image}/tags"
    assert glance.ask("PUT", f"{path}/b").code == 204
    assert glance.ask("PUT", f"{path}/b").code == 204
    assert glance.ask("GET", f"/images/{image}").body["tags"] == ["a", "b"]
    assert glance.ask("DELETE", f"{path}/a").code == 204
    assert glance.ask("DELETE", f"{path}/a").code == 404
    assert glance.ask("PUT", f"{path}/{'x' * 256}").code == 400
    assert glance.ask("GET", f"/images/{image}").body["tags"] == ["b"]


def test_an_image_is_created_filled_changed_and_deleted(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="image")

    formats = {"disk_format": "raw", "container_format": "bare"}
    made = ask("POST", "/v2/images", {"name": "mine", "os_distro": "debian", **formats})
    path = f"/v2/images/{made.body['id']}"
    assert (made.code, made.body["status"], made.body["os_distro"]) == (201, "queued", "debian")
    assert ask("PUT", path + "/file", b"abc").code == 204
    assert (ask("GET", path).body["status"], ask("GET", path).body["size"]) == ("active", 3)
    assert ask("GET", path, who="other").code == 404
    patch = [{"op": "replace", "path": "/protected", "value": True}, {"op": "add", "path": "/note", "value": "x"}]
    assert ask("PATCH", path, patch).body["note"] == "x"
    assert ask("PATCH", path, [{"op": "replace", "path": "/visibility", "value": "public"}]).code == 403
    assert ask("DELETE", path).code == 403
    ask("PATCH", path, [{"op": "replace", "path": "/protected", "value": False}])
    assert ask("DELETE", path).code == 204
    assert ask("GET", path).code == 404
