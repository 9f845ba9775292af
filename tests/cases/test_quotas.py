"""Limits of projects, of users and of classes, wherever Nova checks them."""

from __future__ import annotations

import pytest

from novasim.records import User
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def project_of(play):
    return play.callers["demo"].project_id


def add_colleague(play):
    """A second member of the project of demo."""
    with play.cloud.writing(is_request=False) as world:
        demo = world.tx.get(User, play.callers["demo"].user_id)
        world.tx.put(User(id="colleague", name="colleague", default_project_id=project_of(play), roles=demo.roles))
    play.callers["colleague"] = play.callers["demo"]._replace(user_id="colleague")


def set_limits(play, limits, minor=96, **query):
    path = f"/os-quota-sets/{project_of(play)}"
    return play.ask("PUT", path, {"quota_set": limits}, who="admin", minor=minor, **query)


def limits_of(play, **query):
    return play.ask("GET", f"/os-quota-sets/{project_of(play)}", who="admin", **query).body["quota_set"]


def request_server(play, who="demo", minor=96, **more):
    body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}], **more}
    return play.ask("POST", "/servers", {"server": body}, who, minor)


def reason(answer):
    return next(iter(answer.body.values()))["message"]


class TestUserLimits:
    def test_a_user_has_the_limits_of_the_project_until_own_ones_are_set(self, play):
        user = play.callers["demo"].user_id
        assert set_limits(play, {"instances": 5}).code == 200
        assert limits_of(play, user_id=user)["instances"] == 5
        assert set_limits(play, {"instances": 2}, user_id=user).body["quota_set"]["instances"] == 2
        assert (limits_of(play)["instances"], limits_of(play, user_id=user)["instances"]) == (5, 2)

    @pytest.mark.parametrize("limit", [11, 50, -1])
    def test_not_above_the_limit_of_the_project(self, play, limit):
        answer = set_limits(play, {"instances": limit}, user_id=play.callers["demo"].user_id)
        assert answer.code == 400
        assert f"Quota limit {limit} for instances must be less than or equal to 10." in reason(answer)
        assert limits_of(play, user_id=play.callers["demo"].user_id)["instances"] == 10

    def test_not_above_what_other_users_have_left(self, play):
        assert set_limits(play, {"instances": 7}, user_id="somebody").code == 200
        assert "less than or equal to 3" in reason(set_limits(play, {"instances": 4}, user_id="another"))
        assert set_limits(play, {"instances": 3}, user_id="another").code == 200
        assert set_limits(play, {"instances": 7}, user_id="somebody").code == 200  # its own limit counts as free

    def test_the_project_keeps_at_least_what_its_users_have(self, play):
        set_limits(play, {"instances": 7}, user_id="somebody")
        assert "already used and reserved 7" in reason(set_limits(play, {"instances": 6}))
        assert set_limits(play, {"instances": 6, "force": "1"}).code == 200

    def test_unlimited_projects_have_no_upper_bound(self, play):
        set_limits(play, {"cores": -1})
        assert set_limits(play, {"cores": 1000}, user_id="somebody").code == 200

    def test_servers_of_the_user_are_counted(self, play):
        add_colleague(play)
        assert request_server(play, "colleague").code == 202
        set_limits(play, {"instances": 1}, user_id=play.callers["demo"].user_id)
        assert request_server(play).code == 202
        answer = request_server(play)
        assert answer.code == 403
        assert reason(answer) == "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances"
        assert request_server(play, "colleague").code == 202

    def test_the_usage_shown_is_that_of_the_user(self, play):
        add_colleague(play)
        request_server(play, "colleague")
        path = f"/os-quota-sets/{project_of(play)}/detail"
        assert play.ask("GET", path).body["quota_set"]["instances"]["in_use"] == 1
        mine = play.ask("GET", path, user_id=play.callers["demo"].user_id)
        assert mine.body["quota_set"]["instances"]["in_use"] == 0

    def test_a_limit_below_the_usage_needs_force(self, play):
        request_server(play)
        request_server(play)
        assert "already used and reserved 2" in reason(set_limits(play, {"instances": 1}))
        assert set_limits(play, {"instances": 1, "force": "True"}).code == 200

    def test_delete_removes_the_limits_of_one_user_or_of_all(self, play):
        path = f"/os-quota-sets/{project_of(play)}"
        for user in ("a", "b"):
            set_limits(play, {"instances": 3}, user_id=user)
        assert play.ask("DELETE", path, who="admin", user_id="a").code == 202
        assert (limits_of(play, user_id="a")["instances"], limits_of(play, user_id="b")["instances"]) == (10, 3)
        assert play.ask("DELETE", path, who="admin").code == 202
        assert limits_of(play, user_id="b")["instances"] == 10

    def test_key_pairs_and_server_groups(self, play):
        set_limits(play, {"key_pairs": 0, "server_groups": 0}, user_id=play.callers["demo"].user_id)
        group = {"server_group": {"name": "g", "policy": "affinity"}}
        assert play.ask("POST", "/os-server-groups", group).code == 403
        assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}, minor=90).code == 403

    def test_fixed_ips_are_kept_for_the_project(self, play):
        set_limits(play, {"fixed_ips": 3}, minor=35, user_id="a")
        assert play.ask("GET", f"/os-quota-sets/{project_of(play)}", minor=35).body["quota_set"]["fixed_ips"] == 3


