"""Server groups and their quotas."""

from __future__ import annotations


def test_keys_of_a_server_group_depend_on_the_microversion(play):
    body = {"server_group": {"name": "g", "policy": "anti-affinity", "rules": {"max_server_per_host": 2}}}
    group = play.ask("POST", "/os-server-groups", body).body["server_group"]
    assert set(group) == {"id", "name", "policy", "rules", "members", "project_id", "user_id"}
    old = play.ask("GET", f"/os-server-groups/{group['id']}", minor=12).body["server_group"]
    assert set(old) == {"id", "name", "policies", "members", "metadata"}
    assert play.ask("GET", f"/os-server-groups/{group['id']}", who="other").code == 404
    body["server_group"] |= {"policy": "affinity"}
    assert play.ask("POST", "/os-server-groups", body).code == 400
    assert play.ask("DELETE", f"/os-server-groups/{group['id']}").code == 204


NOWHERE = "00000000-0000-4000-8000-000000000000"


def test_quotas_of_groups_and_their_members_are_enforced(play):
    project = play.callers["demo"].project_id
    limits = {"quota_set": {"server_groups": 1, "server_group_members": 1}}
    play.ask("PUT", f"/os-quota-sets/{project}", limits, "admin")
    body = {"server_group": {"name": "g", "policy": "affinity"}}
    group = play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]
    refusal = play.ask("POST", "/os-server-groups", body)
    assert (refusal.code, refusal.body["forbidden"]["message"]) == (403, "Quota exceeded, too many server groups.")
    asked = {"name": "a", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    hinted = {"server": asked, "os:scheduler_hints": {"group": group}}
    assert play.ask("POST", "/servers", hinted).code == 202
    full = play.ask("POST", "/servers", hinted)
    assert (full.code, full.body["forbidden"]["message"]) == (403, "Quota exceeded, too many servers in group")
    hinted["os:scheduler_hints"] = {"group": NOWHERE}
    assert play.ask("POST", "/servers", hinted).code == 400
    asked["imageRef"] = NOWHERE
    assert play.ask("POST", "/servers", {"server": asked}).code == 400


def test_only_administrators_list_groups_of_all_projects(play):
    play.ask("POST", "/os-server-groups", {"server_group": {"name": "g", "policy": "affinity"}})

    def names(who: str, **query: str) -> list[str]:
        return [group["name"] for group in play.ask("GET", "/os-server-groups", who=who, **query).body["server_groups"]]

    assert names("admin") == names("other", all_projects="") == []
    assert names("admin", all_projects="") == names("demo") == ["g"]
    assert names("demo", offset="1") == names("demo", limit="0") == []
