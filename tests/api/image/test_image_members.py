"""Images shared with other projects, and community images."""

from __future__ import annotations


def test_a_shared_image_is_visible_once_it_is_accepted(glance):
    image = glance.make(name="shared", data=b"x")
    members = f"/images/{image}/members"
    assert glance.ask("GET", f"/images/{image}", who="other").code == 404
    assert glance.ask("POST", members, {"member": "other"}).body["status"] == "pending"
    assert glance.ask("POST", members, {"member": "other"}).code == 409
    assert glance.ask("POST", members, {}).code == 400
    assert glance.names("other", name="shared") == []
    assert glance.names("other", name="shared", member_status="pending", visibility="shared") == ["shared"]
    assert glance.ask("GET", f"/images/{image}", who="other").code == 200
    assert glance.ask("PUT", members + "/other", {"status": "accepted"}).code == 403
    assert glance.ask("PUT", members + "/other", {"status": "perhaps"}, "other").code == 400
    assert glance.ask("PUT", members + "/other", {"status": "accepted"}, "other").body["status"] == "accepted"
    assert glance.names("other", name="shared") == ["shared"]
    assert glance.ask("PATCH", f"/images/{image}", [], "other").code == 403
    assert glance.ask("GET", members + "/other").body["member_id"] == "other"
    assert glance.ask("DELETE", members + "/other", who="other").code == 403
    assert glance.ask("DELETE", members + "/other").code == 204
    assert glance.ask("GET", f"/images/{image}", who="other").code == 404


def test_members_see_only_themselves_and_owners_see_all(glance):
    image = glance.make(name="shared", data=b"x")
    members = f"/images/{image}/members"
    for project in ("other", "third"):
        assert glance.ask("POST", members, {"member": project}).code == 200

    def list_members(who: str) -> list[str]:
        return [one["member_id"] for one in glance.ask("GET", members, who=who).body["members"]]

    assert (list_members("demo"), list_members("other"), list_members("admin")) == (
        ["other", "third"],
        ["other"],
        ["other", "third"],
    )
    assert glance.ask("GET", members + "/third", who="other").code == 404
    assert glance.ask("GET", members + "/nobody").code == 404
    assert glance.ask("PUT", members + "/nobody", {"status": "accepted"}, "admin").code == 404
    assert glance.ask("DELETE", members + "/nobody").code == 404


def test_only_shared_images_have_members(glance):
    image = glance.make(visibility="private")
    assert glance.ask("POST", f"/images/{image}/members", {"member": "other"}).code == 403


def test_community_images_are_listed_only_on_request(glance):
    image = glance.make(name="ours", visibility="community", data=b"x")
    assert glance.names("other", name="ours") == []
    assert glance.names("other", name="ours", visibility="community") == ["ours"]
    assert glance.names("other", id=image) == []
    assert glance.names("demo", name="ours") == ["ours"]
    assert glance.ask("GET", f"/images/{image}", who="other").code == 200