class TestQuotaClasses:
    def test_the_default_class_limits_every_project_without_its_own_limits(self, play):
        body = {"quota_class_set": {"instances": 1}}
        assert (
            play.ask("PUT", "/os-quota-class-sets/default", body, who="admin").body["quota_class_set"]["instances"] == 1
        )
        assert limits_of(play)["instances"] == 1
        assert request_server(play).code == 202
        assert request_server(play).code == 403
        assert request_server(play, "admin").code == 202
        set_limits(play, {"instances": 2})
        assert request_server(play).code == 202

    def test_another_class_changes_nothing(self, play):
        answer = play.ask("PUT", "/os-quota-class-sets/gold", {"quota_class_set": {"instances": 1}}, who="admin")
        assert answer.code == 200
        assert limits_of(play)["instances"] == 10
        shown = play.ask("GET", "/os-quota-class-sets/gold", who="admin").body["quota_class_set"]
        assert (shown["id"], shown["instances"]) == ("gold", 1)

    def test_only_administrators(self, play):
        assert play.ask("PUT", "/os-quota-class-sets/default", {"quota_class_set": {"instances": 1}}).code == 403

    @pytest.mark.parametrize(("minor", "code"), [(49, 200), (50, 400)])
    def test_quotas_of_the_network_are_gone_from_2_50(self, play, minor, code):
        body = {"quota_class_set": {"floating_ips": 1}}
        assert play.ask("PUT", "/os-quota-class-sets/default", body, who="admin", minor=minor).code == code


class TestUnknownProjects:
    @pytest.mark.parametrize("path", ["", "/detail", "/defaults"])
    def test_reads(self, play, path):
        answer = play.ask("GET", f"/os-quota-sets/nosuch{path}", who="admin")
        assert (answer.code, reason(answer)) == (400, "Project ID nosuch is not a valid project.")

    def test_update(self, play):
        assert play.ask("PUT", "/os-quota-sets/nosuch", {"quota_set": {}}, who="admin").code == 400

    def test_policy_comes_first(self, play):
        assert play.ask("GET", "/os-quota-sets/nosuch").code == 403


class TestServerGroupMembers:
    def group(self, play):
        body = {"server_group": {"name": "g", "policy": "soft-affinity"}}
        return play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]

    def members(self, play, group):
        return play.ask("GET", f"/os-server-groups/{group}").body["server_group"]["members"]

    def request(self, play, group, **more):
        body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}], **more}
        return play.ask("POST", "/servers", {"server": body, "os:scheduler_hints": {"group": group}})

    @pytest.mark.parametrize("counts", [{"min_count": 3}, {"min_count": 3, "max_count": 3}, {"max_count": 3}])
    def test_all_or_none(self, play, counts):
        set_limits(play, {"server_group_members": 2})
        group = self.group(play)
        answer = self.request(play, group, **counts)
        assert (answer.code, reason(answer)) == (403, "Quota exceeded, too many servers in group")
        assert self.members(play, group) == []
        assert play.ask("GET", "/servers").body["servers"] == []

    def test_one_by_one(self, play):
        set_limits(play, {"server_group_members": 2})
        group = self.group(play)
        assert [self.request(play, group).code for _ in range(3)] == [202, 202, 403]
        assert len(self.members(play, group)) == 2

    def test_a_list_of_groups_is_not_found(self, play):
        group = self.group(play)
        assert self.request(play, [group]).code == 400

    def test_deleted_members_make_room(self, play):
        set_limits(play, {"server_group_members": 1})
        group = self.group(play)
        server = self.request(play, group).body["server"]["id"]
        assert self.request(play, group).code == 403
        play.ask("DELETE", f"/servers/{server}")
        assert self.request(play, group).code == 202

    def test_a_limit_of_the_user_counts_too(self, play):
        set_limits(play, {"server_group_members": 1}, user_id=play.callers["demo"].user_id)
        group = self.group(play)
        assert [self.request(play, group).code for _ in range(2)] == [202, 403]


FILE_CASES = [
    ([{"path": f"/f{n}", "contents": "YQ=="} for n in range(6)], "Personality file limit exceeded"),
    ([{"path": "/" + "p" * 255, "contents": "YQ=="}], "Personality file path exceeds maximum 255"),
    ([{"path": "/f", "contents": "YWFh" * 2561}], "Personality file content exceeds maximum 10240"),
]


class TestInjectedFiles:
    @pytest.mark.parametrize(("files", "message"), FILE_CASES)
    def test_create(self, play, files, message):
        answer = request_server(play, minor=56, personality=files)
        assert (answer.code, reason(answer)) == (403, message)

    @pytest.mark.parametrize(("files", "message"), FILE_CASES)
    def test_rebuild(self, play, files, message):
        server = play.create()
        answer = play.act(server, "rebuild", {"imageRef": play.image, "personality": files}, minor=56)
        assert (answer.code, reason(answer)) == (403, message)
        assert play.state(server) == ("ACTIVE", None)

    def test_at_the_limits(self, play):
        files = [{"path": "/" + "p" * 254, "contents": "YWFh" * 2560}] * 5
        assert request_server(play, minor=56, personality=files).code == 202

    def test_other_limits(self, play):
        set_limits(play, {"injected_files": 0}, minor=56)
        assert request_server(play, minor=56, personality=[{"path": "/f", "contents": "YQ=="}]).code == 403


class TestRevertedResize:
    """Source: nova/compute/api.py, revert_resize, whose refusal Nova forgets to translate (500)."""

    def test_a_larger_old_flavor_needs_quota(self, play):
        root = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
        server = play.create(flavor="4", imageRef="", block_device_mapping_v2=[root | {"volume_size": 1}])
        assert play.act(server, "resize", {"flavorRef": "1"}).code == 202
        set_limits(play, {"cores": 3})
        answer = play.act(server, "revertResize")
        words = "Quota exceeded for cores: Requested 3, but already used 1 of 3 cores"
        assert (answer.code, reason(answer)) == (403, words)
        assert play.state(server) == ("VERIFY_RESIZE", None)
        set_limits(play, {"cores": 4})
        assert play.act(server, "revertResize").code == 202
