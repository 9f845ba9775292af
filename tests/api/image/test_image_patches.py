"""JSON patches of images."""

from __future__ import annotations

from tests import each_case


def test_patches_of_both_versions_are_applied(glance):
    image = glance.make(name="mine", os_distro="debian")
    path = f"/images/{image}"
    new = [
        {"op": "replace", "path": "/name", "value": "other"},
        {"op": "add", "path": "/a~1b", "value": "x"},
        {"op": "remove", "path": "/os_distro"},
        {"op": "add", "path": "/tags", "value": ["one", "one"]},
    ]
    view = glance.ask("PATCH", path, new).body
    assert (view["name"], view["a/b"], view["tags"], "os_distro" in view) == ("other", "x", ["one"], False)
    old = [{"replace": "/name", "value": "third"}, {"remove": "/a~1b"}]
    view = glance.ask("PATCH", path, old).body
    assert (view["name"], "a/b" in view) == ("third", False)


@each_case(
    ("patch", "code"),
    [
        ([{"op": "add", "path": "/os_glance_import", "value": "x"}], 403),
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
def test_an_invalid_patch_changes_nothing(glance, patch, code):
    image = glance.make(name="mine")
    before = glance.ask("GET", f"/images/{image}").body
    assert glance.ask("PATCH", f"/images/{image}", patch).code == code
    assert glance.ask("GET", f"/images/{image}").body == before
